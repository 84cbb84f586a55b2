"""Sequence numbers: order, duplicates, losses and restarts of a session's facts. Pure.

Facts come sorted by the client's clock. Within one target the sequence numbers decide what is new, what is a
repetition, what is missing, and where a reporter was started again (N16, R11): a number seen before at a
later time than any before it. A restart opens the next view, unless another target has just restarted.
"""

from collections.abc import Sequence

from beacon_job.sessions.facts import (
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
from beacon_job.sessions.players import fingerprint, rules
from beacon_job.sessions.players.profile import Profile, profile_of
from beacon_job.sessions.players.registry import bit
from beacon_job.sessions.results import ledger as slices
from beacon_job.sessions.results.ledger import Ledger
from beacon_job.sessions.state import STARTUP, Fold, Target, View
from beacon_job.sessions.view.machine import SLEEP_MS, Timeline

RESTART_TOGETHER_MS = 10_000
"""Targets of one reporter restart together: a restart within this of another is of the same view."""

MAX_MISSING = 500
"""Missing numbers that are remembered per target, so that a late one is known from a repetition."""

MAX_TARGETS = 16
OTHER_TARGETS = "*"
"""A reporter has a handful of targets; those beyond the limit share one account."""

_MIN_BEAT_MS = 500
_R19 = bit("R19")


class Reading:
    """Facts read into a fold; time and counts go to the ledger, views that end to `finished`, with their
    outcomes and traces."""

    __slots__ = ("finished", "fold", "frontier", "ledger", "player", "timeline")

    def __init__(self, fold: Fold, ledger: Ledger, player: str, frontier: int = -1) -> None:
        self.fold = fold
        self.ledger = ledger
        self.player = player
        """As the sender names it; empty: by its traces."""
        self.frontier = frontier
        """Client time before which everything is settled."""
        self.finished: list[tuple[View, str, int]] = []
        self.timeline = Timeline(fold.view, ledger, self._profile())

    def _profile(self) -> Profile:
        return profile_of(fingerprint.player_of(self.player, self.fold.traces)[0])

    def read(self, facts: Sequence[Fact]) -> None:
        """Read facts in their order."""
        fold = self.fold
        targets = fold.targets
        if fold.view.start < 0 and facts:
            self.timeline.begin(facts[0], self.ledger.offset)
            fold.content = facts[0][CONTENT]
        for position, fact in enumerate(facts):
            name, ts, seq, kind = fact[TARGET], fact[TS], fact[SEQ], fact[KIND]
            target = targets.get(name)
            if target is None:
                target = targets.setdefault(name if len(targets) < MAX_TARGETS else OTHER_TARGETS, Target())
            if seq >= 0 and seq == target.top + 1:
                target.top = seq
                view = fold.view
                view.received += 1
                view.expected += 1
                self.ledger.received(ts, 1)
            elif not self._number(fact, target, facts, position):
                continue
            if ts > target.newest:
                target.newest = ts
            if fact[TRACES] & ~fold.traces or (fact[STATE] and not fold.stated):
                self._learn(fact)
            if kind == MEDIA:
                self._media(fact)
            else:
                self._tell(fact, target)

    def close(self, *, over: bool) -> str:
        """Count what is still open in the view; its outcome."""
        return self.timeline.close(over=over, unstated=not self.fold.stated)

    def _number(self, fact: Fact, target: Target, facts: Sequence[Fact], position: int) -> bool:
        """Account for the fact's sequence number; whether the fact has more to say."""
        fold = self.fold
        view = fold.view
        ts, seq = fact[TS], fact[SEQ]
        if seq < 0:
            if ts < self.frontier:
                # Too late, or a repetition: without a number nobody can tell.
                self.ledger.mark(slices.LATE, ts)
                return False
            view.unnumbered += 1
            self.ledger.received(ts, 0)
        elif seq > target.top:
            self._gap(target, seq, facts, position)
            shown = seq - target.top
            target.top = seq
            view.received += 1
            view.expected += shown
            self.ledger.received(ts, shown)
        elif seq in target.missing:
            target.missing.remove(seq)
            target.lost = max(0, target.lost - 1)
            view.received += 1
            self.ledger.received(ts, 0)
            if ts < self.frontier:
                # What came after it is settled: it counts as received and changes nothing.
                self.ledger.mark(slices.LATE, ts)
                return False
        elif ts > target.newest:
            self._restart(target, fact)
        else:
            self.ledger.mark(slices.DUP, ts)
            return False
        return True

    def _gap(self, target: Target, seq: int, facts: Sequence[Fact], position: int) -> None:
        """Numbers between the last and this one: a little further on, or lost."""
        first = target.top + 1
        name = facts[position][TARGET]
        coming = 0
        for fact in facts[position + 1 :] if seq > first else ():
            if fact[TARGET] == name and fact[SEQ] < seq:
                if fact[SEQ] < first:
                    break  # the numbers start again
                coming += 1
        target.lost += seq - first - coming
        target.missing.extend(range(max(first, seq - MAX_MISSING), seq))
        del target.missing[:-MAX_MISSING]

    def _restart(self, target: Target, fact: Fact) -> None:
        """The target's numbers start again."""
        fold = self.fold
        ts, seq = fact[TS], fact[SEQ]
        together = fold.restarted >= 0 and ts - fold.restarted <= RESTART_TOGETHER_MS
        if not together or target.view == fold.view.index:
            self._next_view(fact)
            fold.restarted = ts
        view = fold.view
        view.quirks |= bit("N16")
        target.view = view.index
        target.top, target.newest, target.beat, target.lost = seq, -1, -1, 0
        target.missing = list(range(max(0, seq - MAX_MISSING), seq))
        view.received += 1
        view.expected += seq + 1
        self.ledger.received(ts, seq + 1)

    def _next_view(self, fact: Fact) -> None:
        """Close the view where the next one begins: what it was doing, it did until then."""
        fold = self.fold
        view = fold.view
        now = fact[TS] + view.shift
        if view.moved >= 0 and 0 < now - view.seen <= SLEEP_MS:
            view.seen = now
        self.finished.append((view, self.close(over=True), fold.traces))
        fold.view = View(index=view.index + 1, kbps=view.kbps, hidden=view.hidden)
        self.timeline = Timeline(fold.view, self.ledger, self._profile())
        self.timeline.begin(fact, self.ledger.offset)

    def _tell(self, fact: Fact, target: Target) -> None:
        """What the fact says beside its number."""
        fold = self.fold
        kind = fact[KIND]
        if kind == NEW_CONTENT:
            self._content(fact)
        elif kind == STATED:
            target.tells = True
        if fold.stated and not target.tells:
            return
        lost = target.lost
        beats = 0
        if kind == BEAT:
            beats = self._beat(fact[TS], target)
            if not fact[SEQ] and fold.view.seen == fold.view.start:
                fold.view.quirks |= _R19
        elif lost and target.beat_ms:
            beats = max(0, fact[TS] - target.beat) // target.beat_ms
        target.lost = 0
        self.timeline.read(fact, lost, beats, max(SLEEP_MS, 3 * target.beat_ms), fold.stated)

    def _beat(self, ts: int, target: Target) -> int:
        """Note a heartbeat; how many can have been lost since the one before."""
        beats = 0
        if target.beat >= 0:
            apart = ts - target.beat
            if target.lost:
                beats = max(0, (apart - target.beat_ms // 2) // target.beat_ms) if target.beat_ms else 0
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
        self.timeline.profile = self._profile()
        if fold.traces & fingerprint.STICKY_CODE:
            fold.view.quirks |= bit("R06")

    def _media(self, fact: Fact) -> None:
        """A response or request tells whether media arrives; it never changes what the view is doing."""
        view = self.fold.view
        if fact[CODE] >= 400:
            view.media_failed += 1
        elif fact[CODE] >= 0:
            view.media_ok += 1
        if view.moved < 0 and fact[BUFFER] > 0:
            view.fed = True
            if view.mode == STARTUP and view.ready < 0 and fact[BUFFER] >= rules.READY_BUFFER_MS:
                view.ready = fact[TS] + view.shift

    def _content(self, fact: Fact) -> None:
        """Another content opens the next view; the first mention of one does not."""
        fold = self.fold
        known, fold.content = fold.content, fact[CONTENT]
        if known not in (-1, fact[CONTENT]) and fold.view.moved >= 0:
            self._next_view(fact)
