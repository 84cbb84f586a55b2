"""All viewers at once: what arrives at the collector, in order of arrival, for ever or until all have left.

Each of `viewers` seats plays one session after another: a viewer that leaves is replaced. Memory holds one story per
seat and what is under way, no more.
"""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import count
from random import Random

import msgspec

from local.viewers.broken import broken_body, spoil
from local.viewers.dialects import CONTENT_TYPE, PATH, SPEAK
from local.viewers.dialects.post import Post
from local.viewers.envelope import HEAD, Door
from local.viewers.habits import HABITS, Habits
from local.viewers.network import REAL, Network, Way
from local.viewers.script import Script, write_script
from local.viewers.truth import SessionTruth, TargetAccount, session_truth


class Delivery(msgspec.Struct, frozen=True):
    """One record as the front door puts it into Kinesis."""

    recv_ms: int
    partition_key: str
    """The session id, as the front door knows it from nothing else than the body's first session."""
    tail: bytes
    """The envelope after `recv_at`."""
    good_events: int
    """Events in it that can be read; those of a repeated post count again."""
    bad_records: int
    """Bad records that reading it must yield."""
    kind: str
    """good, repeated, spoilt, or the kind of breakage (`broken.BODIES`)."""
    session_index: int
    """The viewer's index; for a broken record, of the viewer beside whom it was made."""

    @property
    def broken(self) -> bool:
        """Whether nothing in it can be read."""
        return self.good_events == 0

    @property
    def data(self) -> bytes:
        """The record's bytes."""
        return self.stamped(self.recv_ms)

    def stamped(self, recv_ms: int) -> bytes:
        """The record's bytes as accepted at `recv_ms`."""
        return b"%b%d%b" % (HEAD, recv_ms, self.tail)


class Session:
    """A story under way: takes its posts one by one to the collector and keeps the account."""

    def __init__(self, script: Script, start_ms: int, network: Network) -> None:
        self.script, self.start_ms, self.network = script, start_ms, network
        viewer = script.viewer
        self.way = Way(script, network)
        self.targets: dict[str, TargetAccount] = {}
        self.posts = SPEAK[viewer.player](script, start_ms + viewer.clock_offset_ms)
        self.next: Post | None = next(self.posts, None)
        self.rng = Random(f"session {script.seed} {script.index}")
        self.under_way = 0
        self.requests = 0
        self.said_ms = 0
        self.doors = {
            target: Door.of(path, CONTENT_TYPE[target], viewer.device.user_agent, viewer.country.ip_prefix,
                            viewer.country.code)
            for target, path in PATH.items()
        }  # fmt: skip

    @property
    def over(self) -> bool:
        """Whether all was said and nothing is under way."""
        return self.next is None and self.under_way == 0

    def truth(self, until_ms: int | None = None) -> SessionTruth:
        """The truth up to what was said so far, or to server time `until_ms`."""
        said_ms = self.said_ms if until_ms is None else min(until_ms - self.start_ms, self.script.leave_ms)
        return session_truth(self.script, self.start_ms, said_ms, self.targets, still_open=self.next is not None)

    def send(self) -> list[Delivery]:
        """Sends the next post; gives what will arrive of it, in order of arrival."""
        post = self.next
        assert post is not None  # noqa: S101  a session that is over is never asked
        self.next = next(self.posts, None)
        arrivals = self.way.arrivals(post.send_ms)
        self._account(post, len(arrivals))
        found = []
        body, bad_records = post.body, 0
        if self.rng.random() < self.network.spoilt_share:
            spoilt = spoil(self.script.viewer.player, body)
            if spoilt is not None:
                body, bad_records = spoilt, 1
        door, sid = self.doors[post.target], self.script.session_id
        for again, arrival_ms in enumerate(arrivals):
            kind = "repeated" if again else "spoilt" if bad_records else "good"
            tail = door.tail(self._request_id(), body)
            found.append(
                Delivery(self.start_ms + arrival_ms, sid, tail, post.events, bad_records, kind, self.script.index)
            )
        if self.rng.random() < self.network.broken_share:
            found.append(self._broken(self.start_ms + post.send_ms + self.rng.randint(1, 500)))
        self.under_way += len(found)
        return found

    def _account(self, post: Post, arrivals: int) -> None:
        account = self.targets.setdefault(post.target, TargetAccount())
        account.sent += post.events
        if arrivals:
            account.stored += post.events
            account.repeated += post.events * (arrivals - 1)
            account.last_seq_stored = max(account.last_seq_stored, post.first_seq + post.events - 1)
        self.said_ms = max(self.said_ms, post.said_ms)

    def _broken(self, recv_ms: int) -> Delivery:
        kind, body = broken_body(self.rng, recv_ms)
        request_id = self._request_id()
        tail = self.doors[""].tail(request_id, body)
        return Delivery(recv_ms, request_id, tail, 0, 1, kind, self.script.index)

    def _request_id(self) -> str:
        self.requests += 1
        return f"{self.script.session_id[:24]}{self.requests:012x}"


class Watching:
    """A window on a run: who watches now, and the way to end it."""

    def __init__(self) -> None:
        self.sessions: dict[int, Session] = {}
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
    players: tuple[str, ...] = (),
    tell: Callable[[SessionTruth], None] | None = None,
    watching: Watching | None = None,
) -> Iterator[Delivery]:
    """Deliveries ordered by `recv_ms`, all drawn from `seed`.

    The seats fill one every `arrival_ms` on average. No session begins after `until_ms` or after `sessions` of
    them; those under way are played to their end. `tell` gets each session's truth when the last of it has arrived.
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
            session = Session(write_script(seed, thing, habits, players), now_ms, network)
            watching.sessions[thing] = session
            heappush(heap, (now_ms, next(order), session))
            again_ms = now_ms + session.script.leave_ms + int(rng.uniform(200, 8_000))
            heappush(heap, (again_ms, next(order), thing + viewers))
