"""The beacon of a hand-written page: `{"event":"beacon:started","session":"66454545556","timestamp":...}`."""

from beacon_job.decode.bad import UnreadableError
from beacon_job.decode.json_forms.event import beacon
from beacon_job.decode.json_forms.members import Parts
from beacon_job.decode.origin import Origin
from beacon_job.types.beacon import Beacon, Reason


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
