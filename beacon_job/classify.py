"""What an answer of Timestream means for the records that were sent: one table. Pure."""

from enum import Enum

import msgspec

from beacon_job.store import Refused


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
    "AccessDeniedException": Action.STOP,
    "ResourceNotFoundException": Action.STOP,
    "UnrecognizedClientException": Action.STOP,
    "InvalidClientTokenId": Action.STOP,
    "InvalidSignatureException": Action.STOP,
    "SignatureDoesNotMatch": Action.STOP,
    "IncompleteSignatureException": Action.STOP,
    "MissingAuthenticationTokenException": Action.STOP,
    "MissingAuthenticationToken": Action.STOP,
    "NotAuthorized": Action.STOP,
    "OptInRequired": Action.STOP,
    "UnknownOperationException": Action.STOP,
}
"""By the service's name of the error."""

BY_STATUS: dict[int, Action] = {200: Action.WRITTEN, 413: Action.BISECT, 419: Action.REJECTED}
"""For answers without a name, from proxies and load balancers."""

_ALREADY_THERE = ("already exists", "lower than the existing version")


def action(answer: Answer) -> Action:
    """What to do. An unforeseen answer is tried again and then stops the job: nothing is lost on a guess."""
    if answer.code:
        return ACTIONS.get(answer.code, Action.RETRY)
    return BY_STATUS.get(answer.status, Action.RETRY)


def already_there(rejected: RejectedRecord, version: int) -> bool:
    """Whether the row is stored with our version or a newer one, which is all that we wanted."""
    if rejected.existing_version is not None:
        return rejected.existing_version >= version
    return any(words in rejected.reason for words in _ALREADY_THERE)


def refused(rejected: RejectedRecord, index: int) -> Refused:
    """The rejection of the point at `index`, in the service's own words."""
    return Refused(index, "rejected", rejected.reason or "the service gave no reason")
