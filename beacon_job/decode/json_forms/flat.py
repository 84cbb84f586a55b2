"""The seed's flat JSON: `time, timeunit, measurename, measurevalue, measurevaluetype`, in any letter case.

Every other key was a dimension there; here it is a known dimension, a known field or a custom field.
"""

from beacon_job.decode.json_forms.event import beacon
from beacon_job.decode.json_forms.members import Members
from beacon_job.decode.origin import Origin
from beacon_job.decode.vocabulary.fields import FIELDS
from beacon_job.decode.vocabulary.spelling import squash
from beacon_job.types.beacon import Beacon, Value

_KEYS = frozenset({"time", "timeunit", "measurename", "measurevalue", "measurevaluetype"})

_VALUE_FIELDS = {
    "double": "value",
    "bigint": "value",
    "timestamp": "value",
    "varchar": "value_text",
    "boolean": "value_bool",
}


TELLING_KEYS = frozenset({"measurename"})
"""No other form has it."""


def fits(value: dict[str, object]) -> bool:
    """Whether an object with the telling key is a flat record: always."""
    return True


def read(value: dict[str, object], origin: Origin) -> Beacon:
    """The beacon. Raises UnreadableError."""
    own: dict[str, object] = {}
    rest: dict[str, object] = {}
    for key, member in value.items():
        name = squash(key)
        if name in _KEYS:
            own[name] = member
        else:
            rest[key] = member
    members = Members()
    members.read(rest, keep_unknown=True)
    members.roles["event"] = (0, own["measurename"])
    members.roles["time"] = (0, own.get("time"))
    members.measures |= _measure(own.get("measurevalue"), own.get("measurevaluetype"))
    unit = own.get("timeunit")
    return beacon(members, "seed", value, origin, unit.strip() if isinstance(unit, str) else "")


def _measure(value: object, stated: object) -> dict[str, Value]:
    """The measure under the name that belongs to its type: a column of a store keeps one type."""
    kind = stated.strip().lower() if isinstance(stated, str) else ""
    by_value = (
        "value_bool" if isinstance(value, bool) else "value_text" if isinstance(value, str) else "value"
    )
    name = _VALUE_FIELDS.get(kind, by_value)
    read = FIELDS[name].read(value)
    return {} if read is None else {name: read}
