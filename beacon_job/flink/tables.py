"""What each view of the job selects, in SQL. `job.py` says in which order they are made."""


def ticks_ddl(parallelism: int) -> str:
    """One row a second and subtask: the clock that tells an idle stream from a busy one."""
    return f"""
        CREATE TEMPORARY TABLE ticks (n BIGINT) WITH (
            'connector' = 'datagen', 'rows-per-second' = '{parallelism}'
        )"""


ARRIVALS = """
    SELECT data, arrival, shard_id, sequence_number FROM records
    UNION ALL
    SELECT CAST(NULL AS BYTES), CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(3)), '', '' FROM ticks"""

# A vectorised function answers row by row; a batch's parts stand in its first, the others are empty.
DECODED = """
    SELECT decoded.parts.*
    FROM (SELECT decode_batch(data, arrival, shard_id, sequence_number) AS parts FROM arrivals) AS decoded
    WHERE decoded.parts.points IS NOT NULL"""

SESSIONS = "SELECT bucket, item, event_time FROM decoded CROSS JOIN UNNEST(sessions) AS t (bucket, item)"

SUMS = """
    SELECT shard, item, event_time FROM decoded CROSS JOIN UNNEST(sums) AS t (shard, item)
    UNION ALL
    SELECT shard, item, event_time FROM from_sessions CROSS JOIN UNNEST(sums) AS t (shard, item)"""

POINTS = """
    SELECT item FROM decoded CROSS JOIN UNNEST(points) AS t (item)
    UNION ALL
    SELECT item FROM from_sessions CROSS JOIN UNNEST(points) AS t (item)
    UNION ALL
    SELECT item FROM from_rollup CROSS JOIN UNNEST(points) AS t (item)"""

REFUSED = """
    SELECT letter
    FROM (SELECT write_points(item) AS letters FROM points)
    CROSS JOIN UNNEST(letters) AS t (letter)"""

DEAD_LETTERS = """
    INSERT INTO dead_letters
    SELECT letter FROM decoded CROSS JOIN UNNEST(bad) AS t (letter)
    UNION ALL
    SELECT letter FROM refused"""
