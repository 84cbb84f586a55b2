"""What the gateway answers by itself, without a backend."""

from enum import Enum


class Kind(Enum):
    """Gateway responses by API Gateway's names: status and message, unless the file says others."""

    API_CONFIGURATION_ERROR = 500, "Internal server error"
    INTEGRATION_FAILURE = 504, "Internal server error"
    INTEGRATION_TIMEOUT = 504, "Endpoint request timed out"
    INVALID_API_KEY = 403, "Forbidden"
    MISSING_AUTHENTICATION_TOKEN = 403, "Missing Authentication Token"
    REQUEST_TOO_LARGE = 413, "Request Too Long"
    THROTTLED = 429, "Too Many Requests"
    UNSUPPORTED_MEDIA_TYPE = 415, "Unsupported Media Type"

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message


class GatewayError(Exception):
    """A request that goes no further; `kind` says how it is answered."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind.message)
        self.kind = kind
