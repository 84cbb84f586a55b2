"""All viewers at once: what arrives at the collector, in order of arrival, for ever or until all have left.

Each of `viewers` seats plays one session after another: a viewer that leaves is replaced. Memory holds one
story per seat and what is under way, no more.
"""

from collections import deque
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import count
from random import Random

from local.viewers.habits import HABITS, Habits
from local.viewers.network import REAL, Network
from local.viewers.session import Delivery, Session
from local.viewers.truth import SessionTruth
from local.viewers.writer import write_script

LEFT_MS = 180_000
"""How long a session that is over is kept in sight."""


class Watching:
    """A window on a run: who watches now, who has just left, and the way to end it."""

    def __init__(self) -> None:
        self.sessions: dict[int, Session] = {}
        self.left: deque[Session] = deque()
        """Sessions that were over less than `LEFT_MS` ago."""
        self.closing = False
        """When set, nobody says anything more; what is under way still arrives."""


def generate(
    seed: int,
    viewers: int,
    start_ms: int,
    *,
    sessions: int | None = None,
    until_ms: int | None = None,
    arrival_ms: float = 100.0,
    habits: Habits = HABITS,
    network: Network = REAL,
    dialects: tuple[str, ...] = (),
    tell: Callable[[SessionTruth], None] | None = None,
    watching: Watching | None = None,
) -> Iterator[Delivery]:
    """Deliveries ordered by `recv_ms`, all drawn from `seed`; session ids from `seed` and `start_ms`.

    The seats fill one every `arrival_ms` on average. No session begins after `until_ms` or after `sessions`
    of them; those under way are played to their end. `tell` gets a session's truth once all of it has come.
    """
    rng = Random(f"seats {seed}")
    watching = watching or Watching()
    heap: list[tuple[int, int, Session | int | tuple[Session, Delivery]]] = []
    order = count()
    at_ms = float(start_ms)
    for seat in range(viewers):
        heap.append((int(at_ms), next(order), seat))
        at_ms += rng.expovariate(1 / arrival_ms) if arrival_ms else 0
    begun = 0

    def over(session: Session) -> None:
        del watching.sessions[session.script.index]
        session.over_ms = now_ms
        watching.left.append(session)
        while watching.left[0].over_ms < now_ms - LEFT_MS:
            watching.left.popleft()
        if tell is not None:
            tell(session.truth())

    while heap:
        now_ms, _, thing = heappop(heap)
        if isinstance(thing, tuple):
            session, delivery = thing
            session.under_way -= 1
            yield delivery
            if session.over:
                over(session)
        elif watching.closing:
            continue
        elif isinstance(thing, Session):
            for delivery in thing.send():
                heappush(heap, (delivery.recv_ms, next(order), (thing, delivery)))
            if thing.next is not None:
                heappush(heap, (thing.start_ms + thing.next.send_ms, next(order), thing))
            elif thing.over:
                over(thing)
        elif (sessions is None or begun < sessions) and (until_ms is None or now_ms <= until_ms):
            begun += 1
            session = Session(write_script(seed, thing, habits, dialects, start_ms), now_ms, network)
            watching.sessions[thing] = session
            heappush(heap, (now_ms, next(order), session))
            again_ms = now_ms + session.script.leave_ms + int(rng.uniform(200, 8_000))
            heappush(heap, (again_ms, next(order), thing + viewers))
