"""`GET /health`: 200 once beacons are being consumed, 503 and the reason otherwise."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"

Report = tuple[bool, str]
"""(healthy, one sentence)."""


class HealthServer:
    """Serves what `report` says, in a thread of its own."""

    def __init__(self, port: int, report: Callable[[], Report]) -> None:
        self._server = ThreadingHTTPServer((HOST, port), _handler(report))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def close(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._server.server_close()


def _handler(report: Callable[[], Report]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path.split("?")[0] != "/health":
                self._answer(404, {"error": f"found {self.path}; there is /health"})
                return
            healthy, reason = report()
            self._answer(200 if healthy else 503, {"healthy": healthy, "reason": reason})

        def _answer(self, status: int, content: dict[str, object]) -> None:
            body = json.dumps(content).encode() + b"\n"
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Be silent: the terminal shows the live view."""

    return Handler
