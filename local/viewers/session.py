"""One session under way: its posts go to the collector one by one, and the account is kept."""

from random import Random

import msgspec

from local.viewers.account import Account
from local.viewers.broken import BREAKAGES, spoil
from local.viewers.dialects import SPEAK
from local.viewers.dialects.post import Post
from local.viewers.envelope import HEAD, Door, door
from local.viewers.network import Network, Way
from local.viewers.script import Script
from local.viewers.truth import SessionTruth, session_truth


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
    """good, repeated, spoilt, or the kind of breakage (`broken.BREAKAGES`)."""
    session_index: int
    """The viewer's index; for a broken record, of the viewer beside whom it was made."""
    enveloped: bool = True
    """Whether `tail` lacks its head; else it is the whole record."""

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
        return b"%b%d%b" % (HEAD, recv_ms, self.tail) if self.enveloped else self.tail


class Session:
    """A story under way: takes its posts one by one to the collector and keeps the account."""

    def __init__(self, script: Script, start_ms: int, network: Network) -> None:
        self.script, self.start_ms, self.network = script, start_ms, network
        viewer = script.viewer
        self.way = Way(script, network)
        self.account = Account()
        self.doors: dict[str, Door] = {}
        self.posts = SPEAK[viewer.player.dialect](script, start_ms + viewer.clock_offset_ms)
        self.next: Post | None = next(self.posts, None)
        self.rng = Random(f"session {script.seed} {script.index}")
        self.under_way = 0
        self.over_ms = 0
        """Server time of the last arrival, once it is over."""
        self.requests = 0

    @property
    def over(self) -> bool:
        """Whether all was said and nothing is under way."""
        return self.next is None and self.under_way == 0

    def truth(self, until_ms: int | None = None) -> SessionTruth:
        """The truth up to what was heard so far, or to server time `until_ms`."""
        heard_ms = self.account.heard_ms
        if until_ms is not None:
            heard_ms = min(until_ms - self.start_ms, self.script.leave_ms)
        return session_truth(
            self.script, self.start_ms, heard_ms, self.account, still_open=self.next is not None
        )

    def send(self) -> list[Delivery]:
        """Sends the next post; gives what will arrive of it, in order of arrival."""
        post = self.next
        assert post is not None  # noqa: S101  a session that is over is never asked
        self.next = next(self.posts, None)
        arrivals = self.way.arrivals(post.send_ms)
        self.account.enter(post, arrivals)
        found = []
        body, bad_records = post.body, 0
        if self.rng.random() < self.network.spoilt_share:
            spoilt = spoil(post.target, body)
            if spoilt is not None:
                body, bad_records = spoilt, 1
        front, sid = self._door(post.target), self.script.session_id
        for again, arrival_ms in enumerate(arrivals):
            kind = "repeated" if again else "spoilt" if bad_records else "good"
            tail = front.tail(self._request_id(), body)
            found.append(
                Delivery(
                    self.start_ms + arrival_ms, sid, tail, post.events, bad_records, kind, self.script.index
                )
            )
        if self.rng.random() < self.network.broken_share:
            found.append(self._broken(self.start_ms + post.send_ms + self.rng.randint(1, 500)))
        self.under_way += len(found)
        return found

    def _broken(self, recv_ms: int) -> Delivery:
        kind = self.rng.choice(tuple(BREAKAGES))
        breakage = BREAKAGES[kind]
        tail = breakage.make(self.rng, recv_ms)
        request_id = self._request_id()
        if breakage.target is not None:
            tail = self._door(breakage.target).tail(request_id, tail)
        index, enveloped = self.script.index, breakage.target is not None
        return Delivery(recv_ms, request_id, tail, 0, 1, kind, index, enveloped)

    def _door(self, target: str) -> Door:
        found = self.doors.get(target)
        if found is None:
            viewer = self.script.viewer
            found = door(target, viewer.player, viewer.cdn, viewer.device, viewer.country)
            self.doors[target] = found
        return found

    def _request_id(self) -> str:
        self.requests += 1
        return f"{self.script.session_id[:24]}{self.requests:012x}"
