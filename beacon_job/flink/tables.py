"""The SQL tables at the edges of the job. The only text that depends on the Kinesis connector's version."""

from beacon_job.config import DeadLetterSettings, JobConfig, SourceSettings
from beacon_job.types import parts


def records_ddl(config: JobConfig) -> str:
    """Kinesis as raw bytes with arrival time, shard and sequence number."""
    return f"""
        CREATE TEMPORARY TABLE records (
            data BYTES,
            arrival TIMESTAMP_LTZ(3) NOT NULL METADATA FROM 'timestamp' VIRTUAL,
            shard_id VARCHAR(128) NOT NULL METADATA FROM 'shard-id' VIRTUAL,
            sequence_number VARCHAR(128) NOT NULL METADATA FROM 'sequence-number' VIRTUAL
        ) WITH (
            {_kinesis(config.source)},
            'scan.stream.initpos' = '{config.source.initial_position}',
            'scan.shard.discovery.intervalmillis' = '{config.source.shard_discovery_interval_ms}',
            'scan.shard.getrecords.intervalmillis' = '{config.source.get_records_interval_ms}'
        )"""


def ticks_ddl(parallelism: int) -> str:
    """One row a second and subtask: the clock that tells an idle stream from a busy one."""
    return f"""
        CREATE TEMPORARY TABLE ticks (n BIGINT) WITH (
            'connector' = 'datagen', 'rows-per-second' = '{parallelism}'
        )"""


def dead_letters_ddl(config: JobConfig) -> str:
    """Kinesis again: one JSON text per record that could not be read or stored."""
    return f"""
        CREATE TEMPORARY TABLE dead_letters (letter STRING) WITH (
            {_kinesis(config.dead_letters)}{_plain_http(config.dead_letters)}
        )"""


def _kinesis(stream: SourceSettings | DeadLetterSettings) -> str:
    options = {"connector": "kinesis", "stream": stream.name, "aws.region": stream.region, "format": "raw"}
    if stream.endpoint:
        options["aws.endpoint"] = stream.endpoint
    return ",\n            ".join(f"'{key}' = '{value}'" for key, value in options.items())


def _plain_http(stream: SourceSettings | DeadLetterSettings) -> str:
    # The sink's client speaks HTTP/2 unless told otherwise; an emulator on plain HTTP does not.
    if stream.endpoint and stream.endpoint.startswith("http://"):
        return ",\n            'sink.http-client.protocol.version' = 'HTTP1_1'"
    return ""


ARRIVALS = """
    SELECT data, arrival, shard_id, sequence_number FROM records
    UNION ALL
    SELECT CAST(NULL AS BYTES), CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(3)), '', '' FROM ticks"""


def with_heads(items: str) -> str:
    """The elements in the column `item` of `items`, and of their heads what is asked for elsewhere.

    It is taken out once and only where it is wanted: LIKE looks at the beginning, but SUBSTRING counts the
    characters of the whole text, and that may be long.
    """
    return f"""
    SELECT
        CASE {" ".join(f"WHEN item LIKE '{kind}%' THEN '{kind}'" for kind in parts.KINDS)} END AS kind,
        CASE WHEN item LIKE '{parts.SESSIONS}%' OR item LIKE '{parts.SUMS}%'
            THEN SUBSTRING(item FROM 2 FOR 4) END AS bucket,
        TO_TIMESTAMP_LTZ(
            CASE WHEN item LIKE '{parts.WATERMARK}%'
                THEN CAST(SUBSTRING(item FROM 6 FOR 13) AS BIGINT) ELSE 0 END, 3) AS `at`,
        item
    FROM {items}"""


ELEMENTS = with_heads("""
        (SELECT decode_batch(data, arrival, shard_id, sequence_number) AS items FROM arrivals)
        CROSS JOIN UNNEST(items) AS t (item)""")

SESSIONS = f"SELECT bucket, item, `at` FROM elements WHERE kind = '{parts.SESSIONS}'"

SUMS = f"""
    SELECT bucket, item, `at` FROM elements WHERE kind = '{parts.SUMS}'
    UNION ALL
    SELECT SUBSTRING(f0 FROM 2 FOR 4), f0, `at` FROM from_sessions WHERE f0 LIKE '{parts.SUMS}%'"""

POINTS = f"""
    SELECT item FROM elements WHERE kind = '{parts.POINTS}'
    UNION ALL
    SELECT f0 FROM from_sessions WHERE f0 LIKE '{parts.POINTS}%'
    UNION ALL
    SELECT f0 FROM rolled_up"""

REFUSED = """
    SELECT letter
    FROM (SELECT write_points(item) AS letters FROM points)
    CROSS JOIN UNNEST(letters) AS t (letter)"""

DEAD_LETTERS = f"""
    INSERT INTO dead_letters
    SELECT SUBSTRING(item FROM {parts.HEAD + 1}) FROM elements WHERE kind = '{parts.BAD}'
    UNION ALL
    SELECT letter FROM refused"""
