"""One HTTP POST of a player, and the ways of telling time that all dialects share."""

from collections.abc import Iterator
from typing import NamedTuple

from local.viewers.script import Kind, Script


class Post(NamedTuple):
    """One request body; times are ms since the player was set up."""

    send_ms: int
    target: str
    """CMCD event target; empty for JSON."""
    body: bytes
    events: int
    first_seq: int
    """Sequence number of the first event within the target; -1 where the player has none."""
    said_ms: int
    """The latest moment whose state it tells; a response tells of its own request only."""


def heartbeats(script: Script, every_ms: int, until_ms: int) -> Iterator[int]:
    """When a heartbeat falls: every `every_ms`, not in sleep, once at waking, and from there on again."""
    sleep = next((interval for interval in script.intervals if interval.kind is Kind.SLEEP), None)
    if sleep is None or sleep.end_ms > until_ms:
        yield from range(every_ms, min(until_ms, sleep.start_ms if sleep else until_ms) + 1, every_ms)
    else:
        yield from range(every_ms, sleep.start_ms + 1, every_ms)
        yield from range(sleep.end_ms, until_ms + 1, every_ms)


def last_word_ms(script: Script, heartbeat_ms: int) -> int:
    """When a player that takes no leave speaks for the last time: at a change of state or a heartbeat."""
    changes = [interval.start_ms for interval in script.intervals if interval.kind is not Kind.SLEEP]
    since_ms = max((i.end_ms for i in script.intervals if i.kind is Kind.SLEEP), default=0)
    beats = range(since_ms, script.leave_ms + 1, heartbeat_ms)
    return max([*changes, beats[-1]])
