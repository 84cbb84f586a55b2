"""Errors as the service puts them on the wire: JSON 1.0, `__type` and a message."""

from typing import Any, NoReturn

STATUSES = {
    "ServiceQuotaExceededException": 402,
    "AccessDeniedException": 403,
    "ResourceNotFoundException": 404,
    "UnknownOperationException": 404,
    "ConflictException": 409,
    "RejectedRecordsException": 419,
    "ThrottlingException": 429,
    "InternalServerException": 500,
}
"""HTTP status by the exception's name; 400 for all others."""

_SERVICE = "com.amazonaws.timestream.v20181101#"
_FRONT_END = "com.amazon.coral.service#"
_FORMS = {
    "SerializationException": (_FRONT_END, "Message"),
    "ThrottlingException": (_SERVICE, "Message"),
    "UnknownOperationException": (_FRONT_END, None),
}
"""Errors of the service's front end: their namespace, and the member that holds the message, if any does."""


class ServiceError(Exception):
    """An answer that is an error: `code` is the exception's name in the API model."""

    def __init__(self, code: str, message: str, **members: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = STATUSES.get(code, 400)
        self.members = members

    def body(self) -> dict[str, Any]:
        """The JSON object of the answer."""
        namespace, text = _FORMS.get(self.code, (_SERVICE, "message"))
        message = {text: self.message} if text else {}
        return {"__type": namespace + self.code, **message, **self.members}


def refuse(message: str) -> NoReturn:
    """Refuse the whole request with a ValidationException; nothing of it is stored."""
    code = "ValidationException"
    raise ServiceError(code, message)


def refuse_member(value: object, path: str, must: str) -> NoReturn:
    """Refuse a request with a member that breaks the API model, in the service's own wording."""
    shown = "null" if value is None else f"'{value}'"
    refuse(
        f"1 validation error detected: Value {shown} at '{path}' failed to satisfy constraint: "
        f"Member must {must}"
    )


def refuse_blank(value: str | None, path: str) -> NoReturn:
    """Refuse a request with a required member that is absent or empty."""
    refuse_member(value, path, "not be null" if value is None else "have length greater than or equal to 1")


def rejected_records(rejected: list[dict[str, Any]]) -> ServiceError:
    """Some records are refused, each with its reason; the others of the request are stored."""
    message = "One or more records have been rejected. See RejectedRecords for details."
    return ServiceError("RejectedRecordsException", message, RejectedRecords=rejected)


def not_found(name: object, what: str) -> ServiceError:
    """The database, table or resource of this name does not exist."""
    return ServiceError("ResourceNotFoundException", f"The {what} {name} does not exist.")


def conflict(name: str, what: str) -> ServiceError:
    """The database or table of this name exists already."""
    return ServiceError("ConflictException", f"The {what} {name} already exists.")


def too_many_tags(found: int, most: int) -> ServiceError:
    """A resource would have more tags than it may have."""
    message = f"The resource would have {found} tags; the limit is {most}."
    return ServiceError("ServiceQuotaExceededException", message)


def unknown_operation(target: str) -> ServiceError:
    """No operation of this name; the answer has no message, as the service's has none."""
    return ServiceError("UnknownOperationException", f"There is no operation {target!r}.")


def unreadable(why: object) -> ServiceError:
    """The body is not JSON, or its members are not of the types of the API model."""
    return ServiceError("SerializationException", f"The request could not be read: {why}")


def throttled() -> ServiceError:
    """The caller is too fast."""
    return ServiceError("ThrottlingException", "Request rate limit exceeded")


def internal(message: str) -> ServiceError:
    """The service failed."""
    return ServiceError("InternalServerException", message)


def access_denied(operation: str, resource_arn: str) -> ServiceError:
    """The caller may not do this."""
    return ServiceError(
        "AccessDeniedException",
        f"User: arn:aws:iam::000000000000:user/local is not authorized to perform: timestream:{operation} "
        f"on resource: {resource_arn} because no identity-based policy allows the action",
    )
