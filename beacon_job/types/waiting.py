"""What waits in a keyed stage, as it came, until event time has come far enough to deal with it. Pure."""

import msgspec

MAX_BYTES = 1_000_000
"""More than this of one key does not wait any longer."""


class Waiting(msgspec.Struct, frozen=True):
    """Items of one key that are in no other state yet."""

    done_ms: int = 0
    """Event time up to which the key has been dealt with."""
    items: list[bytes] = []

    def is_too_much(self, item: bytes) -> bool:
        """Whether all of it must be dealt with once `item` has come, though it is not time yet."""
        return sum(map(len, self.items)) + len(item) > MAX_BYTES
