"""Whatever happens to the stream: what was answered 204 is in it."""

import itertools
import threading
from base64 import b64decode
from collections.abc import Callable

import pytest

from tests.local.front_door.client import Client
from tests.local.front_door.conftest import door
from tests.local.front_door.fake_kinesis import Answer, FakeKinesis

CLIENTS, POSTS = 16, 20
THROTTLED = {"__type": "ProvisionedThroughputExceededException"}
FAILURES: dict[str, tuple[Answer, int]] = {
    "throttles": ((400, THROTTLED), 429),
    "fails": ((500, {"__type": "InternalFailure"}), 503),
    "is gone": ((400, {"__type": "ResourceNotFoundException"}), 503),
    "says nothing that can be read": ((200, {"Records": "?"}), 503),
}


def crowd(client: Client) -> dict[bytes, int]:
    """Many post at once, each body once; body -> status."""
    statuses: dict[bytes, int] = {}

    def post(who: int) -> None:
        for number in range(POSTS):
            body = b"%d/%d" % (who, number)
            statuses[body] = client.post(body).status

    threads = [threading.Thread(target=post, args=(who,)) for who in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def stored(stream: FakeKinesis) -> list[bytes]:
    return sorted(b64decode(envelope["body"]) for envelope in stream.envelopes)


def taken(statuses: dict[bytes, int]) -> list[bytes]:
    return sorted(body for body, status in statuses.items() if status == 204)


def now_and_then(answer: Answer) -> Callable[[str], Answer | None]:
    """Every third PutRecords is answered so."""
    number = itertools.count()
    return lambda action: answer if action == "PutRecords" and next(number) % 3 == 0 else None


def test_posts_at_the_same_time_go_together_and_each_gets_its_own_answer(stream: FakeKinesis) -> None:
    stream.delay_s = 0.02
    with door(stream) as client:
        statuses = crowd(client)
    assert set(statuses.values()) == {204}
    assert stored(stream) == sorted(statuses)
    assert "PutRecords" in stream.calls
    assert len(stream.calls) < len(statuses)


@pytest.mark.parametrize("kind", FAILURES)
def test_while_the_stream_fails_clients_are_told_to_come_again(stream: FakeKinesis, kind: str) -> None:
    answer, refused = FAILURES[kind]
    stream.delay_s, stream.trouble = 0.02, now_and_then(answer)
    with door(stream) as client:
        statuses = crowd(client)
    assert stored(stream) == taken(statuses)
    assert set(statuses.values()) == {204, refused}


def test_a_record_that_is_throttled_costs_its_neighbours_nothing(stream: FakeKinesis) -> None:
    stream.delay_s = 0.02
    stream.throttles = lambda partition_key: partition_key[0] in "01234567"
    with door(stream) as client:
        statuses = crowd(client)
    assert stored(stream) == taken(statuses)
    assert set(statuses.values()) == {204, 429}


def test_a_body_that_is_too_large_costs_its_neighbours_nothing(stream: FakeKinesis) -> None:
    stream.delay_s = 0.05
    with door(stream) as client:
        large: list[int] = []
        poster = threading.Thread(target=lambda: large.append(client.post(b"x" * 900_000).status))
        poster.start()
        statuses = crowd(client)
        poster.join()
    assert (large, set(statuses.values())) == ([413], {204})


def test_a_stream_that_cannot_be_reached_is_told_as_api_gateway_tells_it(stream: FakeKinesis) -> None:
    with door(stream, kinesis_url="http://127.0.0.1:9") as client:
        answer = client.post(b"x")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")


def test_a_stream_that_does_not_answer_in_time_is_told_as_api_gateway_tells_it(stream: FakeKinesis) -> None:
    stream.delay_s = 1.0
    with door(stream, timeout_s=0.2) as client:
        answer = client.post(b"x")
    assert (answer.status, answer.headers["retry-after"]) == (504, "5")


def test_requests_beyond_the_burst_are_answered_429_until_the_rate_allows_more(stream: FakeKinesis) -> None:
    with door(stream, rate_limit=0.001, burst_limit=3) as client:
        answers = [client.post(b"x") for _ in range(5)]
    assert [answer.status for answer in answers] == [204, 204, 204, 429, 429]
    assert answers[-1].headers["retry-after"] == "5"
    assert len(stream.records) == 3
