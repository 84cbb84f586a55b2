import json
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from beacon_job.stores import open_store
from beacon_job.stores.store import StoreDenied, StoreUnavailable
from beacon_job.stores.timestream.settings import TimestreamSettings
from beacon_job.stores.timestream.store import TimestreamStore
from beacon_job.types.point import Point
from tests.places import CASES
from tests.stores.timestream.scripted_service import OK, Reply, ScriptedService, error, rejected

CERTIFICATE = CASES / "sink/self_signed.pem"
THROTTLED = error(400, "ThrottlingException")
TABLES = {"table_events": "t-events", "table_qoe": "t-qoe"}


@pytest.fixture(autouse=True)
def no_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the machine's own AWS set-up reaches a test."""
    for name in os.environ:
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKTEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def opened() -> Iterator[Callable[..., TimestreamStore]]:
    """Opens stores, and closes them in the end."""
    stores = []

    def open_one(url: str | None, **changes: Any) -> TimestreamStore:
        settings = {"region": "eu-west-1", "retry_budget_ms": 20_000, "request_timeout_ms": 5_000, **changes}
        store = TimestreamStore(TimestreamSettings(database="db", endpoint_url=url, **TABLES, **settings))
        stores.append(store)
        return store

    yield open_one
    for store in stores:
        store.close()


def points(count: int) -> list[Point]:
    return [Point("events", "playing", i, {"session_id": f"s{i % 7}"}, {"n": i}) for i in range(count)]


def kept_numbers(service: ScriptedService) -> list[int]:
    return sorted(int(record["measures"]["n"][1]) for record in service.kept)


def numbers(body: dict[str, Any]) -> list[int]:
    """The values of `n` in a request, by position."""
    return [int(record["MeasureValues"][0]["Value"]) for record in body["Records"]]


def test_what_is_written_arrives_as_it_is(opened: Any) -> None:
    point = Point("qoe", "events", 17, {"player": "é"}, {"a": 1, "b": 2.5, "c": True, "d": 'x"y'}, version=3)
    with ScriptedService() as service:
        assert opened(service.url).write([point]) == []
    assert service.kept == [
        {
            "table": ("db", "t-qoe"),
            "dims": {"player": "é"},
            "measure_name": "events",
            "time": ("NANOSECONDS", 17),
            "version": 3,
            "measures": {
                "a": ("BIGINT", "1"),
                "b": ("DOUBLE", "2.5"),
                "c": ("BOOLEAN", "true"),
                "d": ("VARCHAR", 'x"y'),
            },
        }
    ]


def test_nothing_is_sent_twice_when_all_goes_well(opened: Any) -> None:
    with ScriptedService() as service:
        store = opened(service.url)
        assert store.write(points(1_000)) == []
        assert store.write([]) == []
    assert kept_numbers(service) == list(range(1_000))
    assert len(service.bodies) == 10
    assert store.counters.totals["written"] == 1_000
    assert store.counters.totals["requests"] == 10


@pytest.mark.parametrize(
    "fault",
    [
        THROTTLED,
        error(500, "InternalServerException"),
        Reply(503, {}, keep=False),
        error(400, "NovelException"),
        Reply(reset=True, keep=False),
        Reply(reset=True, keep=True),
    ],
    ids=["throttled", "500", "503", "unknown", "reset before storing", "reset after storing"],
)
def test_a_fault_that_passes_costs_nothing_but_time(opened: Any, fault: Reply) -> None:
    with ScriptedService(lambda body, call: fault if call <= 2 else OK) as service:
        store = opened(service.url)
        assert store.write(points(150)) == []
    assert set(kept_numbers(service)) == set(range(150))
    assert store.counters.totals["retried"] == 2


def test_rejected_records_are_refused_with_the_services_reason_and_the_others_written(opened: Any) -> None:
    def script(body: dict[str, Any], call: int) -> Reply:
        bad = [(i, f"why {n}") for i, n in enumerate(numbers(body)) if n % 50 == 0]
        return rejected(*bad) if bad else OK

    with ScriptedService(script) as service:
        refused = opened(service.url).write(points(1_000))
    assert {item.index: item.reason for item in refused} == {n: f"why {n}" for n in range(0, 1_000, 50)}
    assert kept_numbers(service) == [n for n in range(1_000) if n % 50]


