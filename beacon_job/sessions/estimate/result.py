"""What the media requests of a view tell: the estimate, its bounds, or why there is none. Pure."""

import msgspec

from beacon_job.sessions.estimate.reading import finished
from beacon_job.sessions.estimate.state import NOWHERE, Requests
from beacon_job.sessions.estimate.telling import Stretch, coarse_ms, slack_ms

STARTUP_SLACK_MS = 100
"""The first request comes a little after playback was asked for."""

NO_MEDIA = "no media was requested, as far as the log tells"
NO_ENDS = "the log does not tell when the responses to media requests ended"
NO_DURATIONS = "the media requests do not tell how long a segment is (CMCD d)"
NO_BUFFER = "the media requests do not tell how much is buffered (CMCD bl)"

MAX_UNTOLD = 5
"""One media request in so many may lack what is needed."""


class Estimate(msgspec.Struct, frozen=True):
    """What is estimated; ms. Of a view that never moved nothing played, and startup has no bounds."""

    stalls: int
    stall_ms: int
    stall_ms_low: int
    stall_ms_high: int
    play_ms: int
    startup_ms_low: int | None
    startup_ms_high: int | None
    moved_ms: int | None
    """First movement, epoch ms."""
    stretches: list[Stretch]
    """What of its time was not given out yet."""


def estimate_of(requests: Requests, *, load_means_play: bool = False) -> Estimate | str:
    """The estimate, or a sentence that says what the log does not tell.

    `load_means_play`: playback is asked for when the page loads, and startup begins with the first request.
    Otherwise the viewer may have waited before they asked for it, and only the upper bound is known.
    """
    reason = _untold(requests)
    if reason:
        return reason
    ends, stretches = finished(requests)
    slack = slack_ms(ends)
    # The line that shows that it ran dry may be one of those that are missing.
    doubtful_ms = ends.hidden_ms + (ends.pause_ms if ends.missing else 0)
    moved_ms = ends.moved_real_ms
    low_ms = max(0, moved_ms - slack) if load_means_play else 0
    return Estimate(
        stalls=ends.stalls,
        stall_ms=ends.stall_ms,
        stall_ms_low=ends.stall_sure_ms,
        stall_ms_high=ends.stall_ms + doubtful_ms + (ends.stalls + 1) * slack,
        play_ms=ends.play_ms,
        startup_ms_low=low_ms if moved_ms >= 0 else None,
        startup_ms_high=moved_ms + STARTUP_SLACK_MS + coarse_ms(ends) if moved_ms >= 0 else None,
        moved_ms=ends.origin_ms + moved_ms if moved_ms >= 0 else None,
        stretches=stretches,
    )


def _untold(requests: Requests) -> str:
    """What the log lacks; nothing where nothing can have played, for then there is nothing to tell."""
    if not requests.media:
        return "" if requests.refused else NO_MEDIA
    if requests.undated * MAX_UNTOLD > requests.media:
        return NO_DURATIONS
    if requests.untimed * MAX_UNTOLD > requests.media:
        return NO_ENDS
    return NO_BUFFER if requests.first_came_ms != NOWHERE and not requests.buffers else ""
