"""Sequence numbers: order, duplicates, losses and restarts of a session's facts. Pure.

Facts come sorted by the client's clock. Within one target the sequence numbers decide what is new, what is a
repetition, what is missing, and where a reporter was started again: a number seen before at a
later time than any before it. A restart opens the next view, unless another target has just restarted.
"""

from collections.abc import Sequence

import msgspec

from beacon_job.sessions.contents import OpenViews
from beacon_job.sessions.facts import BEAT, MEDIA, NEW_CONTENT, STATED, Fact
from beacon_job.sessions.numbers import missing_before, note_beat, note_gap
from beacon_job.sessions.players import fingerprint, rules
from beacon_job.sessions.players.profile import Profile, profile_of
from beacon_job.sessions.players.quirk import Quirk
from beacon_job.sessions.results import ledger
from beacon_job.sessions.results.unobservable import NUMBERS_SHARED
from beacon_job.sessions.state import IDLE, STARTUP, Reading, Target
from beacon_job.sessions.view import machine
from beacon_job.sessions.view.close import is_unheard
from beacon_job.sessions.view.estimated import note_request
from beacon_job.sessions.view.stretches import view_time

RESTART_TOGETHER_MS = 10_000
"""Targets of one reporter restart together: a restart within this of another is of the same view."""

MAX_RESPONSES = 50
"""Responses before the first movement of which the time is remembered."""

MAX_TARGETS = 16
OTHER_TARGETS = "*"
"""A reporter has a handful of targets; those beyond the limit share one account."""


