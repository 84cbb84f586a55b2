"""A small HTTP server in the part of a Maven repository, a mirror, or a proxy."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


class Repository(ThreadingHTTPServer):
    """Answers every GET in one way, and remembers what was asked."""

    daemon_threads = True

    def __init__(self, answer: Answer, certificate: Path | None = None) -> None:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                answer(self)

            def log_message(self, *args: Any) -> None:
                """Be quiet."""

        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = asked
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Be quiet: clients that hang up are the point of some tests."""


@contextmanager
def serving(answer: Answer, certificate: Path | None = None) -> Iterator[Repository]:
    """A repository until the block ends."""
    server = Repository(answer, certificate)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def holds(content: bytes, promised: int | None = None) -> Answer:
    """Answer 200 with this content; fewer bytes than promised are a download that broke off."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(promised or len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def says(status: int, **headers: str) -> Answer:
    """Answer with a status only."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()

    return answer
