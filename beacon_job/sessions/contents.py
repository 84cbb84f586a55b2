"""The open views of a session, one a content: an advertisement is shown beside the programme, and may share
its session and its numbers. Pure."""

from beacon_job.sessions.estimate.state import Requests
from beacon_job.sessions.facts import Fact
from beacon_job.sessions.players.profile import PLAIN, Profile
from beacon_job.sessions.results.ledger import Ledger
from beacon_job.sessions.results.unobservable import LOST_RECORDS
from beacon_job.sessions.state import Reading, View
from beacon_job.sessions.view.close import close
from beacon_job.sessions.view.machine import SLEEP_MS
from beacon_job.sessions.view.stretches import Playback, begin

MAX_BESIDE = 4
"""Contents that stay open beside the one that speaks."""

MAX_CONTENTS = 16
"""Contents of a session of which the id is kept."""


def remember(known: dict[int, str], named: dict[int, str]) -> None:
    """Keep the ids of contents, by checksum: those of the last few."""
    if not named.keys() <= known.keys():
        known |= named
        for checksum in [*known][:-MAX_CONTENTS]:
            del known[checksum]


class OpenViews:
    """The view that speaks is `reading.view`, and `playback` reads it; views that end go to `finished`, with
    their outcomes and the traces seen until then."""

    __slots__ = ("finished", "ledger", "load_means_play", "playback", "profile", "reading")

    def __init__(self, reading: Reading, ledger: Ledger, *, load_means_play: bool = False) -> None:
        self.reading = reading
        self.ledger = ledger
        self.load_means_play = load_means_play
        """Pages ask for playback when they load."""
        self.profile = PLAIN
        self.finished: list[tuple[View, str, int]] = []
        self.playback = Playback(reading.view, ledger)

    def read_by(self, profile: Profile) -> None:
        """What is known of the player."""
        self.profile = self.playback.profile = profile

    def begin(self, fact: Fact) -> None:
        """The first fact of the session."""
        begin(self.reading.view, fact, self.ledger.offset_ms)
        self._shows(fact.content)

    def speaks(self, fact: Fact) -> None:
        """Turn to the view of the fact's content; the first mention of one names the present view's."""
        reading = self.reading
        if fact.content in (-1, reading.content):
            return
        if reading.content < 0:
            self._shows(fact.content)
        else:
            self._turn_to(fact)

    def changes(self, fact: Fact) -> None:
        """Another content was announced: it opens a view once this one has moved."""
        reading = self.reading
        if fact.content in (-1, reading.content):
            return
        if reading.content >= 0 and reading.view.moved_ms >= 0:
            self._carry_on(fact)
            self._turn_to(fact)
        self._shows(fact.content)

    def next_load(self, fact: Fact) -> None:
        """All that is open ends where the next load begins: what it was doing, it did until then."""
        self._carry_on(fact)
        for playback in self._playbacks():
            self._finish(playback)
        self.reading.beside = {}
        self._open(fact)

    def measure(self) -> None:
        """States are told from here on: nothing has to be estimated."""
        for playback in self._playbacks():
            playback.view.requests = None

    def miss(self) -> None:
        """Numbers of the session are missing that may have told a change of any content."""
        for view in self.reading.beside.values():
            view.unobservable |= LOST_RECORDS

    def close(self, *, over: bool) -> list[tuple[View, str]]:
        """Count what is still open; each view with its outcome."""
        told = self.reading.told
        return [(playback.view, self._closed(playback, over, told)) for playback in self._playbacks()]

    def _closed(self, playback: Playback, over: bool, told: bool) -> str:
        return close(playback, over=over, told=told, load_means_play=self.load_means_play)

    def view_of(self, fact: Fact) -> View:
        """The view of the fact's content, if it has one of its own."""
        return self.reading.beside.get(fact.content, self.reading.view)

    def _playbacks(self) -> list[Playback]:
        beside = self.reading.beside.values()
        return [self.playback, *(Playback(view, self.ledger, self.profile) for view in beside)]

    def _carry_on(self, fact: Fact) -> None:
        view = self.reading.view
        now_ms = fact.client_ms + view.shift_ms
        if view.moved_ms >= 0 and 0 < now_ms - view.last_ms <= SLEEP_MS:
            view.last_ms = now_ms

    def _finish(self, playback: Playback) -> None:
        outcome = self._closed(playback, over=True, told=self.reading.told)
        self.finished.append((playback.view, outcome, self.reading.traces))

    def _open(self, fact: Fact) -> None:
        reading = self.reading
        view = reading.view
        reading.view = View(
            index=reading.views,
            bitrate_kbps=view.bitrate_kbps,
            hidden=view.hidden,
            requests=None if reading.told else Requests(),
        )
        reading.views += 1
        self._shows(fact.content if fact.content >= 0 else reading.content)
        self.playback = Playback(reading.view, self.ledger, self.profile)
        begin(reading.view, fact, self.ledger.offset_ms)

    def _shows(self, content: int) -> None:
        self.reading.content = self.reading.view.content = content

    def _turn_to(self, fact: Fact) -> None:
        """Another content speaks. The one before stays open beside it, and may speak again."""
        reading = self.reading
        reading.beside[reading.content] = reading.view
        known = reading.beside.pop(fact.content, None)
        if known is None:
            self._open(fact)
        else:
            reading.view, reading.content = known, fact.content
            self.playback = Playback(known, self.ledger, self.profile)
        if len(reading.beside) > MAX_BESIDE:
            oldest = min(reading.beside, key=lambda content: reading.beside[content].last_ms)
            self._finish(Playback(reading.beside.pop(oldest), self.ledger, self.profile))
