"""What cannot be read: how decode says so, what a foreign body is, and the BadRecord made of it. Pure."""

import base64
from typing import NoReturn

from beacon_job.decode.vocabulary.bounds import MAX_RAW_BYTES
from beacon_job.types.beacon import BadRecord, KinesisRecord, Reason
from beacon_job.types.errors import BeaconError


class UnreadableError(BeaconError):
    """Raised inside decode only. `detail` is one sentence for a person: what was found, what is allowed."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def refuse(problem: UnreadableError) -> NoReturn:
    """How to read what is known to be unreadable."""
    raise problem


def bad_record(problem: UnreadableError, raw: bytes, record: KinesisRecord, recv_at_ms: int) -> BadRecord:
    """The BadRecord for `raw`: the record itself, or the one event of it that is bad."""
    return BadRecord(
        reason=problem.reason.value,
        stage="decode",
        recv_at=recv_at_ms,
        raw=base64.b64encode(raw[:MAX_RAW_BYTES]).decode("ascii"),
        detail=problem.detail,
        shard=record.shard_id,
        sequence_number=record.sequence_number,
        raw_bytes=len(raw),
    )


def shown(value: object) -> str:
    """What was found, short enough for a sentence."""
    text = ascii(value) if isinstance(value, str | int | float | bool | None) else type(value).__name__
    return text if len(text) <= 80 else text[:77] + "..."


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
