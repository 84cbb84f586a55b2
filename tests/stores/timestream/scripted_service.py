"""A small Timestream on a free port: answers as a script says, remembers what it was sent and kept."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

PREFIX = "com.amazonaws.timestream.v20181101#"


@dataclass(frozen=True)
class Reply:
    """What to answer to one call."""

    status: int = 200
    body: dict[str, Any] = field(default_factory=dict)
    keep: bool = True
    """Whether the records count as stored."""
    reset: bool = False
    """Cut the connection instead of answering."""


OK = Reply()


def error(status: int, name: str, message: str = "as scripted") -> Reply:
    """An error of the service, which stores nothing."""
    return Reply(status, {"__type": PREFIX + name, "message": message}, keep=False)


def rejected(*records: tuple[int, str], existing_version: int | None = None) -> Reply:
    """419: the records at these positions are refused with these reasons, the others kept."""
    entries = [{"RecordIndex": index, "Reason": reason} for index, reason in records]
    for entry in entries:
        if existing_version is not None:
            entry["ExistingVersion"] = existing_version
    body = {"__type": PREFIX + "RejectedRecordsException", "message": "see RejectedRecords"}
    return Reply(419, {**body, "RejectedRecords": entries})


Script = Callable[[dict[str, Any], int], Reply]
"""(body of a WriteRecords call, number of the call from 1) -> what to answer."""


class ScriptedService:
    """`with ScriptedService(script) as service:` then write to `service.url`."""

    def __init__(self, script: Script = lambda body, call: OK, tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self.bodies: list[dict[str, Any]] = []
        """Of all WriteRecords calls, as they came."""
        self.headers: list[dict[str, str]] = []
        self.kept: list[dict[str, Any]] = []
        """Records as stored: the common attributes merged in."""
        self.discoveries = 0
        self.address = ""
        """What DescribeEndpoints answers."""
        self.discovery: Callable[[], Reply] | None = None
        """What it answers instead, whole."""
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._server.daemon_threads = True
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "ScriptedService":
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _write(self, body: dict[str, Any], headers: dict[str, str]) -> Reply:
        with self._lock:
            self.bodies.append(body)
            self.headers.append(headers)
            reply = self.script(body, len(self.bodies))
            if reply.keep:
                refused = {entry["RecordIndex"] for entry in reply.body.get("RejectedRecords", ())}
                self.kept += [
                    merged(record, body) for i, record in enumerate(body["Records"]) if i not in refused
                ]
        return reply

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers["X-Amz-Target"].endswith("DescribeEndpoints"):
                    service.discoveries += 1
                    if service.discovery:
                        self._send(service.discovery())
                        return
                    endpoint = {"Address": service.address or service.url, "CachePeriodInMinutes": 1440}
                    self._send(Reply(body={"Endpoints": [endpoint]}))
                else:
                    self._send(service._write(body, dict(self.headers)))

            def _send(self, reply: Reply) -> None:
                if reply.reset:
                    # Linger of 0 s: the peer gets a reset, not an end.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    self.connection.close()
                    return
                content = json.dumps(reply.body).encode()
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                """Be quiet."""

            def finish(self) -> None:
                if not self.wfile.closed and self.connection.fileno() >= 0:
                    super().finish()

        return Handler


def merged(record: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """A record with the common attributes of its request; dimensions as a dict, measures as (type, text)."""
    common = body.get("CommonAttributes", {})
    said = common.get("Dimensions", []) + record.get("Dimensions", [])
    dims = {dimension["Name"]: dimension["Value"] for dimension in said}
    assert len(dims) == len(said), f"a dimension is said twice: {said}"
    whole = {**common, **record}
    return {
        "table": (body["DatabaseName"], body["TableName"]),
        "dims": dims,
        "measure_name": whole["MeasureName"],
        "time": (whole["TimeUnit"], int(whole["Time"])),
        "version": whole.get("Version", 1),
        "measures": {item["Name"]: (item["Type"], item["Value"]) for item in record["MeasureValues"]},
    }
