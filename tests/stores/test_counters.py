import threading

from beacon_job.stores.counters import LATENCY_BOUNDS_MS, Counters


def test_a_latency_falls_into_the_bucket_of_the_next_bound() -> None:
    counters = Counters()
    for took_ms in (0, 10, 10.1, 50, 99_999):
        counters.request(took_ms, 0)
    filled = dict(zip((*LATENCY_BOUNDS_MS, "more"), counters.latency_ms, strict=True))
    assert {bound: count for bound, count in filled.items() if count} == {10: 2, 20: 1, 50: 1, "more": 1}
    assert counters.max_latency_ms == counters.last_latency_ms == 99_999


def test_the_age_is_that_of_the_newest_point_whatever_the_order() -> None:
    counters = Counters()
    assert counters.data_age_ms(1_000) == 0
    for time_ns in (3_000_000, 9_000_000, 5_000_000):
        counters.seen(time_ns)
    assert counters.data_age_ms(10) == 1


def test_counting_from_several_threads_loses_nothing() -> None:
    counters = Counters()

    def count() -> None:
        for _ in range(2_000):
            counters.add(written=1)
            counters.refuse("rejected")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counters.totals == {"written": 8_000, "refused.rejected": 8_000}
