"""Contents side by side: an advertisement that shares the session and its numbers with the programme."""

import msgspec
import pytest

from beacon_job.sessions import PHASE_NAMES, stretches_of
from beacon_job.sessions.settings import Settings
from tests.sessions.driving import T0, beacon, rows, run, told, totals


def side_by_side(story):
    """A story of two contents in one row of numbers: capital letters are the advertisement's."""
    beacons = []
    states = {True: "", False: ""}
    for seq, word in enumerate(story.split()):
        advertisement, letter, at_ms = word[0].isupper(), word[0].lower(), int(word[1:])
        content = "advertisement" if advertisement else "programme"
        event = {"t": "heartbeat", "c": "content_change"}.get(letter, "")
        if letter not in "tc":
            states[advertisement] = letter
        made = beacon(states[advertisement], at_ms, seq, event=event, content_id=content)
        beacons.append(msgspec.structs.replace(made, dims={"player": "test player"}))
    return beacons


STORY = "s0 p400 t5000 a6000 S6010 P6300 T10000 t10001 T15000 t15001 E21000 p21200 t25000 e30000"


def test_each_content_has_a_view_and_an_advertisement_never_ends_the_programmes():
    programme, advertisement = rows(run(side_by_side(STORY)))
    assert (programme.play_ms, programme.pause_ms, programme.stall_count) == (5_600 + 8_800, 15_200, 0)
    assert (programme.outcome, programme.end_ms - T0) == ("ended", 30_000)
    assert (advertisement.startup_ms, advertisement.play_ms, advertisement.outcome) == (290, 14_700, "ended")


def test_a_row_names_the_content_it_is_about():
    assert [row.content_id for row in rows(run(side_by_side(STORY)))] == ["programme", "advertisement"]


def test_a_view_of_which_no_content_is_named_has_none():
    (row,) = rows(run(told("s0 p400 t5000")))
    assert row.content_id is None


@pytest.mark.parametrize("request_seq", [0, 1], ids=["first of all", "after another beacon"])
def test_a_request_names_the_content_of_a_view_that_nothing_named_before(request_seq: int):
    request = beacon("", 10, request_seq, event="response", content_id="advertisement")
    other = beacon("", 0 if request_seq else 20, 1 - request_seq, event="heartbeat")
    programme = beacon("s", 3_000, 2, content_id="programme")
    named = {row.content_id for row in rows(run([request, other, programme]))}
    assert named == {"advertisement", "programme"}


def test_sums_are_grouped_by_content_where_the_settings_say_so():
    by_content = Settings(dimensions=("player", "content_id"))
    beacons = [item for item in side_by_side(STORY) if item.measures["content_id"] == "programme"]
    groups = {item.group for item in run(beacons, settings=by_content).contributions}
    assert groups == {("test player", "programme")}


def test_each_is_an_attempt_and_all_time_adds_up():
    sums = totals(run(side_by_side(STORY)))

    def total(name):
        return sum(value for (_, field), value in sums.items() if field == name)

    assert (total("attempts"), total("starts"), total("views_closed")) == (2, 2, 2)
    assert total("play_ms") == 5_600 + 8_800 + 14_700


def test_the_programme_goes_on_where_it_was_after_an_announced_change_and_back():
    story = "s0 p400 t5000 a6000 C6005 S6010 P6300 T10000 E21000 c21100 p21200 t25000 e30000"
    programme, advertisement = rows(run(side_by_side(story)))
    assert (programme.play_ms, programme.outcome) == (5_600 + 8_800, "ended")
    assert (advertisement.play_ms, advertisement.outcome) == (14_700, "ended")


def test_lost_numbers_may_have_been_of_either_content():
    beacons = side_by_side(STORY)
    programme, advertisement = rows(run([item for item in beacons if item.seq not in (6, 7, 8, 9)]))
    assert (programme.stall_count, advertisement.stall_count) == (None, None)


def test_records_without_a_content_belong_to_the_one_that_speaks():
    story = told("s0 p400 t5000 r9000 p11000 t15000")
    named = [msgspec.structs.replace(story[1], measures={"content_id": "programme"})]
    (row,) = rows(run([story[0], *named, *story[2:]]))
    assert (row.stall_count, row.startup_ms) == (1, 400)


def test_a_load_that_names_no_content_shows_the_one_before():
    first = side_by_side("s0 p400 t5000 t8000")
    again = told("s8500 p8600 t13000")
    advertisement = beacon("p", 14_000, 3, content_id="advertisement")
    assert [row.end_ms - T0 for row in rows(run([*first, *again, advertisement]))] == [8_500, 13_000, 14_000]


def test_what_a_session_keeps_of_contents_is_bounded():
    words = [beacon("p", 1_000 * n, n, content_id=f"content {n}") for n in range(40)]
    assert len(rows(run(words))) == 40


def test_the_timeline_of_a_view_shows_what_it_did_itself():
    beacons = side_by_side(STORY)
    programme, advertisement = (
        [(PHASE_NAMES[phase], end - begin) for phase, begin, end in stretches_of(beacons, row)]
        for row in rows(run(beacons))
    )
    assert programme == [
        ("startup", 400),
        ("play", 5_600),
        ("pause", 15_200),
        ("play", 8_800),
    ]
    assert advertisement == [("startup", 290), ("play", 14_700)]
