"""What arrives late or again, in another evaluation than what it belongs to."""

import msgspec

from beacon_job.sessions.facts import fact_of
from beacon_job.sessions.reorder import distinct
from tests.sessions.driving import arriving, beacon, rows, run, run_in_steps, told, totals


def test_of_facts_that_are_known_or_come_twice_one_is_kept():
    one, two, three = (fact_of(beacon("p", at_ms, -1)) for at_ms in (0, 1_000, 2_000))
    assert distinct([one, two], []) == ([one, two], [])
    assert distinct([one, two, two], []) == ([one, two], [two.client_ms])
    assert distinct([one, two, three], [two]) == ([one, three], [two.client_ms])


def test_a_beacon_without_a_number_that_comes_again_later_counts_once():
    story = [beacon("p", 0, -1), beacon("a", 4_000, -1), beacon("p", 6_000, -1)]
    again = msgspec.structs.replace(story[1], recv_at_ms=story[1].recv_at_ms + 9_000)
    outputs = run_in_steps([*story, again], 1_000)
    (row,) = rows(outputs)
    assert (row.beacons_received, row.pause_count, row.pause_ms) == (3, 1, 2_000)
    assert sum(count for (_, name), count in totals(outputs).items() if name == "dup") == 1


def test_a_view_that_a_content_opens_late_takes_over_what_was_heard_in_the_same_millisecond():
    story = [
        *told("s0 p400 t5000"),
        beacon("p", 9_000, 3, content_id="programme"),
        beacon("p", 20_000, 4, content_id="advertisement"),
        beacon("", 20_000, 5, event="response", target="bulk", response_code=200),
    ]
    late = arriving(story, [0, 0, 0, 0, 11_000, 0])
    assert (
        [row.media_ok for row in rows(run(late))] == [row.media_ok for row in rows(run(story))] == [None, 1]
    )
