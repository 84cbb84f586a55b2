"""Rows that hold a value in every column, one per table and minute. Pure, data.

Timestream knows a column once something was stored in it, and refuses a query that names one it does not
know. What is rare or was not yet (an error, a bitrate, a dimension nobody states) would cost a dashboard its
panel. These rows, named `columns`, make sure that every column is there; no query reads them.
"""

from collections.abc import Iterable

from beacon_job.types.beacon import Reason, Value
from beacon_job.types.point import Point

MEASURE = "columns"
MINUTE_MS = 60_000

_TEXT = "-"
_DIMENSIONS = (
    "player", "player_version", "device", "os", "browser", "country", "cdn", "stream_type", "app",
    "app_version",
)  # fmt: skip


def _texts(*names: str) -> dict[str, Value]:
    return dict.fromkeys(names, _TEXT)


def _whole(*names: str) -> dict[str, Value]:
    return dict.fromkeys(names, 0)


_EVENTS: dict[str, Value] = {
    **_whole("seq", "playhead_ms", "buffer_ms", "bitrate_kbps", "bitrate_shown_kbps", "throughput_kbps"),
    **_texts("state", "error_code", "error_message", "content_id", "end_reason", "custom_name"),
    "fatal": False,
}

_SUMS: dict[str, Value] = _whole(
    "startup_ms", "play_ms", "stall_ms", "seek_ms", "pause_ms", "ended_ms", "failed_ms", "unknown_ms",
    "active_ms", "media_ms", "bitrate_media", "bitrate_ms", "attempts", "starts", "startup_n",
    "startup_sum_ms", "ebvs", "ebvs_ge1s", "vsf", "vpf", "ended", "stalls", "seeks", "pauses", "errors",
    "dropped_frames", "recv", "expected", "dup", "late", "views_closed", "views_stall_known",
    "views_stall_free", "views_estimated", "views_estimated_stall_free", "stalls_estimate",
    "stall_ms_estimate", "stall_ms_low", "stall_ms_high", "play_ms_estimate", "startup_n_estimate",
    "startup_sum_ms_low", "startup_sum_ms_high", "switches", "switches_down", "unnumbered",
    "beacons", "delivery_ms", "delivery_n", *(f"bad_{reason}" for reason in Reason),
)  # fmt: skip

_SESSIONS: dict[str, Value] = {
    **_texts(*_DIMENSIONS, "content_id", "outcome", "quirks", "unobservable", "unobservable_why", "timeline"),
    **_whole(
        "intent_ms", "startup_ms", "play_ms", "stall_count", "stall_ms", "seek_count", "seek_ms",
        "pause_count", "pause_ms", "ended_ms", "failed_ms", "unknown_ms", "waited_ms", "end_ms", "known_ms",
        "beacons_received", "beacons_expected", "media_ms", "bitrate_avg_kbps", "switches", "dropped_frames",
        "errors", "media_ok", "media_failed", "stall_count_estimate", "stall_ms_estimate", "stall_ms_low",
        "stall_ms_high", "play_ms_estimate", "startup_ms_low", "startup_ms_high",
    ),
    "completeness": 0.0,
    "final": False,
    "background_start": False,
}  # fmt: skip


def rows(closed: Iterable[int], group: tuple[str, ...]) -> list[Point]:
    """The rows for windows that were closed (their begins, epoch ms): those of whole minutes have some."""
    return [
        point
        for window_ms in sorted({*closed})
        if window_ms % MINUTE_MS == 0
        for point in _rows(window_ms * 1_000_000, group)
    ]


def _rows(time_ns: int, group: tuple[str, ...]) -> list[Point]:
    who = {"session_id": MEASURE}
    return [
        Point("events", MEASURE, time_ns, who | _named(*_DIMENSIONS, "source", "target"), _EVENTS),
        Point("qoe", MEASURE, time_ns, _named(*_DIMENSIONS, *group), _SUMS),
        Point("sessions", MEASURE, time_ns, who | {"view": "0"}, _SESSIONS),
    ]


def _named(*dimensions: str) -> dict[str, str]:
    return dict.fromkeys(dimensions, MEASURE)
