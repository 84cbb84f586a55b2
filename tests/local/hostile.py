"""What a client may send that no server wants, for every server of `local`."""

import socket
import struct
import time

GET = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD = b"POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s"
RESET = struct.pack("ii", 1, 0)


def requests(get: bytes, post: bytes) -> dict[str, bytes]:
    """What it is -> the bytes, for a server with a page at `get` and one that reads a body at `post`."""
    return {
        "nothing": b"",
        "half a request line": b"GET " + get[:3],
        "half a header": b"GET %s HTTP/1.1\r\nHost:" % get,
        "a whole request": GET % get,
        "half a body": HEAD % (post, b"Content-Length: 1000", b"half"),
        "broken chunks": HEAD % (post, b"Transfer-Encoding: chunked", b"zz\r\n"),
        "a body that is not gzip": HEAD % (post, b"Content-Encoding: gzip\r\nContent-Length: 3", b"abc"),
        "two lengths": HEAD % (post, b"Content-Length: 5\r\nTransfer-Encoding: chunked", b""),
        "a negative length": HEAD % (post, b"Content-Length: -5", b""),
        "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "zeros": bytes(1000),
        "an unknown version": b"GET %s HTTP/9.9\r\n\r\n" % get,
        "an unknown method": b"FETCH %s HTTP/1.1\r\n\r\n" % get,
        "a path that is not text": GET % b"/\xff\xfe",
        "half an IPv6 host": GET % b"http://[",
        "many headers": b"GET %s HTTP/1.1\r\n" % get + b"X-Header: %s\r\n" % (b"x" * 7000) * 1500,
        "a long header": b"GET %s HTTP/1.1\r\nX-Header: " % get + b"x" * 10_000_000,
    }


def send_and_leave(port: int, sent: bytes, *, reset: bool) -> None:
    """Send as much as the server takes, read a little of its answer and close or reset the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        try:
            client.sendall(sent)
            client.settimeout(0.1)
            client.recv(10)
        except OSError:
            pass
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def dripped_s(port: int, path: bytes, patience_s: float) -> float:
    """How long a server bears a client that sends a header now and then and never ends its request's head."""
    began_s = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=0.1) as client:
        client.sendall(b"GET %s HTTP/1.1\r\n" % path)
        while time.monotonic() < began_s + patience_s:
            try:
                client.sendall(b"X-Header: x\r\n")
                if not client.recv(10):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    return time.monotonic() - began_s
