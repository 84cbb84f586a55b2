"""Which form a JSON value has, and how its events are read. Pure. A new form of JSON is added here."""

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import NamedTuple

from beacon_job.decode.bad import UnreadableError, shown
from beacon_job.decode.json_forms import cdn_log, cmcd_object, event, flat, sdk_batch
from beacon_job.decode.json_forms.text import check_depth
from beacon_job.decode.origin import Origin
from beacon_job.decode.vocabulary.bounds import MAX_CUSTOM_CHARS, MAX_MEMBERS
from beacon_job.decode.vocabulary.spelling import squash
from beacon_job.types.beacon import Beacon, Reason

Unread = tuple[bytes | object, Callable[[], Beacon]]
"""An event as it came (bytes, or parsed JSON), and how to read it (raises UnreadableError)."""


def events_in(value: object, raw: bytes | object, origin: Origin) -> Iterable[Unread]:
    """The one event that `value` is, or the events of the batch that it is."""
    if not isinstance(value, dict):
        return [(raw, partial(_no_object, value))]
    if sdk_batch.is_batch(value):
        return sdk_batch.events_of(value, raw, origin)
    if len(value) > MAX_MEMBERS:
        return [(raw, partial(event.read_page, value, origin))]
    for key in value:
        form = _form_with(key[:MAX_CUSTOM_CHARS])
        if form is not None and form.fits(value):
            return [(raw, partial(form.read, value, origin))]
    return [(raw, partial(event.read_page, value, origin))]


class _Form(NamedTuple):
    """Objects that are one event, told from a page beacon by a key that only they have."""

    keys: frozenset[str]
    """Squashed."""
    fits: Callable[[dict[str, object]], bool]
    """Whether an object with such a key is one."""
    read: Callable[[dict[str, object], Origin], Beacon]


_FORMS = (
    _Form(flat.TELLING_KEYS, flat.fits, flat.read),
    _Form(cdn_log.TELLING_KEYS, cdn_log.fits, cdn_log.read),
    _Form(cmcd_object.TELLING_KEYS, cmcd_object.fits, cmcd_object.read),
)


@lru_cache(maxsize=4096)
def _form_with(key: str) -> _Form | None:
    name = squash(key)
    return next((form for form in _FORMS if name in form.keys), None)


def _no_object(value: object) -> Beacon:
    if isinstance(value, list):
        check_depth(value)
    raise UnreadableError(Reason.NOT_AN_OBJECT, f"an event must be a JSON object; found {shown(value)}")
