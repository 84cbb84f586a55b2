"""What a reported state makes of a view: the table, and where a player is not taken at its word."""

import msgspec
import pytest

from beacon_job.sessions.players.profile import PLAIN, profile_of
from beacon_job.sessions.players.quirk import Quirk
from beacon_job.sessions.state import BUFFERED, ENDED, IDLE, PAUSE, PLAY, SEEK, STALL, STARTUP, UNKNOWN, View
from beacon_job.sessions.view.states import NEXT, resolve
from tests.sessions.driving import T0, rows, run, told

NOW_MS = 1_000_000
SHAKA = profile_of("shaka-player")
TAKEN_AT_ITS_WORD = [
    (phase, sta) for phase in NEXT for sta in "dsprwkaefg" if not (phase == SEEK and sta in "rw")
]


def view(phase: int, **more: object) -> View:
    return View(phase=phase, phase_began_ms=0, moved_ms=0, **more)  # type: ignore[arg-type]


def at_zero(story: str):
    """The row of a story on a clock that starts at 0, as `performance.now()` does."""
    moved = [
        msgspec.structs.replace(item, client_ms=item.client_ms - T0, recv_at_ms=item.recv_at_ms - T0)
        for item in told(story)
    ]
    (row,) = rows(run(moved))
    return row


@pytest.mark.parametrize(("phase", "sta"), TAKEN_AT_ITS_WORD)
def test_a_player_of_which_nothing_is_known_is_taken_at_its_word(phase, sta):
    assert resolve(view(phase), PLAIN, sta, NOW_MS) == (NEXT[phase].get(sta, phase), 0)


def test_the_table_has_every_phase_that_follows_the_first_movement():
    assert set(NEXT) == set(range(10)) - {IDLE, STARTUP, BUFFERED}


@pytest.mark.parametrize("phase", [PLAY, STALL, SEEK, PAUSE, UNKNOWN])
def test_a_pause_ends_what_was_going_on_unless_it_is_a_pause_already(phase):
    assert resolve(view(phase), PLAIN, "a", NOW_MS)[0] == PAUSE


@pytest.mark.parametrize(
    ("profile", "why"), [(PLAIN, Quirk.SEEK_SAYS_REBUFFERING), (SHAKA, Quirk.SEEK_SAYS_REBUFFERING_TOO)]
)
def test_rebuffering_in_a_seek_is_the_seek(profile, why):
    assert resolve(view(SEEK), profile, "r", NOW_MS) == (SEEK, why)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({}, (PLAY, 0)),
        ({"sought_paused": True}, (UNKNOWN, Quirk.PLAYING_IN_A_PAUSE)),
        ({"may_be_paused": True}, (UNKNOWN, Quirk.PLAYING_IN_A_PAUSE)),
    ],
)
def test_playing_after_a_seek_in_a_pause_may_still_be_the_pause(flags, expected):
    assert resolve(view(SEEK, **flags), SHAKA, "p", NOW_MS) == expected
    assert resolve(view(SEEK, **flags), PLAIN, "p", NOW_MS) == (PLAY, 0)


def test_playing_in_a_pause_that_began_in_a_stall_may_still_be_the_pause():
    starving = view(PAUSE, paused_starving=True)
    assert resolve(starving, SHAKA, "p", NOW_MS) == (UNKNOWN, Quirk.PLAYING_IN_A_PAUSE)
    assert resolve(starving, PLAIN, "p", NOW_MS) == (PLAY, 0)


@pytest.mark.parametrize("apart_ms", [0, 100, 101])
@pytest.mark.parametrize("phase", [PAUSE, PLAY])
def test_a_pause_right_before_the_end_is_the_end(phase, apart_ms):
    bounced = resolve(view(phase, paused_ms=NOW_MS - apart_ms), PLAIN, "e", NOW_MS)
    assert bounced == (ENDED, Quirk.END_BOUNCES if apart_ms <= 100 else 0)


@pytest.mark.parametrize("apart_ms", [0, 100, 101])
def test_a_pause_right_after_the_end_is_the_end(apart_ms):
    bounced = resolve(view(ENDED), PLAIN, "a", apart_ms)
    assert bounced == (ENDED, Quirk.END_BOUNCES if apart_ms <= 100 else 0)


def test_an_end_soon_after_zero_is_no_bounce_of_a_pause_that_never_was():
    row = at_zero("s0 p10 e60 t5000")
    assert (row.pause_count, row.ended_ms, row.quirks) == (0, 4_940, ())


def test_a_pause_at_zero_of_the_clock_bounces_as_any_other():
    assert resolve(view(PLAY, paused_ms=0), PLAIN, "e", 50) == (ENDED, Quirk.END_BOUNCES)


def test_a_replay_that_plays_is_no_seek_and_one_that_pauses_is():
    assert rows(run(told("s0 p400 e5000 k6000 p6500 t9000")))[0].seek_count == 0
    assert rows(run(told("s0 p400 e5000 k6000 a6500 t9000")))[0].seek_count == 1


def test_a_viewer_who_leaves_in_a_seek_has_sought():
    left = told("s0 p400 k5000 t5500")
    quit_page = msgspec.structs.replace(
        left[-1], event="end", state="", client_ms=T0 + 6_000, recv_at_ms=T0 + 6_040, seq=4
    )
    (row,) = rows(run([*left, quit_page]))
    assert (row.seek_count, row.seek_ms, row.outcome) == (1, 1_000, "played")
