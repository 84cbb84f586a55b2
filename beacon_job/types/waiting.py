"""What waits in a keyed stage, as it came, until event time has come far enough to deal with it. Pure."""

import msgspec

MAX_CHARS = 1_000_000
"""More than this of one key does not wait any longer."""


class Waiting(msgspec.Struct, array_like=True):
    """Payloads of one key that are in no other state yet."""

    done_ms: int = 0
    """Event time up to which the key has been dealt with."""
    payloads: list[str] = []

    def is_too_much(self) -> bool:
        """Whether it must be dealt with now, though it is not time yet."""
        return sum(map(len, self.payloads)) > MAX_CHARS


_decode = msgspec.msgpack.Decoder(Waiting).decode
encode_waiting = msgspec.msgpack.Encoder().encode
"""The bytes of what waits."""


def decode_waiting(stored: bytes | None) -> Waiting:
    """The reverse of `encode_waiting`; nothing for no bytes."""
    return _decode(stored) if stored else Waiting()
