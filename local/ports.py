"""Ports of 127.0.0.1."""

import socket

from local.processes import StartError

HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


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
