"""A Point is one row for a store, whatever store it is."""

import msgspec

from beacon_job.beacon import Value


class Point(msgspec.Struct, frozen=True):
    """One row: who (`dims`), what (`measure_name`), when (`time_ns`) and the values.

    Two points with equal (`table`, `dims`, `measure_name`, `time_ns`) are the same row; the one with the
    higher `version` wins, and an equal version must carry equal values, so that repeating a write is harmless.
    """

    table: str
    """Logical table: `events`, `qoe` or `sessions`; the configuration maps it to the store's name."""
    measure_name: str
    time_ns: int
    dims: dict[str, str]
    measures: dict[str, Value]
    version: int = 1
