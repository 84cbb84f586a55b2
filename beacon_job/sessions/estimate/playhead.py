"""What the requests show of the playhead: that it has not moved yet, or its lag, once that is sure enough.

Pure."""

from beacon_job.sessions.estimate import lag
from beacon_job.sessions.estimate.state import MAX_LEVELS, NOWHERE, Level, Requests, Sample, Track
from beacon_job.sessions.estimate.supply import JUST_CAME_MS, account, dryness, has_just_come, mark, restart
from beacon_job.sessions.estimate.telling import Teller

LEFT_MS = 150
"""Within this of its beginning the playhead has not moved yet."""

BEFORE_JUMP_MS = 1_500
"""A playhead further than this before the beginning of a run belongs to the time before the jump."""

ROUNDED_MS = 100
"""Players round what they tell to this (CTA-5004 `bl`)."""

AGREE_MS = 250
"""What a prompt player tells twice, so far apart, is believed."""

HIDDEN_MS, MATCH_MS = 300, 500
"""It may have moved, and stalled for so long, before a request shows it; it did if that agrees so well."""


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
        has_news = has_just_come(track, at_ms)
        position_ms = asked_from_ms - buffer_ms
        sample = Sample(at_ms, at_ms - position_ms, buffer_ms, *dryness(requests))
        if requests.candidate is None and not requests.levels:
            is_vague = is_old or (has_news and not requests.is_prompt)
            if self._stands(sample, position_ms, track.duration_ms if is_vague else 0):
                # All that came is in a buffer that reaches from the beginning to what is asked for.
                is_whole = abs(position_ms - requests.run_position_ms) < LEFT_MS < buffer_ms
                requests.is_prompt |= has_news and not is_old and is_whole
                return
        elif (is_old or has_news) and not self._fits(sample, track.duration_ms):
            return
        requests.doubtful = None
        candidate, requests.candidate = requests.candidate, sample
        if candidate and not lag.is_spike(requests, candidate, sample):
            self._take(candidate)
            requests.candidate = Sample(sample.at_ms, sample.lag_ms, buffer_ms, *dryness(requests))
        mark(requests)

    def account(self, at_ms: int) -> None:
        """What there was to play until then, for a playhead that has gone on since it was last seen."""
        requests = self.requests
        if requests.levels:
            account(requests, requests.levels[-1].lag_ms, at_ms)
        elif requests.start_position_ms != NOWHERE:
            account(requests, self._soonest_ms() - requests.start_position_ms, at_ms)

    def settle(self) -> None:
        """What waits to be confirmed is believed."""
        requests = self.requests
        for waiting in (requests.candidate, requests.doubtful):
            if waiting:
                self._take(waiting)
        requests.candidate = requests.doubtful = None

    def _stands(self, sample: Sample, position_ms: int, doubt_ms: int) -> bool:
        """Whether the playhead has not left the beginning of its run, or this request cannot tell it:
        `doubt_ms` of what came may not be in the buffer that it tells."""
        requests, at_ms = self.requests, sample.at_ms
        start_ms = requests.start_position_ms
        if start_ms == NOWHERE:
            if self._can_have_moved(position_ms - requests.run_position_ms, at_ms):
                requests.start_position_ms = requests.run_position_ms
                return False
            requests.start_position_ms = position_ms
            self._stood(at_ms)
            return True
        if position_ms < start_ms - BEFORE_JUMP_MS and requests.run_position_ms:
            return True
        if position_ms < start_ms - LEFT_MS:
            start_ms = requests.start_position_ms = min(requests.run_position_ms, position_ms)
        if sample.buffer_ms <= lag.EMPTY_MS:
            # Nothing is buffered: the playhead is before or behind what is asked for.
            self._stood(at_ms)
            return True
        if position_ms - start_ms < LEFT_MS:
            requests.start_position_ms = min(start_ms, position_ms)
            self._stood(at_ms)
            return True
        return doubt_ms > 0 and position_ms - doubt_ms >= start_ms - LEFT_MS

    def _can_have_moved(self, by_ms: int, at_ms: int) -> bool:
        """Whether there was time, since something came, to move so far from the beginning of the run: some
        players do not tell what is buffered before that."""
        requests = self.requests
        since_ms = max(requests.first_came_ms, requests.run_ms)
        return requests.first_came_ms != NOWHERE and LEFT_MS <= by_ms <= at_ms - since_ms + ROUNDED_MS

    def _stood(self, at_ms: int) -> None:
        """It was seen to stand at its beginning."""
        self.requests.still_ms = at_ms
        mark(self.requests)
        restart(self.requests)

    def _fits(self, sample: Sample, duration_ms: int) -> bool:
        """Whether a lag can be believed though what came last may not be in the buffer that it is made of."""
        requests = self.requests
        if not requests.levels:
            self.settle()
        level = requests.levels[-1]
        rise_ms = sample.lag_ms - level.lag_ms
        if rise_ms < -lag.RISE_MS:
            return False
        if rise_ms < lag.RISE_MS or rise_ms + duration_ms > sample.at_ms - level.last_ms + lag.SLACK_MS:
            return True
        first = requests.doubtful
        if first is None or abs(first.lag_ms - sample.lag_ms) >= lag.RISE_MS:
            requests.doubtful = sample
            return False
        return requests.is_prompt and sample.at_ms - first.at_ms >= AGREE_MS

    def _take(self, sample: Sample) -> None:
        requests = self.requests
        if not requests.levels:
            self._begin(sample)
        elif lag.is_jump(requests.levels[-1], sample):
            self.teller.levels(requests.levels)
            requests.levels = []
        lag.add(requests, sample)
        restart(requests)
        if len(requests.levels) > MAX_LEVELS:
            done = lag.settled(requests.levels)
            self.teller.levels(requests.levels[: done + 1])
            del requests.levels[:done]

    def _begin(self, sample: Sample) -> None:
        """The first lag of a run. A playhead that moved as soon as it could, and ran dry, is behind by just
        that; one that is behind by more began later, and may have stalled all the same."""
        requests = self.requests
        if requests.has_moved or requests.start_position_ms == NOWHERE or sample.dry_ms < HIDDEN_MS:
            return
        soonest_ms = self._soonest_ms()
        lag_ms = soonest_ms - requests.start_position_ms
        behind_ms = sample.lag_ms - lag_ms
        if abs(behind_ms - sample.dry_ms) <= MATCH_MS:
            requests.levels.append(Level(lag_ms, 1, soonest_ms, soonest_ms, soonest_ms))
        else:
            requests.hidden_ms += max(0, min(sample.dry_ms, behind_ms))

    def _soonest_ms(self) -> int:
        """When the playhead can have left the beginning of its run."""
        return max(self.requests.still_ms, self.requests.first_came_ms)
