"""One evaluation of one session: what arrived is read, and what changed is given out. Pure.

Sessions are evaluated only at whole multiples of `GRID_MS` of the arrival clock, when the watermark says that
all arrivals before it are in; so nothing depends on a timer or the wall clock.
"""

from copy import copy

from beacon_job.sessions.clock import may_be_set_back, mend
from beacon_job.sessions.contents import remember
from beacon_job.sessions.facts import Body, Fact, read_dims
from beacon_job.sessions.frozen import freeze, thaw
from beacon_job.sessions.players.fingerprint import player_of
from beacon_job.sessions.reorder import Reorder
from beacon_job.sessions.results import ledger
from beacon_job.sessions.results.outputs import Outputs
from beacon_job.sessions.results.rows import session_row
from beacon_job.sessions.sequence import Reader
from beacon_job.sessions.settings import Settings
from beacon_job.sessions.state import ENDED, PAUSE, PLAY, UNKNOWN, SessionState, Sums, View
from beacon_job.types.settings import CONTENT
from beacon_job.types.sums import group_of

GRID_MS = 10_000
"""Arrival time is evaluated in steps of this."""


def grid_after(recv_ms: int) -> int:
    """The first grid time at which an arrival of that time is surely in."""
    return recv_ms // GRID_MS * GRID_MS + GRID_MS


def new_session() -> SessionState:
    """A session that has seen nothing yet."""
    return SessionState(thaw(b""))


