"""Names of columns: dimensions, measures, and the measures inside MULTI records. Pure.

Names are case-sensitive, so `Time` is free where `time` is not. A name that must not be refuses the whole
request; docs/timestream.md says what is known of this.
"""

import re
from functools import lru_cache

from local.timestream.rules import limits
from local.timestream.rules.errors import refuse

_forbidden = re.compile('[\x00-\x1f\x7f:"\u2028\u2029]').search

_ALLOWED = "colons, double quotes, control characters and line separators are not allowed"


def check_name(name: str, what: str) -> None:
    """Refuse the request if no `what` (dimension, measure) may have this name."""
    if problem := _problem(name):
        refuse(f"The {what} name {name!r} {problem}.")


@lru_cache(maxsize=16_384)
def _problem(name: str) -> str | None:
    if found := _forbidden(name):
        return f"contains {found[0]!r}; {_ALLOWED}"
    if name in limits.RESERVED_NAMES:
        return "is reserved"
    prefix = next(filter(name.startswith, limits.RESERVED_PREFIXES), None)
    return f"begins with the reserved {prefix!r}" if prefix else None
