"""Errors of the query side, as the service names them. Pure."""

from typing import NoReturn

from local.timestream.rules.errors import ServiceError


def invalid(message: str) -> ServiceError:
    """The statement, or a member of the request, is wrong: nothing was run."""
    return ServiceError("ValidationException", message)


def invalid_at(text: str, offset: int, message: str) -> ServiceError:
    """The statement is wrong at this offset: `line 2:7: message`, both counted from 1."""
    line, column = position(text, offset)
    return invalid(f"line {line}:{column}: {message}")


def invalid_syntax(text: str, offset: int, found: str) -> ServiceError:
    """The statement cannot be read from this offset on."""
    line, column = position(text, offset)
    return invalid(f"The query syntax is invalid at line {line}:{column}: unexpected {found}")


def unsupported(what: str) -> NoReturn:
    """The service may take it; the stand-in says by name that it does not. Raises ValidationException."""
    message = f"{what} is not supported by this stand-in"
    raise invalid(message)


def failed(message: str) -> ServiceError:
    """The statement is right and could not be run to its end."""
    return ServiceError("QueryExecutionException", message)


def cancelled(query_id: str) -> ServiceError:
    """CancelQuery came before the answer, or before the page asked for."""
    return ServiceError("ConflictException", f"Query {query_id} was cancelled.")


def not_ready(seconds: float) -> ServiceError:
    """A table is still being read; clients try again after a throttled request."""
    message = f"The table is still being read into memory, for more than {seconds:g} s; try again"
    return ServiceError("ThrottlingException", message)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, counted from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")
