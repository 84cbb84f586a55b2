"""What any store refuses before it sends: how it says so, and the bounds that all of them have. Pure."""

from enum import StrEnum

from beacon_job.types.errors import BeaconError

BIGINT_MIN, BIGINT_MAX = -(2**63), 2**63 - 1
TIMESTAMP_MAX_MS = BIGINT_MAX // 10**6
"""Either side of 1970: 64 bits of ns."""


class OverLimit(BeaconError):
    """A row that a store would not take, and a sentence that says what was found and what is allowed.

    `limit` is one of the store's own closed list.
    """

    def __init__(self, limit: StrEnum, reason: str) -> None:
        super().__init__(reason)
        self.limit = limit
