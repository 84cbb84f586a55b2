"""Properties: what is missing, wrong or unknown is told all at once, with group and key."""

import json
from pathlib import Path

import pytest

from beacon_job.config import config
from beacon_job.config.properties import groups_for, properties_for, properties_of
from beacon_job.gather.settings import GatherSettings, WatermarkSettings
from beacon_job.rollup.settings import RollupSettings
from beacon_job.sessions.settings import Settings as SessionSettings
from tests.places import ROOT

SHIPPED = ROOT / "application_properties.json"
PROPERTIES = properties_for("timestream")


def shipped() -> dict[str, dict[str, str]]:
    groups = {entry["PropertyGroupId"]: entry["PropertyMap"] for entry in json.loads(SHIPPED.read_text())}
    del groups[config.RUN_OPTIONS]
    return groups


def test_the_shipped_properties_are_valid() -> None:
    assert config.load(SHIPPED).source.name == "beacon-blog"


def test_the_shipped_file_holds_every_key_the_code_reads_and_no_other() -> None:
    in_file = {(group, key) for group, values in shipped().items() for key in values}
    assert in_file == {(item.group, item.key) for item in PROPERTIES}


def required() -> dict[str, dict[str, str]]:
    """As little as a job can be told."""
    groups: dict[str, dict[str, str]] = {}
    for item in PROPERTIES:
        if item.required:
            groups.setdefault(item.group, {})[item.key] = "x"
    return groups


def test_every_default_is_allowed() -> None:
    explicit = {group: dict(values) for group, values in required().items()}
    for item in PROPERTIES:
        if item.default is not None:
            explicit.setdefault(item.group, {})[item.key] = item.default
    assert config.parse(required()) == config.parse(explicit)


def test_what_is_not_told_is_as_the_stage_has_it() -> None:
    found = config.parse(required())
    assert found.gather == GatherSettings()
    assert found.watermark == WatermarkSettings()
    assert found.rollup == RollupSettings()
    assert found.sessions == SessionSettings()


def test_what_is_told_reaches_every_stage_that_takes_it() -> None:
    groups = required()
    groups["beacon.stream"] = {"group.dimensions": "app, player", "shard.idle.ms": "9000"}
    found = config.parse(groups)
    assert found.gather.group_dimensions == found.rollup.dimensions == found.sessions.dimensions
    assert found.rollup.dimensions == ("app", "player")
    assert found.watermark == WatermarkSettings(idle_ms=9_000)


def test_a_property_of_several_stages_is_the_same_in_all_of_them() -> None:
    found: dict[tuple[str, str], set[tuple[str | None, str, str]]] = {}
    for group, several in groups_for("timestream").items():
        for settings in several:
            for item in properties_of(group, settings):
                said = item.default, item.allowed, item.meaning
                found.setdefault((group, item.key), set()).add(said)
    assert [place for place, said in found.items() if len(said) > 1] == []


def test_every_property_says_what_it_means_and_what_is_allowed() -> None:
    assert [item.key for item in PROPERTIES if not (item.meaning and item.allowed)] == []


@pytest.mark.parametrize(
    ("group", "key", "value", "expected"),
    [
        ("beacon.store", "connections", "0", "a whole number from 1 to 64"),
        ("beacon.store", "connections", "65", "a whole number from 1 to 64"),
        ("beacon.store", "connections", "1.5", "a whole number from 1 to 64"),
        ("beacon.store", "connections", " 8", "a whole number from 1 to 64"),
        ("beacon.store", "connections", " ", "a whole number from 1 to 64 as a text that is not blank"),
        ("beacon.store", "store", "influx", "one of postgres, timestream"),
        ("beacon.store", "aws.endpoint", "null", "http(s) URL"),
        ("beacon.store", "aws.endpoint", "http://", "http(s) URL"),
        ("beacon.source", "stream", "two words", "name of a Kinesis stream"),
        ("beacon.source", "stream", "line\n", "name of a Kinesis stream"),
        ("beacon.stream", "group.dimensions", "player,,cdn", "dimension names, comma between"),
    ],
)
def test_a_value_that_is_not_allowed_is_told_with_what_is(
    group: str, key: str, value: str, expected: str
) -> None:
    groups = shipped()
    groups[group][key] = value
    with pytest.raises(config.ConfigError) as caught:
        config.parse(groups)
    assert caught.value.problems == [f"group {group}, key {key}: found {value!r}; expected {expected}"]


def test_all_problems_are_reported_at_once_with_group_and_key() -> None:
    groups = shipped()
    del groups["beacon.source"]["stream"]
    groups["beacon.store"]["connections"] = "many"
    groups["beacon.stream"]["group.dimensions"] = "player,player"
    groups["beacon.store"]["aws.endpoint"] = "localhost:8087"
    groups["beacon.source"]["initial.position"] = "BEGINNING"
    groups["beacon.sauce"] = {}
    groups["beacon.stream"]["sesion.buckets"] = "64"
    with pytest.raises(config.ConfigError) as caught:
        config.parse(groups)
    told = "\n".join(sorted(caught.value.problems))
    for expected in (
        "group beacon.source, key stream: is missing",
        "group beacon.store, key connections: found 'many'; expected a whole number from 1 to 64",
        "group beacon.stream, key group.dimensions: found 'player,player'",
        "group beacon.store, key aws.endpoint: found 'localhost:8087'; expected http(s) URL",
        "group beacon.source, key initial.position: found 'BEGINNING'; expected one of LATEST, TRIM_HORIZON",
        "group beacon.sauce is not known",
        "group beacon.stream, key sesion.buckets is not known",
    ):
        assert expected in told
    assert len(caught.value.problems) == 7


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is not JSON"),
        ("{}", "expected a JSON list"),
        ('[{"PropertyGroupId": 1}]', "entry 0"),
        ('[{"PropertyGroupId": "beacon.source", "PropertyMap": {"stream": 7}}]', "key stream: found 7"),
    ],
)
def test_a_file_of_another_shape_is_told_in_words(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "properties.json"
    file.write_text(content)
    with pytest.raises(config.ConfigError, match=told):
        config.load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match="cannot be read"):
        config.load(tmp_path / "nowhere.json")


@pytest.mark.parametrize("found", [["timestream"], {"timestream": "yes"}, 1, " ", "redis"])
def test_a_store_that_there_is_not_is_told_like_any_other_value(found: object) -> None:
    groups: dict[str, dict[str, object]] = {**required()}
    groups["beacon.store"] = {**groups["beacon.store"], "store": found}
    with pytest.raises(config.ConfigError) as error:
        config.parse(groups)  # type: ignore[arg-type]
    assert [problem.partition("; ")[0] for problem in error.value.problems] == [
        f"group beacon.store, key store: found {found!r}"
    ]


def test_a_null_is_no_value() -> None:
    groups: dict[str, dict[str, object]] = {**required()}
    groups["beacon.store"] = {**groups["beacon.store"], "store": None}
    assert config.parse(groups) == config.parse(required())  # type: ignore[arg-type]
