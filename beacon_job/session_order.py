"""Sequence numbers: order, duplicates, losses and restarts of a session's facts. Pure.

Facts come sorted by the client's clock. Within one target the sequence numbers decide what is new, what is a
repetition, what is missing, and where a reporter was started again (N16, R11): a number seen before at a later time
than any before it. A restart opens the next view, unless another target has just restarted.
"""

from collections.abc import Sequence

from beacon_job import fingerprint, slices
from beacon_job.quirks import rules
from beacon_job.quirks.profile import profile_of
from beacon_job.quirks.registry import bit
from beacon_job.session_facts import (
    BEAT,
    BUFFER,
    CODE,
    CONTENT,
    KIND,
    MEDIA,
    NEW_CONTENT,
    SEQ,
    STATE,
    STATED,
    TARGET,
    TRACES,
    TS,
    Fact,
)
from beacon_job.session_state import STARTUP, Fold, Target, View
from beacon_job.session_timeline import SLEEP_MS, Timeline
from beacon_job.slices import Mark, Stretch

RESTART_TOGETHER_MS = 10_000
"""Targets of one reporter restart together: a restart within this of another belongs to the same view."""

MAX_MISSING = 500
"""Missing numbers that are remembered per target, so that a late one is known from a repetition."""

_MIN_BEAT_MS = 500