class Evaluation:
    """Of one session, at one grid time."""

    __slots__ = ("emit_ms", "grid_ms", "outputs", "player", "session", "session_id", "settings")

    def __init__(
        self, session_id: str, session: SessionState, grid_ms: int, settings: Settings, outputs: Outputs
    ) -> None:
        self.session_id = session_id
        self.session = session
        self.grid_ms = grid_ms
        self.emit_ms = grid_ms - 1
        self.settings = settings
        self.outputs = outputs
        self.player = ""

    def run(self, bodies: list[tuple[int, Body]]) -> int:
        """Take in the bodies that arrived since the last evaluation, each with its arrival, and give out the
        difference to what was given out before; the grid time of the next evaluation if nothing more arrives,
        or -1 when the session need not be kept any longer."""
        session = self.session
        facts = self._arrived(bodies)
        if facts:
            session.closed = False
        elif session.closed:
            return -1
        self.player = session.dims.get("player", "")
        change: Sums = {}
        if facts:
            change, finished = Reorder(session, self.settings).read(facts, self.grid_ms)
            for view, outcome, traces in finished:
                self._row(view, outcome, traces, final=True)
        closing = not session.closed and self.grid_ms > session.last_recv_ms + self._patience()
        row_due = closing or bool(
            facts and self.grid_ms - session.snapshot_grid_ms >= self.settings.snapshot_ms
        )
        opened: Sums = {}
        if row_due or not self._nothing_open():
            views, opened = self._open(closing)
            for view, outcome in views if closing or (row_due and session.snapshot_grid_ms) else ():
                self._row(view, outcome, session.reading.traces, final=closing)
        if row_due:
            session.snapshot_grid_ms = self.grid_ms
        if opened or session.open:
            ledger.merge(change, opened)
            ledger.merge(change, session.open, -1)
        self._give_out(change, opened)
        if closing:
            self._close()
        return self._next()

    def _arrived(self, bodies: list[tuple[int, Body]]) -> list[Fact]:
        """The facts that arrived, sorted."""
        session = self.session
        facts: list[Fact] = []
        for recv_ms, body in bodies:
            facts += body.facts
            remember(session.contents, body.contents)
            if recv_ms > session.last_recv_ms:
                session.last_recv_ms = recv_ms
            if body.dims != session.stated_dims:
                self._learn(body.dims)
            if not session.placed:
                self._place(body)
        excess = len(facts) - self.settings.max_pending
        if excess > 0:
            self.outputs.shed += excess
            session.shed += excess
            del facts[self.settings.max_pending :]
        facts.sort()
        if facts and may_be_set_back(session, facts):
            facts = sorted(mend(session, facts))
        return facts

    def _learn(self, stated: bytes) -> None:
        session = self.session
        session.stated_dims = stated
        dims = session.dims
        for name, value in read_dims(stated).items():
            known = dims.get(name)
            # Of two values the lesser, so that the order of arrival does not matter.
            if known is None or value < known:
                dims[name] = value
                session.grouped_by = -1

    def _place(self, body: Body) -> None:
        """The offset of the clock: that of the first evaluation."""
        session = self.session
        if not body.correction_ms or session.reading.view.first_ms >= 0:
            session.offset_ms = session.offset_ms if body.correction_ms else 0
            session.placed = True
        else:
            session.offset_ms = min(session.offset_ms or body.correction_ms, body.correction_ms)

    def _nothing_open(self) -> bool:
        """Whether all that the view did is given out already."""
        view = self.session.reading.view
        return (
            not self.session.reading.beside
            and view.booked_ms == view.last_ms
            and view.moved_ms >= 0
            and view.phase in _PLAIN_PHASES
            and not self.session.closed
        )

    def _open(self, closing: bool) -> tuple[list[tuple[View, str]], Sums]:
        """How things stand if nothing more comes: the views with their outcomes, the sums of what is open."""
        session = self.session
        reading = copy(session.reading)
        reading.view = _copied(reading.view)
        reading.beside = {content: _copied(view) for content, view in reading.beside.items()}
        reader = Reader(
            reading,
            ledger.Ledger(session.offset_ms),
            self.player,
            load_means_play=self.settings.does_load_mean_play,
        )
        return reader.views.close(over=closing or session.closed), reader.ledger.sums

    def _give_out(self, change: Sums, opened: Sums) -> None:
        session = self.session
        traces = session.reading.traces
        if session.grouped_by != traces or CONTENT in self.settings.dimensions:
            session.grouped_by = traces
            group = self._group(traces)
            if group != session.group:
                self._move(change)
                session.group = group
        session.open = opened
        if change:
            self.outputs.contributions += ledger.contributions(change, self.emit_ms, session.group)

    def _move(self, change: Sums) -> None:
        """The session is found to belong to another group: what is open moves there."""
        session = self.session
        if session.open:
            taken: Sums = {}
            ledger.merge(taken, session.open, -1)
            self.outputs.contributions += ledger.contributions(taken, self.emit_ms, session.group)
            ledger.merge(change, session.open)

    def _group(self, traces: int) -> tuple[str, ...]:
        """The viewer group: dimensions, the player by its traces where nobody names it."""
        dims = self.session.dims
        named = dims | {
            "player": player_of(self.player, traces)[0],
            CONTENT: self.session.contents.get(self.session.reading.content, ""),
        }
        return group_of(named.get(name, "") for name in self.settings.dimensions)

    def _row(self, view: View, outcome: str, traces: int, *, final: bool) -> None:
        session = self.session
        self.outputs.rows.append(
            session_row(
                self.session_id,
                view,
                outcome,
                session.dims,
                content_id=session.contents.get(view.content),
                traces=traces,
                offset_ms=session.offset_ms,
                steps=session.steps,
                final=final,
                version=self.emit_ms,
                load_means_play=self.settings.does_load_mean_play,
            )
        )

    def _patience(self) -> int:
        settings, view = self.settings, self.session.reading.view
        if view.quit:
            return settings.wait_ms
        return settings.paused_ms if view.phase == PAUSE else settings.lost_ms

    def _close(self) -> None:
        """Nothing more is expected: all that was read is settled."""
        session = self.session
        session.closed = True
        if session.unsettled:
            session.settled_ms = max(session.settled_ms, session.newest_ms)
            session.settled, session.settling = freeze(session.reading), b""
            session.unsettled, session.last = [], None

    def _next(self) -> int:
        session = self.session
        kept = self.settings.keep_ms if session.closed else 0
        return max(grid_after(session.last_recv_ms + self._patience() + kept), self.grid_ms + GRID_MS)


def _copied(view: View) -> View:
    """A view that can be closed while the other goes on."""
    view = copy(view)
    view.phase_ms = view.phase_ms[:]
    view.changes = None if view.changes is None else view.changes[:]
    return view


_PLAIN_PHASES = frozenset({PLAY, PAUSE, ENDED, UNKNOWN})
"""Phases that leave nothing to be counted but their time."""
