"""The clients of the `door` section count what they are answered."""

from bench.posting import post
from tests.local.front_door.conftest import door
from tests.local.front_door.fake_kinesis import FakeKinesis

REQUEST = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx"


def test_every_request_is_sent_once_and_its_answer_counted() -> None:
    stream = FakeKinesis()
    paths = (b"/Default/v1/beacons", b"/nowhere")
    with door(stream) as client:
        posted = post(client.port, lambda number: REQUEST % paths[number % 2], count=40, clients=4)
    assert posted.statuses == {204: 20, 404: 20}
    assert len(stream.records) == 20
    assert len(posted.latencies_ms) == 40
    assert 0 < posted.percentile_ms(0.5) <= posted.percentile_ms(0.99)
