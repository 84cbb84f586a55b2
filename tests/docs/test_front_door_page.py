"""docs/front-door.md: its examples run, its tables are those of the code."""

import json
import re
import shutil
import subprocess
from base64 import b64decode

import pytest

from beacon_job.decode import KinesisRecord, decode
from beacon_job.types.beacon import Beacon
from bench.posts import Way, cost, ways
from tests.local.front_door.conftest import FILE, door
from tests.local.front_door.fake_kinesis import FakeKinesis
from tests.places import ROOT

PAGE = (ROOT / "docs" / "front-door.md").read_text()
EXAMPLES = re.findall(r"```sh\n(curl.*?)```", PAGE, re.DOTALL)


def figures(way: Way) -> str:
    """A row of the cost table, but for what is sent and by whom."""
    usd = cost(way)
    return (
        f"| {way.posts:,.0f} | {usd.door:.2f} | {usd.stream:.3f} | {usd.writes:.3f} | {usd.compute:.4f} "
        f"| {usd.together:.2f} |"
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_taken_and_the_job_reads_it(example: str) -> None:
    if not shutil.which("curl"):
        pytest.skip("there is no curl")
    stream = FakeKinesis()
    with door(stream) as client:
        command = example.replace("127.0.0.1:8090", f"127.0.0.1:{client.port}")
        told = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout
    assert told.startswith("HTTP/1.1 204")
    [record] = stream.records
    beacons = decode(KinesisRecord(b64decode(record["Data"]), 1795897450000))
    assert beacons != []
    assert {type(beacon) for beacon in beacons} == {Beacon}
    assert {beacon.session_id for beacon in beacons if isinstance(beacon, Beacon)} == {"66454545556"}


def test_there_are_examples_of_each_way_to_send() -> None:
    assert len(EXAMPLES) == 3


def test_every_stage_variable_is_named() -> None:
    known = set(re.findall(r"stageVariables\.(\w+)", FILE.read_text()))
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert named == known


def test_the_costs_are_those_of_the_code() -> None:
    assert [figures(way) for way in ways() if figures(way) not in PAGE] == []


def test_the_envelope_is_the_one_of_the_schema() -> None:
    shown = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert shown
    properties = json.loads((ROOT / "schema" / "beacon.schema.json").read_text())["$defs"]["envelope"][
        "properties"
    ]
    assert set(json.loads(shown[1])) == set(properties)
