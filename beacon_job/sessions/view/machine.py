"""Reads the facts of one view in their order: what each says beside its state, and what lies between
two. Pure."""

from beacon_job.sessions.facts import (
    AD_OFF,
    AD_ON,
    BEAT,
    ERROR,
    OTHER,
    SEEK_DONE,
    STATED,
    VISIBILITY,
    Fact,
)
from beacon_job.sessions.players import rules
from beacon_job.sessions.players.quirk import Quirk
from beacon_job.sessions.results import ledger
from beacon_job.sessions.results.unobservable import LOST_RECORDS, START_ASLEEP, START_UNSEEN, UNPROVED_PLAY
from beacon_job.sessions.state import (
    BUFFERED,
    ENDED,
    FAILED,
    IDLE,
    PAUSE,
    PLAY,
    SEEK,
    STALL,
    STARTUP,
    UNKNOWN,
    View,
)
from beacon_job.sessions.view.first_movement import hinted
from beacon_job.sessions.view.start import moved
from beacon_job.sessions.view.states import enter
from beacon_job.sessions.view.stretches import Playback, book, change, view_time

SLEEP_MS = 45_000
"""Silence, between two facts of a view that should be moving, after which it counts as unknown: the device
slept or the network was gone. Three heartbeats if those are further apart."""

PLAYHEAD_SLACK_MS = 250

_IN_PASSING = frozenset({OTHER, BEAT, VISIBILITY})
"""Kinds of facts that carry a state but do not announce it."""

_MOVING = frozenset({STARTUP, PLAY, STALL, SEEK, BUFFERED})

_FITTING = {
    PLAY: "p",
    STALL: "rw",
    SEEK: "krw",
    PAUSE: "a",
    ENDED: "ea",
    FAILED: "f",
    STARTUP: "srwkd",
    IDLE: "d",
}
"""Phase -> states that may be reported in passing meanwhile."""


def read(playback: Playback, fact: Fact, lost: int, beats: int, quiet_ms: int, stated: bool) -> None:
    """A fact that tells what the view is doing.

    `lost` records before it are missing, of which `beats` can have been heartbeats; silence longer than
    `quiet_ms` is unknown; `stated`: the session has states at all.
    """
    view = playback.view
    at_ms = view_time(view, fact)
    kind = fact.kind
    sta = fact.sta
    if not sta and kind in (SEEK_DONE, ERROR):
        sta = _implied(view, fact)
    elif sta == "w" and playback.profile.waits_both_ways:
        view.quirks |= Quirk.WAITS_BOTH_WAYS
        sta = ""
    known = view.sta
    if known == "q" and kind in _IN_PASSING and at_ms - view.last_ms <= rules.LEAVING_MS:
        sta = ""
    if at_ms - view.last_ms > quiet_ms and view.phase in _MOVING:
        _slept(playback, at_ms)
    elif lost:
        stays = not sta or sta == known or view.moved_ms < 0
        if rules.hidden_changes(lost, beats, stays) and not _playhead_proves(view, fact, at_ms):
            _missed_a_change(playback, at_ms)
    elif sta != known and sta and known and kind in _IN_PASSING and not _fits(playback, sta):
        # A state nobody announced: its change was lost, or is not subscribed to.
        _missed_a_change(playback, at_ms)
    _conditions(playback, fact, at_ms)
    if kind == ERROR:
        _error(playback, at_ms)
    elif kind in (AD_ON, AD_OFF):
        _advertisement(playback, kind == AD_ON, at_ms)
    if view.moved_ms < 0:
        _starting(playback, fact, at_ms, stated)
    if fact.buffer_ms >= 0:
        view.buffer_ms = fact.buffer_ms
    if sta:
        if kind == STATED or sta != known:
            enter(playback, sta, at_ms)
        view.sta = sta
    if fact.buffer_ms >= rules.READY_BUFFER_MS and view.phase == STARTUP and view.ready_ms < 0:
        view.ready_ms = at_ms
    if fact.dropped_frames >= 0:
        _dropped(playback, fact.dropped_frames, at_ms)
    if fact.playhead_ms >= 0:
        if view.unobservable & UNPROVED_PLAY and _playhead_moved(view, fact, sta, at_ms):
            moved(playback, at_ms)
        view.playhead_ms, view.playhead_told_ms = fact.playhead_ms, at_ms
    view.last_ms = at_ms


def _implied(view: View, fact: Fact) -> str:
    """The state of a record that carries none, as far as its event implies one."""
    if fact.kind == SEEK_DONE and view.phase == SEEK:
        return "a" if view.sought_paused else "p"
    return "f" if fact.kind == ERROR and fact.code == 1 else ""


def _fits(playback: Playback, sta: str) -> bool:
    if sta == "f" and playback.profile.failed_means_error:
        return True
    return sta in _FITTING.get(playback.view.phase, "")