def test_a_row_that_exists_in_our_version_or_a_newer_one_is_not_refused(opened: Any) -> None:
    with ScriptedService(lambda body, call: rejected((0, "lower"), existing_version=1)) as service:
        store = opened(service.url)
        assert store.write(points(3)) == []
    assert (store.counters.totals["superseded"], store.counters.totals["written"]) == (1, 2)


def test_an_invalid_request_is_bisected_down_to_the_record_at_fault(opened: Any) -> None:
    def script(body: dict[str, Any], call: int) -> Reply:
        return error(400, "ValidationException", "Invalid.") if {13, 77} & {*numbers(body)} else OK

    with ScriptedService(script) as service:
        store = opened(service.url)
        refused = store.write(points(300))
    assert [item.index for item in refused] == [13, 77]
    assert "Invalid." in refused[0].reason
    assert kept_numbers(service) == [n for n in range(300) if n not in (13, 77)]
    assert store.counters.totals["refused.invalid"] == 2


def test_a_bad_name_costs_its_neighbours_nothing_and_no_request(opened: Any) -> None:
    bad = Point("events", "playing", 5, {"session_id": "s", 'a"b': "x"}, {"n": 99})
    with ScriptedService() as service:
        [refused] = opened(service.url).write([*points(99), bad])
    assert (refused.index, refused.kind) == (99, "name_characters")
    assert kept_numbers(service) == [*range(99)]
    assert len(service.bodies) == 1


def test_a_bad_name_that_only_the_service_knows_fails_its_request_and_no_neighbour(opened: Any) -> None:
    def script(body: dict[str, Any], call: int) -> Reply:
        invalid = error(400, "ValidationException", "Invalid dimension name.")
        return invalid if "odd" in json.dumps(body) else OK

    odd = Point("events", "playing", 5, {"session_id": "s", "odd": "x"}, {"n": 99})
    with ScriptedService(script) as service:
        [refused] = opened(service.url).write([*points(99), odd])
    assert (refused.index, refused.kind) == (99, "invalid")
    assert kept_numbers(service) == [*range(99)]


def test_an_account_that_cannot_use_the_service_is_told_so_and_where_to_look(opened: Any) -> None:
    message = "Only existing Timestream for LiveAnalytics customers can access the service."
    reply = error(403, "AccessDeniedException", message)
    with (
        ScriptedService(lambda body, call: reply) as service,
        pytest.raises(StoreDenied, match=r"db\.t-events .*no new customers.*docs/sinks\.md"),
    ):
        opened(service.url).write(points(1))


@pytest.mark.parametrize("entries", [None, [{"RecordIndex": 0, "Reason": None}]], ids=["no list", "null"])
def test_a_rejection_that_says_nothing_is_a_refusal_and_no_restart_for_ever(
    opened: Any, entries: list[Any] | None
) -> None:
    silent = error(419, "RejectedRecordsException", "see RejectedRecords")
    silent.body["RejectedRecords"] = entries
    with ScriptedService(lambda body, call: silent) as service:
        [refused] = opened(service.url).write(points(1))
    assert (refused.kind, refused.reason) == ("rejected", "see RejectedRecords")
    assert len(service.bodies) == 1


def test_missing_permission_stops_the_job_naming_table_and_permission(opened: Any) -> None:
    with ScriptedService(lambda body, call: error(400, "AccessDeniedException", "no")) as service:
        with pytest.raises(StoreDenied, match=r"db\.t-events in eu-west-1 .*timestream:WriteRecords"):
            opened(service.url).write(points(1))
        assert len(service.bodies) == 1


def test_a_missing_table_stops_the_job_naming_it(opened: Any) -> None:
    reply = error(400, "ResourceNotFoundException", "The table t-events does not exist.")
    with (
        ScriptedService(lambda body, call: reply) as service,
        pytest.raises(StoreDenied, match=r"db\.t-events.*must exist"),
    ):
        opened(service.url).write(points(250))


