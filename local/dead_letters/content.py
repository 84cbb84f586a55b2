"""Bytes as a person can read them: as text, or in hexadecimal; what is packed in them, unpacked. Pure."""

import base64
import re
import zlib
from typing import Literal

import msgspec

MOST_UNPACKED_BYTES = 2**20
"""Of a gzip: a few bytes of it can hold gigabytes."""
MOST_LAYERS = 5
PREVIEW_CHARS = 160

_GZIP = b"\x1f\x8b"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_PRINTABLE = range(0x20, 0x7F)
_PER_LINE = 16


class Envelope(msgspec.Struct, frozen=True):
    """What the front door noted around a body; empty where it noted nothing."""

    path: str
    user_agent: str
    body: bytes


class Layer(msgspec.Struct, frozen=True):
    """The bytes themselves, or what is packed in them."""

    title: str
    form: Literal["text", "hex"]
    text: str
    bytes: int


def envelope_in(data: bytes) -> Envelope | None:
    """The front door's envelope that these bytes are, or None."""
    try:
        value = msgspec.json.decode(data)
        if not isinstance(value, dict):
            return None
        body = base64.b64decode(value["body"], validate=True)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError, TypeError, ValueError):
        return None
    path, user_agent = (str(value.get(name) or "") for name in ("path", "user_agent"))
    return Envelope(path, user_agent, body)


def layers(data: bytes) -> list[Layer]:
    """The bytes, then what is packed in them, from the outside to the inside."""
    found = [_layer("as it came", data)]
    while len(found) < MOST_LAYERS:
        envelope = envelope_in(data)
        if envelope is not None:
            title, data = "body of the envelope", envelope.body
        elif data.startswith(_GZIP):
            title, data = "unpacked from gzip", _unpacked(data)
        else:
            break
        found.append(_layer(title, data))
    return found


def preview(data: bytes) -> str:
    """The beginning of the innermost layer, in one line."""
    inner = layers(data)[-1]
    words = " ".join(inner.text.split()) if inner.form == "text" else inner.text.partition("\n")[0]
    return words if len(words) <= PREVIEW_CHARS else words[: PREVIEW_CHARS - 1] + "…"


def hex_dump(data: bytes) -> str:
    """Sixteen bytes a line: offset, hexadecimal, and the characters that are printable."""
    lines = []
    for offset in range(0, len(data), _PER_LINE):
        part = data[offset : offset + _PER_LINE]
        signs = "".join(chr(byte) if byte in _PRINTABLE else "." for byte in part)
        lines.append(f"{offset:06x}  {part.hex(' '):<{3 * _PER_LINE - 1}}  {signs}")
    return "\n".join(lines)


def _layer(title: str, data: bytes) -> Layer:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Layer(title, "hex", hex_dump(data), len(data))
    if _CONTROL.search(text):
        return Layer(title, "hex", hex_dump(data), len(data))
    return Layer(title, "text", text, len(data))


def _unpacked(data: bytes) -> bytes:
    """What can be unpacked of a gzip, which may be cut off or broken."""
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(data, MOST_UNPACKED_BYTES)
    except zlib.error:
        return b""
