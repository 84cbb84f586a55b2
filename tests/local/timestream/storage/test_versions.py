"""The version rules as a law: whatever is written, in whatever order, a table ends where a model ends."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from local.timestream.control.catalog import Catalog
from local.timestream.rules import wire
from local.timestream.rules.errors import ServiceError
from local.timestream.storage.ingest import write_records
from local.timestream.storage.sqlite import Storage

NOW_NS = 1_795_507_029_149_000_000

writes = st.lists(
    st.tuples(st.sampled_from(["s1", "s2"]), st.integers(1, 4), st.sampled_from(["10", "20", "30"])),
    max_size=25,
)


def request(session_id: str, version: int, value: str) -> wire.WriteRecords:
    record: dict[str, Any] = {
        "Dimensions": [{"Name": "session_id", "Value": session_id}],
        "MeasureName": "m",
        "MeasureValue": value,
        "MeasureValueType": "BIGINT",
        "Time": str(NOW_NS // 10**6),
        "Version": version,
    }
    body = {"DatabaseName": "db1", "TableName": "table1", "Records": [record]}
    return wire.write_records.decode(json.dumps(body))


def is_taken(storage: Storage, *write: Any) -> bool:
    try:
        write_records(storage, request(*write), NOW_NS)
    except ServiceError as refusal:
        assert refusal.code == "RejectedRecordsException"
        return False
    return True


@settings(deadline=None, max_examples=60)
@given(writes)
def test_the_highest_version_wins_equal_values_are_harmless_and_all_else_is_refused(
    sequence: list[tuple[str, int, str]],
) -> None:
    with TemporaryDirectory() as directory:
        storage = Storage(Path(directory))
        catalog = Catalog(storage)
        catalog.create_database({"DatabaseName": "db1"}, 0)
        catalog.create_table({"DatabaseName": "db1", "TableName": "table1"}, 0)
        model: dict[str, tuple[int, str]] = {}
        for session_id, version, value in sequence:
            existing_version, existing_value = model.get(session_id, (0, ""))
            newer, same = version > existing_version, value == existing_value
            assert is_taken(storage, session_id, version, value) == (newer or same)
            if newer:
                model[session_id] = (version, value)
        storage.commit()
        rows = storage.connection.execute("SELECT dimensions, version, measures FROM row").fetchall()
        found = {
            json.loads(dimensions)["session_id"]: (
                version,
                str(json.loads(measures)["measure_value::bigint"]),
            )
            for dimensions, version, measures in rows
        }
        assert found == model
        counters = storage.tables["db1", "table1"].counters
        assert counters.records == len(model)
        assert counters.ingested + counters.rejected == len(sequence)
        storage.close()
