"""Ports of 127.0.0.1."""

import itertools
import random
import socket

from local.processes.children import StartError

HOST = "127.0.0.1"
CANDIDATES = range(20_000, 32_768)
"""Below the ports that Linux and macOS give to outgoing connections: one of those could take the port
of a server that is being started again."""

_next = itertools.count(random.randrange(len(CANDIDATES)))


def free_port() -> int:
    """A port that nobody listens on now; each call gives another one."""
    for _ in CANDIDATES:
        port = CANDIDATES[next(_next) % len(CANDIDATES)]
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        return port
    message = f"no free port between {CANDIDATES.start} and {CANDIDATES.stop - 1}"
    raise StartError(message)


def refuse_busy_port(port: int, variable: str, purpose: str) -> None:
    """Raise StartError when `port` cannot be listened on; `variable` is what chooses another one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            message = f"port {port} ({purpose}) cannot be used: {reason}; choose another one with {variable}="
            raise StartError(message) from None
