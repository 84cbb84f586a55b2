"""The beacon SDK: its own tests run in Node; its types, its size, and what it sends are held here."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from beacon_job.decode import decode
from beacon_job.replay.offline import rows_of, sessions_of
from beacon_job.types.beacon import Beacon, KinesisRecord
from tests.places import ROOT
from tests.player.node import node

PLAYER = ROOT / "player"
SCHEMA = json.loads((ROOT / "schema" / "beacon.schema.json").read_text())
MAX_BYTES = 6_000
MAX_LINES = 240


@cache
def bodies(how: str = "") -> tuple[dict[str, Any], ...]:
    """What the SDK sends in a viewing with everything in it; `flood`: with more than it keeps."""
    return tuple(map(json.loads, node("tests/player/emit.js", how).strip().split("\n")))


@cache
def beacons(how: str = "") -> tuple[Beacon, ...]:
    items = [
        item
        for body in bodies(how)
        for item in decode(KinesisRecord(json.dumps(body).encode(), body["sent_at"] + 20))
    ]
    assert [item for item in items if not isinstance(item, Beacon)] == []
    return tuple(item for item in items if isinstance(item, Beacon))


def test_its_own_tests_pass() -> None:
    files = [str(path) for path in sorted((ROOT / "tests" / "player").glob("*.test.js"))]
    told = node("--test", *files)
    assert "# fail 0" in told
    assert "# skipped 0" in told


def test_its_types_are_sound() -> None:
    node("node_modules/typescript/bin/tsc", "-p", "player/tsconfig.json")


def test_the_declarations_for_typescript_are_those_of_the_sources(tmp_path: Path) -> None:
    """Made with `node_modules/.bin/tsc -p player/types`."""
    node("node_modules/typescript/bin/tsc", "-p", "player/types", "--outDir", str(tmp_path))
    made = {path.name: path.read_text() for path in tmp_path.glob("*.d.ts")}
    assert {path.name: path.read_text() for path in (PLAYER / "types").glob("*.d.ts")} == made


def test_core_and_video_adapter_are_less_than_6_kb_gzipped() -> None:
    assert int(node("tests/player/size.js")) < MAX_BYTES


def test_it_depends_on_nothing_and_its_core_knows_no_page() -> None:
    sources = {path.name: path.read_text() for path in PLAYER.glob("*.js")}
    imported = [
        line.split('"')[-2]
        for source in sources.values()
        for line in source.splitlines()
        if line.startswith("import ")
    ]
    assert {name for name in imported if not name.startswith("./")} == set()
    for name in ("beacons.js", "clock.js", "queue.js", "delivery.js", "playback.js"):
        for word in ("document", "window", "addEventListener", "localStorage", "cookie", "navigator"):
            assert word not in sources[name], f"{word} in {name}"


@pytest.mark.parametrize(
    "path",
    sorted(PLAYER.rglob("*.js")),
    ids=lambda path: path.name,
)
def test_a_module_fits_a_few_screens(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_LINES


def test_what_it_sends_fits_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA["$defs"]["batch"] | {"$defs": SCHEMA["$defs"]})
    for body in bodies() + bodies("flood"):
        validator.validate(body)


def test_what_it_sends_is_decoded_with_nothing_unread_or_unknown() -> None:
    assert {beacon.measures.get("unread") for beacon in beacons()} == {None}
    custom = {beacon.measures.get("custom_name") for beacon in beacons() if beacon.event == "custom"}
    assert custom == {"chapter"}
    assert {beacon.dims["player"] for beacon in beacons()} == {"shaka-player"}
    assert {beacon.dims["cdn"] for beacon in beacons()} == {"cdn-a"}


def test_what_it_had_to_drop_is_told_and_makes_figures_unknown() -> None:
    dropped = {beacon.measures.get("beacons_dropped") for beacon in beacons("flood")}
    numbers = {beacon.seq for beacon in beacons("flood")}
    assert dropped - {None} == {max(numbers) + 1 - len(numbers)}
    (row,) = rows_of(sessions_of(list(beacons("flood"))))
    assert (row.beacons_expected or 0) - row.beacons_received == max(numbers) + 1 - len(numbers)
    assert (row.startup_ms, row.stall_ms) == (640, None)


def test_the_session_row_is_what_happened() -> None:
    """Named Shaka: the quirks of its CMCD are not applied to what the SDK saw itself."""
    (row,) = rows_of(sessions_of(list(beacons())))
    assert (row.startup_ms, row.stall_ms, row.pause_ms, row.seek_ms) == (640, 2_500, 5_000, 800)
    assert (row.stall_count, row.pause_count, row.seek_count, row.errors) == (1, 1, 1, 2)
    assert (row.outcome, row.quirks, row.completeness) == ("playback_failed", (), 1)
