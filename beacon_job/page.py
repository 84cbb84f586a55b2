"""The beacon of a hand-written page: `{"event":"beacon:started","session":"66454545556","timestamp":...}`."""

from beacon_job.json_event import beacon
from beacon_job.json_parts import Parts
from beacon_job.origin import Origin
from beacon_job.types.beacon import Beacon, Reason
from beacon_job.unreadable import UnreadableError


def read(value: dict[str, object], origin: Origin) -> Beacon:
    """The beacon. Raises UnreadableError; `unknown_form` for an object that says nothing an event says."""
    parts = Parts()
    parts.read(value)
    if not parts.roles.keys() & {"event", "session", "time"}:
        detail = (
            "JSON object is no envelope, batch, event, flat record or CMCD: it has no event, session or time"
        )
        raise UnreadableError(Reason.UNKNOWN_FORM, detail)
    return beacon(parts, "page", value, origin)
