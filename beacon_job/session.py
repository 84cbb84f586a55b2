"""Sessions: beacons in, slices and session rows out. Pure; the stream and the offline replay call the same functions.

How a stage uses it, one bucket of sessions at a time (`session_bucket`):

    bucket = decode_bucket(stored)                       # None: nothing stored yet
    outputs = apply(bucket, decode_beacons(text), watermark_ms, settings)
    outputs = advance(bucket, watermark_ms, settings)    # no beacons: a tick
    stored = encode_bucket(bucket)                       # only needed if `bucket.changed`

What is promised:
- The result is a function of the arrivals (in any batching) and of event time alone. A session is looked at only at
  whole multiples of `GRID_MS` of the arrival clock, when the watermark says that all arrivals before it are in; so
  `advance(T1); advance(T2)` gives what `advance(T2)` gives, and nothing depends on a timer or the wall clock.
- Whatever arrives within `Settings.wait_ms` of its neighbours, in any order and any number of times, gives the same
  session rows; until then everything is provisional, and what changes is put right by signed differences.
- Slices carry `emit_ms`, the last ms of the grid step they became known in: later than any watermark before.
"""

import copy
from collections.abc import Iterable, Sequence

import msgspec

from beacon_job import slices
from beacon_job.fingerprint import named
from beacon_job.rollup import Contribution
from beacon_job.session_facts import CORRECTION, RECV, TS, Fact, Group
from beacon_job.session_order import Reading, player_of
from beacon_job.session_state import PAUSE, Fold, SessionState, Sums, Target, View
from beacon_job.summary import Summary, summarise

GRID_MS = 10_000
"""Arrival time is looked at in steps of this."""

GROUP_DIMENSIONS = ("player", "device", "country", "cdn", "stream_type")


class Settings(msgspec.Struct, frozen=True):
    """Constants of the machine; all in ms of the arrival clock. The defaults are the documented definitions."""

    dimensions: tuple[str, ...] = GROUP_DIMENSIONS
    """What a viewer group is."""
    wait_ms: int = 15_000
    """How long a beacon may be overtaken by later ones and still take its place."""
    snapshot_ms: int = 60_000
    """A session that goes on gives out a row this often."""
    lost_ms: int = 120_000
    """Silence after which a viewer is declared gone."""
    paused_ms: int = 3_600_000
    """The same while paused."""
    keep_ms: int = 600_000
    """How long a closed session is kept for a viewer who comes back."""
    max_pending: int = 4_000
    """Facts of one session that may wait; more are shed."""
    max_sessions: int = 20_000
    """Sessions of one bucket; beyond it the longest silent are closed early."""
    trace: bool = False
    """Also give out settled stretches of time, for a person to read."""


class Trace(msgspec.Struct, frozen=True):
    """A settled stretch of one view, placed in server time."""

    session_id: str
    view: int
    mode: int
    begin_ms: int
    end_ms: int


class Outputs(msgspec.Struct):
    """What became known."""

    contributions: list[Contribution] = []
    summaries: list[Summary] = []
    traces: list[Trace] = []
    shed: int = 0
    """Facts dropped because one session had too many waiting."""
    evicted: int = 0
    """Sessions closed early because the bucket was full."""


def new_session(group: Group) -> SessionState:
    """A session that has seen nothing yet."""
    recv = min(fact[RECV] for fact in group.facts)
    return SessionState(group.source, recv, recv, Fold(View(), {}))


def grid_after(recv_ms: int) -> int:
    """The first grid time at which an arrival of that time is surely in."""
    return recv_ms // GRID_MS * GRID_MS + GRID_MS


_NOT_KEPT = frozenset({"target"})


