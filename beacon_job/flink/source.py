"""Kinesis as SQL tables: the only text that depends on the version of the connector."""

from beacon_job.config import DeadLetterSettings, JobConfig, SourceSettings


def records_ddl(config: JobConfig) -> str:
    """The stream of beacons: raw bytes, with arrival time, shard and sequence number."""
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


def dead_letters_ddl(config: JobConfig) -> str:
    """The stream of dead letters: one JSON text per record that could not be read or stored."""
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
