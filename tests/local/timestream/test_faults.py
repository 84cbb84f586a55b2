"""Injected faults strike as they were asked to, and a client sees what a real failure would show it."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from local.timestream.faults import Faults, Plan
from local.timestream.testing import TimestreamServer
from tests.contract.records import NOW_MS, record

NO_RETRY = Config(retries={"total_max_attempts": 1})
TABLE = {"DatabaseName": "db1", "TableName": "table1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimestreamServer]:
    with TimestreamServer(tmp_path_factory.mktemp("faults")) as server:
        client = connect(server)
        client.create_database(DatabaseName="db1")
        client.create_table(**TABLE)
        yield server


@pytest.fixture
def client(server: TimestreamServer) -> Iterator[Any]:
    """A client that never retries, against an empty table and no faults."""
    http(server, "DELETE", "/inspect/db1/table1")
    yield connect(server)
    http(server, "DELETE", "/faults")


def connect(server: TimestreamServer) -> Any:
    dummy = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client("timestream-write", endpoint_url=server.url, config=NO_RETRY, **dummy)


def http(server: TimestreamServer, method: str, path: str, body: Any = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(server.url + path, data, method=method)) as answer:
        content: bytes = answer.read()
        return content


def stored(server: TimestreamServer) -> int:
    return len(http(server, "GET", "/inspect/db1/table1").splitlines())


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        ({"throttle": 1}, "ThrottlingException", 429),
        ({"error_500": 1}, "InternalServerException", 500),
        ({"access_denied": True}, "AccessDeniedException", 403),
    ],
)
def test_a_fault_is_answered_with_the_services_error_and_stores_nothing(
    server: TimestreamServer, client: Any, fault: dict[str, Any], code: str, status: int
) -> None:
    http(server, "PUT", "/faults", fault)
    with pytest.raises(ClientError) as caught:
        client.write_records(**TABLE, Records=[record("s")])
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert stored(server) == 0


def test_access_denied_names_the_action_and_the_table(server: TimestreamServer, client: Any) -> None:
    http(server, "PUT", "/faults", {"access_denied": True})
    with pytest.raises(ClientError, match=r"timestream:WriteRecords on resource: \S*db1/table/table1"):
        client.write_records(**TABLE, Records=[record("s")])


def test_access_denied_holds_for_every_operation(server: TimestreamServer, client: Any) -> None:
    http(server, "PUT", "/faults", {"access_denied": True})
    with pytest.raises(ClientError, match="timestream:DescribeTable"):
        client.describe_table(**TABLE)


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_a_reset_connection_has_stored_the_records_or_not_as_asked(
    server: TimestreamServer, client: Any, when: str, count: int
) -> None:
    http(server, "PUT", "/faults", {"reset": 1, "reset_when": when})
    with pytest.raises(HTTPClientError):
        client.write_records(**TABLE, Records=[record("s")])
    assert stored(server) == count


def test_a_reject_refuses_some_records_with_a_reason_and_stores_the_others(
    server: TimestreamServer, client: Any
) -> None:
    http(server, "PUT", "/faults", {"reject": 0.3, "seed": 7})
    with pytest.raises(client.exceptions.RejectedRecordsException) as caught:
        client.write_records(**TABLE, Records=[record("s", at_ms=NOW_MS - place) for place in range(100)])
    rejected = caught.value.response["RejectedRecords"]
    assert 0 < len(rejected) < 100
    assert all(one["Reason"] for one in rejected)
    assert stored(server) == 100 - len(rejected)


def test_a_fault_clears_itself_after_its_number_of_requests(server: TimestreamServer, client: Any) -> None:
    http(server, "PUT", "/faults", {"throttle": 1, "requests": 2})
    for _ in range(2):
        with pytest.raises(ClientError):
            client.write_records(**TABLE, Records=[record("s")])
    assert client.write_records(**TABLE, Records=[record("s")])["RecordsIngested"]["Total"] == 1


def test_denied_access_clears_itself_after_its_number_of_requests(
    server: TimestreamServer, client: Any
) -> None:
    http(server, "PUT", "/faults", {"access_denied": True, "requests": 2})
    for _ in range(2):
        with pytest.raises(ClientError):
            client.describe_table(**TABLE)
    assert client.describe_table(**TABLE)["Table"]["TableName"] == "table1"


def test_a_throttled_client_reads_the_reason_under_the_name_the_service_gives_it(
    server: TimestreamServer, client: Any
) -> None:
    http(server, "PUT", "/faults", {"throttle": 1})
    with pytest.raises(ClientError) as caught:
        client.write_records(**TABLE, Records=[record("s")])
    assert caught.value.response["Error"]["Message"] == "Request rate limit exceeded"
    assert "message" not in caught.value.response


def test_faults_are_counted(server: TimestreamServer, client: Any) -> None:
    before = json.loads(http(server, "GET", "/faults"))["injected"].get("throttle", 0)
    http(server, "PUT", "/faults", {"throttle": 1})
    with pytest.raises(ClientError):
        client.write_records(**TABLE, Records=[record("s")])
    assert json.loads(http(server, "GET", "/faults"))["injected"]["throttle"] == before + 1


@pytest.mark.parametrize("plan", [{"trottle": 1}, {"throttle": 2}, {"requests": -1}, []])
def test_a_plan_that_cannot_be_is_refused_with_the_known_fields(
    server: TimestreamServer, client: Any, plan: Any
) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        http(server, "PUT", "/faults", plan)
    assert caught.value.code == 400
    assert "Known fields: throttle, error_500" in json.loads(caught.value.read())["message"]


def test_a_plan_in_another_encoding_is_refused(server: TimestreamServer, client: Any) -> None:
    body = b'{"reset_when": "\xff"}'
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(f"{server.url}/faults", body, method="PUT"))
    assert caught.value.code == 400


def test_the_same_seed_strikes_the_same_requests() -> None:
    def fates() -> list[tuple[str | None, str, frozenset[int]]]:
        faults = Faults()
        faults.set(Plan(throttle=0.2, error_500=0.2, reset=0.2, reject=0.1, seed=3))
        struck = [faults.fate(10) for _ in range(50)]
        return [(fate.error.code if fate.error else None, fate.reset, fate.rejected) for fate in struck]

    assert fates() == fates()
    assert len(set(fates())) > 4


def test_what_never_arrived_was_not_rejected_either() -> None:
    faults = Faults()
    faults.set(Plan(reset=1, reset_when="before", reject=1))
    assert faults.fate(10).rejected == frozenset()
    assert faults.injected == {"reset_before": 1}


def test_rates_are_met_in_the_long_run() -> None:
    faults = Faults()
    faults.set(Plan(throttle=0.25, seed=1))
    throttled = sum(faults.fate(1).error is not None for _ in range(4000))
    assert 900 < throttled < 1100


def test_a_fault_clears_itself_after_its_time() -> None:
    now_s = [0.0]
    faults = Faults(clock_s=lambda: now_s[0])
    faults.set(Plan(throttle=1, seconds=5))
    assert faults.fate(1).error is not None
    now_s[0] = 5.0
    assert faults.fate(1).error is None
    assert faults.plan == Plan()


def test_latency_and_jitter_delay_a_request_within_their_bounds() -> None:
    faults = Faults()
    faults.set(Plan(latency_ms=10, jitter_ms=20))
    delays = [faults.fate(1).delay_s for _ in range(200)]
    assert 0.010 <= min(delays) < 0.015
    assert 0.025 < max(delays) <= 0.030


def test_a_client_that_retries_through_faults_stores_every_record_once(
    server: TimestreamServer, client: Any
) -> None:
    http(server, "PUT", "/faults", {"reset": 0.5, "throttle": 0.2, "seed": 11})
    written = 0
    for _ in range(200):
        with suppress(ClientError, HTTPClientError):
            client.write_records(**TABLE, Records=[record("s", at_ms=NOW_MS - written)])
            written += 1
    assert 20 < written < 200
    assert stored(server) - written in (0, 1)
