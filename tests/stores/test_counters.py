import threading

from beacon_job.stores.store import Counters, Refused
from beacon_job.types.point import Point


def test_the_last_latency_is_told_and_requests_are_counted() -> None:
    counters = Counters()
    for took_ms in (3, 99, 10):
        counters.request(took_ms, 7)
    assert counters.last_latency_ms == 10
    assert counters.totals == {"requests": 3, "bytes": 21}


def test_the_age_is_that_of_the_newest_point_whatever_the_order() -> None:
    counters = Counters()
    assert counters.data_age_ms(1_000) == 0
    for times_ns in ((), (3_000_000, 9_000_000), (5_000_000,)):
        counters.seen([Point("events", "n", time_ns, {}, {}) for time_ns in times_ns])
    assert counters.data_age_ms(10) == 1


def test_counting_from_several_threads_loses_nothing() -> None:
    counters = Counters()

    def count() -> None:
        for _ in range(2_000):
            counters.add(written=1)
            counters.refuse([Refused(0, "rejected", "")])

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counters.totals == {"written": 8_000, "refused.rejected": 8_000}
