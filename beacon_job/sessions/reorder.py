"""The order of a session's last facts: what may still be overtaken, and reading it again when it is. Pure."""

from collections.abc import Iterable

from beacon_job.sessions.facts import (
    BEAT,
    KIND,
    MEDIA,
    NEW_CONTENT,
    OTHER,
    RECV,
    SEQ,
    TARGET,
    TRACES,
    TS,
    Fact,
)
from beacon_job.sessions.results import ledger as slices
from beacon_job.sessions.results.ledger import Ledger
from beacon_job.sessions.sequence import Reading
from beacon_job.sessions.state import (
    Fold,
    SessionState,
    Sums,
    Target,
    View,
    freeze,
    pack_facts,
    thaw,
    unpack_facts,
)

Ended = list[tuple[View, str, int]]
"""Views that ended, each with its outcome and the traces seen until then."""

_NEW = Target()


class Tail:
    """Reads new facts into a session."""

    __slots__ = ("player", "session", "wait_ms")

    def __init__(self, session: SessionState, wait_ms: int) -> None:
        self.session = session
        self.wait_ms = wait_ms
        self.player = session.dims.get("player", "")
        """As the sender names it."""

    def read(self, facts: list[Fact], grid_ms: int) -> tuple[Sums, Ended]:
        """Read new facts (sorted, at least one) behind the known ones, or, if they belong between them, read
        all again from the base; how the slices change, and the views that ended."""
        self._settle(min(fact[RECV] for fact in facts))
        change, ended, repeated = self._append(facts) if self._follows(facts) else self._insert(facts)
        session = self.session
        if not session.middle and session.tail:
            session.middle, session.middle_at = freeze(session.head), grid_ms
            session.middle_count = len(session.tail)
        if repeated:
            ledger = Ledger(session.offset)
            for ts in repeated:
                ledger.mark(slices.DUP, ts)
            slices.merge(change, ledger.sums)
        return change, ended

    def _settle(self, arrived_ms: int) -> None:
        """What arrived longer before the new facts than the wait cannot be overtaken by them."""
        session = self.session
        if session.middle and session.middle_at + self.wait_ms <= arrived_ms:
            count = session.middle_count
            session.frontier = max(session.frontier, session.tail[count - 1][0])
            session.base, session.middle = session.middle, b""
            del session.tail[:count]
            if not session.tail:
                session.last = None

    def _follows(self, facts: list[Fact]) -> bool:
        """Whether reading new facts behind all that was read gives what reading all in order would give."""
        session = self.session
        last, newest, targets = session.last, session.newest, session.head.targets
        if facts[0][TS] > newest and not any(target.missing for target in targets.values()):
            return True
        for fact in facts:
            seq, ts = fact[SEQ], fact[TS]
            target = targets.get(fact[TARGET], _NEW)
            if self._is_quiet(fact):
                if seq <= target.top or ts < target.newest:
                    return False
            elif seq in target.missing or (last is not None and fact[:RECV] <= last[:RECV]):
                return False
            elif ts <= newest and (0 <= seq <= target.top or fact[KIND] == NEW_CONTENT):
                # It may open a view, and what was read belongs into it.
                return False
        return True

    def _is_quiet(self, fact: Fact) -> bool:
        """Whether the fact counts within its target only, so that its place among those of others is of no
        account: responses, and heartbeats of targets that carry no changes of state."""
        head = self.session.head
        view = head.view
        if not head.stated or view.moved < 0 or fact[TS] + view.shift < view.moved or fact[SEQ] < 0:
            return False
        if fact[TRACES] & ~head.traces:
            return False
        if fact[KIND] == MEDIA:
            return True
        target = head.targets.get(fact[TARGET])
        return target is not None and not target.tells and fact[KIND] in (BEAT, OTHER)

    def _append(self, facts: list[Fact]) -> tuple[Sums, Ended, list[int]]:
        session = self.session
        new, repeated = distinct(facts, ())
        reading = self._reading(session.head, new)
        session.tail.append(pack_facts(new))
        self._note_last(new)
        return reading.ledger.sums, reading.finished, repeated

    def _insert(self, facts: list[Fact]) -> tuple[Sums, Ended, list[int]]:
        session = self.session
        tail = [fact for part in session.tail for fact in unpack_facts(part)]
        new, repeated = distinct(facts, tail)
        if not new:
            return {}, [], repeated
        before = self._reading(thaw(session.base), tail).ledger.sums
        tail = sorted(tail + new)
        reading = self._reading(thaw(session.base), tail)
        change = reading.ledger.sums
        slices.merge(change, before, -1)
        session.head, session.middle = reading.fold, b""
        session.tail, session.last = [pack_facts(tail)], None
        self._note_last(tail)
        return change, reading.finished, repeated

    def _note_last(self, facts: list[Fact]) -> None:
        session = self.session
        session.newest = max(session.newest, facts[-1][TS])
        for fact in reversed(facts):
            if not self._is_quiet(fact):
                session.last = fact
                return

    def _reading(self, fold: Fold, facts: list[Fact]) -> Reading:
        """Read facts into a fold, with a ledger of their own."""
        reading = Reading(fold, Ledger(self.session.offset), self.player, self.session.frontier)
        reading.read(facts)
        reading.timeline.tidy()
        return reading


def _alike(one: Fact, next_one: Fact) -> bool:
    return one[TS] == next_one[TS] and one[SEQ] == next_one[SEQ]


def distinct(facts: list[Fact], known_facts: Iterable[Fact]) -> tuple[list[Fact], list[int]]:
    """The facts that are not known, each once, and the client times of the others; arrival makes no
    difference."""
    known = {fact[:RECV] for fact in known_facts}
    if not known and not any(map(_alike, facts, facts[1:])):
        return facts, []
    new: list[Fact] = []
    repeated: list[int] = []
    for fact in facts:
        key = fact[:RECV]
        if key in known:
            repeated.append(fact[TS])
        else:
            known.add(key)
            new.append(fact)
    return new, repeated
