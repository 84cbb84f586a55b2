"""A request as the gateway sees it, and the answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """What a client asked, nothing of it interpreted but the path's and the query's escapes."""

    request_id: str
    time_ms: int
    source_ip: str
    http_method: str
    path: str
    """As requested, with the stage, without the query."""
    query: Mapping[str, str]
    """Name -> its last value."""
    headers: Mapping[str, str]
    """Names as the client spells them."""
    body: bytes

    def header(self, name: str) -> str:
        """A header, however its name is spelled; empty without it."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")


@dataclass(frozen=True)
class Answer:
    """What the client gets."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
