"""The forms in which records are kept: archives of Kinesis records, and recordings of requests. Pure.

An archive has one record a line, or none between them (as Firehose delivers), or is what the AWS CLI prints
(`aws kinesis get-records`): objects with base64 `Data`, one a line or all in one value.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from beacon_job.decode import KinesisRecord, epoch_ms
from beacon_job.types.errors import BeaconError

_decode_at = json.JSONDecoder().raw_decode
_BLANKS = re.compile(r"\s*")
_SEVERAL = re.compile(r"\}\s*\{|\"Records\"")
_OPENS_A_VALUE = ("{", "[")


class UnusableError(BeaconError):
    """A line that holds no record; the message is one clause, without place."""


def documents(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """What some lines hold, record by record, each with the number of the line that it begins in."""
    numbered = ((number, line.strip()) for number, line in enumerate(lines, 1) if line.strip())
    for number, text in numbered:
        if text in _OPENS_A_VALUE:  # one value, printed over many lines; or a broken line
            rest = list(numbered)
            whole = "\n".join([text, *(line for _, line in rest)])
            found = [(number, whole)] if _value_at(whole, 0)[0] else [(number, text), *rest]
        else:
            found = [(number, text)]
        for begin, held in found:
            if _SEVERAL.search(held) or "\n" in held:
                yield from ((begin, document) for document in _split(held))
            else:
                yield begin, held


def _value_at(text: str, position: int) -> tuple[object, int]:
    """The JSON value that begins there, and where it ends; None up to the end where there is none."""
    try:
        return _decode_at(text, position)
    except (ValueError, RecursionError):  # said when it is read
        return None, len(text)


def _split(text: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        value, end = _value_at(text, position)
        held = value.get("Records") if isinstance(value, dict) else value
        if isinstance(held, list) and held and all(map(_is_kept, held)):
            yield from map(json.dumps, held)
        else:
            yield text[position:end]
        position = _BLANKS.match(text, end).end()  # type: ignore[union-attr]  # it always matches


def _is_kept(value: object) -> bool:
    """Whether a value is a record as the AWS CLI prints it."""
    return isinstance(value, dict) and isinstance(value.get("Data"), str) and "SequenceNumber" in value


def envelope_record(line: str) -> KinesisRecord | None:
    """A record of an archive: its data as it was, or an object of the AWS CLI with the data in it.

    Raises UnusableError.
    """
    if '"Data"' in line and '"SequenceNumber"' in line:
        kept = _object(line)
        if _is_kept(kept):
            arrival_ms = epoch_ms(kept.get("ApproximateArrivalTimestamp")) or 0
            return KinesisRecord(_base64(kept, "Data"), arrival_ms)
    return KinesisRecord(line.encode(), 0)


def request_record(line: str) -> KinesisRecord | None:
    """A line of a recording (`requests.jsonl`) as the front door would have stored it, or None.

    None is what was not received: received is a POST, or a GET with CMCD in its query, that was answered 2xx.
    A record that names no method is a POST if it has a body. Raises UnusableError.
    """
    request = _object(line)
    if "status_sent" not in request:
        message = "is no recorded request: it has no status_sent (an archived record is --format envelope)"
        raise UnusableError(message)
    method = request.get("method", "POST" if request.get("body_b64") else "")
    path, query = request.get("path", ""), request.get("query")
    is_beacon = method == "POST" or (method == "GET" and "CMCD=" in f"{path}?{query}")
    if not is_beacon or not 200 <= _integer(request, "status_sent") < 300:
        return None
    recv_ms = _integer(request, "recv_ms")
    if epoch_ms(recv_ms, "ms") is None:
        message = f"has recv_ms={recv_ms}, epoch milliseconds are needed"
        raise UnusableError(message)
    headers = request.get("headers")
    told = {name.lower(): text for name, text in headers.items()} if isinstance(headers, dict) else {}
    envelope = {
        "v": 1,
        "recv_at": recv_ms,
        "path": f"{path}?{query}" if query else path,
        "content_type": told.get("content-type", ""),
        "user_agent": told.get("user-agent", ""),
        "body": base64.b64encode(b"" if method == "GET" else _base64(request, "body_b64")).decode(),
    }
    return KinesisRecord(msgspec.json.encode(envelope), recv_ms)


FORMATS: dict[str, Callable[[str], KinesisRecord | None]] = {
    "envelope": envelope_record,
    "requests": request_record,
}


def _object(line: str) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        message = f"is no JSON ({error})"
        raise UnusableError(message) from None
    if not isinstance(value, dict):
        message = f"holds {type(value).__name__}, not an object with recv_ms, path, body_b64 and status_sent"
        raise UnusableError(message)
    return value


def _integer(request: dict[str, Any], name: str) -> int:
    value = request.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1 << 63:
        message = f"has {name}={value!r}, a number is needed"
        raise UnusableError(message)
    return int(value)


def _base64(value: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(value.get(name) or "", validate=True)
    except (TypeError, ValueError, binascii.Error):
        message = f"has a {name} that is no base64"
        raise UnusableError(message) from None
