"""One element of the roll-up: stored bytes and contributions in, stored bytes and points out. Pure.

Contributions wait, as they came, until the watermark closes a window; only then are the windows of the shard
read, added to and written again. That changes no row, and costs a fraction.
"""

from collections.abc import Callable

import msgspec

from beacon_job.rollup import windows
from beacon_job.rollup.settings import RollupSettings
from beacon_job.rollup.windows import RollupState, Rows
from beacon_job.types.parts import POINTS, Element, pack
from beacon_job.types.point import encode_points
from beacon_job.types.sums import Contribution
from beacon_job.types.waiting import Waiting, decode_waiting, encode_waiting


class Step(msgspec.Struct):
    """What one element led to; None is what has not changed."""

    waiting: bytes | None = None
    open: bytes | None = None
    written: bytes | None = None
    elements: list[str] = []


_contributions_from = msgspec.json.Decoder(list[Contribution]).decode
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
    waiting = decode_waiting(stored_waiting)
    if element.payload:
        waiting.payloads.append(element.payload)
    closes = windows.due(waiting.done_ms, watermark_ms)
    if not closes and not waiting.is_too_much():
        return Step(encode_waiting(waiting) if element.payload else None)
    stored = read_open()
    state = _state_from(stored) if stored else RollupState()
    for payload in waiting.payloads:
        windows.add(state, _contributions_from(payload), settings)
    if not closes:
        return Step(encode_waiting(Waiting(waiting.done_ms)), _to_bytes(state))
    stored = read_written()
    written = _rows_from(stored) if stored else {}
    points = windows.close(state, written, watermark_ms, settings)
    elements = [pack(POINTS, 0, 0, encode_points(points))] if points else []
    return Step(encode_waiting(Waiting(state.closed_ms)), _to_bytes(state), _to_bytes(written), elements)
