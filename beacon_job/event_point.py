"""Beacon -> the row of the `events` table. Pure, and the same for every delivery of the same beacon."""

from beacon_job.beacon import Beacon, Value
from beacon_job.point import Point

TABLE = "events"


def event_point(beacon: Beacon) -> Point:
    """One row per beacon: `beacon:<event>`, at the placed time with the tiebreak as nanoseconds.

    Measures are the beacon's own plus `seq`, always there (-1 where the sender has none) because a row needs
    one, and `state` where the beacon has one. A corrected beacon also says what the client said:
    `client_time` (epoch ms) and `clock_correction_ms`. Nothing else of the arrival is kept: a retry gives the
    same row.
    """
    measures: dict[str, Value] = {"seq": beacon.seq}
    if beacon.state:
        measures["state"] = beacon.state
    measures.update(beacon.measures)
    if beacon.correction_ms:
        measures["client_time"] = beacon.client_ms
        measures["clock_correction_ms"] = beacon.correction_ms
    return Point(
        table=TABLE,
        measure_name=f"beacon:{beacon.event}",
        time_ns=beacon.placed_ms * 1_000_000 + beacon.tiebreak,
        dims={**beacon.dims, "session_id": beacon.session_id},
        measures=measures,
    )
