"""What clients are answered: routes, CORS, limits, and the settings that refuse."""

import json
from base64 import b64decode

import pytest

from tests.local.front_door.client import Client
from tests.local.front_door.conftest import door
from tests.local.front_door.fake_kinesis import FakeKinesis

BEACON = b'{"event":"beacon:started","session":"66454545556"}'
THROTTLED = {"__type": "ProvisionedThroughputExceededException", "message": "Rate exceeded for shard"}


def test_an_accepted_beacon_is_in_the_stream_and_answered_with_nothing(
    client: Client, stream: FakeKinesis
) -> None:
    answer = client.post(BEACON)
    assert (answer.status, answer.body) == (204, b"")
    [record] = stream.records
    [envelope] = stream.envelopes
    assert record["StreamName"] == "beacon-blog"
    assert b64decode(envelope["body"]) == BEACON
    assert (envelope["path"], envelope["ip_prefix"]) == ("/v1/beacons", "127.0.0.0/24")


def test_nothing_of_credentials_or_cookies_enters_the_stream(client: Client, stream: FakeKinesis) -> None:
    client.post(
        BEACON, "/v1/beacons?token=s3cret", Cookie="id=s3cret", Authorization="s3cret", x_api_key="s3cret"
    )
    [envelope] = stream.envelopes
    assert "s3cret" not in json.dumps(envelope)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "text/plain;charset=UTF-8",
        "application/cmcd",
        "text/cmcd",
        "Application/CMCD; charset=utf-8",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
    ],
)
def test_a_body_of_any_known_type_is_taken_as_it_is(
    client: Client, stream: FakeKinesis, content_type: str
) -> None:
    body = bytes(range(256))
    assert client.post(body, content_type=content_type).status == 204
    assert b64decode(stream.envelopes[0]["body"]) == body


def test_a_body_without_a_type_is_taken(client: Client, stream: FakeKinesis) -> None:
    assert client.ask("POST", "/v1/beacons", BEACON).status == 204
    assert b64decode(stream.envelopes[0]["body"]) == BEACON


def test_cmcd_in_a_query_is_kept_where_the_job_reads_it(client: Client, stream: FakeKinesis) -> None:
    assert client.ask("GET", "/v1/cmcd/state?CMCD=e%3Dps%2Csid%3D%22a%22%2Csta%3Dp").status == 204
    [envelope] = stream.envelopes
    assert envelope["path"] == "/v1/cmcd/state?CMCD=e%3Dps%2Csid%3D%22a%22%2Csta%3Dp"
    assert stream.records[0]["PartitionKey"] == "a"


@pytest.mark.parametrize("path", ["/v1/beacons", "/v1/cmcd/state", "/v1/health"])
def test_a_preflight_is_good_for_a_day(client: Client, path: str) -> None:
    answer = client.ask("OPTIONS", path, headers={"origin": "https://a.example"})
    assert (answer.status, answer.headers["access-control-max-age"]) == (204, "86400")
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "content-type" in answer.headers["access-control-allow-headers"]


def test_health_is_told_without_asking_kinesis(client: Client, stream: FakeKinesis) -> None:
    answer = client.ask("GET", "/v1/health")
    assert (answer.status, json.loads(answer.body), stream.calls) == (200, {"status": "ok"}, [])


@pytest.mark.parametrize(
    ("method", "path", "content_type", "size", "status"),
    [
        ("POST", "/v1/beacon", "text/plain", 1, 404),
        ("POST", "/v1/beacons/", "text/plain", 1, 404),
        ("POST", "/v1/../v1/beacons", "text/plain", 1, 404),
        ("POST", "/v1/cmcd/", "text/plain", 1, 404),
        ("POST", "/v1/cmcd/a/b", "text/plain", 1, 404),
        ("DELETE", "/v1/beacons", "text/plain", 1, 404),
        ("POST", "/v1/beacons", "image/png", 1, 415),
        ("POST", "/v1/beacons", "text/plain", 785_000, 204),
        ("POST", "/v1/beacons", "text/plain", 790_000, 413),
        ("POST", "/v1/beacons", "text/plain", 10 * 2**20, 413),
        ("POST", "/v1/beacons", "text/plain", 10 * 2**20 + 1, 413),
    ],
)
def test_every_answer_lets_pages_read_it(
    client: Client, stream: FakeKinesis, method: str, path: str, content_type: str, size: int, status: int
) -> None:
    answer = client.ask(method, path, b"x" * size, {"content-type": content_type})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (status, "*")
    assert len(stream.records) == (status == 204)


@pytest.mark.parametrize(
    ("variables", "path", "status"),
    [
        ({"kill": "on"}, "/v1/beacons", 410),
        ({"kill": "on"}, "/v1/cmcd/state?session=b", 410),
        ({"kill": "off"}, "/v1/beacons", 204),
        ({"refused_sessions": "a-1,b-2"}, "/v1/beacons?session=b-2", 410),
        ({"refused_sessions": "a-1,b-2"}, "/v1/beacons?session=b", 204),
        ({"refused_sessions": "a-1,b-2"}, "/v1/beacons", 204),
        ({"sampled_out": "0,1,2,3"}, "/v1/cmcd/state?session=c0ffee3", 410),
        ({"sampled_out": "0,1,2,3"}, "/v1/cmcd/state?session=c0ffee", 204),
        ({"sampled_out": "0,1,2,3"}, "/v1/cmcd/state", 204),
    ],
)
def test_a_session_that_is_not_wanted_is_told_so_and_not_stored(
    stream: FakeKinesis, variables: dict[str, str], path: str, status: int
) -> None:
    with door(stream, variables) as client:
        assert client.post(BEACON, path).status == status
    assert len(stream.records) == (status == 204)


@pytest.mark.parametrize(
    ("origin", "status"), [("https://a.example", 204), ("https://b.example", 403), ("", 204)]
)
def test_with_a_list_of_origins_pages_of_others_are_refused(
    stream: FakeKinesis, origin: str, status: int
) -> None:
    headers = {"Origin": origin} if origin else {}
    with door(stream, {"allowed_origins": "https://a.example"}) as client:
        assert client.post(BEACON, **headers).status == status
        assert client.ask("OPTIONS", "/v1/beacons", headers=headers).status == status
    assert len(stream.records) == (status == 204)


def test_with_an_api_key_those_without_it_are_refused(stream: FakeKinesis) -> None:
    with door(stream, {}, "k1", "k2") as client:
        assert client.post(BEACON).status == 403
        assert client.post(BEACON, x_api_key="k3").status == 403
        assert client.post(BEACON, X_Api_Key="k2").status == 204
        assert client.ask("OPTIONS", "/v1/beacons").status == 204
        assert client.ask("GET", "/v1/health").status == 200


@pytest.mark.parametrize(
    ("trouble", "status", "retry_after"),
    [
        ((400, THROTTLED), 429, "5"),
        ((400, {"__type": "ResourceNotFoundException", "message": "Stream x not found"}), 503, "30"),
        ((400, {"__type": "AccessDeniedException"}), 503, "30"),
        ((500, {"__type": "InternalFailure"}), 503, "5"),
        ((503, {}), 503, "5"),
    ],
)
def test_what_kinesis_refuses_is_answered_so_that_clients_try_again(
    client: Client, stream: FakeKinesis, trouble: tuple[int, dict[str, str]], status: int, retry_after: str
) -> None:
    stream.trouble = lambda action: trouble
    answer = client.post(BEACON)
    assert (answer.status, answer.headers["retry-after"]) == (status, retry_after)
    assert json.loads(answer.body)["message"]
