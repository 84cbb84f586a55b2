"""What an answer of Timestream means for the records that were sent: one table. Pure."""

from collections.abc import Mapping
from enum import Enum

import msgspec

from beacon_job.stores.store import Refused


class Action(Enum):
    """What to do with the records of a request."""

    WRITTEN = "written"
    REJECTED = "rejected"
    """The named records are refused, the others are written."""
    RETRY = "retry"
    BISECT = "bisect"
    """The whole request is refused because of some record in it: halve it to find which."""
    STOP = "stop"
    """Nothing can be written until somebody changes something outside the job."""


class RejectedRecord(msgspec.Struct, frozen=True, rename="pascal"):
    """One entry of the service's `RejectedRecords`."""

    record_index: int = 0
    reason: str = ""
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

STOPS: dict[str, str] = {
    "AccessDeniedException": _PERMISSION,
    "AccessDenied": _PERMISSION,
    "NotAuthorized": _PERMISSION,
    "ResourceNotFoundException": "database and table must exist, in the region of the job's configuration",
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

ACTIONS: dict[str, Action] = {
    "RejectedRecordsException": Action.REJECTED,
    **dict.fromkeys(THROTTLED, Action.RETRY),
    "InternalServerException": Action.RETRY,
    "InternalFailure": Action.RETRY,
    "ServiceUnavailable": Action.RETRY,
    "ServiceUnavailableException": Action.RETRY,
    "RequestTimeout": Action.RETRY,
    "RequestTimeoutException": Action.RETRY,
    # The address given by endpoint discovery is no longer good: the client asks for a new one.
    "InvalidEndpointException": Action.RETRY,
    # The credentials are asked for again before each try.
    "ExpiredTokenException": Action.RETRY,
    "ValidationException": Action.BISECT,
    "SerializationException": Action.BISECT,
    "RequestEntityTooLarge": Action.BISECT,
    **dict.fromkeys(STOPS, Action.STOP),
}
"""By the service's name of the error."""

BY_STATUS: dict[int, Action] = {200: Action.WRITTEN, 413: Action.BISECT}
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
    rejected: tuple[RejectedRecord, ...] | None = msgspec.field(name="RejectedRecords", default=None)


_read_body = msgspec.json.Decoder(_Body).decode
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
    return Answer(status, _name(body.type or error_type), message, body.rejected or ())


def _name(error_type: str) -> str:
    """`namespace#Name:url` -> Name."""
    return error_type.rpartition("#")[2].partition(":")[0]


def action(answer: Answer, records: int) -> Action:
    """What to do after an answer to a request with so many records.

    What nobody has foreseen is tried again and then stops the job: nothing is passed over on a guess. A
    rejection that does not say which of the records it means is halved like an invalid request: of a record
    that is sent alone it can mean no other.
    """
    found = (
        ACTIONS.get(answer.code, Action.RETRY) if answer.code else BY_STATUS.get(answer.status, Action.RETRY)
    )
    if found is Action.REJECTED:
        named = {item.record_index for item in answer.rejected}
        if records == 1:
            return found if named else Action.RETRY
        clear = named and len(named) == len(answer.rejected) and named <= set(range(records))
        return found if clear else Action.BISECT
    return found


def throttled(answer: Answer) -> bool:
    """Whether the service, or a gateway before it, said that we are too fast."""
    return answer.code in THROTTLED or answer.status == 429


def already_there(rejected: RejectedRecord, version: int) -> bool:
    """Whether the row is stored with our version or a newer one, which is all that we wanted."""
    if rejected.existing_version is not None:
        return rejected.existing_version >= version
    return any(words in rejected.reason for words in _ALREADY_THERE)


def invalid(answer: Answer, index: int) -> Refused:
    """The refusal of the point at `index`, which alone made a request invalid, in the service's own words."""
    return Refused(index, INVALID, f"{answer.code or answer.status}: {answer.message}")
