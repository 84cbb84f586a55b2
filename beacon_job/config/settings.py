"""What the job itself takes, beside its stages: where records come from and go to, and how it runs."""

from typing import Annotated, Literal

from msgspec import Meta, field

from beacon_job.types.settings import Region, Settings, Url, Word

StreamName = Annotated[Word, Meta(title="name of a Kinesis stream")]


class SourceSettings(Settings, frozen=True, kw_only=True):
    """The Kinesis stream that the beacons come from, and how it is read."""

    name: Annotated[StreamName, Meta(description="Kinesis stream the beacons come from")] = field(
        name="stream"
    )
    region: Annotated[Region, Meta(description="region of the stream")] = field(name="aws.region")
    initial_position: Annotated[
        Literal["TRIM_HORIZON", "LATEST"],
        Meta(description="where to begin when there is no checkpoint or savepoint"),
    ] = "TRIM_HORIZON"
    endpoint: Annotated[Url | None, Meta(description="another Kinesis endpoint, e.g. an emulator")] = field(
        name="aws.endpoint", default=None
    )
    shard_discovery_interval_ms: Annotated[
        int, Meta(ge=1_000, le=600_000, description="how often new shards are looked for")
    ] = 10_000
    get_records_interval_ms: Annotated[
        int,
        Meta(
            ge=50,
            le=60_000,
            description="pause between two reads of one shard (the service allows five reads a second for all"
            " readers)",
        ),
    ] = 200


class DeadLetterSettings(Settings, frozen=True, kw_only=True):
    """The Kinesis stream of the dead letters."""

    name: Annotated[StreamName, Meta(description="stream for all that could not be read or stored")] = field(
        name="stream"
    )
    region: Annotated[Region, Meta(description="region of that stream")] = field(name="aws.region")
    endpoint: Annotated[Url | None, Meta(description="another Kinesis endpoint, e.g. an emulator")] = field(
        name="aws.endpoint", default=None
    )


class FlinkSettings(Settings, frozen=True):
    """How Flink runs the job."""

    bundle_size: Annotated[
        int, Meta(ge=1, le=100_000, description="rows per Python bundle and Arrow batch")
    ] = 10_000
    bundle_time_ms: Annotated[int, Meta(ge=10, le=5_000, description="longest wait for a bundle to fill")] = (
        500
    )
    max_parallelism: Annotated[
        int,
        Meta(
            ge=1,
            le=32_768,
            description="upper bound of any later parallelism; fixed for the life of a savepoint",
        ),
    ] = 128
