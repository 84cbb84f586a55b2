"""Beacon -> the row of the `events` table. Pure, and the same for every delivery of the same beacon.

What stands in a row is named in letters, digits and `_`, whatever store it goes to: that is what every store
takes without quotes, and Timestream takes no colon at all.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from beacon_job.types.beacon import Beacon, Value
from beacon_job.types.point import Point

TABLE = "events"

CUSTOM = "custom__"
_SEPARATORS = re.compile(r"[_.-]+")
_SPELLED = {"_": "_", ".": "__", "-": "___"}


def stored_name(measure: str) -> str:
    """The name under which a measure of a beacon is stored.

    The canonical ones keep theirs. One of the application's own (it holds a dot or a hyphen) is `custom__`
    and its key, in which `.` is `__` and `-` is `___`: `com.example-key` is `custom__com__example___key`, and
    `x` of an SDK's `custom` object, `custom.x`, is `custom__x`. Several separators side by side are the
    lengths of these between `____`. So different keys are different columns, and none is a canonical one.
    """
    if "." not in measure and "-" not in measure:
        return measure
    return CUSTOM + _SEPARATORS.sub(_spelled, measure.removeprefix("custom."))


def _spelled(found: re.Match[str]) -> str:
    separators = found[0]
    return _SPELLED.get(separators) or f"____{''.join(str(len(_SPELLED[one])) for one in separators)}____"


@lru_cache(maxsize=4_096)
def _renamed(measures: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Those of some measures that are stored under another name, with it."""
    return tuple((name, stored_name(name)) for name in measures if stored_name(name) != name)


def event_dims(beacon: Beacon) -> dict[str, str]:
    """The dimensions of its row; beacons of one session and one body may share them."""
    return {**beacon.dims, "session_id": beacon.session_id}


def event_point(beacon: Beacon, dims: dict[str, str] | None = None, left_out: Iterable[str] = ()) -> Point:
    """One row per beacon, named by its event, at the placed time with the tiebreak as nanoseconds.

    Measures are the beacon's own, but for those `left_out`, plus `seq`, always there (-1 where the sender has
    none) because a row needs one, and `state` where the beacon has one. A corrected beacon also says what the
    client said: `client_time` (epoch ms) and `clock_correction_ms`. Nothing else of the arrival is kept: a
    retry gives the same row. `dims` are `event_dims` of it, if they are known already.
    """
    measures: dict[str, Value] = {**beacon.measures}
    for name in left_out:
        measures.pop(name, None)
    for name, stored in _renamed((*measures,)):
        measures[stored] = measures.pop(name)
    measures["seq"] = beacon.seq
    if beacon.state:
        measures["state"] = beacon.state
    if beacon.correction_ms:
        measures["client_time"] = beacon.client_ms
        measures["clock_correction_ms"] = beacon.correction_ms
    return Point(
        table=TABLE,
        measure_name=beacon.event,
        time_ns=beacon.placed_ms * 1_000_000 + beacon.tiebreak,
        dims=event_dims(beacon) if dims is None else dims,
        measures=measures,
    )
