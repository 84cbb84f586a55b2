"""Which segment a request is for: the number in its name, or a checksum of its path; never the url, which may
hold secrets. Pure."""

import re
import zlib
from urllib.parse import unquote

from beacon_job.decode.cmcd.keys import Values

_DIGITS = re.compile(r"\d+")
_OF_THE_TRACK = re.compile(r"(?<![A-Za-z\d])[vaw]\d+(?![A-Za-z])|\d+(?:p|k|kbps)(?![A-Za-z\d])")
"""`v1`, `a1`, `720p`: what packagers put in a name beside the segment's number."""

_MAX_DIGITS = 15
_MAX_PATH_CHARS = 1_024


def segment_of(url: str, next_object: str = "") -> Values:
    """`segment_number`, or `segment_checksum` of a path without a number in its name; nothing without a path.

    Of several numbers in a name it is the one in which the next object (CMCD `nor`) differs, or the last.
    """
    path = url.partition("?")[0].partition("#")[0][:_MAX_PATH_CHARS]
    name = _name(path)
    if not name:
        return {}
    numbers = _DIGITS.findall(name)
    bare = _DIGITS.findall(_OF_THE_TRACK.sub("", name))
    following = _DIGITS.findall(_name(unquote(next_object).partition("?")[0])) if next_object else []
    if len(following) == len(numbers):
        bare = [own for own, other in zip(numbers, following, strict=True) if own != other] or bare
    numbers = bare or numbers
    if numbers and len(numbers[-1]) <= _MAX_DIGITS:
        return {"segment_number": int(numbers[-1])}
    return {"segment_checksum": zlib.crc32(path[path.find("//") + 1 :].encode(errors="replace"))}


def _name(path: str) -> str:
    """The last part of a path, without its extension."""
    return path.rpartition("/")[2].partition(".")[0]
