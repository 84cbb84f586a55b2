"""What no player sends: the process lives, and no record is made of anything but a request."""

import http.client
import json
import socket
import threading
import time
from base64 import b64decode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.front_door import loiterers, server
from tests.local import hostile
from tests.local.front_door.client import Client
from tests.local.front_door.conftest import door
from tests.local.front_door.fake_kinesis import FakeKinesis

BEACON = b'{"event":"beacon:started"}'
HEAD = b"POST /Default/v1/beacons HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
BODIES = {
    "quotes": b'"\\"\'"}',
    "VTL": b"$input.body ${x} #if(true) #set($q = 1) #end ##",
    "line separators": "\u2028\u2029\u0085".encode(),
    "NUL": b"\x00" * 100,
    "invalid UTF-8": b"\xff\xfe\xc0\x80",
    "no JSON": b'{"event":',
    "base64 of itself": b"eyJ2IjoxfQ==",
    "an envelope": b'{"v":1,"recv_at":1,"body":"e30="}',
    "gzip": b"\x1f\x8b\x08\x00",
}
HEADER_CHARACTERS = st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f")
"""What HTTP allows in the value of a header; a request with others is refused."""
SMUGGLED = b"POST /Default/v1/beacons?session=smuggled HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\ny"


def raw(port: int, sent: bytes) -> bytes:
    """Everything that comes back until the server closes, or says nothing for a second."""
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        found = b""
        try:
            connection.sendall(sent)
            while chunk := connection.recv(65_536):
                found += chunk
        except OSError:
            pass
        return found


@pytest.mark.parametrize("kind", BODIES)
def test_a_hostile_body_is_kept_as_it_is_and_costs_no_other(
    client: Client, stream: FakeKinesis, kind: str
) -> None:
    for body in (BEACON, BODIES[kind], BEACON):
        assert client.post(body).status == 204
    assert [b64decode(envelope["body"]) for envelope in stream.envelopes] == [BEACON, BODIES[kind], BEACON]


def test_an_encoded_body_is_not_unpacked(client: Client, stream: FakeKinesis) -> None:
    assert client.post(b"\x1f\x8bno gzip", content_encoding="gzip").status == 204
    assert b64decode(stream.envelopes[0]["body"]) == b"\x1f\x8bno gzip"


def test_bytes_that_are_no_request_leave_the_door_open(client: Client, stream: FakeKinesis) -> None:
    for sent in hostile.requests(b"/Default/v1/health", b"/Default/v1/beacons").values():
        for reset in (True, False):
            hostile.send_and_leave(client.port, sent, reset=reset)
    assert client.post(BEACON).status == 204
    # The one whole request among them says that it is gzip, and is kept as it is.
    assert [b64decode(envelope["body"]) for envelope in stream.envelopes] == [b"abc", b"abc", BEACON]


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED),
        b"Content-Length: +0\r\n\r\n",
        b"Content-Length: 0x0\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b" folded: x\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_a_request_whose_end_is_in_doubt_smuggles_no_second_one(
    client: Client, stream: FakeKinesis, head: bytes
) -> None:
    raw(client.port, HEAD + head + SMUGGLED)
    assert "smuggled" not in [record["PartitionKey"] for record in stream.records]


@pytest.mark.parametrize(
    "header",
    [
        b"X: a\r\nContent-Length: 1",
        b"X: a\nInjected: 1",
        b"User-Agent: \x00",
        b"Origin: a\r\n\r\nGET / HTTP/1.1",
    ],
)
def test_a_header_of_the_client_is_no_header_of_the_answer(client: Client, header: bytes) -> None:
    answer = raw(client.port, HEAD + header + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    assert b"Injected" not in answer.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "path",
    [
        "/v1//beacons",
        "/v1/./beacons",
        "/v1/%2e%2e/v1/beacons",
        "/v1/beacons%00",
        "/v1/cmcd/..%2f..",
        "/v1\\beacons",
    ],
)
def test_a_crooked_path_reaches_no_other_route_and_no_file(
    client: Client, stream: FakeKinesis, path: str
) -> None:
    status = client.ask("POST", path, BEACON, {"content-type": "text/plain"}).status
    assert status in (204, 404)
    assert [envelope["path"] for envelope in stream.envelopes] == ["/v1/cmcd/.._.."] * (status == 204)


def test_what_stands_in_the_path_without_the_stage_is_not_served(client: Client) -> None:
    for path in ("/", "/v1/beacons", "/Defaultx/v1/beacons", "/Default", "http://x/Default/v1/beacons"):
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        assert b" 404 " in raw(client.port, head.encode()).split(b"\r\n")[0]


def test_slow_clients_lock_nobody_out_and_are_closed(
    stream: FakeKinesis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loiterers, "LOITER_S", 1.0)
    monkeypatch.setattr(loiterers, "LOOK_S", 0.2)
    monkeypatch.setattr(server, "BODY_S", 1.0)
    with door(stream) as client:
        slow = [socket.create_connection(("127.0.0.1", client.port), timeout=10) for _ in range(200)]
        for number, connection in enumerate(slow):
            connection.sendall(HEAD if number % 2 else HEAD + b"Content-Length: 5\r\n\r\n12")
        assert client.post(BEACON).status == 204
        deadline = time.monotonic() + 20
        while any(connection.recv(65_536) for connection in slow) and time.monotonic() < deadline:
            pass
        assert time.monotonic() < deadline
        for connection in slow:
            connection.close()
    assert len(stream.records) == 1


def test_ten_megabytes_at_a_time_leave_room_for_others(client: Client, stream: FakeKinesis) -> None:
    statuses: list[int] = []
    large = [
        threading.Thread(target=lambda: statuses.append(client.post(b"x" * 10 * 2**20).status))
        for _ in range(4)
    ]
    for thread in large:
        thread.start()
    assert client.post(BEACON).status == 204
    for thread in large:
        thread.join()
    assert statuses == [413] * 4
    assert len(stream.records) == 1


@given(
    body=st.binary(max_size=2_000),
    texts=st.lists(st.text(HEADER_CHARACTERS, max_size=50), min_size=3, max_size=3),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_bytes_round_trip_beside_any_headers(
    client: Client, stream: FakeKinesis, body: bytes, texts: list[str]
) -> None:
    agent, country, other = texts
    headers = {"User-Agent": agent, "CloudFront-Viewer-Country": country, "X-Other": other}
    stream.records.clear()
    assert client.post(body, **headers).status == 204
    [envelope] = stream.envelopes
    assert b64decode(envelope["body"]) == body
    assert set(envelope) == {
        "v", "recv_at", "request_id", "path", "content_type", "user_agent", "ip_prefix", "country", "body",
    }  # fmt: skip
    assert json.dumps(envelope).isascii()


def test_a_pipeline_of_requests_is_answered_one_by_one(client: Client, stream: FakeKinesis) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", client.port)
    for number in range(20):
        connection.request("POST", "/Default/v1/beacons", b"%d" % number, {"content-type": "text/plain"})
        assert connection.getresponse().read() == b""
    connection.close()
    assert [b64decode(envelope["body"]) for envelope in stream.envelopes] == [b"%d" % i for i in range(20)]
