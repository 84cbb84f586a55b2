"""What is set in a Python worker of Flink."""

import gc
import platform
import threading
from collections.abc import Iterator

import pytest

from beacon_job.flink.worker import settle


@pytest.fixture(autouse=True)
def collector_as_before() -> Iterator[None]:
    """Leave the test run's own collector as it was."""
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps memory per thread")
def test_free_memory_is_given_back_by_one_thread_however_many_operators_open() -> None:
    settle()
    settle()
    assert [thread.name for thread in threading.enumerate()].count("trim") == 1


def test_cycles_are_searched_for_seldom() -> None:
    settle()
    assert gc.get_threshold()[0] >= 100_000
