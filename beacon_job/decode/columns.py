"""Lines of a log whose fields stand in columns between tabs: W3C, as CloudFront writes it. Pure.

A file names its fields in a line of its own (`#Fields:`). CloudFront's real-time log, whose lines come one a
record, names them nowhere: their order is the operator's to say.
"""

import re

from beacon_job.decode.bad import UnreadableError
from beacon_job.decode.json_forms import cdn_log
from beacon_job.decode.origin import Origin
from beacon_job.types.beacon import Beacon, Reason

_DIRECTIVE = re.compile(rb"#(?:Version|Fields|Software|Start-Date|End-Date|Date|Remark):")
"""How a line begins that tells of the log: the directives of W3C's extended log file format, no others."""

_FIELDS = b"#Fields:"


def log_fields_in(header: bytes) -> tuple[str, ...]:
    """The names that a line `#Fields:` gives; none of another line."""
    return (
        tuple(header.removeprefix(_FIELDS).decode(errors="replace").split())
        if header.startswith(_FIELDS)
        else ()
    )


def is_directive(line: bytes) -> bool:
    """Whether a line tells of the log, and of no request."""
    return bool(_DIRECTIVE.match(line))


def fits(line: bytes, fields: tuple[str, ...]) -> bool:
    """Whether a line has a column for each field."""
    return len(fields) > 1 and line.count(b"\t") == len(fields) - 1


def read(line: bytes, fields: tuple[str, ...], origin: Origin) -> Beacon:
    """The beacon of a line, at the log's own time. Raises UnreadableError; `empty` where it has no CMCD."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        detail = f"line is not UTF-8: byte {error.start} is wrong"
        raise UnreadableError(Reason.NOT_TEXT, detail) from None
    return cdn_log.read(dict(zip(fields, text.split("\t"), strict=True)), origin)
