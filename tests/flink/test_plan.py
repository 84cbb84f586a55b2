"""What the planner makes of the job: no Python function twice, the source scanned once."""

import json
import re
import sys
from collections import Counter
from typing import Any

import pytest

from beacon_job.config import load
from tests.places import ROOT

pytestmark = pytest.mark.flink


@pytest.fixture(scope="module")
def environment() -> Any:
    """An environment with the whole job in it."""
    from pyflink.common import Configuration
    from pyflink.datastream import StreamExecutionEnvironment

    from beacon_job.flink.job import build

    settings = Configuration()
    settings.set_string("pipeline.jars", (ROOT / "jars" / "beacon-job-deps.jar").as_uri())
    settings.set_string("python.client.executable", sys.executable)
    env = StreamExecutionEnvironment.get_execution_environment(settings)
    env.set_parallelism(2)
    build(env, load(ROOT / "application_properties.json"))
    return env


@pytest.fixture(scope="module")
def nodes(environment: Any) -> list[dict[str, Any]]:
    """The operators of the job's graph, in Flink's own words."""
    return list(json.loads(environment.get_execution_plan())["nodes"])


def test_each_python_function_runs_in_one_place(nodes: list[dict[str, Any]]) -> None:
    functions = Counter(
        name for node in nodes for name in re.findall(r"(decode_batch|write_points)\(", node["contents"])
    )
    assert functions == {"decode_batch": 1, "write_points": 1}


def test_the_stream_is_scanned_once_and_dead_letters_are_written_in_one_place(
    nodes: list[dict[str, Any]],
) -> None:
    assert sum(node["type"].startswith("Source: records") for node in nodes) == 1
    assert sum(node["type"].startswith("dead_letters") for node in nodes) == 1


def test_every_stage_in_python_is_found_by_its_name(nodes: list[dict[str, Any]]) -> None:
    kinds = Counter(node["type"] for node in nodes)
    assert [kinds[stage] for stage in ("decode", "sessions", "roll-up", "write")] == [1, 1, 1, 1]


def test_a_savepoint_finds_every_operator_by_its_name(environment: Any) -> None:
    graph = environment._j_stream_execution_environment.getStreamGraph(False)
    graph.getJobGraph()  # refuses a name that two operators bear
    uids = {node.getOperatorName(): node.getTransformationUID() for node in graph.getStreamNodes().toArray()}
    assert None not in uids.values()
    stateful = {re.sub(r"\[\d+\]", "", name): uid for name, uid in uids.items()}
    assert (
        stateful.items()
        >= {
            "Source: records": "records",
            "Source: ticks": "ticks",
            "sessions": "sessions",
            "roll-up": "roll-up",
            "dead_letters: Writer": "dead-letters",
        }.items()
    )
