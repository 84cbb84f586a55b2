"""A Point is one row for a store, whatever store it is; and points as bytes, on their way to the sink."""

from collections.abc import Iterable

import msgspec

from beacon_job.types.beacon import Value


class Point(msgspec.Struct, frozen=True):
    """One row: who (`dims`), what (`measure_name`), when (`time_ns`) and the values.

    Two points with equal (`table`, `dims`, `measure_name`, `time_ns`) are the same row; the one with the
    higher `version` wins, and an equal version carries equal values, so that a write can be repeated.
    Names are letters, digits and `_`.
    """

    table: str
    """Logical table: `events`, `qoe` or `sessions`; the configuration maps it to the store's name."""
    measure_name: str
    time_ns: int
    dims: dict[str, str]
    measures: dict[str, Value]
    version: int = 1


_Row = tuple[str, int, dict[str, Value], int]
_Group = tuple[str, dict[str, str], list[_Row]]

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[_Group]).decode


def encode_points(points: Iterable[Point]) -> bytes:
    """Points as bytes. Neighbours that share one dims object share it there too, and once decoded."""
    groups: list[_Group] = []
    dims: dict[str, str] | None = None
    table = ""
    for point in points:
        if point.dims is not dims or point.table != table:
            dims, table = point.dims, point.table
            groups.append((table, dims, []))
        groups[-1][2].append((point.measure_name, point.time_ns, point.measures, point.version))
    return _encode(groups)


def decode_points(encoded: bytes) -> list[Point]:
    """The reverse of `encode_points`."""
    return [
        Point(table, measure_name, time_ns, dims, measures, version)
        for table, dims, rows in _decode(encoded)
        for measure_name, time_ns, measures, version in rows
    ]
