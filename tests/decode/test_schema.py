"""The schema, its examples and the code say the same."""

import json
from pathlib import Path

import jsonschema
import pytest

from beacon_job.decode import decode
from beacon_job.decode.vocabulary import bounds
from beacon_job.decode.vocabulary.fields import FIELDS
from beacon_job.types.beacon import Beacon, KinesisRecord, Reason
from beacon_job.types.events import EVENTS, STATES
from tests.places import ROOT

SCHEMA_FOLDER = ROOT / "schema"
SCHEMA = json.loads((SCHEMA_FOLDER / "beacon.schema.json").read_text())
DEFS = SCHEMA["$defs"]
GOOD = sorted((SCHEMA_FOLDER / "examples" / "good").iterdir())
BAD = sorted((SCHEMA_FOLDER / "examples" / "bad").iterdir())
ARRIVAL_MS = 1_795_456_010_100
RARE = {Reason.TOO_LARGE, Reason.TOO_MANY_EVENTS, Reason.INTERNAL}
"""Reasons whose examples would be megabytes, or a defect."""

BEYOND_A_SCHEMA = "too_deep"
"""No JSON Schema can limit how deep something is nested."""

validator = jsonschema.Draft202012Validator(SCHEMA)


def of_example(path: Path) -> list[object]:
    return list(decode(KinesisRecord(path.read_bytes(), ARRIVAL_MS)))


def test_the_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_a_good_example_fits_the_schema_and_is_decoded(path: Path) -> None:
    validator.validate(json.loads(path.read_text()))
    items = of_example(path)
    assert items
    assert all(isinstance(item, Beacon) for item in items), items


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_a_bad_example_gives_the_reason_its_name_says(path: Path) -> None:
    items = of_example(path)
    assert [item.reason for item in items] == [path.name.split(".")[0]]  # type: ignore[attr-defined]
    assert items[0].detail  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path",
    [path for path in BAD if path.suffix == ".json" and not path.name.startswith(BEYOND_A_SCHEMA)],
    ids=lambda path: path.name,
)
def test_a_bad_json_example_does_not_fit_the_schema(path: Path) -> None:
    assert not validator.is_valid(json.loads(path.read_text()))


PAGE = {"event": "beacon:started", "session": "s1", "timestamp": ARRIVAL_MS}
SEED = {"Time": ARRIVAL_MS, "MeasureName": "beacon:paused", "Session_Id": "s1"}
ENVELOPE = {"v": 1, "recv_at": ARRIVAL_MS, "body": ""}


@pytest.mark.parametrize(
    ("form", "key", "values"),
    [
        (PAGE, "session", [" ", "\u200b", "a\u00a0b", "\t", -1.5, True, None, [], "x" * 65]),
        (PAGE, "event", [" ", "\t", "", 5]),
        (PAGE, "timestamp", [0, "soon", "2026-11-23T18:34junk", "1960-01-01T00:00:00Z", "2150-01-01T00:00"]),
        (PAGE, "timestamp", ["2026-13-01T00:00:00Z", "2026-11-23T24:01:00Z", "2026-11-23T18:34:54+25:00"]),
        (SEED, "Time", [0, -5, "abc", "", True, None, 10**19]),
        (SEED, "TimeUnit", ["fortnights", "MINUTES"]),
        (SEED, "Session_Id", [" ", "", None, True, {}, 0.5]),
        (ENVELOPE, "body", ["a", "abc", "ab=", "====", "a-_b"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_decode_refuses_the_schema_refuses(
    form: dict[str, object], key: str, values: list[object]
) -> None:
    for value in values:
        document = form | {key: value}
        (item,) = decode(KinesisRecord(json.dumps(document).encode(), ARRIVAL_MS))
        assert not isinstance(item, Beacon)
        assert not validator.is_valid(document), document


@pytest.mark.parametrize(
    "document",
    [
        *(PAGE | {"session": value} for value in (5, 5.0, 0, "a b", "~" * 64, 2**53 - 1)),
        *(PAGE | {"timestamp": f"2026-11-23T18:34{end}"} for end in ("", "Z", ":54+05:30", ":54.123456789Z")),
        *(
            SEED | {"Time": value}
            for value in (1, 1.0, ARRIVAL_MS * 10**6, str(ARRIVAL_MS), "2026-11-23 18:34")
        ),
        *(SEED | {"Time": 1_795_456_010, "timeunit": unit} for unit in ("s", "Seconds", "SECONDS", "ms")),
    ],
    ids=str,
)
def test_what_the_schema_accepts_decode_reads(document: dict[str, object]) -> None:
    validator.validate(document)
    (item,) = decode(KinesisRecord(json.dumps(document).encode(), ARRIVAL_MS))
    assert isinstance(item, Beacon), item


def test_every_reason_has_an_example() -> None:
    assert {path.name.split(".")[0] for path in BAD} == {str(reason) for reason in Reason} - {
        str(r) for r in RARE
    }


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.name)
def test_a_field_has_the_type_and_limits_that_the_schema_states(field: object) -> None:
    stated = DEFS["measures"]["properties"][field.name]  # type: ignore[attr-defined]
    match field.type:  # type: ignore[attr-defined]
        case "text" if "enum" in stated:
            assert all(field.read(word) == word for word in stated["enum"])  # type: ignore[attr-defined]
        case "text":
            assert (stated["type"], stated["maxLength"]) == ("string", field.high)  # type: ignore[attr-defined]
        case "bool":
            assert stated["type"] == "boolean"
        case number:
            assert stated["type"] == {"int": "integer", "float": "number"}[number]
            assert (stated["minimum"], stated["maximum"]) == (field.low, field.high)  # type: ignore[attr-defined]


def test_the_schema_has_no_measure_that_the_code_lacks() -> None:
    assert DEFS["measures"]["properties"].keys() == FIELDS.keys()


def test_the_limits_of_the_schema_are_those_of_the_code() -> None:
    assert DEFS["session_id"]["maxLength"] == bounds.MAX_SESSION_CHARS
    assert DEFS["dimension"]["maxLength"] == bounds.MAX_DIM_CHARS
    assert DEFS["epoch_ms"]["maximum"] == bounds.MAX_CLIENT_MS
    assert DEFS["custom"]["maxProperties"] == bounds.MAX_CUSTOM_FIELDS
    assert DEFS["custom_value"]["anyOf"][0]["maxLength"] == bounds.MAX_CUSTOM_CHARS
    assert DEFS["batch"]["properties"]["events"]["maxItems"] == bounds.MAX_EVENTS
    for bound in (bounds.MAX_RECORD_BYTES, bounds.MAX_DEPTH, bounds.MAX_MEMBERS, bounds.MAX_LINE_CHARS):
        assert f" {bound} " in SCHEMA["description"]


def test_event_names_and_states_are_those_of_the_taxonomy() -> None:
    assert set(DEFS["event_name"]["anyOf"][0]["enum"]) == EVENTS.keys() - {"request"}
    assert set(DEFS["state"]["enum"]) == STATES
