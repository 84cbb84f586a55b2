"""Reads the media requests of a view, in the order of their times. Pure."""

from copy import copy
from typing import NamedTuple

from beacon_job.sessions.estimate import lag, numbering
from beacon_job.sessions.estimate.playhead import Playhead
from beacon_job.sessions.estimate.state import MAX_TRACKS, NOWHERE, Asked, Requests, Track
from beacon_job.sessions.estimate.supply import answer, note
from beacon_job.sessions.estimate.telling import Stretch, Teller

FOLLOW_MS, FOLLOW_POSITION_MS = 1_500, 8_000
"""Tracks that jump within this of another, in time and in position, follow one seek."""

OPEN_MS, SOUGHT_MS = 300, 500
"""How long it must have run dry, at the end of a view and before a jump, to have stalled: there is no later
request that shows it."""

CUT_OFF = 499
"""Status of nginx, and others, for a request that the client cut off."""


class Request(NamedTuple):
    """One request, as a log tells it. Epoch ms; -1 where it does not tell."""

    start_ms: int
    end_ms: int
    track: int
    """The type of media; 0: no media."""
    segment: int
    """The number in its name; below -1: a checksum of a name without one."""
    duration_ms: int
    buffer_ms: int
    rate_permille: int
    status: int


def read(requests: Requests, request: Request) -> list[Stretch]:
    """Take in one request, not before those that were read; what became known of the time for good."""
    reader = _Reader(requests)
    reader.read(request)
    return reader.teller.stretches


def finished(requests: Requests) -> tuple[Requests, list[Stretch]]:
    """How things stand if nothing more comes, and what of the time `read` has not given out yet."""
    ends = copy(requests)
    ends.levels = [copy(level) for level in requests.levels]
    ends.tracks = {kind: copy(track) for kind, track in requests.tracks.items()}
    reader = _Reader(ends)
    reader.finish()
    return ends, reader.teller.stretches


class _Reader:
    __slots__ = ("playhead", "requests", "teller")

    def __init__(self, requests: Requests) -> None:
        self.requests = requests
        self.teller = Teller(requests)
        self.playhead = Playhead(requests, self.teller)

    def read(self, request: Request) -> None:
        requests = self.requests
        if requests.origin_ms == NOWHERE:
            requests.origin_ms = request.start_ms
        real_ms = request.start_ms - requests.origin_ms
        self._note_log(request, real_ms)
        if not request.track:
            return
        if request.rate_permille != requests.rate_permille:
            self.teller.change_rate(real_ms, request.rate_permille)
        track = requests.tracks.get(request.track)
        if track is None:
            if len(requests.tracks) == MAX_TRACKS:
                return
            from_ms = numbering.first_place(requests.tracks.values(), request.segment, request.duration_ms)
            track = requests.tracks[request.track] = Track(reach_ms=from_ms, came_ms=from_ms)
            requests.run_ms = max(requests.run_ms, 0)
        end_ms = self.teller.media_clock(max(request.end_ms - requests.origin_ms, real_ms))
        self._media(track, request, self.teller.media_clock(real_ms), end_ms)

    def finish(self) -> None:
        requests, teller = self.requests, self.teller
        self.playhead.settle()
        tracks = [track for track in requests.tracks.values() if track.asked]
        refused = [track.asked[-1].asked_ms for track in tracks if track.asked[-1].refused]
        teller.levels(requests.levels, min(refused, default=None))
        end_ms = max((asked.end_ms for track in tracks for asked in track.asked), default=0)
        teller.rest(end_ms, OPEN_MS, refused=bool(refused))
        last_ms = teller.media_clock(requests.last_real_ms)
        if requests.has_moved:
            teller.play(last_ms)
        else:
            teller.wait(last_ms)

    def _note_log(self, request: Request, real_ms: int) -> None:
        requests = self.requests
        requests.last_real_ms = max(requests.last_real_ms, real_ms)
        requests.has_fractions |= bool(
            request.start_ms % 1_000 and (request.end_ms < 0 or request.end_ms % 1_000)
        )
        requests.has_statuses |= request.status >= 0
        if request.status == 0 or request.status >= 400:
            requests.refused += 1
        if request.track:
            requests.media += 1
            requests.untimed += request.end_ms < 0
            requests.undated += request.duration_ms <= 0
            requests.buffers += request.buffer_ms >= 0

    def _media(self, track: Track, request: Request, at_ms: int, end_ms: int) -> None:
        requests = self.requests
        if request.duration_ms <= 0:
            return
        came = 200 <= request.status < 400 or (request.status < 0 and not requests.has_statuses)
        refused = request.status >= 400 and request.status != CUT_OFF
        buffer_ms = request.buffer_ms
        self.playhead.account(at_ms)
        place = numbering.place(track, request.segment, buffer_ms, at_ms)
        if came and (requests.first_came_ms == NOWHERE or end_ms < requests.first_came_ms):
            requests.first_came_ms = end_ms
        if place.again is not None:
            # What it tells of the buffer may be as old as the try before.
            if numbering.is_blind(track, request.segment) and buffer_ms != track.buffer_ms:
                self.playhead.sample(track, at_ms, place.from_ms, buffer_ms)
            answer(place.again, end_ms, came, refused)
        elif place.is_other_quality:
            track.repeats += request.segment == track.segment
            return
        else:
            requests.missing += place.missing
            if place.is_jump or self._has_sought(track, request, at_ms - place.from_ms):
                self._jump(track, at_ms, place.from_ms)
            numbering.move(track, request.segment, place.from_ms, request.duration_ms)
            self.playhead.sample(track, at_ms, place.from_ms, buffer_ms)
            note(track, Asked(request.segment, at_ms, end_ms, track.reach_ms, came, refused))
        if buffer_ms >= 0:
            track.buffer_ms, track.told_ms = buffer_ms, at_ms

    def _has_sought(self, track: Track, request: Request, behind_ms: int) -> bool:
        """Whether a segment that nobody can place is not the next: hardly anything is buffered before it, and
        the playhead cannot have come so far."""
        levels, buffer_ms = self.requests.levels, request.buffer_ms
        return (
            numbering.is_blind(track, request.segment)
            and bool(levels)
            and 0 <= buffer_ms < numbering.SOUGHT_BUFFER_MS
            and behind_ms + buffer_ms < levels[-1].lag_ms - lag.FALL_MS
        )

    def _jump(self, track: Track, at_ms: int, position_ms: int) -> None:
        """The segments go on elsewhere: the viewer sought. The tracks follow one another."""
        requests = self.requests
        if (
            requests.run_position_ms
            and not requests.levels
            and at_ms - requests.run_ms < FOLLOW_MS
            and abs(position_ms - requests.run_position_ms) < FOLLOW_POSITION_MS
        ):
            return
        self.playhead.settle()
        self.teller.levels(requests.levels)
        self.teller.rest(at_ms, SOUGHT_MS)
        if requests.has_moved:
            self.teller.play(at_ms)
        requests.levels = []
        requests.run_ms, requests.run_position_ms, requests.start_position_ms = at_ms, position_ms, NOWHERE
        requests.has_moved = False
        for other in requests.tracks.values():
            other.asked, other.came_ms = [], position_ms if other is track else NOWHERE
