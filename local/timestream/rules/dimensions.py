"""The dimensions of a record. Pure."""

from functools import lru_cache
from itertools import pairwise

import msgspec

from local.timestream.rules import limits, reasons, wire
from local.timestream.rules.errors import refuse, refuse_blank, refuse_member
from local.timestream.rules.names import check_name
from local.timestream.rules.values import to_json, utf8_bytes

Pairs = tuple[tuple[str, str], ...]


class Dimensions(msgspec.Struct, frozen=True):
    """The dimensions of a record, in the form that series are told apart by."""

    json: str
    """JSON object, sorted by name: equal dimensions, equal text."""
    names: tuple[str, ...]
    size: int
    """UTF-8 bytes of all names and values."""
    problem: str | None


def read_pairs(record: wire.Record, path: str) -> Pairs:
    """Names and values of the dimensions, each checked against the API model."""
    dimensions = record.dimensions
    if not dimensions:
        return ()
    for place, dimension in enumerate(dimensions, start=1):
        where = f"{path}.dimensions.{place}.member"
        if not dimension.name:
            refuse_blank(dimension.name, f"{where}.name")
        if not dimension.value:
            refuse_blank(dimension.value, f"{where}.value")
        if dimension.dimension_value_type not in (None, "VARCHAR"):
            given = dimension.dimension_value_type
            refuse_member(given, f"{where}.dimensionValueType", "satisfy enum value set: [VARCHAR]")
    return tuple([(dimension.name, dimension.value) for dimension in dimensions])  # type: ignore[misc]


@lru_cache(maxsize=16_384)
def describe_dimensions(pairs: Pairs) -> Dimensions:
    """Cached, for records repeat dimensions.

    Raises ValidationException for a name that occurs twice or must not be.
    """
    names = tuple(sorted(name for name, _ in pairs))
    by_name = dict(pairs)
    if len(by_name) != len(pairs):
        twice = next(name for name, after in pairwise(names) if name == after)
        refuse(f"Invalid record: the dimension '{twice}' occurs twice (CommonAttributes count as well).")
    if not pairs:
        refuse("Invalid record: a record needs at least one dimension.")
    if len(pairs) > limits.DIMENSIONS_PER_RECORD:
        shown, most = f"[{len(pairs)} dimensions]", limits.DIMENSIONS_PER_RECORD
        refuse_member(shown, "dimensions", f"have length less than or equal to {most}")
    for name in names:
        check_name(name, "dimension")
    size = sum(utf8_bytes(name) + utf8_bytes(value) for name, value in pairs)
    longest = max(map(utf8_bytes, names))
    problem = None
    if longest > limits.DIMENSION_NAME_BYTES:
        problem = reasons.too_large("dimension name", longest, limits.DIMENSION_NAME_BYTES)
    if problem is None and size > limits.DIMENSION_PAIRS_BYTES:
        problem = reasons.too_large("set of dimension names and values", size, limits.DIMENSION_PAIRS_BYTES)
    return Dimensions(to_json(by_name), names, size, problem)
