"""The roll-up, one item at a time: stored bytes and contributions in, stored bytes and points out. Pure.

Contributions wait, as they came, until the watermark closes a window; only then are the windows of the shard
read, added to and written again. That changes no row, and costs a fraction.
"""

from collections.abc import Callable

import msgspec

from beacon_job.rollup import columns, windows
from beacon_job.rollup.settings import RollupSettings
from beacon_job.rollup.windows import RollupState, Rows
from beacon_job.types.parts import Parts
from beacon_job.types.point import encode_points
from beacon_job.types.sums import decode_sums
from beacon_job.types.waiting import Waiting


class Effect(msgspec.Struct, frozen=True):
    """What one item led to."""

    parts: Parts = Parts()
    done_ms: int | None = None
    """All that waited, and the item, is dealt with up to here; None: the item waits too, if it is any."""
    open: bytes | None = None
    """The new bytes of the windows that are not closed; None if nothing changed."""
    written: bytes | None = None
    """The new bytes of the rows that may still grow; None if nothing changed."""


_state_from = msgspec.msgpack.Decoder(RollupState).decode
_rows_from = msgspec.msgpack.Decoder(Rows).decode
_to_bytes = msgspec.msgpack.Encoder().encode


def step(
    waiting: Waiting,
    read_open: Callable[[], bytes | None],
    read_written: Callable[[], bytes | None],
    item: bytes,
    watermark_ms: int,
    settings: RollupSettings,
) -> Effect:
    """Let the item's contributions arrive (no bytes: a tick), and close what the watermark allows.

    `read_open` and `read_written` read the windows not closed yet, and the rows that may still grow; they are
    called only when they are needed.
    """
    closes = windows.due(waiting.done_ms, watermark_ms)
    if not closes and not waiting.is_too_much(item):
        return Effect()
    stored = read_open()
    state = _state_from(stored) if stored else RollupState()
    for waited in (*waiting.items, item):
        windows.add(state, decode_sums(waited), settings)
    if not closes:
        return Effect(done_ms=waiting.done_ms, open=_to_bytes(state))
    stored = read_written()
    written = _rows_from(stored) if stored else {}
    points = windows.close(state, written, watermark_ms, settings)
    points += columns.rows(map(windows.window_of, points), settings.dimensions)
    parts = Parts(points=[encode_points(points)] if points else [])
    return Effect(parts, state.closed_ms, _to_bytes(state), _to_bytes(written))
