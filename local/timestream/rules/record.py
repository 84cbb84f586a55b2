"""One record of a request: CommonAttributes merged in, values parsed, its own limits checked. Pure.

What breaks the API model or cannot be read at all refuses the whole request (ValidationException); what
breaks a documented limit refuses this record only, by its `problem`.
"""

from typing import TypeVar

import msgspec

from local.timestream.rules import limits, reasons, wire
from local.timestream.rules.dimensions import Dimensions, Pairs, describe_dimensions, read_pairs
from local.timestream.rules.errors import refuse, refuse_blank, refuse_member
from local.timestream.rules.measures import Measures, check_kind, read_measures
from local.timestream.rules.names import check_name
from local.timestream.rules.values import TIME_BYTES, UNIT_NS, utf8_bytes

_Member = TypeVar("_Member")


class Row(msgspec.Struct, frozen=True, gc=False):
    """One record, ready to be checked against its table and stored."""

    time_ns: int
    version: int
    measure_name: str
    measure_type: str
    dimensions: Dimensions
    measures: Measures
    problem: str | None
    """Why this record is refused whatever the table holds; None if nothing is wrong with it by itself."""


def read_rows(request: wire.WriteRecords) -> list[Row]:
    """All records of a request, in order. Raises ValidationException for what refuses the request."""
    records = request.records
    if records is None:
        refuse_member(None, "records", "not be null")
    if not records:
        refuse_member("[]", "records", "have length greater than or equal to 1")
    if len(records) > limits.RECORDS_PER_REQUEST:
        shown, most = f"[{len(records)} records]", limits.RECORDS_PER_REQUEST
        refuse_member(shown, "records", f"have length less than or equal to {most}")
    common = request.common_attributes or wire.Record()
    # The API model holds for them even where every record has its own.
    common_pairs = read_pairs(common, "commonAttributes")
    _time_unit_ns(common.time_unit, "commonAttributes")
    _version(common.version, "commonAttributes")
    check_kind(common.measure_value_type, "commonAttributes")
    return [
        _read_row(record, common, common_pairs, f"records.{place}.member")
        for place, record in enumerate(records, start=1)
    ]


def _read_row(record: wire.Record, common: wire.Record, common_pairs: Pairs, path: str) -> Row:
    own_pairs = read_pairs(record, path)
    dimensions = describe_dimensions(common_pairs + own_pairs if own_pairs else common_pairs)
    measure_name = _required(record.measure_name, common.measure_name, "measureName", path)
    check_name(measure_name, "measure")
    unit_ns = _time_unit_ns(record.time_unit or common.time_unit, path)
    time_ns = _time_ns(_required(record.time, common.time, "time", path), unit_ns)
    version = _version(_either(record.version, common.version), path)
    if record.measure_values is not None and common.measure_values is not None:
        refuse("Invalid record: MeasureValues stand both in the record and in CommonAttributes.")
    kind = record.measure_value_type or common.measure_value_type or "DOUBLE"
    single = _either(record.measure_value, common.measure_value)
    measures = read_measures(
        kind, single, _either(record.measure_values, common.measure_values), unit_ns, path
    )
    name_bytes = utf8_bytes(measure_name)
    problem = dimensions.problem or measures.problem
    size = TIME_BYTES + dimensions.size + name_bytes + measures.size
    if name_bytes > limits.MEASURE_NAME_BYTES:
        problem = reasons.too_large("measure name", name_bytes, limits.MEASURE_NAME_BYTES)
    elif problem is None and size > limits.RECORD_BYTES:
        problem = reasons.too_large("record", size, limits.RECORD_BYTES)
    return Row(time_ns, version, measure_name, kind, dimensions, measures, problem)


def _either(own: _Member | None, common: _Member | None) -> _Member | None:
    return own if own is not None else common


def _required(own: str | None, common: str | None, member: str, path: str) -> str:
    """The record's own value of a member, or else the common one; refuses the request if there is neither."""
    value = _either(own, common)
    if not value:
        refuse_blank(value, f"{path}.{member}")
    return value


def _version(version: int | None, path: str) -> int:
    if version is None:
        return 1
    if version < 1:
        refuse_member(version, f"{path}.version", "have value greater than or equal to 1")
    if version not in limits.BIGINT:
        refuse_member(version, f"{path}.version", f"have value less than or equal to {limits.BIGINT[-1]}")
    return version


def _time_unit_ns(unit: str | None, path: str) -> int:
    unit = unit or "MILLISECONDS"
    if unit not in UNIT_NS:
        refuse_member(unit, f"{path}.timeUnit", f"satisfy enum value set: [{', '.join(UNIT_NS)}]")
    return UNIT_NS[unit]


def _time_ns(text: str, unit_ns: int) -> int:
    if len(text) <= limits.TIME_CHARS and text.isascii() and text.removeprefix("-").isdigit():
        return int(text) * unit_ns
    refuse("Invalid time for record.")
