"""The order of a session's last facts: what may still be overtaken, and reading it again when it is. Pure."""

from collections.abc import Iterable

import msgspec

from beacon_job.sessions.facts import BEAT, MEDIA, NEW_CONTENT, OTHER, Fact
from beacon_job.sessions.frozen import freeze, pack_facts, thaw, unpack_facts
from beacon_job.sessions.results import ledger
from beacon_job.sessions.results.ledger import Ledger
from beacon_job.sessions.sequence import Reader
from beacon_job.sessions.settings import Settings
from beacon_job.sessions.state import (
    Reading,
    SessionState,
    Sums,
    Target,
    View,
)
from beacon_job.sessions.view.stretches import Playback, tidy

Ended = list[tuple[View, str, int]]
"""Views that ended, each with its outcome and the traces seen until then."""

_NEW = Target()
_ARRIVAL = Fact.__struct_fields__.index("recv_ms")


class Reorder:
    """Reads new facts into a session, each in its place."""

    __slots__ = ("player", "session", "settings")

    def __init__(self, session: SessionState, settings: Settings) -> None:
        self.session = session
        self.settings = settings
        self.player = session.dims.get("player", "")
        """As the sender names it."""

    def read(self, facts: list[Fact], grid_ms: int) -> tuple[Sums, Ended]:
        """Read new facts (sorted, at least one) behind the known ones, or, if they belong between them, read
        all again from what is settled; how the sums change, and the views that ended."""
        self._settle(min(fact.recv_ms for fact in facts))
        change, ended, repeated = self._append(facts) if self._follows(facts) else self._insert(facts)
        session = self.session
        if not session.settling and session.unsettled:
            session.settling, session.settling_grid_ms = freeze(session.reading), grid_ms
            session.settling_parts = len(session.unsettled)
        if repeated:
            counted = Ledger(session.offset_ms)
            for at_ms in repeated:
                counted.mark(ledger.REPEATED, at_ms)
            ledger.merge(change, counted.sums)
        return change, ended

    def _settle(self, arrived_ms: int) -> None:
        """What arrived longer before the new facts than the wait cannot be overtaken by them."""
        session = self.session
        if session.settling and session.settling_grid_ms + self.settings.wait_ms <= arrived_ms:
            count = session.settling_parts
            session.settled_ms = max(session.settled_ms, session.unsettled[count - 1][0])
            session.settled, session.settling = session.settling, b""
            del session.unsettled[:count]
            if not session.unsettled:
                session.last = None

    def _follows(self, facts: list[Fact]) -> bool:
        """Whether reading new facts behind all that was read gives what reading all in order would give."""
        session = self.session
        last, newest_ms, targets = session.last, session.newest_ms, session.reading.targets
        if facts[0].client_ms > newest_ms and not any(target.missing for target in targets.values()):
            return True
        for fact in facts:
            seq, at_ms = fact.seq, fact.client_ms
            target = targets.get(fact.target, _NEW)
            if self._is_quiet(fact):
                if seq <= target.top or at_ms < target.newest_ms:
                    return False
            elif seq in target.missing or (last is not None and _said(fact) <= _said(last)):
                return False
            elif at_ms <= newest_ms and (0 <= seq <= target.top or self._may_open(fact)):
                # What was read may belong into the view that it opens.
                return False
        return True

    def _may_open(self, fact: Fact) -> bool:
        """Whether the fact may open a view, or turn to another one, by what it says."""
        return (
            fact.kind == NEW_CONTENT
            or fact.sta == "d"
            or fact.content not in (-1, self.session.reading.content)
        )

    def _is_quiet(self, fact: Fact) -> bool:
        """Whether the fact counts within its target only, so that its place among those of others is of no
        account: responses, and heartbeats of targets that carry no changes of state."""
        reading = self.session.reading
        view = reading.view
        if (
            not reading.told
            or reading.unnumbered
            or reading.beside
            or view.moved_ms < 0
            or fact.client_ms + view.shift_ms < view.moved_ms
            or fact.seq < 0
        ):
            return False
        if fact.traces & ~reading.traces:
            return False
        if fact.kind == MEDIA:
            return True
        target = reading.targets.get(fact.target)
        return target is not None and not target.tells and fact.kind in (BEAT, OTHER)

    def _append(self, facts: list[Fact]) -> tuple[Sums, Ended, list[int]]:
        session = self.session
        new, repeated = distinct(facts, ())
        reader = self._read(session.reading, new)
        session.unsettled.append(pack_facts(new))
        self._note_last(new)
        return reader.ledger.sums, reader.views.finished, repeated

    def _insert(self, facts: list[Fact]) -> tuple[Sums, Ended, list[int]]:
        session = self.session
        unsettled = [fact for part in session.unsettled for fact in unpack_facts(part)]
        new, repeated = distinct(facts, unsettled)
        if not new:
            return {}, [], repeated
        before = self._read(thaw(session.settled), unsettled).ledger.sums
        unsettled = sorted(unsettled + new)
        reader = self._read(thaw(session.settled), unsettled)
        change = reader.ledger.sums
        ledger.merge(change, before, -1)
        session.reading, session.settling = reader.reading, b""
        session.unsettled, session.last = [pack_facts(unsettled)], None
        self._note_last(unsettled)
        return change, reader.views.finished, repeated

    def _note_last(self, facts: list[Fact]) -> None:
        session = self.session
        session.newest_ms = max(session.newest_ms, facts[-1].client_ms)
        for fact in reversed(facts):
            if not self._is_quiet(fact):
                session.last = fact
                return

    def _read(self, reading: Reading, facts: list[Fact]) -> Reader:
        """Read facts, with a ledger of their own."""
        reader = Reader(
            reading,
            Ledger(self.session.offset_ms),
            self.player,
            self.session.settled_ms,
            load_means_play=self.settings.does_load_mean_play,
        )
        reader.read(facts)
        for view in (reading.view, *reading.beside.values()):
            tidy(Playback(view, reader.ledger, reader.views.profile))
        return reader


def _alike(one: Fact, next_one: Fact) -> bool:
    return one.client_ms == next_one.client_ms and one.seq == next_one.seq


def _said(fact: Fact) -> tuple[object, ...]:
    """All of a fact but its arrival."""
    said = msgspec.structs.astuple(fact)
    return said[:_ARRIVAL] + said[_ARRIVAL + 1 :]


def distinct(facts: list[Fact], known_facts: Iterable[Fact]) -> tuple[list[Fact], list[int]]:
    """The facts that are not known, each once, and the client times of the others; arrival
    makes no difference."""
    known = {_said(fact) for fact in known_facts}
    if not known and not any(map(_alike, facts, facts[1:])):
        return facts, []
    new: list[Fact] = []
    repeated: list[int] = []
    for fact in facts:
        key = _said(fact)
        if key in known:
            repeated.append(fact.client_ms)
        else:
            known.add(key)
            new.append(fact)
    return new, repeated
