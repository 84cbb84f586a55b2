"""Places the beacons of one body in server time (docs/adr: time). Pure.

A body whose newest beacon lies within tolerance of arrival is believed and not corrected, so that a retry
gives the same rows. A clock that is off by more is put right by arrival: the whole body is moved so that its
newest beacon lies at arrival, which keeps the distances within it. A beacon that is then still older than the
tolerance is moved up to its edge: a store never refuses it, and the order is kept.

A request from the log of a CDN has that CDN's time: it is believed however late its file comes, and a store
that takes no such row says so.
"""

import msgspec
from msgspec.structs import replace

from beacon_job.types.beacon import BadRecord, Beacon


class Tolerance(msgspec.Struct, frozen=True):
    """How far a client's time may lie from arrival.

    With the delay of the pipeline it must stay within what the store accepts: the defaults leave to that
    delay half of a memory store of 1 h, and 10 of the 15 minutes of future.
    """

    late_ms: int = 30 * 60_000
    early_ms: int = 5 * 60_000


DEFAULT_TOLERANCE = Tolerance()

LOGGED = "cmcd_request"
"""The source whose times are a server's; one that lies ahead of arrival is none."""


def place(items: list[Beacon | BadRecord], recv_at_ms: int, tolerance: Tolerance) -> list[Beacon | BadRecord]:
    """The items of one body, every beacon of it with `placed_ms` within tolerance of arrival."""
    oldest_ms, latest_ms = recv_at_ms - tolerance.late_ms, recv_at_ms + tolerance.early_ms
    if len(items) == 1 and type(only := items[0]) is Beacon and oldest_ms <= only.client_ms <= latest_ms:
        return items  # most bodies
    times = [
        item.client_ms
        for item in items
        if type(item) is Beacon and (item.source != LOGGED or item.client_ms > latest_ms)
    ]
    if not times:
        return items
    newest_ms = max(times)
    believed = oldest_ms <= newest_ms <= latest_ms
    if believed and min(times) >= oldest_ms:
        return items
    shift_ms = 0 if believed else recv_at_ms - newest_ms
    return [
        _moved(item, shift_ms, oldest_ms)
        if type(item) is Beacon and (item.source != LOGGED or item.client_ms > latest_ms)
        else item
        for item in items
    ]


def _moved(beacon: Beacon, shift_ms: int, oldest_ms: int) -> Beacon:
    correction_ms = max(shift_ms, oldest_ms - beacon.client_ms)
    return replace(beacon, correction_ms=correction_ms) if correction_ms else beacon
