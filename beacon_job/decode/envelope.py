"""The front door's envelope around an untouched body: `{"v":1,"recv_at":ms,...,"body":base64}`."""

import base64
import binascii

import msgspec

from beacon_job.decode.bad import UnreadableError, shown
from beacon_job.decode.origin import Origin
from beacon_job.decode.vocabulary.bounds import MAX_CLIENT_MS
from beacon_job.decode.vocabulary.times import epoch_ms
from beacon_job.types.beacon import KinesisRecord, Reason

ENVELOPE_VERSION = 1
BELIEVED_LATE_MS = 12 * 3_600_000
BELIEVED_EARLY_MS = 60_000
"""How far `recv_at` may lie before and after Kinesis' own arrival time. Farther, it is no front door's clock:
an old archive is put in again, or somebody forges; then arrival counts, so that the store refuses nothing for
its age and nobody can push event time ahead."""


class _Envelope(msgspec.Struct):
    v: int
    recv_at: int
    body: bytes
    path: str | None = ""
    user_agent: str | None = ""
    country: str | None = ""


_fast = msgspec.json.Decoder(_Envelope).decode


def opened(data: bytes, record: KinesisRecord) -> tuple[bytes, Origin] | None:
    """Body and origin of a well-formed envelope, the fast way; None when `data` is anything else."""
    try:
        envelope = _fast(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if envelope.v != ENVELOPE_VERSION or not 0 < envelope.recv_at <= MAX_CLIENT_MS:
        return None
    return envelope.body, Origin(
        record,
        _believed(envelope.recv_at, record),
        envelope.path or "",
        envelope.user_agent or "",
        envelope.country or "",
    )


def is_envelope(value: dict[str, object]) -> bool:
    """Whether the object means to be an envelope; no beacon has a `body`."""
    return "body" in value and ("recv_at" in value or "v" in value)


def open_leniently(value: dict[str, object], record: KinesisRecord) -> tuple[bytes, Origin]:
    """As `opened`, for one that is slightly off (a null, a number in a string). Raises UnreadableError."""
    version = value.get("v", ENVELOPE_VERSION)
    if version != ENVELOPE_VERSION:
        detail = f"envelope version v is {shown(version)}; only {ENVELOPE_VERSION} is understood"
        raise UnreadableError(Reason.BAD_ENVELOPE, detail)
    recv_at_ms = epoch_ms(value.get("recv_at"), "ms")
    if recv_at_ms is None:
        detail = f"envelope recv_at is {shown(value.get('recv_at'))}; it must be epoch milliseconds"
        raise UnreadableError(Reason.BAD_ENVELOPE, detail)
    body = value.get("body")
    if not isinstance(body, str):
        detail = f"envelope body is {shown(body)}; it must be base64 text"
        raise UnreadableError(Reason.BAD_ENVELOPE, detail)
    try:
        content = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableError(Reason.BAD_ENVELOPE, "envelope body is not base64") from None
    path, agent, country = (_text(value.get(name)) for name in ("path", "user_agent", "country"))
    return content, Origin(record, _believed(recv_at_ms, record), path, agent, country)


def _believed(recv_at_ms: int, record: KinesisRecord) -> int:
    """The front door's clock, within what Kinesis' arrival allows; an archived record may have none (0)."""
    if not record.arrival_ms or -BELIEVED_LATE_MS <= recv_at_ms - record.arrival_ms <= BELIEVED_EARLY_MS:
        return recv_at_ms
    return record.arrival_ms


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
