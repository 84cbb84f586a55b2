"""What a viewer-hour makes and costs, by way of sending."""

import json
import shutil
import subprocess

import pytest

from bench.posts import MEASURED, Way, cost, ways
from tests.places import ROOT


def posts(name: str) -> list[float]:
    return [way.posts for way in ways() if way.name == name]


def test_the_front_door_is_billed_by_post_and_the_rest_by_what_is_in_it() -> None:
    usd = cost(Way("a post for each event", "any", posts=600, beacons=600, body_bytes=300))
    assert usd.door == pytest.approx(2.10)
    assert usd.stream == pytest.approx(0.0687, abs=0.0001)
    assert usd.writes == pytest.approx(0.09)
    assert usd.compute == pytest.approx(0.0026, abs=0.0001)
    assert usd.together == pytest.approx(2.26, abs=0.01)


def test_a_batch_costs_one_request_and_its_own_kilobytes() -> None:
    one, batch = Way("", "", 1, 20, 300), Way("", "", 1, 20, 6_000)
    assert cost(batch).door == cost(one).door
    assert cost(batch).stream == pytest.approx(9 * cost(one).stream)


def test_recommended_settings_make_a_fraction_of_the_posts_of_all_others() -> None:
    recommended, defaults = posts("CMCD, recommended"), posts("CMCD, defaults")
    _, origin_live = posts("a post for each event")
    assert len(recommended) == len(defaults) == 3
    assert max(recommended) < min(defaults) / 5
    assert max(recommended + posts("SDK")) < origin_live / 5


def test_the_count_of_the_sdk_is_that_of_its_code() -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("there is no node")
    told = subprocess.run(
        [node, "bench/sdk_hour.mjs"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert json.loads(MEASURED.read_text()) == [json.loads(told)]