class Reader:
    """Reads facts into a reading; time and counts go to the ledger."""

    __slots__ = ("ledger", "player", "reading", "settled_ms", "views")

    def __init__(
        self,
        reading: Reading,
        into: ledger.Ledger,
        player: str,
        settled_ms: int = -1,
        *,
        load_means_play: bool = False,
    ) -> None:
        self.reading = reading
        self.ledger = into
        self.player = player
        """As the sender names it; empty: by its traces."""
        self.settled_ms = settled_ms
        """Client time before which everything is settled."""
        self.views = OpenViews(reading, into, load_means_play=load_means_play)
        self.views.read_by(self._profile())

    def _profile(self) -> Profile:
        return profile_of(fingerprint.profile_named(self.player, self.reading.traces))

    def read(self, facts: Sequence[Fact]) -> None:
        """Read facts in their order."""
        reading = self.reading
        targets = reading.targets
        if reading.view.first_ms < 0 and facts:
            self.views.begin(facts[0])
        for position, fact in enumerate(facts):
            name, at_ms, seq, kind = fact.target, fact.client_ms, fact.seq, fact.kind
            target = targets.get(name)
            if target is None:
                target = targets.setdefault(name if len(targets) < MAX_TARGETS else OTHER_TARGETS, Target())
            if reading.unnumbered and seq >= 0:
                fact, seq = self._unnumbered(fact), -1
            if seq >= 0 and seq == target.top + 1:
                target.top = seq
                view = reading.view
                view.received += 1
                view.expected += 1
                self.ledger.received(at_ms, 1)
            elif not self._number(fact, target, facts, position):
                continue
            if at_ms > target.newest_ms:
                target.newest_ms = at_ms
            if fact.traces & ~reading.traces or (fact.sta and not reading.stated):
                self._learn(fact)
            if kind == MEDIA:
                self._media(fact)
            else:
                self._tell(fact, target)

    def _number(self, fact: Fact, target: Target, facts: Sequence[Fact], position: int) -> bool:
        """Account for the fact's sequence number; whether the fact has more to say."""
        reading = self.reading
        view = reading.view
        at_ms, seq = fact.client_ms, fact.seq
        if seq < 0:
            if at_ms < self.settled_ms:
                # Too late, or a repetition: without a number nobody can tell.
                self.ledger.mark(ledger.LATE, at_ms)
                return False
            view.unnumbered += 1
            self.ledger.received(at_ms, 0)
            self.ledger.mark(ledger.UNNUMBERED, at_ms)
        elif seq > target.top:
            note_gap(target, facts, position)
            shown = seq - target.top
            target.top = seq
            view.received += 1
            view.expected += shown
            self.ledger.received(at_ms, shown)
        elif seq in target.missing:
            target.missing.remove(seq)
            target.lost = max(0, target.lost - 1)
            view.received += 1
            self.ledger.received(at_ms, 0)
            if at_ms < self.settled_ms:
                # What came after it is settled: it counts as received and changes nothing.
                self.ledger.mark(ledger.LATE, at_ms)
                return False
        elif at_ms > target.newest_ms:
            self._restart(target, fact)
        else:
            self.ledger.mark(ledger.REPEATED, at_ms)
            return False
        return True

    def _unnumbered(self, fact: Fact) -> Fact:
        """The fact without its number, which means nothing."""
        view = self.reading.view
        view.quirks |= Quirk.SHARES_NUMBERS
        view.unobservable |= NUMBERS_SHARED
        return msgspec.structs.replace(fact, seq=-1)

    def _restart(self, target: Target, fact: Fact) -> None:
        """The target's numbers start again."""
        reading = self.reading
        at_ms, seq = fact.client_ms, fact.seq
        together = reading.restarted_ms >= 0 and at_ms - reading.restarted_ms <= RESTART_TOGETHER_MS
        if not together or target.load == reading.loads:
            self.views.next_load(fact)
            reading.restarted_ms = at_ms
            reading.loads += 1
        view = reading.view
        view.quirks |= Quirk.NUMBERS_START_AGAIN
        target.load = reading.loads
        target.top, target.newest_ms, target.beat_ms, target.lost = seq, -1, -1, 0
        target.missing = missing_before(seq)
        view.received += 1
        view.expected += seq + 1
        self.ledger.received(at_ms, seq + 1)

    def _tell(self, fact: Fact, target: Target) -> None:
        """What the fact says beside its number."""
        reading = self.reading
        kind = fact.kind
        if kind == NEW_CONTENT:
            self.views.changes(fact)
        elif kind == STATED and fact.sta != "w":
            target.tells = True
            if not reading.told:
                reading.told = True
                self.views.measure()
            if fact.sta == "d" and self.views.profile.preloads_first and reading.view.moved_ms >= 0:
                self.views.next_load(fact)
                reading.restarted_ms = fact.client_ms
        if reading.stated and not target.tells:
            self._extend(fact)
            return
        if fact.content != reading.content and kind != NEW_CONTENT:
            self.views.speaks(fact)
        lost = target.lost
        beats = 0
        if kind == BEAT:
            beats = note_beat(target, fact.client_ms)
            if not fact.seq and reading.view.last_ms == reading.view.first_ms:
                reading.view.quirks |= Quirk.HEARTBEAT_BEFORE_REQUEST
        elif lost and target.interval_ms:
            beats = max(0, fact.client_ms - target.beat_ms) // target.interval_ms
        if lost and rules.hidden_changes(lost, beats, same_state=False):
            self.views.miss()
        target.lost = 0
        quiet_ms = max(machine.SLEEP_MS, 3 * target.interval_ms)
        machine.read(self.views.playback, fact, lost, beats, quiet_ms, reading.stated)

    def _learn(self, fact: Fact) -> None:
        """A trace not seen before may name the player."""
        reading = self.reading
        reading.traces |= fact.traces
        if fact.sta and not reading.stated:
            reading.stated = True
            if fact.sta == "r":
                reading.traces |= fingerprint.REBUFFER_FIRST
        self.views.read_by(self._profile())
        reading.unnumbered = self.views.profile.shares_numbers
        for target in reading.targets.values() if reading.unnumbered else ():
            target.lost, target.missing = 0, []
        if reading.traces & fingerprint.STICKY_CODE:
            reading.view.quirks |= Quirk.ERROR_CODE_STICKS

    def _media(self, fact: Fact) -> None:
        """A response or request tells whether media arrives; it never changes what the view is doing."""
        if self.reading.content < 0:
            self.views.speaks(fact)
        view = self.views.view_of(fact)
        note_request(view, fact, self.ledger)
        if fact.code >= 400 or fact.code == 0:  # 0: there was no response
            view.media_failed += 1
        elif fact.code >= 0:
            view.media_ok += 1
        if view.moved_ms < 0 and fact.buffer_ms > 0:
            view.fed = True
            if view.phase == STARTUP and view.ready_ms < 0 and fact.buffer_ms >= rules.READY_BUFFER_MS:
                view.ready_ms = fact.client_ms + view.shift_ms
        if view.moved_ms < 0:
            if not self.reading.stated and len(view.responses_ms) < MAX_RESPONSES:
                view.responses_ms.append(fact.client_ms + view.shift_ms)
            self._extend(fact)

    def _extend(self, fact: Fact) -> None:
        """The fact does not tell what the view is doing. As long as none does, it tells that it goes on."""
        view = self.reading.view
        if view.phase == IDLE and (not self.reading.told or is_unheard(self.views.playback)):
            view.last_ms = view_time(view, fact)
