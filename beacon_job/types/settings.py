"""What settings are made of: a stage's settings are a Struct that is its own table of properties.

A field with a description is a property: the operator sets it by its key, the field's name with dots for
underscores or the name that is given to `msgspec.field`. `Meta` says what is allowed: the bounds of a number,
or a pattern, and a title that says it to a person. A field without a description is a constant of its stage.
"""

from typing import Annotated

import msgspec
from msgspec import Meta


class Settings(msgspec.Struct, frozen=True, rename=lambda name: name.replace("_", ".")):
    """What a stage takes; the base of all of them."""


Word = Annotated[str, Meta(pattern=r"^[\w.-]{1,256}\Z")]
Region = Annotated[Word, Meta(title="an AWS region")]
Url = Annotated[str, Meta(pattern=r"^https?://[^\s'/]+[^\s']*\Z", title="http(s) URL")]
Names = tuple[Annotated[str, Meta(pattern=r"^[A-Za-z_][\w.-]{0,59}\Z")], ...]

CONTENT = "content_id"
"""What is no dimension of a beacon, and yet a group may be made by it."""

REAL_TIME_FIELDS = (
    *("timestamp", "time-to-first-byte", "sc-status", "sc-bytes", "cs-host", "cs-uri-stem", "time-taken"),
    *("cs-user-agent", "cs-uri-query", "c-country"),
)
"""What is of use of CloudFront's real-time log, in the order of the service's list."""

GROUP_DIMENSIONS = ("player", "device", "country", "cdn", "stream_type")

GroupDimensions = Annotated[
    Names,
    Meta(
        title="dimension names, comma between",
        description="what a viewer group is: the dimensions of the `qoe` rows",
    ),
]
"""Of all stages that group viewers: one property for all of them."""