def test_when_the_budget_is_used_up_the_job_stops_so_that_flink_replays(opened: Any) -> None:
    with (
        ScriptedService(lambda body, call: THROTTLED) as service,
        pytest.raises(StoreUnavailable, match=r"ThrottlingException"),
    ):
        opened(service.url, retry_budget_ms=100).write(points(150))


def test_a_service_that_is_not_there_is_a_failure_and_no_loss(opened: Any) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(StoreUnavailable, match=r": NewConnectionError: "):
            opened(url, retry_budget_ms=100).write(points(1))


def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_the_timeout(opened: Any) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StoreUnavailable, match=r"read timeout=0\.0"):
            opened(url, request_timeout_ms=50, retry_budget_ms=10).write(points(1))


def test_a_request_is_signed_for_the_region_with_the_session_token(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    with ScriptedService() as service:
        opened(service.url).write(points(1))
    [headers] = service.headers
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKTEST/")
    assert "/eu-west-1/timestream/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "token"
    assert headers["X-Amz-Target"] == "Timestream_20181101.WriteRecords"


def test_a_configured_endpoint_is_used_without_asking_for_another(opened: Any) -> None:
    with ScriptedService() as service:
        opened(service.url).write(points(1))
    assert service.discoveries == 0


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_TIMESTREAM_WRITE"])
def test_an_endpoint_of_the_environment_is_asked_once_where_to_write(
    opened: Any, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with ScriptedService() as cell, ScriptedService() as front:
        front.address = cell.url
        monkeypatch.setenv(variable, front.url)
        store = opened(None)
        store.write(points(1_000))
        store.write(points(1))
    assert front.discoveries == 1
    assert (len(front.bodies), len(cell.bodies)) == (0, 11)


def test_an_address_that_is_no_longer_good_is_asked_for_again(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = error(421, "InvalidEndpointException")
    with ScriptedService(lambda body, call: gone if call == 1 else OK) as service:
        monkeypatch.setenv("AWS_ENDPOINT_URL", service.url)
        assert opened(None).write(points(1)) == []
    assert service.discoveries == 2


@pytest.mark.parametrize(
    "nonsense",
    [
        Reply(body={}),
        Reply(body={"Endpoints": []}),
        Reply(body={"Endpoints": [{"Address": "a"}]}),
        error(500, "InternalServerException"),
    ],
    ids=["no list", "no endpoint", "no period", "500"],
)
def test_where_to_write_is_asked_again_when_the_answer_does_not_say(
    opened: Any, monkeypatch: pytest.MonkeyPatch, nonsense: Reply
) -> None:
    with ScriptedService() as service:
        good = Reply(body={"Endpoints": [{"Address": service.url, "CachePeriodInMinutes": 1}]})
        service.discovery = lambda: nonsense if service.discoveries == 1 else good
        monkeypatch.setenv("AWS_ENDPOINT_URL", service.url)
        assert opened(None).write(points(1)) == []
    assert (service.discoveries, len(service.kept)) == (2, 1)


def test_those_who_wait_while_one_asks_in_vain_where_to_write_do_not_ask_one_after_the_other(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly() -> Reply:
        time.sleep(0.2)
        return error(500, "InternalServerException")

    with ScriptedService() as service:
        service.discovery = slowly
        monkeypatch.setenv("AWS_ENDPOINT_URL", service.url)
        with pytest.raises(StoreUnavailable, match="InternalServerException"):
            opened(None, retry_budget_ms=1).write(points(800))
    assert service.discoveries < 4


@contextmanager
def credentials_served(monkeypatch: pytest.MonkeyPatch, seconds_left: Iterator[int]) -> Iterator[list[str]]:
    """A container's credentials, another key each time, good for as long as said; the keys served so far."""
    served: list[str] = []

    class Credentials(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.append(f"AKTEST{len(served)}")
            end = datetime.now(UTC) + timedelta(seconds=next(seconds_left))
            content = {"AccessKeyId": served[-1], "SecretAccessKey": "s", "Token": "t"}
            body = json.dumps({**content, "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ")}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Be quiet."""

    server = HTTPServer(("127.0.0.1", 0), Credentials)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"http://127.0.0.1:{server.server_port}/")
    yield served
    server.shutdown()
    server.server_close()


def test_credentials_that_run_out_are_fetched_again(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with credentials_served(monkeypatch, repeat(300)) as served, ScriptedService() as service:
        store = opened(service.url)
        store.write(points(1))
        store.write(points(1))
    used = [headers["Authorization"].split("=")[1].split("/")[0] for headers in service.headers]
    assert len(set(used)) == 2
    assert set(used) <= set(served)


def test_without_a_region_the_job_says_how_to_set_one(opened: Any) -> None:
    with pytest.raises(StoreDenied, match="AWS_DEFAULT_REGION"):
        opened(None, region="")


def test_without_credentials_the_job_says_how_to_give_some(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(StoreDenied, match="AWS_ACCESS_KEY_ID"):
        opened(None)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("AWS_SECRET_ACCESS_KEY", None, "AWS_SECRET_ACCESS_KEY"),
        ("AWS_PROFILE", "nobody", "nobody"),
    ],
)
def test_a_broken_set_up_of_aws_stops_the_job_and_is_named(
    opened: Any, monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None, words: str
) -> None:
    if value is None:
        monkeypatch.delenv(variable)
    else:
        monkeypatch.setenv(variable, value)
    with pytest.raises(StoreDenied, match=words):
        opened(None)


def test_credentials_that_have_expired_when_they_are_fetched_are_waited_for(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds_left = chain([60, -60], repeat(3_600))
    with credentials_served(monkeypatch, seconds_left), ScriptedService() as service:
        store = opened(service.url)
        assert store.write(points(1)) == []
    assert store.counters.totals["retried"] == 1


def test_a_certificate_nobody_vouches_for_is_not_accepted(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    with ScriptedService(tls=tls) as service:
        with pytest.raises(StoreUnavailable, match="certificate verify failed"):
            opened(service.url, retry_budget_ms=10).write(points(1))
        assert not service.bodies
        monkeypatch.setenv("AWS_CA_BUNDLE", str(CERTIFICATE))
        assert opened(service.url).write(points(1)) == []


def test_a_proxy_of_the_environment_is_used(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedService() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert opened("http://timestream.invalid").write(points(1)) == []
    [headers] = proxy.headers
    assert headers["Host"] == "timestream.invalid"


def test_a_proxy_may_ask_for_a_password_and_be_named_without_a_scheme(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedService() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("http://", "user:p%40ss@"))
        assert opened("http://timestream.invalid").write(points(1)) == []
    [headers] = proxy.headers
    assert headers["Proxy-Authorization"] == "Basic dXNlcjpwQHNz"


def test_counters_tell_what_was_done(opened: Any) -> None:
    newest_ns = 1_700_000_000_000_000_000
    good = Point("events", "n", newest_ns, {"d": "x"}, {"m": 1})
    bad = Point("events", "n", 2, {"d": "x"}, {"m": ""})
    with ScriptedService(lambda body, call: THROTTLED if call == 1 else OK) as service:
        store = opened(service.url)
        assert [item.index for item in store.write([good, bad, good])] == [1]
    totals = store.counters.totals
    assert (totals["written"], totals["repeated"], totals["refused.value_size"]) == (1, 1, 1)
    assert (totals["requests"], totals["retried"], totals["throttled"]) == (2, 1, 1)
    assert totals["write_units"] == 1
    assert totals["bytes"] == sum(int(headers["Content-Length"]) for headers in service.headers)
    assert store.counters.last_latency_ms > 0
    assert store.counters.data_age_ms(newest_ns // 1_000_000 + 250) == 250


def test_the_job_opens_this_store_by_its_configuration() -> None:
    store = open_store(TimestreamSettings(region="eu-west-1", database="db"))
    assert isinstance(store, TimestreamStore)
    store.close()
