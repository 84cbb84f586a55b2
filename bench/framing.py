"""HTTP as far as the benchmarks' own client and server speak it: one message at a time, with its length."""


def message_in(received: bytes) -> tuple[bytes, bytes] | None:
    """Head and body of what was received; None as long as it is not whole."""
    head, end, body = received.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
    return (head, body) if end and len(body) >= int(length or 0) else None
