"""How beacons are grouped, and how far event time may be held back."""

from typing import Annotated

from msgspec import Meta, field

from beacon_job.types.settings import GROUP_DIMENSIONS, REAL_TIME_FIELDS, GroupDimensions, Names, Settings

LADDER = (
    "bitrate_aggregate_kbps",
    "bitrate_aggregate_low_kbps",
    "bitrate_aggregate_top_kbps",
    "bitrate_playable_top_kbps",
)
"""What CMCD says of the whole ladder: it does not change within a session."""
EDGE = ("next_object", "edge_dynamic", "edge_static")


class GatherSettings(Settings, frozen=True):
    """How beacons are grouped. Both counts of buckets are fixed for the life of the job's state."""

    group_dimensions: GroupDimensions = GROUP_DIMENSIONS
    left_out: Annotated[
        Names,
        Meta(
            title="measure names, comma between",
            description="measures of a beacon that are not stored: players repeat them, and no metric uses"
            " them",
        ),
    ] = field(name="events.left.out", default=(*LADDER, *(f"audio_{name}" for name in LADDER), *EDGE))
    log_fields: Annotated[
        Names,
        Meta(
            title="field names, comma between",
            description="fields of CloudFront's real-time log, in the order that its configuration has; its"
            " lines are then read by column",
        ),
    ] = field(name="log.fields", default=REAL_TIME_FIELDS)
    events_percent: Annotated[
        int,
        Meta(
            ge=0,
            le=100,
            description="share of the sessions whose beacons are stored as rows of their own, each session"
            " whole or not at all; 0 stores none (`qoe` and `sessions` are of all sessions whatever it is)",
        ),
    ] = 100
    session_buckets: Annotated[
        int,
        Meta(
            ge=1,
            le=4_096,
            description="buckets of session state; of a parallelism beyond it some subtasks follow no"
            " sessions; fixed for the life of a savepoint",
        ),
    ] = 16
    rollup_shards: Annotated[
        int,
        Meta(
            ge=1,
            le=256,
            description="shards of the roll-up; no more subtasks than this add up; fixed for the life of a"
            " savepoint",
        ),
    ] = 2
    points_per_item: int = 1_000


class WatermarkSettings(Settings, frozen=True):
    """All in milliseconds."""

    bound_ms: Annotated[
        int,
        Meta(
            ge=0,
            le=600_000,
            description="how much records of one shard may arrive out of order before they count as late",
        ),
    ] = field(name="watermark.bound.ms", default=5_000)
    fresh_ms: int = 3_000
    """A tick handled later than this after its making says nothing about silence."""
    idle_ms: Annotated[
        int,
        Meta(ge=1_000, le=600_000, description="silence after which a shard holds nothing back"),
    ] = field(name="shard.idle.ms", default=8_000)
    """Of a shard that was read to its tip."""
    stalled_ms: int = 30_000
    """The same for a shard last seen in a backlog: its reader may only be slow."""
    tip_ms: int = 30_000
    """A shard whose newest record is younger than this was read to its tip."""
    start_ms: int = 4_000
    """After the first record, the time that every shard gets to speak before a watermark is given."""
    start_idle_ms: int = 20_000
    """The same when no record comes at all after a start."""
