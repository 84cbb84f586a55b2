"""Answers of Timestream as frames, typed as Grafana's plugin types them."""

from typing import Any

import pytest

from deploy.grafana.plugin import Field, Frame, PluginError, frames

TABLE, TIME_SERIES = 0, 1


def page(columns: dict[str, str], *rows: tuple[str | None, ...]) -> dict[str, Any]:
    return {
        "ColumnInfo": [{"Name": name, "Type": {"ScalarType": kind}} for name, kind in columns.items()],
        "Rows": [
            {"Data": [{"NullValue": True} if cell is None else {"ScalarValue": cell} for cell in row]}
            for row in rows
        ],
    }


@pytest.mark.parametrize(
    ("kind", "text", "type_", "value"),
    [
        ("TIMESTAMP", "1970-01-01 00:00:01.500000000", "time", 1_500),
        ("TIMESTAMP", "1970-01-01 00:00:01.000001000", "time", 1_000.001),
        ("DATE", "1970-01-02", "time", 86_400_000),
        ("TIME", "00:00:02.000000000", "time", 2_000),
        ("BOOLEAN", "true", "boolean", True),
        ("VARCHAR", "1", "string", "1"),
        ("INTERVAL_DAY_TO_SECOND", "1 00:00:00.000000000", "string", "1 00:00:00.000000000"),
        ("DOUBLE", "1.5E3", "number", 1_500),
        ("BIGINT", "9007199254740993", "number", 9_007_199_254_740_993),
        ("INTEGER", "-1", "number", -1),
    ],
)
def test_a_scalar_has_the_type_of_its_column(kind: str, text: str, type_: str, value: object) -> None:
    (frame,) = frames([page({"x": kind}, (text,), (None,))], TABLE)
    assert frame.fields == [Field("x", type_, {}, [value, None])]


def test_a_column_of_a_type_grafana_does_not_know_is_left_out_with_a_notice() -> None:
    (frame,) = frames([page({"x": "UNKNOWN", "y": "BIGINT"}, (None, "1"))], TABLE)
    assert [column.name for column in frame.fields] == ["y"]
    assert frame.notices == ("unsupported scalar value: UNKNOWN",)


def test_a_cell_that_cannot_be_read_is_null_and_told_once() -> None:
    (frame,) = frames([page({"x": "BIGINT"}, ("one",), ("two",), ("3",))], TABLE)
    assert frame.fields[0].values == [None, None, 3]
    assert frame.notices == ("Error parsing: row:0, column:0",)


def test_arrays_and_rows_are_json() -> None:
    array = {"ArrayColumnInfo": {"Type": {"ScalarType": "BIGINT"}}}
    row = {"RowColumnInfo": [{"Name": "a", "Type": {"ScalarType": "VARCHAR"}}]}
    answer = {
        "ColumnInfo": [{"Name": "x", "Type": array}, {"Name": "y", "Type": row}],
        "Rows": [
            {"Data": [{"ArrayValue": [{"ScalarValue": "1"}]}, {"RowValue": {"Data": [{"ScalarValue": "b"}]}}]}
        ],
    }
    (frame,) = frames([answer], TABLE)
    assert [column.values for column in frame.fields] == [["[1]"], ['{"a": "b"}']]
    assert {column.type for column in frame.fields} == {"string"}


LONG = {"time": "TIMESTAMP", "cdn": "VARCHAR", "z": "DOUBLE", "a": "BIGINT"}
T1, T2 = "1970-01-01 00:00:01.000000000", "1970-01-01 00:00:02.000000000"


def test_a_long_series_becomes_wide_with_fields_by_name_and_labels_of_text() -> None:
    answer = [page(LONG), page(LONG, (T1, "x", "1.0", "1"), (T1, "y", "2.0", "2"), (T2, "y", "3.0", "3"))]
    assert frames(answer, TIME_SERIES) == [
        Frame(
            "",
            [
                Field("time", "time", {}, [1_000, 2_000]),
                Field("a", "number", {"cdn": "x"}, [1, None]),
                Field("a", "number", {"cdn": "y"}, [2, 3]),
                Field("z", "number", {"cdn": "x"}, [1.0, None]),
                Field("z", "number", {"cdn": "y"}, [2.0, 3.0]),
            ],
        )
    ]


def test_a_long_series_out_of_order_is_refused_with_the_words_of_the_plugin() -> None:
    with pytest.raises(PluginError, match="not sorted in ascending order by time"):
        frames([page(LONG, (T2, "x", "1.0", "1"), (T1, "x", "1.0", "1"))], TIME_SERIES)


def test_a_series_without_rows_and_a_table_stay_long() -> None:
    (empty,) = frames([page(LONG)], TIME_SERIES)
    (table,) = frames([page(LONG, (T2, "x", "1.0", "1"), (T1, "x", "1.0", "1"))], TABLE)
    assert [column.name for column in empty.fields] == [column.name for column in table.fields] == [*LONG]


def test_each_row_with_a_time_series_is_a_frame_labelled_by_the_other_columns() -> None:
    series = {"TimeSeriesMeasureValueColumnInfo": {"Type": {"ScalarType": "DOUBLE"}}}
    answer = {
        "ColumnInfo": [
            {"Name": "cdn", "Type": {"ScalarType": "VARCHAR"}},
            {"Name": "ratio", "Type": series},
        ],
        "Rows": [
            {
                "Data": [
                    {"ScalarValue": "x"},
                    {
                        "TimeSeriesValue": [
                            {"Time": T1, "Value": {"ScalarValue": "0.5"}},
                            {"Time": T2, "Value": {"NullValue": True}},
                        ]
                    },
                ]
            },
            {"Data": [{"ScalarValue": "y"}, {"NullValue": True}]},
        ],
    }
    first, second = frames([answer], TABLE)
    assert first.fields == [
        Field("time", "time", {}, [1_000, 2_000]),
        Field("ratio", "number", {"cdn": "x"}, [0.5, None]),
    ]
    assert second.fields == []
