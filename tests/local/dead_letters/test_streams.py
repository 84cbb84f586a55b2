"""The streams, in a real emulator: newest first, within limits, and what is re-injected is what came."""

import time
from typing import Any

import pytest

from local.dead_letters import streams as module
from local.dead_letters.actions import reinject
from local.dead_letters.letter import Letter
from local.dead_letters.streams import Found, Streams
from tests.local.dead_letters.letters import bad_of, envelope, records, send_bad


def numbers(found: Found) -> list[str]:
    return [letter.sequence_number for letter in found.letters]


def test_the_newest_come_first_and_it_is_said_whether_there_are_older_ones(client: Any) -> None:
    sent = [send_bad(client, b"bad %d" % n) for n in range(5)]
    streams = Streams(client)
    assert numbers(streams.newest(2)) == [sent[4], sent[3]]
    assert not streams.newest(2).all_read
    assert numbers(streams.newest(50)) == sent[::-1]
    assert streams.newest(50).all_read


def test_an_empty_stream_has_no_letters(client: Any) -> None:
    assert Streams(client).newest(10) == Found([], all_read=True)


def test_only_letters_that_are_wanted_count(client: Any) -> None:
    wanted = [send_bad(client, b"") for _ in range(2)]
    for n in range(3):
        send_bad(client, b"bad %d" % n)

    def empty(letter: Letter) -> bool:
        return letter.bad.reason == "empty"

    assert numbers(Streams(client).newest(2, empty)) == wanted[::-1]


def test_letters_before_a_moment_are_left_out(client: Any) -> None:
    send_bad(client, b"before")
    time.sleep(0.01)
    since_ms = time.time_ns() // 10**6
    after = send_bad(client, b"after")
    assert numbers(Streams(client).newest(10, since_ms=since_ms)) == [after]


def test_a_flood_is_not_read_to_its_beginning(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    flood = [send_bad(client, b"flood %d" % n) for n in range(20)]
    time.sleep(1.1)
    last = send_bad(client, b"last")
    monkeypatch.setattr(module, "_MOST_BYTES", 5 * len(bad_of(b"flood 10", number=flood[0])))
    found = Streams(client).newest(10)
    assert numbers(found) == [last]
    assert not found.all_read


def test_one_letter_is_found_by_its_number(client: Any) -> None:
    sent = [send_bad(client, b"bad %d" % n) for n in range(3)]
    found = Streams(client).letter(sent[1])
    assert found and (found.sequence_number, found.raw) == (sent[1], b"bad 1")
    assert Streams(client).letter("12345") is None


def test_a_long_record_is_put_back_whole_though_its_letter_was_cut(client: Any) -> None:
    data = envelope(b"x" * 200_000)
    number = send_bad(client, data)
    streams = Streams(client)
    outcome = reinject(streams, [letter for letter in [streams.letter(number)] if letter])
    assert (outcome.records, outcome.letters, outcome.refused) == (1, 1, [])
    assert records(client) == [data, data]


def test_several_letters_about_one_record_put_it_back_once(client: Any) -> None:
    number = send_bad(client, envelope(b'e=ps,sid="((\ne=ps,sid="(('))
    streams = Streams(client)
    letter = streams.letter(number)
    assert letter
    outcome = reinject(streams, [letter, letter])
    assert outcome.sentence() == "put 1 record for 2 dead letters"
    assert len(records(client)) == 2


def test_what_cannot_be_put_back_costs_no_other(client: Any) -> None:
    gone = bad_of(b"not there", "shardId-000000000001", "99999999999999999999")
    stranger = client.put_record(StreamName=module.DEAD_LETTERS, PartitionKey="p", Data=gone)
    good = send_bad(client, b"there")
    outcome = reinject(Streams(client), Streams(client).newest(10).letters)
    assert outcome.sentence() == "put 1 record for 1 dead letter; 1 letter cannot be re-injected"
    assert [refused.sequence_number for refused in outcome.refused] == [stranger["SequenceNumber"]]
    assert good and len(records(client)) == 2


def test_more_records_than_one_request_takes_are_all_put(client: Any) -> None:
    letters = [Streams(client).letter(send_bad(client, envelope(b"bad %d" % n))) for n in range(230)]
    reinject(Streams(client), [letter for letter in letters if letter])
    assert len(records(client)) == 460


def test_records_that_the_stream_does_not_take_at_once_are_put_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_S", 0)
    asked: list[list[bytes]] = []

    class Busy:
        def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> Any:
            asked.append([record["Data"] for record in Records])
            answers: list[dict[str, str]] = [{"ErrorCode": "Throttled"} for _ in Records]
            return {"Records": [{}, *answers[1:]]}

    Streams(Busy()).put([module.Original(data, "k") for data in (b"1", b"2", b"3")])
    assert asked == [[b"1", b"2", b"3"], [b"2", b"3"], [b"3"]]