def _playhead_proves(view: View, fact: Fact, at_ms: int) -> bool:
    """Whether the playhead shows that the view played all the time since it was last seen."""
    if view.phase != PLAY or fact.playhead_ms < 0 or view.playhead_ms < 0:
        return False
    advanced_ms = fact.playhead_ms - view.playhead_ms
    expected_ms = ledger.media_ms(view.playhead_told_ms, at_ms, view.rate_permille)
    return abs(advanced_ms - expected_ms) <= PLAYHEAD_SLACK_MS


def _playhead_moved(view: View, fact: Fact, sta: str, at_ms: int) -> bool:
    """Whether the playhead went on, since it was last seen, as it does when media plays."""
    if sta == "k" or fact.kind == SEEK_DONE or view.playhead_ms < 0:
        return False
    advanced_ms = fact.playhead_ms - view.playhead_ms
    most_ms = ledger.media_ms(view.playhead_told_ms, at_ms, view.rate_permille) + PLAYHEAD_SLACK_MS
    return PLAYHEAD_SLACK_MS <= advanced_ms <= most_ms


def _slept(playback: Playback, at_ms: int) -> None:
    """A long silence: nothing is known between the last fact and this one."""
    view = playback.view
    if view.moved_ms >= 0:
        _unknown_until(playback, at_ms)
    elif view.phase == STARTUP:
        view.unobservable |= START_ASLEEP


def _missed_a_change(playback: Playback, at_ms: int) -> None:
    """Missing records may have told a change: nothing is known between the last fact and this one."""
    view = playback.view
    if view.moved_ms >= 0:
        view.unobservable |= LOST_RECORDS
        view.quirks |= Quirk.CHANGES_NEVER_SENT
        _unknown_until(playback, at_ms)
        return
    view.unobservable |= START_UNSEEN
    if view.phase in (STARTUP, BUFFERED):
        # It may have moved, and frozen, meanwhile.
        view.unobservable |= LOST_RECORDS


def _unknown_until(playback: Playback, at_ms: int) -> None:
    view = playback.view
    phase, began_ms, stalls = view.phase, view.phase_began_ms, view.stalls
    change(playback, UNKNOWN, view.last_ms)
    change(playback, phase, at_ms)
    if phase == PAUSE:
        view.phase_began_ms = began_ms
    view.stall_counted = phase == STALL and view.stalls > stalls


def _starting(playback: Playback, fact: Fact, at_ms: int, stated: bool) -> None:
    """What matters before the first movement only."""
    view = playback.view
    if fact.buffer_ms > 0:
        view.fed = True
    if fact.startup_hint_ms >= 0 and view.hint_ms < 0:
        view.hint_ms, view.hinted_ms = fact.startup_hint_ms, at_ms
    if view.hint_ms >= 0 and (playback.profile.playing_means_buffered or not stated):
        hinted(playback, at_ms, stated=stated)


def _conditions(playback: Playback, fact: Fact, at_ms: int) -> None:
    """Bitrate, rate and visibility: a stretch of play ends where they change."""
    view = playback.view
    rate, bitrate_kbps, hidden = fact.rate_permille, fact.bitrate_kbps, fact.hidden
    new_rate = rate > 0 and rate != view.rate_permille
    new_bitrate = bitrate_kbps >= 0 and bitrate_kbps != view.bitrate_kbps
    new_hidden = hidden >= 0 and bool(hidden) != view.hidden
    if not (new_rate or new_bitrate or new_hidden):
        return
    if view.phase == PLAY:
        book(playback, at_ms)
    if new_rate:
        view.rate_permille = rate
    if new_hidden:
        view.hidden = bool(hidden)
    if new_bitrate:
        if bitrate_kbps < view.bitrate_kbps and not view.fed and view.moved_ms < 0:
            view.switches_down += 1
        if view.bitrate_kbps >= 0 and view.moved_ms >= 0:
            _switched(playback, bitrate_kbps < view.bitrate_kbps, at_ms)
        view.bitrate_kbps = bitrate_kbps


def _switched(playback: Playback, down: bool, at_ms: int) -> None:
    """The bitrate changed after the first movement."""
    if playback.view.switches >= 0:
        playback.view.switches += 1
    playback.ledger.mark(ledger.SWITCHES, at_ms)
    if down:
        playback.ledger.mark(ledger.SWITCHES_DOWN, at_ms)


def _advertisement(playback: Playback, on: bool, at_ms: int) -> None:
    if playback.view.phase == PLAY:
        book(playback, at_ms)
    playback.view.ad = on


def _error(playback: Playback, at_ms: int) -> None:
    view = playback.view
    view.errors += 1
    playback.ledger.mark(ledger.ERRORS, at_ms)
    if view.error_ms < 0:
        view.error_ms = at_ms


def _dropped(playback: Playback, count: int, at_ms: int) -> None:
    """Counters are absolute; one that falls was reset."""
    view = playback.view
    more = count - view.dropped_told if 0 <= view.dropped_told <= count else 0
    view.dropped_told = count
    if more:
        view.dropped_frames += more
        playback.ledger.mark(ledger.DROPPED_FRAMES, at_ms, more)
