"""One look at one session: what arrived is read, and what changed is given out. Pure."""

from copy import copy

from beacon_job.sessions.clock import may_be_set_back, mend
from beacon_job.sessions.facts import Chunk, Fact, facts_of, read_dims
from beacon_job.sessions.players.fingerprint import player_of
from beacon_job.sessions.reorder import Tail
from beacon_job.sessions.results import ledger as slices
from beacon_job.sessions.results.ledger import Ledger
from beacon_job.sessions.results.rows import summarise
from beacon_job.sessions.sequence import Reading
from beacon_job.sessions.settings import GRID_MS, Outputs, Settings, grid_after
from beacon_job.sessions.state import ENDED, PAUSE, PLAY, UNKNOWN, SessionState, Sums, View, freeze, thaw
from beacon_job.types.sums import group_of


def new_session() -> SessionState:
    """A session that has seen nothing yet."""
    return SessionState(thaw(b""))


class Look:
    """One look at one session at one grid time."""

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

    def look(self, arrivals: list[tuple[int, Chunk]]) -> int:
        """Take in what arrived since the last look and give out the difference to what was given out before;
        the grid time of the next look if nothing more arrives, or -1 when the session need not be kept any
        longer."""
        session = self.session
        facts = self._arrived(arrivals)
        if facts:
            session.closed = False
        elif session.closed:
            return -1
        self.player = session.dims.get("player", "")
        change: Sums = {}
        if facts:
            change, finished = Tail(session, self.settings.wait_ms).read(facts, self.grid_ms)
            for view, outcome, traces in finished:
                self._row(view, outcome, traces, final=True)
        closing = not session.closed and self.grid_ms > session.last_recv + self._patience()
        row_due = closing or bool(facts and self.grid_ms - session.snapshot >= self.settings.snapshot_ms)
        opened: Sums = {}
        if row_due or not self._nothing_open():
            view, opened, outcome = self._open(closing)
            if closing or (row_due and session.snapshot):
                self._row(view, outcome, session.head.traces, final=closing)
        if row_due:
            session.snapshot = self.grid_ms
        if opened or session.open:
            slices.merge(change, opened)
            slices.merge(change, session.open, -1)
        self._give_out(change, opened)
        if closing:
            self._close()
        return self._next()

    def _arrived(self, arrivals: list[tuple[int, Chunk]]) -> list[Fact]:
        """The facts that arrived, sorted."""
        session = self.session
        facts: list[Fact] = []
        for recv, chunk in arrivals:
            facts += facts_of(chunk, recv)
            if recv > session.last_recv:
                session.last_recv = recv
            dims = bytes(chunk.dims)
            if dims != session.stated_dims:
                self._learn(dims)
            if not session.placed:
                self._place(chunk)
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

    def _place(self, chunk: Chunk) -> None:
        """The offset of the clock: that of the first look."""
        session = self.session
        if not chunk.correction or session.head.view.start >= 0:
            session.offset = session.offset if chunk.correction else 0
            session.placed = True
        else:
            session.offset = min(session.offset or chunk.correction, chunk.correction)

    def _nothing_open(self) -> bool:
        """Whether all that the view did is in the slices already."""
        view = self.session.head.view
        return (
            view.since == view.seen
            and view.moved >= 0
            and view.mode in _PLAIN_MODES
            and not self.session.closed
        )

    def _open(self, closing: bool) -> tuple[View, Sums, str]:
        """How things stand if nothing more comes: the view, the slices of what is still open, the outcome."""
        session = self.session
        fold = copy(session.head)
        view = fold.view = copy(fold.view)
        view.sums = view.sums[:]
        ledger = Ledger(session.offset)
        outcome = Reading(fold, ledger, self.player).close(over=closing or session.closed)
        return view, ledger.sums, outcome

    def _give_out(self, change: Sums, opened: Sums) -> None:
        session = self.session
        traces = session.head.traces
        if session.grouped_by != traces:
            session.grouped_by = traces
            group = self._group(traces)
            if group != session.group:
                self._move(change)
                session.group = group
        session.open = opened
        if change:
            self.outputs.contributions += slices.contributions(change, self.emit_ms, session.group)

    def _move(self, change: Sums) -> None:
        """The session is found to belong to another group: what is open moves there."""
        session = self.session
        if session.open:
            taken: Sums = {}
            slices.merge(taken, session.open, -1)
            self.outputs.contributions += slices.contributions(taken, self.emit_ms, session.group)
            slices.merge(change, session.open)

    def _group(self, traces: int) -> tuple[str, ...]:
        """The viewer group: dimensions, the player by its traces where nobody names it."""
        dims = self.session.dims
        return group_of(
            player_of(self.player, traces)[0] if name == "player" else dims.get(name, "")
            for name in self.settings.dimensions
        )

    def _row(self, view: View, outcome: str, traces: int, *, final: bool) -> None:
        session = self.session
        self.outputs.summaries.append(
            summarise(
                self.session_id,
                view,
                outcome,
                session.dims,
                traces=traces,
                offset=session.offset,
                steps=session.steps,
                final=final,
                version=self.emit_ms,
            )
        )

    def _patience(self) -> int:
        settings, view = self.settings, self.session.head.view
        if view.quit:
            return settings.wait_ms
        return settings.paused_ms if view.mode == PAUSE else settings.lost_ms

    def _close(self) -> None:
        """Nothing more is expected: all that was read is settled."""
        session = self.session
        session.closed = True
        if session.tail:
            session.frontier = max(session.frontier, session.newest)
            session.base, session.middle, session.tail, session.last = freeze(session.head), b"", [], None

    def _next(self) -> int:
        session = self.session
        kept = self.settings.keep_ms if session.closed else 0
        return max(grid_after(session.last_recv + self._patience() + kept), self.grid_ms + GRID_MS)


_PLAIN_MODES = frozenset({PLAY, PAUSE, ENDED, UNKNOWN})
"""Modes that leave nothing to be counted but their time."""
