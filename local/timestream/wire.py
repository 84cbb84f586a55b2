"""WriteRecords' request, member by member as the API model names them. Types only: limits are checked later,
so that their errors carry the service's wording."""

from typing import Any

import msgspec


class Dimension(msgspec.Struct, rename="pascal", frozen=True, gc=False):
    """A dimension; its value is always VARCHAR."""

    name: str | None = None
    value: str | None = None
    dimension_value_type: str | None = None


class MeasureValue(msgspec.Struct, rename="pascal", frozen=True, gc=False):
    """One value of a MULTI record."""

    name: str | None = None
    value: str | None = None
    type: str | None = None


class Record(msgspec.Struct, rename="pascal", frozen=True, gc=False):
    """A record, or the common attributes of all records of a request."""

    dimensions: list[Dimension] | None = None
    measure_name: str | None = None
    measure_value: str | None = None
    measure_value_type: str | None = None
    measure_values: list[MeasureValue] | None = None
    time: str | None = None
    time_unit: str | None = None
    version: int | None = None


class WriteRecords(msgspec.Struct, rename="pascal", frozen=True, gc=False):
    """A whole request."""

    database_name: str | None = None
    table_name: str | None = None
    common_attributes: Record = Record()
    records: list[Record] | None = None


write_records: msgspec.json.Decoder[WriteRecords] = msgspec.json.Decoder(WriteRecords)
any_object: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])
