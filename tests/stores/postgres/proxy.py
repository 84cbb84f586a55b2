"""What lies between a client and PostgreSQL: it cuts connections where it hurts most."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

WRITE_BYTES = 1_000
"""What a client sends at once that is longer is taken for rows; logging in and asking are shorter."""
READY = b"Z\x00\x00\x00\x05"
"""Head of the message with which the server ends its answer."""
RESET = struct.pack("ii", 1, 0)

Cut = Literal["before", "after"]
"""Before the server has the statement, or after it has committed and before the client knows."""


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes on to `port`."""

    def __init__(self, port: int, listen: int = 0) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", listen))
        self.port: int = self._listener.getsockname()[1]
        self.cuts = {"before": 0, "after": 0}
        """How many connections were cut so far."""
        self._cut: Cut | None = None
        self._every = 1
        self._writes = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    @contextmanager
    def cutting(self, when: Cut, every: int = 2) -> Iterator[None]:
        """Cut the connection of every so many writes meanwhile."""
        self._every, self._cut = every, when
        try:
            yield
        finally:
            self._cut = None

    def close(self) -> None:
        """Take no connection any more; those that are there go on."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._to), timeout=5)
            server.settimeout(None)
        except OSError:
            _end(client)
            return
        ready, doomed = threading.Event(), threading.Event()
        threading.Thread(target=self._answers, args=(server, client, ready, doomed), daemon=True).start()
        with suppress(OSError):
            while data := client.recv(1 << 20):
                if ready.is_set() and len(data) >= WRITE_BYTES:  # the begin of a request
                    ready.clear()
                    cut = self._strikes()
                    if cut == "before":
                        self.cuts["before"] += 1
                        break
                    if cut == "after":
                        doomed.set()
                server.sendall(data)
        _end(client)
        _end(server)

    def _answers(
        self, server: socket.socket, client: socket.socket, ready: threading.Event, doomed: threading.Event
    ) -> None:
        with suppress(OSError):
            while data := server.recv(1 << 20):
                if data[-6:-1] == READY:
                    # The server has committed.
                    if doomed.is_set():
                        self.cuts["after"] += 1
                        break
                    ready.set()
                if not doomed.is_set():
                    client.sendall(data)
        _end(client)
        _end(server)

    def _strikes(self) -> Cut | None:
        if self._cut is None:
            return None
        with self._lock:
            self._writes += 1
            return self._cut if self._writes % self._every == 0 else None


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