class Reading:
    """Facts read into a fold, and what came of it."""

    __slots__ = ("finished", "fold", "marks", "player", "stretches", "timeline")

    def __init__(self, fold: Fold, player: str) -> None:
        self.fold = fold
        self.player = player
        """As the sender names it; empty: by fingerprint."""
        self.stretches: list[Stretch] = []
        self.marks: list[Mark] = []
        self.finished: list[tuple[View, str]] = []
        """Views that were closed by the next one, with their outcomes."""
        self.timeline = self._timeline()

    def _timeline(self) -> Timeline:
        timeline = Timeline(self.fold.view, profile_of(self.player or recognised(self.fold.traces)))
        timeline.stretches, timeline.marks = self.stretches, self.marks
        return timeline

    def read(self, facts: Sequence[Fact], later: Sequence[Fact] = ()) -> None:
        """Read facts in order; `later` are known facts behind them, whose numbers are not missing."""
        for position, fact in enumerate(facts):
            self._read(fact, facts, position, later)

    def _read(self, fact: Fact, facts: Sequence[Fact], position: int, later: Sequence[Fact]) -> None:
        fold = self.fold
        name = fact[TARGET]
        target = fold.targets.get(name)
        if target is None:
            target = fold.targets[name] = Target()
        ts = fact[TS]
        seq = fact[SEQ]
        if fold.view.start < 0:
            self.timeline.begin(fact, fold.offset)
            fold.content = fact[CONTENT]
        view = fold.view
        if seq < 0:
            if ts < fold.frontier:
                # Too late, or a repetition: without a number nobody can tell.
                self.marks.append((slices.LATE, ts, 1))
                return
            view.unnumbered += 1
            self.marks.append((slices.RECV, ts, 1))
        elif seq > target.top:
            if seq > target.top + 1:
                self._gap(target, name, seq, facts, position, later)
            target.top = seq
            self._received(ts)
        elif seq in target.missing:
            target.missing.remove(seq)
            target.lost = max(0, target.lost - 1)
            view.received += 1
            self.marks.append((slices.RECV, ts, 1))
            if ts < fold.frontier:
                # What came after it is settled: it counts as received and changes nothing.
                self.marks.append((slices.LATE, ts, 1))
                return
        elif ts > target.newest:
            self._restart(target, fact)
            view = fold.view
        else:
            self.marks.append((slices.DUP, ts, 1))
            return
        if ts > target.newest:
            target.newest = ts
        self._tell(fact, target)

    def _received(self, ts: int) -> None:
        self.fold.view.received += 1
        self.fold.view.expected += 1
        self.marks.append((slices.RECV, ts, 1))
        self.marks.append((slices.EXPECTED, ts, 1))

    def _gap(
        self, target: Target, name: str, seq: int, facts: Sequence[Fact], position: int, later: Sequence[Fact]
    ) -> None:
        """Numbers between the last and this one: on their way, or lost."""
        first = target.top + 1
        absent = range(first, seq)
        view = self.fold.view
        view.expected += len(absent)
        self.marks.append((slices.EXPECTED, facts[position][TS], len(absent)))
        coming = {
            fact[SEQ]
            for known in (facts[position + 1 :], later)
            for fact in known
            if first <= fact[SEQ] < seq and fact[TARGET] == name
        }
        target.lost += len(absent) - len(coming)
        target.missing.extend(absent[-MAX_MISSING:])
        del target.missing[:-MAX_MISSING]

    def _restart(self, target: Target, fact: Fact) -> None:
        fold = self.fold
        ts = fact[TS]
        joins = ts - fold.restarted <= RESTART_TOGETHER_MS and target.view < fold.view.index
        if fold.restarted < 0 or not joins:
            self._next_view(fact)
            fold.restarted = ts
        fold.view.quirks |= bit("N16")
        target.view = fold.view.index
        target.top, target.newest, target.missing, target.beat, target.lost = -1, -1, [], -1, 0
        if fact[SEQ]:
            fold.view.expected += fact[SEQ]
            target.missing = list(range(max(0, fact[SEQ] - MAX_MISSING), fact[SEQ]))
        target.top = fact[SEQ]
        self._received(ts)

    def _next_view(self, fact: Fact) -> None:
        """Close the view where the next one begins: what it was doing, it did until then."""
        fold = self.fold
        view = fold.view
        now = fact[TS] + view.shift
        if view.moved >= 0 and 0 < now - view.seen <= SLEEP_MS:
            view.seen = now
        self.finished.append((view, self.close(over=True)))
        fold.view = View(index=view.index + 1, kbps=view.kbps, hidden=view.hidden, quirks=view.quirks & bit("R19"))
        self.timeline = self._timeline()
        self.timeline.begin(fact, fold.offset)

    def close(self, *, over: bool) -> str:
        """Count what is still open in the view; its outcome."""
        fold = self.fold
        return self.timeline.close(over=over, unstated=bool(fold.traces & fingerprint.CMCD) and not fold.stated)

    def _tell(self, fact: Fact, target: Target) -> None:
        """What the fact says beside its number."""
        fold = self.fold
        kind = fact[KIND]
        traces = fact[TRACES]
        if traces & ~fold.traces or (fact[STATE] and not fold.stated):
            self._learn(fact)
        if kind == MEDIA:
            self._media(fact)
            return
        if kind == NEW_CONTENT:
            self._content(fact)
        view = fold.view
        if kind == STATED:
            target.tells = True
        elif fold.stated and not target.tells:
            return
        ts = fact[TS]
        beats = 0
        if kind == BEAT:
            beats = self._beat(target, ts)
        elif target.lost and target.beat_ms and target.beat >= 0:
            beats = (ts - target.beat) // target.beat_ms
        quiet_ms = max(SLEEP_MS, 3 * target.beat_ms)
        lost, target.lost = target.lost, 0
        self.timeline.read(fact, lost, beats, quiet_ms, fold.stated)
        if kind == BEAT and not view.letter and fact[SEQ] == 0 and view.seen == view.start:
            view.quirks |= bit("R19")

    def _beat(self, target: Target, ts: int) -> int:
        """Note a heartbeat; how many can have been lost since the one before."""
        beats = 0
        if target.beat >= 0:
            apart = ts - target.beat
            if target.lost and target.beat_ms:
                beats = max(0, (apart - target.beat_ms // 2) // target.beat_ms)
            elif apart >= _MIN_BEAT_MS and (not target.beat_ms or apart < target.beat_ms):
                target.beat_ms = apart
        target.beat = ts
        return beats

    def _learn(self, fact: Fact) -> None:
        """A trace not seen before may name the player."""
        fold = self.fold
        fold.traces |= fact[TRACES]
        if fact[STATE] and not fold.stated:
            fold.stated = True
            if fact[STATE] == "r":
                fold.traces |= fingerprint.REBUFFER_FIRST
        self.timeline.profile = profile_of(self.player or recognised(fold.traces))

    def _media(self, fact: Fact) -> None:
        """A response or request tells whether media arrives; it never changes what the view is doing."""
        view = self.fold.view
        if fact[CODE] >= 400:
            view.media_failed += 1
        elif fact[CODE] >= 0:
            view.media_ok += 1
        if fact[BUFFER] > 0:
            view.fed = True
        if view.mode == STARTUP and view.ready < 0 and fact[BUFFER] >= rules.READY_BUFFER_MS:
            view.ready = fact[TS] + view.shift

    def _content(self, fact: Fact) -> None:
        """Another content opens the next view; the first mention of one does not."""
        fold = self.fold
        known, fold.content = fold.content, fact[CONTENT]
        if known not in (-1, fact[CONTENT]) and fold.view.moved >= 0:
            self._next_view(fact)


def recognised(traces: int) -> str:
    """Name of the player by its traces; empty when they fit none."""
    sign = fingerprint.recognise(traces)
    return sign.player if sign else ""


def player_of(explicit: str, traces: int) -> tuple[str, str]:
    """Name and versions of a session's player; `unknown` when neither the sender nor its traces tell."""
    sign = fingerprint.recognise(traces)
    if explicit:
        name = fingerprint.named(explicit)
        return name, (sign.versions if sign and sign.player == name else "")
    return (sign.player, sign.versions) if sign else ("unknown", "")
