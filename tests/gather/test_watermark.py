"""The watermark policy: what moves event time, and what must not."""

from hypothesis import given
from hypothesis import strategies as st

from beacon_job.gather.settings import WatermarkSettings
from beacon_job.gather.watermark import WatermarkPolicy

NOW = 1_800_000_000_000
SETTINGS = WatermarkSettings()


def started(*shards: tuple[str, int]) -> WatermarkPolicy:
    """A policy past its start, having read these shards up to these times."""
    policy = WatermarkPolicy(SETTINGS)
    for shard, recv_at_ms in shards:
        policy.record(shard, recv_at_ms)
    policy.tick(NOW, NOW)
    policy.tick(NOW + SETTINGS.start_ms, NOW + SETTINGS.start_ms)
    return policy


def fresh_ticks(policy: WatermarkPolicy, from_ms: int, seconds: int) -> int:
    """Let `seconds` pass with nothing but fresh ticks; the time of the last."""
    for second in range(1, seconds + 1):
        policy.tick(from_ms + second * 1000, from_ms + second * 1000)
    return from_ms + seconds * 1000


def test_no_watermark_is_given_before_every_shard_had_time_to_speak() -> None:
    policy = WatermarkPolicy(SETTINGS)
    policy.record("a", NOW)
    policy.tick(NOW, NOW)
    assert policy.advance() is None
    policy.tick(NOW + 1000, NOW + 1000)
    assert policy.advance() is None


def test_the_slowest_live_shard_holds_the_watermark() -> None:
    policy = started(("a", NOW), ("b", NOW - 7_200_000))
    assert policy.advance() == NOW - 7_200_000 - SETTINGS.bound_ms


def test_an_idle_stream_lets_event_time_follow_the_clock() -> None:
    policy = started(("a", NOW))
    last = fresh_ticks(policy, NOW + SETTINGS.start_ms, 60)
    assert policy.advance() == last - SETTINGS.bound_ms


def test_one_silent_shard_beside_a_busy_one_leaves_the_minimum() -> None:
    policy = started(("busy", NOW), ("silent", NOW - 1000))
    for second in range(1, 21):
        now = NOW + SETTINGS.start_ms + second * 1000
        policy.record("busy", now)
        policy.tick(now, now)
    assert policy.advance() == now - SETTINGS.bound_ms


def test_a_shard_silent_in_the_middle_of_a_backlog_gets_more_patience() -> None:
    old = NOW - 7_200_000
    policy = started(("busy", NOW), ("slow", old))
    fresh_ticks(policy, NOW + SETTINGS.start_ms, SETTINGS.idle_ms // 1000 + 2)
    assert policy.advance() == old - SETTINGS.bound_ms
    last = fresh_ticks(policy, NOW + SETTINGS.start_ms + 10_000, SETTINGS.stalled_ms // 1000)
    assert policy.advance() == last - SETTINGS.bound_ms


def test_backpressure_does_not_look_like_silence() -> None:
    policy = started(("a", NOW - 60_000))
    for second in range(120):
        policy.tick(NOW + second * 1000, NOW + second * 1000 + SETTINGS.fresh_ms + 1)
    assert policy.advance() == NOW - 60_000 - SETTINGS.bound_ms


def test_a_stream_that_never_spoke_follows_the_clock_after_a_longer_wait() -> None:
    policy = WatermarkPolicy(SETTINGS)
    policy.tick(NOW, NOW)
    last = fresh_ticks(policy, NOW, 10)
    assert policy.advance() is None
    last = fresh_ticks(policy, last, 15)
    assert policy.advance() == last - SETTINGS.bound_ms


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "tick"]), st.integers(-10_000_000, 10_000_000)), max_size=60
    )
)
def test_the_watermark_never_goes_back(steps: list[tuple[str, int]]) -> None:
    policy = started(("a", NOW))
    last = policy.advance()
    for kind, offset_ms in steps:
        if kind == "tick":
            policy.tick(NOW + offset_ms, NOW + abs(offset_ms))
        else:
            policy.record(kind, NOW + offset_ms)
        newest = policy.advance()
        assert newest is not None and last is not None and newest >= last
        last = newest
