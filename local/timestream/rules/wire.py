"""Requests, member by member as the API model names them. Types only: limits are checked later, so that
their errors carry the service's wording. A member that is null is one that is absent."""

from typing import TypedDict

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
    common_attributes: Record | None = None
    records: list[Record] | None = None


class Tag(TypedDict, total=False):
    """A tag; the model requires both members."""

    Key: str | None
    Value: str | None


class Retention(TypedDict, total=False):
    """How long a table keeps records; the model requires both members."""

    MemoryStoreRetentionPeriodInHours: int | None
    MagneticStoreRetentionPeriodInDays: int | None


class Bucket(TypedDict, total=False):
    """Where in S3, and how encrypted."""

    BucketName: str | None
    ObjectKeyPrefix: str | None
    EncryptionOption: str | None
    KmsKeyId: str | None


class RejectedDataLocation(TypedDict, total=False):
    """Where late records are reported that are dropped for their version."""

    S3Configuration: Bucket | None


class MagneticWrites(TypedDict, total=False):
    """Whether late records are taken; the model requires the flag."""

    EnableMagneticStoreWrites: bool | None
    MagneticStoreRejectedDataLocation: RejectedDataLocation | None


class PartitionKey(TypedDict, total=False):
    """A partition key; the model requires its type."""

    Type: str | None
    Name: str | None
    EnforcementInRecord: str | None


class TableSchema(TypedDict, total=False):
    """What CreateTable says about the data."""

    CompositePartitionKey: list[PartitionKey] | None


class Control(TypedDict, total=False):
    """The members of all control operations: where two have one of the same name, it has the same type."""

    DatabaseName: str | None
    TableName: str | None
    KmsKeyId: str | None
    ResourceARN: str | None
    Tags: list[Tag] | None
    TagKeys: list[str] | None
    MaxResults: int | None
    NextToken: str | None
    RetentionProperties: Retention | None
    MagneticStoreWriteProperties: MagneticWrites | None
    Schema: TableSchema | None


UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding raises for bytes that are not JSON, not of these types, not UTF-8 or nested without end."""

write_records: msgspec.json.Decoder[WriteRecords] = msgspec.json.Decoder(WriteRecords)
control: msgspec.json.Decoder[Control] = msgspec.json.Decoder(Control)
