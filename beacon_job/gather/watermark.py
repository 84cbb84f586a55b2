"""How far event time has come: the watermark policy of one decode subtask. Pure; the clock comes in as ticks.

Event time is arrival (`recv_at`). The watermark is the least, over the shards that are alive, of the newest
arrival seen, less a bound. A shard that stays silent leaves the minimum, so that an idle shard or an idle
stream holds nothing back; with no shard alive the tick's own time takes over. Silence is counted by *fresh*
ticks only (handled soon after they were made), so that backpressure never looks like silence.
"""

import msgspec

from beacon_job.gather.settings import WatermarkSettings


class _Shard(msgspec.Struct):
    newest_ms: int
    silent_ms: int = 0
    at_tip: bool = False


class WatermarkPolicy:
    """Feed it `record` and `tick` in the order they arrive; read `watermark_ms` after each batch."""

    def __init__(self, settings: WatermarkSettings | None = None) -> None:
        self._settings = settings or WatermarkSettings()
        self._shards: dict[str, _Shard] = {}
        self._last_fresh_ms: int | None = None
        self._clock_ms = 0
        self._now_ms = 0
        self._first_tick_ms: int | None = None
        self._first_tick_after_record_ms: int | None = None
        self.watermark_ms: int | None = None
        """The newest watermark, epoch ms; None until the first. It never goes back."""

    def record(self, shard_id: str, recv_at_ms: int) -> None:
        """Note a record's arrival time; `shard_id` tells whose."""
        shard = self._shards.get(shard_id)
        if shard is None:
            self._shards[shard_id] = _Shard(newest_ms=recv_at_ms)
        else:
            shard.silent_ms = 0
            if recv_at_ms > shard.newest_ms:
                shard.newest_ms = recv_at_ms

    def tick(self, made_ms: int, now_ms: int) -> bool:
        """Note the passing of time; True if the tick was fresh (and therefore counts for silence)."""
        if self._first_tick_ms is None:
            self._first_tick_ms = now_ms
        if self._first_tick_after_record_ms is None and self._shards:
            self._first_tick_after_record_ms = now_ms
        self._now_ms = now_ms
        if not 0 <= now_ms - made_ms <= self._settings.fresh_ms:
            self._last_fresh_ms = None
            return False
        passed_ms = 0 if self._last_fresh_ms is None else max(0, made_ms - self._last_fresh_ms)
        self._last_fresh_ms = max(made_ms, self._last_fresh_ms or 0)
        self._clock_ms = max(self._clock_ms, made_ms)
        for shard in self._shards.values():
            shard.at_tip = made_ms - shard.newest_ms <= self._settings.tip_ms
            shard.silent_ms += passed_ms
        self._drop_silent()
        return True

    def advance(self) -> int | None:
        """Move the watermark as far as what was noted allows, and return it."""
        if self._started():
            candidate_ms = self._candidate_ms()
            if self.watermark_ms is None or candidate_ms > self.watermark_ms:
                self.watermark_ms = candidate_ms
        return self.watermark_ms

    def _started(self) -> bool:
        if self._first_tick_after_record_ms is not None:
            return self._now_ms - self._first_tick_after_record_ms >= self._settings.start_ms
        if self._first_tick_ms is not None:
            return self._now_ms - self._first_tick_ms >= self._settings.start_idle_ms
        return False

    def _drop_silent(self) -> None:
        settings = self._settings
        for shard_id, shard in list(self._shards.items()):
            patience_ms = settings.idle_ms if shard.at_tip else settings.stalled_ms
            if shard.silent_ms >= patience_ms:
                del self._shards[shard_id]

    def _candidate_ms(self) -> int:
        newest_ms = min((shard.newest_ms for shard in self._shards.values()), default=self._clock_ms)
        return newest_ms - self._settings.bound_ms
