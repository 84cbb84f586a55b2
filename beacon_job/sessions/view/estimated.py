"""The estimates of a view whose states nobody tells: its media requests are read, and what they tell goes to
the ledger. Pure."""

from collections.abc import Iterable

from beacon_job.sessions.estimate.reading import Request, read
from beacon_job.sessions.estimate.result import Estimate, estimate_of
from beacon_job.sessions.estimate.telling import Stretch
from beacon_job.sessions.facts import RESPONSE, Fact
from beacon_job.sessions.results import ledger
from beacon_job.sessions.results.ledger import Ledger
from beacon_job.sessions.state import View
from beacon_job.sessions.view.stretches import Playback


def note_request(view: View, fact: Fact, into: Ledger) -> None:
    """Read a media request; what becomes known for good goes to the ledger."""
    if view.requests is None or fact.media == RESPONSE:
        return
    if fact.media < 0:  # stored by a version that kept nothing of it
        view.requests = None
        return
    request = Request(
        start_ms=fact.client_ms,
        end_ms=fact.client_ms + fact.took_ms if fact.took_ms >= 0 else -1,
        track=fact.media,
        segment=fact.segment,
        duration_ms=fact.duration_ms,
        buffer_ms=fact.media_buffer_ms,
        rate_permille=fact.rate_permille if fact.rate_permille > 0 else 1_000,
        status=fact.code,
    )
    _enter(read(view.requests, request), into)


def close_estimate(playback: Playback, *, over: bool, load_means_play: bool) -> None:
    """Enter what the ledger has not been given yet, as things stand if nothing more comes."""
    requests = playback.view.requests
    if requests is None:
        return
    estimate = estimate_of(requests, load_means_play=load_means_play)
    if not isinstance(estimate, Estimate):
        return
    into = playback.ledger
    _enter(estimate.stretches, into)
    at_ms = playback.view.last_ms
    into.mark(ledger.STALL_MS_HIGH, at_ms, estimate.stall_ms_high - estimate.stall_ms)
    if estimate.moved_ms is not None:
        into.mark(ledger.STARTUP_N_ESTIMATE, estimate.moved_ms)
        into.mark(ledger.STARTUP_SUM_MS_LOW, estimate.moved_ms, estimate.startup_ms_low or 0)
        into.mark(ledger.STARTUP_SUM_MS_HIGH, estimate.moved_ms, estimate.startup_ms_high or 0)
    if over:
        into.mark(ledger.VIEWS_ESTIMATED, at_ms)
        if not estimate.stalls:
            into.mark(ledger.VIEWS_ESTIMATED_STALL_FREE, at_ms)


def _enter(stretches: Iterable[Stretch], into: Ledger) -> None:
    for stretch in stretches:
        if not stretch.is_stall:
            into.spread(ledger.PLAY_MS_ESTIMATE, stretch.from_ms, stretch.until_ms)
            continue
        into.mark(ledger.STALLS_ESTIMATE, stretch.from_ms)
        into.mark(ledger.STALL_MS_LOW, stretch.from_ms, stretch.sure_ms)
        into.spread(ledger.STALL_MS_ESTIMATE, stretch.from_ms, stretch.until_ms)
        into.spread(ledger.STALL_MS_HIGH, stretch.from_ms, stretch.until_ms)
