"""Asks the front door, one connection a request."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Answered:
    """What came back; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Of the door at a port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answered:
        """One request below the stage."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, f"/Default{path}", body, dict(headers or {}))
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answered(answer.status, told, answer.read())
        finally:
            connection.close()

    def post(self, body: bytes, path: str = "/v1/beacons", **headers: str) -> Answered:
        """Beacons, as text unless a `content_type` is given; header names with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, body, {"content-type": "text/plain", **named})
