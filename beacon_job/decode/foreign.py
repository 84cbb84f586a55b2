"""What a body is that no form of a beacon fits, in words. Pure."""

from beacon_job.decode.bad import UnreadableError, shown
from beacon_job.types.beacon import Reason

_UTF_16 = "body is not UTF-8 text; it looks like UTF-16 or binary data"
_GZIP = "body is compressed with gzip; it must be sent as plain text"
_KPL = "record is aggregated by the KPL and was not taken apart before decode"

_STARTS: tuple[tuple[bytes, Reason, str], ...] = (
    (b"\xf3\x89\x9a\xc2", Reason.UNKNOWN_FORM, _KPL),
    (b"\x1f\x8b", Reason.NOT_TEXT, _GZIP),
    (b"\xff\xfe", Reason.NOT_TEXT, _UTF_16),
    (b"\xfe\xff", Reason.NOT_TEXT, _UTF_16),
)


def refuse_binary(body: bytes) -> None:
    """Raises UnreadableError for what its first bytes tell to be something else than text."""
    for start, reason, detail in _STARTS:
        if body.startswith(start):
            raise UnreadableError(reason, detail)
    if b"\x00" in body[:2]:
        raise UnreadableError(Reason.NOT_TEXT, _UTF_16)


def unknown(content: bytes, what: str = "body") -> UnreadableError:
    """Why a body, or a line of it, is no beacon: it is no text, or text of another kind."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return UnreadableError(Reason.NOT_TEXT, f"{what} is not UTF-8 text: byte {error.start} is wrong")
    start = shown(content[:20].decode(errors="ignore"))
    return UnreadableError(Reason.UNKNOWN_FORM, f"{what} is neither JSON nor CMCD: it starts with {start}")
