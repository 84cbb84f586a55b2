"""The order of a session's last facts: what may still be overtaken, and reading it again when it is. Pure."""

from beacon_job import slices
from beacon_job.session_facts import RECV, SEQ, TARGET, TS, Fact
from beacon_job.session_order import Reading
from beacon_job.session_state import Fold, SessionState, Sums, View, freeze, thaw
from beacon_job.slices import Ledger


class Tail:
    """Reads new facts into a session."""

    __slots__ = ("player", "session", "wait_ms")

    def __init__(self, session: SessionState, wait_ms: int) -> None:
        self.session = session
        self.wait_ms = wait_ms
        self.player = session.dims.get("player", "")
        """As the sender names it."""

    def read(self, facts: list[Fact], grid_ms: int) -> tuple[Sums, list[tuple[View, str, int]]]:
        """Read new facts behind the known ones, or, if they belong between them, read all again from the
        base; how the slices change, and the views that ended."""
        session = self.session
        self._settle(min(fact[RECV] for fact in facts))
        tail = session.tail
        repeated = self._drop_repetitions(facts)
        if not facts:
            return self._repetitions(repeated), []
        if self._follows(facts):
            tail += facts
            reading = self._reading(session.head, facts)
            change = reading.ledger.sums
        else:
            before = self._reading(thaw(session.base), tail).ledger.sums
            tail = session.tail = sorted(tail + facts)
            session.middle = b""
            reading = self._reading(thaw(session.base), tail)
            change = reading.ledger.sums
            slices.merge(change, before, -1)
        session.head = reading.fold
        if not session.middle:
            session.middle, session.middle_at, session.middle_count = (
                freeze(session.head),
                grid_ms,
                len(tail),
            )
        if repeated:
            slices.merge(change, self._repetitions(repeated))
        return change, reading.finished

    def _follows(self, facts: list[Fact]) -> bool:
        """Whether new facts lie behind all that was read, and fill no gap in it."""
        tail, targets = self.session.tail, self.session.head.targets
        if tail and facts[0] < tail[-1]:
            return False
        gaps = {name: target.missing for name, target in targets.items() if target.missing}
        return not gaps or not any(fact[SEQ] in gaps.get(fact[TARGET], ()) for fact in facts)

    def _settle(self, arrived_ms: int) -> None:
        """What arrived longer before the new facts than the wait cannot be overtaken by them."""
        session = self.session
        if session.middle and session.middle_at + self.wait_ms <= arrived_ms:
            count = session.middle_count
            session.frontier = max(session.frontier, session.tail[count - 1][TS])
            session.base, session.middle = session.middle, b""
            del session.tail[:count]

    def _drop_repetitions(self, facts: list[Fact]) -> list[int]:
        """Take out of the sorted facts what is known already, but for the time of its arrival; its client
        times."""
        first = facts[0][TS]
        known = {fact[:-1] for fact in self.session.tail if fact[TS] >= first}
        repeated: list[int] = []
        kept: list[Fact] = []
        for fact in facts:
            key = fact[:-1]
            if key in known:
                repeated.append(fact[TS])
            else:
                known.add(key)
                kept.append(fact)
        if repeated:
            facts[:] = kept
        return repeated

    def _repetitions(self, times: list[int]) -> Sums:
        ledger = Ledger(self.session.offset)
        for ts in times:
            ledger.mark(slices.DUP, ts)
        return ledger.sums

    def _reading(self, fold: Fold, facts: list[Fact]) -> Reading:
        """Read facts into a fold, with a ledger of their own."""
        reading = Reading(fold, Ledger(self.session.offset), self.player, self.session.frontier)
        reading.read(facts)
        reading.timeline.tidy()
        return reading
