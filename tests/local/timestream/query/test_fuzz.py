"""Whatever is asked: an answer whose texts are of the types it names, or one of the service's errors."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.timestream.query.dialect import Statement
from local.timestream.query.engine import Engine
from local.timestream.query.functions import DIRECT
from local.timestream.query.limits import Limits
from local.timestream.query.rewrites import REWRITES
from local.timestream.query.translate import translate
from local.timestream.query.values import column_info
from local.timestream.rules.errors import ServiceError
from tests.places import CASES

TEXTS = {
    "BIGINT": r"-?\d{1,19}",
    "INTEGER": r"-?\d{1,10}",
    "DOUBLE": r"NaN|-?Infinity|-?\d+\.\d+(E-?\d+)?",
    "BOOLEAN": "true|false",
    "TIMESTAMP": r"-?\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9}",
    "DATE": r"-?\d{4,6}-\d\d-\d\d( \(BC\))?",
    "TIME": r"\d\d:\d\d:\d\d\.\d{9}",
    "INTERVAL_DAY_TO_SECOND": r"-?\d+ \d\d:\d\d:\d\d\.\d{9}",
    "INTERVAL_YEAR_TO_MONTH": r"-?\d+-\d+",
    "VARCHAR": r"(?s).*",
}
LEAVES = st.sampled_from(
    [
        "1",
        "0",
        "-7",
        "3000000000",
        "1.5",
        "0.0",
        "1e300",
        "'a'",
        "''",
        "'2022-01-01'",
        "'12'",
        "TRUE",
        "FALSE",
        "NULL",
        "1m",
        "3d",
        "2mo",
        "now()",
        "DATE'2022-03-04'",
        "TIMESTAMP'2022-03-04T05:06:07.123456789'",
        "TIME'10:11:12'",
        "ARRAY[1,2]",
        "ARRAY['a']",
        "ROW(1,'a')",
        "n",
        "x",
        "s",
        "t",
    ]
)
OPERATORS = st.sampled_from(
    ["+", "-", "*", "/", "%", "||", "=", "<", ">=", "AND", "OR", "IS DISTINCT FROM", "LIKE"]
)
FUNCTIONS = st.sampled_from(sorted(DIRECT.keys() | REWRITES.keys()))
KINDS = st.sampled_from(["BIGINT", "INTEGER", "DOUBLE", "VARCHAR", "BOOLEAN", "TIMESTAMP", "DATE"])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, OPERATORS, inner),
        st.builds(lambda name, given: f"{name}({', '.join(given)})", FUNCTIONS, st.lists(inner, max_size=3)),
        st.builds("CAST({} AS {})".format, inner, KINDS),
        st.builds("TRY_CAST({} AS {})".format, inner, KINDS),
        st.builds("CASE WHEN {} THEN {} ELSE {} END".format, inner, inner, inner),
        st.builds("filter({}, e -> e > {})".format, inner, inner),
        st.builds("bin({}, {})".format, inner, inner),
    )


EXPRESSIONS = st.recursive(LEAVES, grown, max_leaves=6)
FROM = (
    " FROM (VALUES (1, 1.5, 'a', TIMESTAMP '2022-01-01 00:00:00'), (NULL, NULL, NULL, NULL)) AS v(n, x, s, t)"
)
KNOWN = [
    case["query"]
    for path in sorted((CASES / "timestream_queries").glob("*.json"))
    for case in json.loads(path.read_text())
]
FUZZ = settings(
    max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine(Limits(time_s=5))
    yield engine
    engine.close()


def check(kind: dict[str, Any], datum: dict[str, Any]) -> None:
    if datum == {"NullValue": True}:
        return
    if "ScalarType" in kind:
        assert list(datum) == ["ScalarValue"]
        assert re.fullmatch(TEXTS[kind["ScalarType"]], datum["ScalarValue"]), (kind, datum)
    elif "ArrayColumnInfo" in kind:
        for item in datum["ArrayValue"]:
            check(kind["ArrayColumnInfo"]["Type"], item)
    elif "RowColumnInfo" in kind:
        for column, item in zip(kind["RowColumnInfo"], datum["RowValue"]["Data"], strict=True):
            check(column["Type"], item)
    else:
        for point in datum["TimeSeriesValue"]:
            check(kind["TimeSeriesMeasureValueColumnInfo"]["Type"], point["Value"])


def ask(engine: Engine, text: str) -> None:
    try:
        statement = Statement(text)
        translation = translate(statement, {}, 1_796_000_000 * 10**9)
        with engine.cursor() as cursor:
            answer = engine.run(cursor, statement, translation)
        columns = column_info(answer.names, answer.shapes, answer.rows)
        for row in answer.rows:
            for column, shape, value in zip(columns, answer.shapes, row, strict=True):
                check(column["Type"], shape.write(value))
    except ServiceError as error:
        assert error.code in ("ValidationException", "QueryExecutionException"), (text, error.message)
        assert "\n" not in error.message


@FUZZ
@given(st.lists(EXPRESSIONS, min_size=1, max_size=3))
def test_any_expression_is_answered_in_its_types_or_refused(engine: Engine, expressions: list[str]) -> None:
    ask(engine, f"SELECT {', '.join(expressions)}{FROM}")


@FUZZ
@given(st.sampled_from(KNOWN), st.data())
def test_a_query_with_words_lost_or_swapped_is_answered_or_refused(
    engine: Engine, text: str, data: st.DataObject
) -> None:
    words = re.findall(r"\w+|\s+|[^\w\s]", text)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(words) - 1))
        words[place] = data.draw(st.sampled_from(["", words[place] * 2, *words]))
    ask(engine, "".join(words) or "x")


@FUZZ
@given(st.text(max_size=40))
def test_any_text_is_answered_or_refused(engine: Engine, text: str) -> None:
    ask(engine, f"SELECT {text}")
    ask(engine, text)
