"""NextToken, MaxRows, ClientToken, CancelQuery, and the other operations of the query side."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.timestream.testing import TimestreamServer
from tests.local.timestream.query.conftest import DUMMY

NUMBERS = "SELECT x FROM UNNEST(sequence(1, 25)) AS t(x) ORDER BY x"


def numbers(page: dict[str, Any]) -> list[int]:
    return [int(row["Data"][0]["ScalarValue"]) for row in page["Rows"]]


def refused(call: Any, **members: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**members)
    found = error.value.response["Error"]
    return found["Code"], found["Message"]


def test_a_paginator_reads_all_rows_in_order(query: Any) -> None:
    pages = list(query.get_paginator("query").paginate(QueryString=NUMBERS, MaxRows=10))
    assert [numbers(page) for page in pages] == [[*range(1, 11)], [*range(11, 21)], [*range(21, 26)]]
    assert len({page["QueryId"] for page in pages}) == 1
    assert all(page["ColumnInfo"] == pages[0]["ColumnInfo"] for page in pages)
    assert "NextToken" not in pages[-1]


def test_a_page_ends_at_a_megabyte(query: Any) -> None:
    text = "SELECT lpad('x', 9000, 'y') AS t FROM UNNEST(sequence(1, 300)) AS t(x)"
    pages = list(query.get_paginator("query").paginate(QueryString=text))
    assert sum(len(page["Rows"]) for page in pages) == 300
    assert len(pages) == 3


def test_the_same_client_token_and_text_get_the_same_answer(query: Any) -> None:
    token = "t" * 32
    first = query.query(QueryString=NUMBERS, ClientToken=token)
    assert query.query(QueryString=NUMBERS, ClientToken=token)["QueryId"] == first["QueryId"]
    assert refused(query.query, QueryString="SELECT 1", ClientToken=token)[0] == "ValidationException"


def test_a_next_token_needs_its_own_query_string(query: Any) -> None:
    token = query.query(QueryString=NUMBERS, MaxRows=5)["NextToken"]
    assert refused(query.query, QueryString="SELECT 1", NextToken=token) == (
        "ValidationException",
        "The NextToken belongs to another query string",
    )
    assert refused(query.query, QueryString=NUMBERS, NextToken="x")[0] == "ValidationException"


def test_after_cancel_no_page_is_had(query: Any) -> None:
    first = query.query(QueryString=NUMBERS, MaxRows=5)
    assert "cancelled" in query.cancel_query(QueryId=first["QueryId"])["CancellationMessage"]
    code, _ = refused(query.query, QueryString=NUMBERS, NextToken=first["NextToken"])
    assert code == "ConflictException"
    assert refused(query.cancel_query, QueryId="Q0")[0] == "ValidationException"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"QueryString": "x" * 262_145}, "less than or equal to 262144"),
        ({"QueryString": "SELECT 1", "MaxRows": 1001}, "less than or equal to 1000"),
        ({"QueryString": "SELECT 1", "ClientToken": "short"}, "greater than or equal to 32"),
    ],
)
def test_members_keep_the_api_model(server: TimestreamServer, members: Any, message: str) -> None:
    config = boto3.session.Config(parameter_validation=False)
    loose = boto3.client("timestream-query", endpoint_url=server.url, config=config, **DUMMY)
    code, found = refused(loose.query, **members)
    assert (code, message in found) == ("ValidationException", True)


def test_metadata_is_not_metered_and_a_query_is(query: Any) -> None:
    assert query.query(QueryString="SHOW DATABASES")["QueryStatus"]["CumulativeBytesMetered"] == 0
    status = query.query(QueryString="SELECT 1")["QueryStatus"]
    assert (status["CumulativeBytesMetered"], status["ProgressPercentage"]) == (10_000_000, 100.0)


def test_account_settings_are_kept(query: Any) -> None:
    assert query.describe_account_settings()["QueryPricingModel"] == "COMPUTE_UNITS"
    assert query.update_account_settings(MaxQueryTCU=48)["MaxQueryTCU"] == 48
    assert query.describe_account_settings()["MaxQueryTCU"] == 48
    assert refused(query.update_account_settings, MaxQueryTCU=5)[0] == "ValidationException"


def test_scheduled_queries_are_refused_by_name(query: Any) -> None:
    code, message = refused(query.list_scheduled_queries)
    assert (code, "ListScheduledQueries" in message) == ("ValidationException", True)


def test_discovery_leads_to_the_same_port(server: TimestreamServer, query: Any) -> None:
    assert query.describe_endpoints()["Endpoints"][0]["Address"] == server.url
