"""The table of fields and the names made of it."""

import pytest

from beacon_job.decode.vocabulary.fields import CMCD_FIELDS, DIMENSIONS, FIELDS
from beacon_job.decode.vocabulary.spelling import JSON_DIMENSIONS, JSON_FIELDS, ROLES, squash

EVENT_KEYS = {
    *("ab", "bl", "br", "bsa", "bsd", "bsda", "lab", "lb", "mtp", "pb", "tab", "tb", "tbl", "tpb"),
    *("ec", "nor", "d", "dfa", "dl", "ltc", "msd", "pt", "rc", "rtp", "ttfb", "ttfbb", "ttlb"),
    *("pr", "bg", "bs", "nr", "su", "cen", "cid", "cs", "cmsdd", "cmsds", "h", "smrt", "ot"),
}
"""CTA-5004-B's keys for event mode, but for those that are no field: e sta sid sn ts v cdn sf st url."""


def test_every_cmcd_key_has_a_field() -> None:
    assert CMCD_FIELDS.keys() == EVENT_KEYS


def test_no_name_means_two_things() -> None:
    names = [*JSON_FIELDS, *JSON_DIMENSIONS, *(name for names in ROLES.values() for name in names)]
    assert len(names) == len(set(names))
    assert not FIELDS.keys() & DIMENSIONS.keys()


def test_names_are_squashed_as_they_are_looked_up() -> None:
    assert all(squash(name) == name for name in [*JSON_FIELDS, *JSON_DIMENSIONS])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("playhead_ms", 6360, 6360),
        ("playhead_ms", 6360.5, 6360),
        ("playhead_ms", -1, None),
        ("volume", 1.01, None),
        ("volume", 1, 1.0),
        ("ttfb_ms", 1_795_456_765_920, None),
        ("hidden", "true", True),
        ("url_ext", "x" * 40, "x" * 16),
    ],
)
def test_a_value_is_read_in_the_type_and_limits_of_its_field(
    name: str, value: object, expected: object
) -> None:
    assert FIELDS[name].read(value) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("position", 8.4, ("playhead_ms", 8400)),
        ("currentTime", 8.4, ("playhead_ms", 8400)),
        ("position_ms", 8400, ("playhead_ms", 8400)),
        ("bufferLengthSeconds", 1.5, ("buffer_ms", 1500)),
        ("stall-us", 1_500_000, ("stall_ms", 1500)),
        ("latency", 600, ("live_latency_ms", 600_000)),
        ("latency", 601, ("live_latency_ms", None)),
        ("bitrate", 64_000, ("bitrate_kbps", 64)),
        ("bitrate", 3_000, ("bitrate_kbps", 3000)),
        ("bitrate", 50_000, ("bitrate_kbps", 50)),
        ("bitrate", 49_999, ("bitrate_kbps", 49_999)),
        ("bitrate_bps", 3_000, ("bitrate_kbps", 3)),
        ("bitrate_kbps", 3_000, ("bitrate_kbps", 3000)),
        ("bitrate_mbps", 3, ("bitrate_kbps", 3000)),
        *((f"stall_{unit}", 60_000, ("stall_ms", 60_000)) for unit in ("ms", "millis", "milliseconds")),
        *((f"stall_{unit}", 1.5, ("stall_ms", 1500)) for unit in ("s", "sec", "seconds")),
        *((f"stall_{unit}", 1_500_000, ("stall_ms", 1500)) for unit in ("us", "microseconds")),
        *((f"stall_{unit}", 1_500_000_000, ("stall_ms", 1500)) for unit in ("ns", "nanoseconds")),
        ("videoHeight", 720, ("height_px", 720)),
    ],
)
def test_a_json_name_tells_field_and_unit(name: str, value: object, expected: tuple[str, object]) -> None:
    field, factor = JSON_FIELDS[squash(name)]
    assert (field.name, field.read(value, factor)) == expected
