"""Errors as the service puts them on the wire: JSON 1.0, `__type` and a message."""

from typing import Any, NoReturn

_NAMESPACE = "com.amazonaws.timestream.v20181101#"


class ServiceError(Exception):
    """An answer that is an error: `code` is the exception's name in the API model."""

    def __init__(self, code: str, message: str, status: int = 400, **members: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.members = members

    def body(self) -> dict[str, Any]:
        """The JSON object of the answer."""
        return {"__type": _NAMESPACE + self.code, "message": self.message, **self.members}


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
    """Some records are refused, each with its reason; the others of the request are stored. HTTP 419."""
    message = "One or more records have been rejected. See RejectedRecords for details."
    return ServiceError("RejectedRecordsException", message, status=419, RejectedRecords=rejected)


def not_found(name: str, what: str) -> ServiceError:
    """The database, table or resource of this name does not exist."""
    return ServiceError("ResourceNotFoundException", f"The {what} {name} does not exist.")


def conflict(name: str, what: str) -> ServiceError:
    """The database or table of this name exists already."""
    return ServiceError("ConflictException", f"The {what} {name} already exists.")


def throttled() -> ServiceError:
    """The caller is too fast."""
    return ServiceError("ThrottlingException", "Rate exceeded. Retry with back-off.")


def internal(message: str) -> ServiceError:
    """The service failed; HTTP 500."""
    return ServiceError("InternalServerException", message, status=500)


def access_denied(operation: str, resource_arn: str) -> ServiceError:
    """The caller may not do this."""
    return ServiceError(
        "AccessDeniedException",
        f"User: arn:aws:iam::000000000000:user/local is not authorized to perform: timestream:{operation} "
        f"on resource: {resource_arn} because no identity-based policy allows the action",
    )
