"""A CMCD record written as a JSON object: `{"e":"ps","sta":"p","sid":"...","sn":3,"ts":...,"v":2}`. Pure."""

from beacon_job.decode.cmcd.event import event, note_unread
from beacon_job.decode.cmcd.keys import Values, values_of
from beacon_job.decode.cmcd.line import Item
from beacon_job.decode.json_forms.text import check_depth
from beacon_job.decode.origin import Origin
from beacon_job.types.beacon import UNREAD, Beacon

TELLING_KEYS = frozenset({"sid"})


def fits(value: dict[str, object]) -> bool:
    """Whether an object with a `sid` is a CMCD record: it has other keys of CMCD, and none of an SDK."""
    return not value.keys().isdisjoint(("e", "v", "sta")) and value.keys().isdisjoint(("event", "type"))


def read(value: dict[str, object], origin: Origin) -> Beacon:
    """The beacon. Raises UnreadableError."""
    check_depth(value)
    object_type = value.get("ot")
    values: Values = {}
    unread: list[str] = []
    for key, member in value.items():
        items = member if isinstance(member, list) else [member]
        told = values_of(
            key,
            [item for item in map(_item, items) if item is not None],
            object_type if isinstance(object_type, str) else "",
        )
        values |= told
        if UNREAD in told:
            unread.append(key)
    if unread:
        del values[UNREAD]
        note_unread(values, *unread)
    return event(values, repr(value), origin.target(), origin)


def _item(value: object) -> Item | None:
    """A JSON scalar, or `{"value":3000,"params":{"v":true}}` as structured-field libraries write it."""
    if isinstance(value, dict):
        params = value.get("params")
        value = value.get("value")
        if isinstance(value, int | float | str):
            return Item(value, tuple(params) if isinstance(params, dict) else ())
        return None
    return Item(value) if isinstance(value, int | float | str) else None
