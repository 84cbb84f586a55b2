"""What an answer of Timestream means for the records that were sent: one table. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from beacon_job.stores.delivery import Halve, Outcome, Settled, Stop, TryAgain
from beacon_job.stores.store import Refused
from beacon_job.stores.timestream.records import Record


class RejectedRecord(msgspec.Struct, frozen=True, rename="pascal"):
    """One entry of the service's `RejectedRecords`."""

    record_index: int | None = 0
    """The first, where some serialisers leave out a 0."""
    reason: str | None = None
    existing_version: int | None = None


class Answer(msgspec.Struct, frozen=True):
    """What came back for one request, or (status 0) why nothing came back."""

    status: int
    code: str = ""
    """The service's name of the error, or what broke the connection."""
    message: str = ""
    rejected: tuple[RejectedRecord, ...] = ()


THROTTLED = frozenset(
    {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}
)

_PERMISSION = (
    "the job's role needs timestream:WriteRecords on the table and timestream:DescribeEndpoints on *"
)
_CREDENTIALS = "the credentials are not known to the service in this region"
_SIGNATURE = "check the secret key and the clock of this machine"
_NEW_CUSTOMER = (
    "Timestream for LiveAnalytics has taken no new customers since 2025-06-20, and no permission changes "
    "that; docs/sinks.md says what else can be used"
)

STOPS: dict[str, str] = {
    "AccessDeniedException": _PERMISSION,
    "AccessDenied": _PERMISSION,
    "NotAuthorized": _PERMISSION,
    "ResourceNotFoundException": "database and table must exist, in the region of the job's configuration, "
    "and the job's role needs timestream:WriteRecords on the table",
    "UnrecognizedClientException": _CREDENTIALS,
    "InvalidClientTokenId": _CREDENTIALS,
    "MissingAuthenticationToken": _CREDENTIALS,
    "MissingAuthenticationTokenException": _CREDENTIALS,
    "OptInRequired": "the account has no access to Timestream for LiveAnalytics",
    "InvalidSignatureException": _SIGNATURE,
    "SignatureDoesNotMatch": _SIGNATURE,
    "IncompleteSignatureException": _SIGNATURE,
    "UnknownOperationException": "what answers at this address is not Timestream's write endpoint",
}
"""Errors that somebody has to put right, and what there is to do."""

MEANINGS: dict[str, type[Outcome]] = {
    "RejectedRecordsException": Settled,
    **dict.fromkeys(THROTTLED, TryAgain),
    "InternalServerException": TryAgain,
    "InternalFailure": TryAgain,
    "ServiceUnavailable": TryAgain,
    "ServiceUnavailableException": TryAgain,
    "RequestTimeout": TryAgain,
    "RequestTimeoutException": TryAgain,
    # The address given by endpoint discovery is no longer good: the client asks for a new one.
    "InvalidEndpointException": TryAgain,
    # The credentials are asked for again before each try.
    "ExpiredTokenException": TryAgain,
    "ValidationException": Halve,
    "SerializationException": Halve,
    "RequestEntityTooLarge": Halve,
    **dict.fromkeys(STOPS, Stop),
}
"""By the service's name of the error."""

BY_STATUS: dict[int, type[Outcome]] = {200: Settled, 413: Halve}
"""For answers without a name: of the service, and of proxies and load balancers."""

REJECTED = "rejected"
"""Kind of refusal: the service named this record in `RejectedRecords`."""
INVALID = "invalid"
"""Kind of refusal: the service refused a whole request because of this record."""

_ALREADY_THERE = ("already exists", "lower than the existing version")


class _Body(msgspec.Struct, frozen=True):
    """Errors of the service's front end may hold `"message": null`."""

    type: str | None = msgspec.field(name="__type", default=None)
    lower_message: str | None = msgspec.field(name="message", default=None)
    upper_message: str | None = msgspec.field(name="Message", default=None)
    rejected: msgspec.Raw = msgspec.field(name="RejectedRecords", default=msgspec.Raw(b"null"))


_read_body = msgspec.json.Decoder(_Body).decode
_read_rejected = msgspec.json.Decoder(tuple[RejectedRecord, ...] | None).decode
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read_answer(status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    """What an HTTP answer says; a 200 without JSON is not the service's and proves nothing."""
    error_type = headers.get("x-amzn-errortype", "")
    try:
        body = _read_body(content)
    except _UNREADABLE:
        message = f"HTTP {status}: {content[:200]!r}"
        return Answer(0, "", message) if status == 200 else Answer(status, _name(error_type), message)
    message = body.lower_message or body.upper_message or ""
    return Answer(status, _name(body.type or error_type), message, _rejected(body.rejected))


def _name(error_type: str) -> str:
    """`namespace#Name:url` -> Name."""
    return error_type.rpartition("#")[2].partition(":")[0]


def _rejected(entries: msgspec.Raw) -> tuple[RejectedRecord, ...]:
    """The entries, or none if they are not what the service's model says: then they do not say which."""
    try:
        return _read_rejected(entries) or ()
    except _UNREADABLE:
        return ()


def outcome(answer: Answer, records: Sequence[Record], where: str) -> Outcome:
    """What an answer means for the records that were sent; `where` names the table for a person.

    What nobody has foreseen is tried again and then stops the job: nothing is passed over on a guess.
    """
    by_name = MEANINGS.get(answer.code, TryAgain)
    meaning = by_name if answer.code else BY_STATUS.get(answer.status, TryAgain)
    said = f"{answer.code or answer.status}: {answer.message}"
    if meaning is Settled:
        return _settled(answer, records) if answer.code else Settled()
    if meaning is Halve:
        return Halve(INVALID, said)
    if meaning is Stop:
        return Stop(f"{where} cannot be written: {said} ({_to_do(answer)})")
    return TryAgain(f"{where} cannot be written: {said}", _throttled(answer))


def _settled(answer: Answer, records: Sequence[Record]) -> Settled | Halve:
    """Which records were rejected, and which of them are stored already.

    An answer that does not say clearly which is halved like an invalid request: of a record that is sent
    alone it can mean no other.
    """
    if len(records) == 1:
        named = {0: next(iter(answer.rejected), RejectedRecord())}
    else:
        named = {item.record_index or 0: item for item in answer.rejected}
        if not named or len(named) < len(answer.rejected) or not named.keys() <= set(range(len(records))):
            return Halve(REJECTED, answer.message)
    refused = tuple(
        Refused(records[position].index, REJECTED, item.reason or answer.message or "no reason given")
        for position, item in named.items()
        if not _already_there(item, records[position].version)
    )
    return Settled(refused, superseded=len(named) - len(refused))


def _already_there(rejected: RejectedRecord, version: int) -> bool:
    """Whether the row is stored with our version or a newer one, which is all that we wanted."""
    if rejected.existing_version is not None:
        return rejected.existing_version >= version
    return any(words in (rejected.reason or "") for words in _ALREADY_THERE)


def _throttled(answer: Answer) -> bool:
    """Whether the service, or a gateway before it, said that we are too fast."""
    return answer.code in THROTTLED or answer.status == 429


def _to_do(answer: Answer) -> str:
    """What has to be put right. Of an account that may not use the service at all only the message tells."""
    return _NEW_CUSTOMER if "Only existing" in answer.message else STOPS[answer.code]
