"""What a stage gives out to the ones behind it: a few fat items, sorted by who takes them.

Few fat items cost a tenth of many thin ones (docs/adr/0001). Items are bytes with an encoding of their own:
`encode_points`, `encode_beacons`, `encode_sums`. `flink/job.py` has the same types in SQL.
"""

import msgspec


class Parts(msgspec.Struct, frozen=True):
    """What one batch or item led to, for each stage that goes on with it."""

    watermark_ms: int | None = None
    """How far event time has come, epoch ms; None as long as nothing is known."""
    points: list[bytes] = []
    """Points to be stored."""
    sessions: dict[int, bytes] = {}
    """Bucket of sessions -> its beacons; no bytes are a tick."""
    sums: dict[int, bytes] = {}
    """Shard of the roll-up -> contributions to its sums; no bytes are a tick."""
    bad: list[str] = []
    """JSON of what could not be read, for the dead letters."""
