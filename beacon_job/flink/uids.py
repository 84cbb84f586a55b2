"""Names of operators: a savepoint finds its state again by them, whatever the planner makes of the rest."""

import re
from collections.abc import Mapping
from typing import Any

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway

SOURCES: Mapping[str, str] = {"records": "records-4", "ticks": "records.1-4"}
"""The uid of a table that is read; what they are called is history."""
DEAD_LETTERS = "dead-letters"
DEAD_LETTERS_HASH_0_1 = "eb32edd68f9bf2184ee92f0230d7eabf"
"""What the writer of dead letters was called in 0.1, where it had no uid: letters under way are its state."""


def set_uids(transformation: Any, uid: str, depth: int = 0) -> None:
    """Name a planned operator and all before it: sources for good, the others, without state, by place.

    The one that calls Python also bears the name where people see it: in the web UI, in logs, in metrics.
    """
    if transformation.getName().startswith("PythonCalc"):
        transformation.setName(uid)
    if transformation.getUid() is None:
        table = re.match(r"(?:Source: )?(\w+)\[", transformation.getName())
        is_source = table and transformation.getInputs().isEmpty()
        transformation.setUid(SOURCES[table[1]] if is_source and table else f"{uid}-{depth}")
    for index, upstream in enumerate(transformation.getInputs()):
        set_uids(upstream, f"{uid}.{index}" if index else uid, depth + 1)


def name_dead_letters(env: StreamExecutionEnvironment) -> None:
    """Name the one sink that SQL has attached to `env`, and what only it reads."""
    jvm = get_gateway().jvm
    java_env = env._j_stream_execution_environment
    attached = java_env.getTransformations()
    planned = next(item for item in attached if item.getClass().getSimpleName() == "SinkTransformation")
    # The planner's has no place for the old hash, and a transformation cannot be given one afterwards.
    hashes = jvm.org.apache.flink.streaming.api.datastream.CustomSinkOperatorUidHashes.builder()
    named = jvm.org.apache.flink.streaming.api.transformations.SinkTransformation(
        planned.getInputStream(), planned.getSink(), planned.getOutputType(), planned.getName(),
        planned.getParallelism(), False, hashes.setWriterUidHash(DEAD_LETTERS_HASH_0_1).build(),
    )  # fmt: skip
    named.setUid(DEAD_LETTERS)
    set_uids(named, DEAD_LETTERS)
    attached.remove(planned)
    java_env.addOperator(named)
