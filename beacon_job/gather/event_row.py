"""Beacon -> the row of the `events` table. Pure, and the same for every delivery of the same beacon."""

from collections.abc import Iterable

from beacon_job.types.beacon import Beacon, Value
from beacon_job.types.point import Point

TABLE = "events"


def event_dims(beacon: Beacon) -> dict[str, str]:
    """The dimensions of its row; beacons of one session and one body may share them."""
    return {**beacon.dims, "session_id": beacon.session_id}


def event_point(beacon: Beacon, dims: dict[str, str] | None = None, left_out: Iterable[str] = ()) -> Point:
    """One row per beacon: `beacon:<event>`, at the placed time with the tiebreak as nanoseconds.

    Measures are the beacon's own, but for those `left_out`, plus `seq`, always there (-1 where the sender has
    none) because a row needs one, and `state` where the beacon has one. A corrected beacon also says what the
    client said: `client_time` (epoch ms) and `clock_correction_ms`. Nothing else of the arrival is kept: a
    retry gives the same row. `dims` are `event_dims` of it, if they are known already.
    """
    measures: dict[str, Value] = {**beacon.measures}
    for name in left_out:
        measures.pop(name, None)
    measures["seq"] = beacon.seq
    if beacon.state:
        measures["state"] = beacon.state
    if beacon.correction_ms:
        measures["client_time"] = beacon.client_ms
        measures["clock_correction_ms"] = beacon.correction_ms
    return Point(
        table=TABLE,
        measure_name=f"beacon:{beacon.event}",
        time_ns=beacon.placed_ms * 1_000_000 + beacon.tiebreak,
        dims=event_dims(beacon) if dims is None else dims,
        measures=measures,
    )
