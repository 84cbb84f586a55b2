"""How decode says that something cannot be read, and the BadRecord made of it."""

import base64
from typing import NoReturn

from beacon_job.decode.vocabulary.limits import MAX_RAW_BYTES
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
