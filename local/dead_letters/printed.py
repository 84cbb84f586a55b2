"""Letters on a terminal. Pure.

What senders wrote is shown without control characters: a terminal would obey them.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from local.dead_letters.entry import Entry, Whole


def listed(entries: Sequence[Entry]) -> str:
    """The entries, the newest last, as a terminal is read, and how many there are of each reason."""
    counts = Counter(entry.reason for entry in entries).most_common()
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in counts)
    return "\n\n".join([*map(_entry, reversed(entries)), f"dead letters: {len(entries):,} ({reasons})"])


def in_full(whole: Whole) -> str:
    """One letter with all its bytes."""
    parts = [f"--- {layer.title}: {layer.bytes:,} bytes\n{_safe(layer.text)}" for layer in whole.layers]
    return "\n".join([_head(whole.entry), *parts])


def _entry(entry: Entry) -> str:
    return f"{_head(entry)}\n  {_safe(entry.preview)}"


def _head(entry: Entry) -> str:
    origin = [
        f"record {entry.shard} {entry.record}" if entry.record else "",
        f"received {_time(entry.recv_at_ms)}" if entry.recv_at_ms else "",
        entry.path,
        entry.user_agent,
        f"{entry.kept_bytes:,} of {entry.whole_bytes:,} bytes are kept"
        if entry.kept_bytes < entry.whole_bytes
        else "",
    ]
    lines = [
        f"{_time(entry.arrived_ms)}  {entry.reason} ({entry.stage})  letter {entry.sequence_number}",
        f"  {entry.detail}",
        f"  {', '.join(filter(None, origin))}",
    ]
    return _safe("\n".join(line for line in lines if line.strip()))


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _safe(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "�" for sign in text)
