"""Every property the job reads: group, key, meaning, default and what is allowed. The README's table is made
of this."""

from typing import NamedTuple


class Property(NamedTuple):
    """One property of application_properties.json, or of the service's property groups."""

    group: str
    key: str
    kind: str
    """text, integer, choice, list or url."""
    default: str | None
    """None: must be set."""
    allowed: str
    """For integers `low..high`; for choices `a|b`; otherwise a sentence."""
    meaning: str
    optional: bool = False
    """True: may be absent and then has no value."""


SOURCE, STORE, DEAD_LETTER, STREAM = "beacon.source", "beacon.store", "beacon.dead.letter", "beacon.stream"

LADDER = (
    "bitrate_aggregate_kbps",
    "bitrate_aggregate_low_kbps",
    "bitrate_aggregate_top_kbps",
    "bitrate_playable_top_kbps",
)
"""What CMCD says of the whole ladder: it does not change within a session."""
EDGE = ("next_object", "edge_dynamic", "edge_static")

PROPERTIES: tuple[Property, ...] = (
    Property(
        SOURCE, "stream", "text", None, "name of a Kinesis stream", "Kinesis stream the beacons come from"
    ),
    Property(SOURCE, "aws.region", "text", None, "an AWS region", "region of the stream"),
    Property(
        SOURCE,
        "initial.position",
        "choice",
        "TRIM_HORIZON",
        "TRIM_HORIZON|LATEST",
        "where to begin when there is no checkpoint or savepoint",
    ),
    Property(
        SOURCE, "aws.endpoint", "url", None, "http(s) URL", "another Kinesis endpoint, e.g. an emulator", True
    ),
    Property(
        SOURCE,
        "shard.discovery.interval.ms",
        "integer",
        "10000",
        "1000..600000",
        "how often new shards are looked for",
    ),
    Property(
        SOURCE,
        "get.records.interval.ms",
        "integer",
        "200",
        "50..60000",
        "pause between two reads of one shard (the service allows five reads a second for all readers)",
    ),
    Property(STORE, "database", "text", None, "name of a Timestream database", "database of all tables"),
    Property(STORE, "table.events", "text", "beacon-blog-table", "table name", "one row per beacon"),
    Property(STORE, "table.qoe", "text", "qoe", "table name", "sums per 10 s and viewer group"),
    Property(STORE, "table.sessions", "text", "sessions", "table name", "one row per session view"),
    Property(STORE, "aws.region", "text", None, "an AWS region", "region of the database"),
    Property(
        STORE,
        "aws.endpoint",
        "url",
        None,
        "http(s) URL",
        "another Timestream endpoint (VPC endpoint, stand-in)",
        True,
    ),
    Property(STORE, "connections", "integer", "16", "1..64", "requests under way at once, per slot"),
    Property(
        STORE,
        "retry.budget.ms",
        "integer",
        "60000",
        "1000..600000",
        "how long a request is tried again before the job restarts; keep it far below the checkpoint timeout",
    ),
    Property(STORE, "request.timeout.ms", "integer", "10000", "100..120000", "how long one request may take"),
    Property(
        DEAD_LETTER,
        "stream",
        "text",
        None,
        "name of a Kinesis stream",
        "stream for all that could not be read or stored",
    ),
    Property(DEAD_LETTER, "aws.region", "text", None, "an AWS region", "region of that stream"),
    Property(
        DEAD_LETTER,
        "aws.endpoint",
        "url",
        None,
        "http(s) URL",
        "another Kinesis endpoint, e.g. an emulator",
        True,
    ),
    Property(
        STREAM,
        "group.dimensions",
        "list",
        "player,device,country,cdn,stream_type",
        "dimension names, comma between",
        "what a viewer group is: the dimensions of the `qoe` rows",
    ),
    Property(
        STREAM,
        "events.left.out",
        "list",
        ",".join((*LADDER, *(f"audio_{name}" for name in LADDER), *EDGE)),
        "measure names, comma between",
        "measures of a beacon that are not stored: players repeat them, and no metric uses them",
    ),
    Property(
        STREAM,
        "group.limit",
        "integer",
        "1000",
        "1..100000",
        "groups per 10 s and roll-up shard; the smallest beyond it are summed as `other`",
    ),
    Property(
        STREAM,
        "session.buckets",
        "integer",
        "64",
        "1..4096",
        "buckets of session state; fixed for the life of a savepoint",
    ),
    Property(
        STREAM,
        "rollup.shards",
        "integer",
        "4",
        "1..256",
        "shards of the roll-up; fixed for the life of a savepoint",
    ),
    Property(
        STREAM,
        "watermark.bound.ms",
        "integer",
        "5000",
        "0..600000",
        "how much records of one shard may arrive out of order before they count as late",
    ),
    Property(
        STREAM,
        "shard.idle.ms",
        "integer",
        "8000",
        "1000..600000",
        "silence after which a shard holds nothing back",
    ),
    Property(
        STREAM, "bundle.size", "integer", "10000", "1..100000", "rows per Python bundle and Arrow batch"
    ),
    Property(STREAM, "bundle.time.ms", "integer", "500", "10..5000", "longest wait for a bundle to fill"),
    Property(
        STREAM,
        "max.parallelism",
        "integer",
        "128",
        "1..32768",
        "upper bound of any later parallelism; fixed for the life of a savepoint",
    ),
)
