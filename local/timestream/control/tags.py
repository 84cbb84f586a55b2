"""Tags of a request, checked. Pure."""

from typing import Any

from local.timestream.rules import limits
from local.timestream.rules.errors import refuse, refuse_member
from local.timestream.rules.members import check_pattern, check_size, member_path
from local.timestream.rules.wire import Control

_PATTERN = r"[\w +\-=._:/]*"
_RESERVED_PREFIX = "aws:"


def tags_of(request: Control) -> list[tuple[str, str]]:
    """Keys and values of the tags a request sets."""
    tags = request.get("Tags") or []
    check_size(len(tags), f"[{len(tags)} tags]", "tags", limits.TAGS_PER_REQUEST)
    for place, tag in enumerate(tags, start=1):
        for member, allowed in (("Key", limits.TAG_KEY_CHARS), ("Value", limits.TAG_VALUE_CHARS)):
            value: Any = tag.get(member)
            path = f"tags.{place}.member.{member_path(member)}"
            if value is None:
                refuse_member(None, path, "not be null")
            check_size(len(value), value, path, allowed)
            check_pattern(value, path, _PATTERN)
        if str(tag["Key"]).lower().startswith(_RESERVED_PREFIX):
            refuse(f"Tag keys that begin with '{_RESERVED_PREFIX}' are reserved.")
    return [(str(tag["Key"]), str(tag["Value"])) for tag in tags]


def tag_keys_of(request: Control) -> list[str]:
    """Keys of the tags a request removes."""
    keys = request.get("TagKeys")
    if keys is None:
        refuse_member(None, "tagKeys", "not be null")
    check_size(len(keys), f"[{len(keys)} keys]", "tagKeys", limits.TAGS_PER_REQUEST)
    for place, key in enumerate(keys, start=1):
        check_size(len(key), key, f"tagKeys.{place}.member", limits.TAG_KEY_CHARS)
    return keys
