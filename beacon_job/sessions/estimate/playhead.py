"""What the requests show of the playhead: that it has not moved yet, or its lag, once that is sure enough.

Pure."""

from beacon_job.sessions.estimate import lag
from beacon_job.sessions.estimate.state import MAX_LEVELS, NOWHERE, Level, Requests, Sample, Track
from beacon_job.sessions.estimate.supply import JUST_CAME_MS, has_just_come, ran_dry
from beacon_job.sessions.estimate.telling import Teller

LEFT_MS = 150
"""Within this of its beginning the playhead has not moved yet."""

BEFORE_JUMP_MS = 1_500
"""A playhead further than this before the beginning of a run belongs to the time before the jump."""

HIDDEN_MS = 300
"""It may have moved, and stalled for this long, before anything shows that it moved."""


class Playhead:
    """Takes samples of the playhead into the requests of a view."""

    __slots__ = ("requests", "teller")

    def __init__(self, requests: Requests, teller: Teller) -> None:
        self.requests = requests
        self.teller = teller

    def sample(self, track: Track, at_ms: int, asked_from_ms: int, buffer_ms: int) -> None:
        """A request for what begins at `asked_from_ms` says how much is buffered before it (-1: nothing)."""
        requests = self.requests
        if buffer_ms < 0:
            return
        is_old = at_ms - track.told_ms <= JUST_CAME_MS and buffer_ms == track.buffer_ms
        is_doubtful = is_old or has_just_come(track, at_ms)
        position_ms = asked_from_ms - buffer_ms
        sample = Sample(at_ms, at_ms - position_ms, buffer_ms)
        if requests.candidate is None and not requests.levels:
            if self._stands(position_ms, at_ms, track.duration_ms if is_doubtful else 0):
                return
        elif is_doubtful and not self._fits(sample, track.duration_ms):
            return
        requests.doubtful = None
        candidate, requests.candidate = requests.candidate, sample
        if candidate and not lag.is_spike(requests, candidate, sample):
            self._take(candidate)

    def settle(self) -> None:
        """What waits to be confirmed is believed."""
        requests = self.requests
        for waiting in (requests.candidate, requests.doubtful):
            if waiting:
                self._take(waiting)
        requests.candidate = requests.doubtful = None

    def _stands(self, position_ms: int, at_ms: int, doubt_ms: int) -> bool:
        """Whether the playhead has not left the beginning of its run, or this request cannot tell it:
        `doubt_ms` of what came may not be in the buffer that it tells."""
        requests = self.requests
        start_ms = requests.start_position_ms
        if start_ms == NOWHERE:
            requests.start_position_ms, requests.still_ms = position_ms, at_ms
            return True
        if position_ms < start_ms - BEFORE_JUMP_MS and requests.run_position_ms:
            return True
        if position_ms < start_ms - LEFT_MS:
            start_ms = requests.start_position_ms = min(requests.run_position_ms, position_ms)
        if position_ms - start_ms < LEFT_MS:
            requests.start_position_ms, requests.still_ms = min(start_ms, position_ms), at_ms
            return True
        return doubt_ms > 0 and position_ms - doubt_ms >= start_ms - LEFT_MS

    def _fits(self, sample: Sample, duration_ms: int) -> bool:
        """Whether a lag can be believed though what came last may not be in the buffer that it is made of."""
        requests = self.requests
        if not requests.levels:
            self.settle()
        level = requests.levels[-1]
        rise_ms = sample.lag_ms - level.lag_ms
        if rise_ms < -lag.RISE_MS:
            return False
        if rise_ms >= lag.RISE_MS and rise_ms + duration_ms <= sample.at_ms - level.last_ms + lag.SLACK_MS:
            requests.doubtful = sample
            return False
        return True

    def _take(self, sample: Sample) -> None:
        requests = self.requests
        if not requests.levels:
            self._note_hidden(sample)
        elif lag.is_jump(requests.levels[-1], sample):
            self.teller.levels(requests.levels)
            requests.levels = []
        lag.add(requests, sample)
        if len(requests.levels) > MAX_LEVELS:
            done = lag.settled(requests.levels)
            self.teller.levels(requests.levels[: done + 1])
            del requests.levels[:done]

    def _note_hidden(self, sample: Sample) -> None:
        """The first lag of a run: the playhead may have moved as soon as it could, and have stalled since."""
        requests = self.requests
        if requests.has_moved or requests.start_position_ms == NOWHERE:
            return
        could_ms = max(requests.still_ms, requests.first_came_ms)
        lag_ms = could_ms - requests.start_position_ms
        dry_ms, _ = ran_dry(requests, Level(lag_ms, 1, could_ms, could_ms, could_ms), sample.at_ms)
        if dry_ms >= HIDDEN_MS:
            requests.hidden_ms += max(0, min(dry_ms, sample.lag_ms - lag_ms))
