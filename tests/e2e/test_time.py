"""Late and idle: what event time promises, seen on the running job."""

import pytest

from local.stack.stack import Stack
from tests.e2e.conftest import wait_for
from tests.e2e.traffic import corrections, heartbeat, now_ms, put, windows

pytestmark = pytest.mark.e2e


def test_the_last_window_closes_although_nothing_follows(stack: Stack) -> None:
    put(stack, [("idle", heartbeat("idle", now_ms(), seq, "ID")) for seq in range(20)])
    wait_for("the window is written", lambda: sum(windows(stack, "ID").values()) == 20, patience_s=60)
    assert corrections(stack, "ID") == []


def test_what_comes_late_makes_the_row_of_its_window_grow(stack: Stack) -> None:
    now = now_ms()
    put(stack, [("late", heartbeat("late", now, 0, "LT"))])
    wait_for("the window is written", lambda: sum(windows(stack, "LT").values()) == 1, patience_s=60)
    put(stack, [("late", heartbeat("late", now, 1, "LT"))])
    wait_for("the late beacon is counted", lambda: sum(windows(stack, "LT").values()) == 2, patience_s=60)
    assert corrections(stack, "LT") == []
    assert len(windows(stack, "LT")) == 1