def take(session: SessionState, group: Group, settings: Settings) -> int:
    """Let facts arrive; the number that was shed. Nothing is looked at before `look`."""
    facts = group.facts
    room = settings.max_pending - len(session.inbox) - len(session.tail)
    shed = 0
    if len(facts) > room:
        shed = len(facts) - max(0, room)
        facts = facts[: max(0, room)]
        session.shed += shed
    session.inbox.extend(facts)
    for name, value in group.dims.items():
        # Of two values the lesser, so that the order of arrival does not matter.
        if name not in _NOT_KEPT and (name not in session.dims or value < session.dims[name]):
            session.dims[name] = value
    if facts:
        newest = max(fact[RECV] for fact in facts)
        session.last_recv = max(session.last_recv, newest)
        first = grid_after(max(min(fact[RECV] for fact in facts), session.done))
        session.due = min(session.due, first) if session.due else first
    return shed


def look(session_id: str, session: SessionState, grid_ms: int, settings: Settings, outputs: Outputs) -> bool:
    """Look at a session at a grid time: take in what arrived before, settle what is old enough, give out the
    difference to what was given out before. False when the session need not be kept any longer."""
    session.done = grid_ms
    arrived = _arrive(session, grid_ms)
    if arrived:
        session.closed = False
    elif session.closed:
        return False
    settled = _settle(session_id, session, grid_ms, settings, outputs)
    closing = not session.closed and not session.inbox and not session.tail and _is_over(session, grid_ms, settings)
    fold, sums, outcome, finished = _provisional(session, closing)
    _give_out(session, settled, sums, grid_ms, settings, outputs)
    if closing:
        session.closed = True
    if closing or (grid_ms - session.snapshot >= settings.snapshot_ms and arrived and not finished):
        if closing or session.snapshot:
            dims = session.dims
            outputs.summaries.append(
                summarise(session_id, fold, fold.view, outcome, dims, final=closing, version=grid_ms - 1)
            )
        session.snapshot = grid_ms
    session.due = _due(session, settings)
    return True


def _arrive(session: SessionState, grid_ms: int) -> bool:
    """Move what arrived before the grid time from the inbox to its place in the tail; whether there was any."""
    inbox = session.inbox
    if not inbox:
        return False
    waiting = [fact for fact in inbox if fact[RECV] >= grid_ms]
    if len(waiting) == len(inbox):
        return False
    tail = session.tail
    tail.extend(fact for fact in inbox if fact[RECV] < grid_ms) if waiting else tail.extend(inbox)
    session.inbox = waiting
    tail.sort()
    _drop_repetitions(session)
    if session.fold.view.start < 0 and not session.fold.targets:
        corrections = [fact[CORRECTION] for fact in session.tail]
        session.fold.offset = 0 if 0 in corrections else min(corrections)
    return True


def _drop_repetitions(session: SessionState) -> None:
    """Of equal facts the first arrival stays; the others are counted."""
    tail = session.tail
    kept: list[Fact] = []
    last: tuple[object, ...] | None = None
    for fact in tail:
        key = fact[:RECV]
        if key == last:
            session.repeated.append(fact[TS])
            continue
        last = key
        kept.append(fact)
    if len(kept) < len(tail):
        session.tail = kept


def _settle(
    session_id: str, session: SessionState, grid_ms: int, settings: Settings, outputs: Outputs
) -> Sums:
    """Read what nothing can overtake any more into the fold; the slices it gives for good."""
    sums: Sums = {}
    offset = session.fold.offset
    for ts in session.repeated:
        slices.add_mark(sums, (slices.DUP, ts, 1), offset)
    session.repeated.clear()
    tail = session.tail
    limit = grid_ms - settings.wait_ms
    count = len(tail)
    while count and tail[count - 1][RECV] >= limit:
        count -= 1
    if not count:
        return sums
    fold = session.fold
    reading = Reading(fold, session.dims.get("player", ""))
    due, session.tail = tail[:count], tail[count:]
    reading.read(due, session.tail)
    reading.timeline.tidy()
    fold.frontier = max(fold.frontier, due[-1][TS])
    _add(sums, reading, offset)
    for view, outcome in reading.finished:
        outputs.summaries.append(
            summarise(session_id, fold, view, outcome, session.dims, final=True, version=grid_ms - 1)
        )
    if settings.trace:
        _trace(session_id, reading, offset, outputs)
    return sums


def _add(sums: Sums, reading: Reading, offset: int) -> None:
    for stretch in reading.stretches:
        slices.add_stretch(sums, stretch, offset)
    for mark in reading.marks:
        slices.add_mark(sums, mark, offset)


