"""One element of the roll-up: stored bytes and contributions in, stored bytes and points out. Pure.

Contributions wait, as they came, until the watermark closes a window; only then are the windows of the shard
read, added to and written again. That changes no row, and costs a fraction.
"""

from collections.abc import Callable

import msgspec

from beacon_job import rollup
from beacon_job.elements import POINTS, Element, pack
from beacon_job.point import encode_points
from beacon_job.rollup import Contribution, RollupSettings, RollupState, Rows

MAX_WAITING_CHARS = 1_000_000
"""More than this of one shard does not wait for a window to close: it is added up."""


class Waiting(msgspec.Struct, array_like=True):
    """Contributions of a shard that are in no window yet."""

    closed_ms: int = 0
    """Windows of knowing that end at or before this are closed."""
    payloads: list[str] = []


class Step(msgspec.Struct):
    """What one element led to; None is what has not changed."""

    waiting: bytes | None = None
    open: bytes | None = None
    written: bytes | None = None
    elements: list[str] = []


_contributions_from = msgspec.json.Decoder(list[Contribution]).decode
_waiting_from = msgspec.msgpack.Decoder(Waiting).decode
_state_from = msgspec.msgpack.Decoder(RollupState).decode
_rows_from = msgspec.msgpack.Decoder(Rows).decode
_to_bytes = msgspec.msgpack.Encoder().encode


def step(
    stored_waiting: bytes | None,
    read_open: Callable[[], bytes | None],
    read_written: Callable[[], bytes | None],
    element: Element,
    watermark_ms: int,
    settings: RollupSettings,
) -> Step:
    """Let the element's contributions arrive (none: a tick), and close what the watermark allows.

    `read_open` and `read_written` read the windows not closed yet, and the rows that may still grow; they are
    called only when they are needed.
    """
    waiting = _waiting_from(stored_waiting) if stored_waiting else Waiting()
    if element.payload:
        waiting.payloads.append(element.payload)
    closes = rollup.due(waiting.closed_ms, watermark_ms)
    if not closes and sum(map(len, waiting.payloads)) <= MAX_WAITING_CHARS:
        return Step(_to_bytes(waiting) if element.payload else None)
    stored = read_open()
    state = _state_from(stored) if stored else RollupState()
    for payload in waiting.payloads:
        rollup.add(state, _contributions_from(payload), settings)
    if not closes:
        return Step(_to_bytes(Waiting(waiting.closed_ms)), _to_bytes(state))
    stored = read_written()
    written = _rows_from(stored) if stored else {}
    points = rollup.close(state, written, watermark_ms, settings)
    elements = [pack(POINTS, 0, 0, encode_points(points))] if points else []
    return Step(_to_bytes(Waiting(state.closed_ms)), _to_bytes(state), _to_bytes(written), elements)
