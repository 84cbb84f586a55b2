"""The batch of the beacon SDK: `{schema:"beacon/1", sent_at, sdk, sample_rate, context{}, events[]}`."""

from collections.abc import Callable, Iterable
from functools import partial

from beacon_job.decode.bad import UnreadableError, refuse, shown
from beacon_job.decode.json_forms.event import beacon
from beacon_job.decode.json_forms.members import Members
from beacon_job.decode.origin import Origin
from beacon_job.types.beacon import Beacon, Reason

SCHEMA = "beacon/1"

_NOT_COMMON = frozenset({"schema", "events", "sent_at"})


def is_batch(value: dict[str, object]) -> bool:
    """Whether the object means to be a batch."""
    return "schema" in value or isinstance(value.get("events"), list)


def events_of(
    value: dict[str, object], raw: object, origin: Origin
) -> Iterable[tuple[object, Callable[[], Beacon]]]:
    """Its events in order, each as it came and how to read it. A batch that is wrong is its own one event."""
    try:
        events, common = _opened(value)
    except UnreadableError as problem:
        return [(raw, partial(refuse, problem))]
    return ((event, partial(_read, event, common, origin)) for event in events)


def _opened(value: dict[str, object]) -> tuple[list[object], Members]:
    schema = value.get("schema", SCHEMA)
    if schema != SCHEMA:
        raise UnreadableError(
            Reason.UNKNOWN_SCHEMA, f"schema is {shown(schema)}; only {SCHEMA!r} is understood"
        )
    events = value.get("events")
    if not isinstance(events, list):
        raise UnreadableError(Reason.UNKNOWN_FORM, f"a batch needs a list of events; found {shown(events)}")
    common = Members()
    common.read({key: member for key, member in value.items() if key not in _NOT_COMMON})
    return events, common


def _read(event: object, common: Members, origin: Origin) -> Beacon:
    if not isinstance(event, dict):
        raise UnreadableError(
            Reason.NOT_AN_OBJECT, f"an event of the batch is {shown(event)}; it must be an object"
        )
    members = Members(common)
    members.read(event)
    return beacon(members, "sdk", event, origin)