def _trace(session_id: str, reading: Reading, offset: int, outputs: Outputs) -> None:
    for stretch in reading.stretches:
        outputs.traces.append(
            Trace(session_id, reading.fold.view.index, stretch[0], stretch[1] + offset, stretch[2] + offset)
        )


def _provisional(session: SessionState, closing: bool) -> tuple[Fold, Sums, str, bool]:
    """How things stand if nothing more comes: the fold, its open slices, the outcome, whether a view ended in it."""
    fold = _copy(session.fold)
    reading = Reading(fold, session.dims.get("player", ""))
    reading.read(session.tail)
    outcome = reading.close(over=closing or session.closed)
    sums: Sums = {}
    _add(sums, reading, fold.offset)
    return fold, sums, outcome, bool(reading.finished)


def _copy(fold: Fold) -> Fold:
    fold = copy.copy(fold)
    view = fold.view = copy.copy(fold.view)
    view.sums = view.sums[:]
    targets: dict[str, Target] = {}
    for name, target in fold.targets.items():
        target = targets[name] = copy.copy(target)
        target.missing = target.missing[:]
    fold.targets = targets
    return fold


def _give_out(
    session: SessionState, settled: Sums, provisional: Sums, grid_ms: int, settings: Settings, outputs: Outputs
) -> None:
    """Give out what changed since the last look, and remember what is still provisional."""
    group = group_of(session, settings)
    emit_ms = grid_ms - 1
    if session.emitted and group != session.group:
        taken_back: Sums = {}
        slices.merge(taken_back, session.emitted, -1)
        outputs.contributions.extend(slices.contributions(taken_back, emit_ms, session.group))
        session.emitted = {}
    change = settled
    slices.merge(change, provisional)
    slices.merge(change, session.emitted, -1)
    session.emitted = provisional
    session.group = group
    if change:
        outputs.contributions.extend(slices.contributions(change, emit_ms, group))


def group_of(session: SessionState, settings: Settings) -> tuple[str, ...]:
    """The viewer group of a session: its dimensions, the player by fingerprint where nobody names it."""
    dims = session.dims
    return tuple(
        player_of(dims.get("player", ""), session.fold.traces)[0] if name == "player" else dims.get(name, "")
        for name in settings.dimensions
    )


def _is_over(session: SessionState, grid_ms: int, settings: Settings) -> bool:
    return grid_ms > session.last_recv + _patience(session, settings)


def _patience(session: SessionState, settings: Settings) -> int:
    view = session.fold.view
    if view.quit:
        return settings.wait_ms
    return settings.paused_ms if view.mode == PAUSE else settings.lost_ms


def _due(session: SessionState, settings: Settings) -> int:
    """The next grid time at which something happens even if nothing more arrives."""
    if session.closed and not session.inbox:
        return grid_after(session.last_recv + settings.keep_ms + _patience(session, settings))
    times = []
    if session.inbox:
        times.append(min(fact[RECV] for fact in session.inbox))
    if session.tail:
        times.append(min(fact[RECV] for fact in session.tail) + settings.wait_ms)
    if not times:
        times.append(session.last_recv + _patience(session, settings))
    return max(grid_after(min(times)), session.done + GRID_MS)


def run(
    session_id: str, session: SessionState, watermark_ms: int, settings: Settings, outputs: Outputs
) -> bool:
    """Look at a session at every grid time it is due that the watermark has passed; False when it is done with."""
    while session.due <= watermark_ms + 1:
        if not look(session_id, session, session.due, settings, outputs):
            return False
    return True


def finished(sessions: Iterable[Summary]) -> Sequence[Summary]:
    """The last word on each view: of several rows of one view the one with the highest version."""
    last: dict[tuple[str, int], Summary] = {}
    for summary in sessions:
        key = (summary.session_id, summary.view)
        if key not in last or summary.version > last[key].version:
            last[key] = summary
    return list(last.values())


__all__ = ["GRID_MS", "Outputs", "Settings", "finished", "group_of", "look", "named", "new_session", "run", "take"]
