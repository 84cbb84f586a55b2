"""What a WriteRecords request costs: 1 KiB write units. Pure.

The service's rule (developer guide, "Metering: writes"): an event has 8 bytes of time plus the UTF-8 bytes
of its dimension names and values, of its measure names, and its values: 8 for DOUBLE, BIGINT and TIMESTAMP,
1 for BOOLEAN, the UTF-8 bytes for VARCHAR. Each write is counted in units of 1 KiB.

A write is one WriteRecords call, so the sum over the call is rounded up once; that is why batching pays
(the guide's example: 12 events of 83 bytes, one unit). What stands in CommonAttributes is counted once per
call, which is what the guide recommends it for. Only ingested records are counted; a repeat that changes
nothing was ingested as well.
"""

from local.timestream.rules import wire
from local.timestream.rules.values import FIXED_BYTES, TIME_BYTES, utf8_bytes

UNIT_BYTES = 1024


def request_bytes(request: wire.WriteRecords, ingested: list[int]) -> int:
    """Metered bytes of a valid request of which the records at the indexes `ingested` were taken."""
    records, common = request.records or [], request.common_attributes or wire.Record()
    if not ingested:
        return 0
    return _part_bytes(common, common) + sum(_part_bytes(records[index], common) for index in ingested)


def write_units(size: int) -> int:
    """Bytes in started units of 1 KiB."""
    return -(-size // UNIT_BYTES)


def _part_bytes(part: wire.Record, common: wire.Record) -> int:
    """What one part, a record or the common attributes, says itself."""
    size = TIME_BYTES if part.time is not None else 0
    for dimension in part.dimensions or ():
        size += utf8_bytes(dimension.name or "") + utf8_bytes(dimension.value or "")
    if part.measure_name is not None:
        size += utf8_bytes(part.measure_name)
    if part.measure_value is not None:
        kind = part.measure_value_type or common.measure_value_type or "DOUBLE"
        size += FIXED_BYTES.get(kind) or utf8_bytes(part.measure_value)
    for measure in part.measure_values or ():
        size += utf8_bytes(measure.name or "")
        size += FIXED_BYTES.get(measure.type or "") or utf8_bytes(measure.value or "")
    return size
