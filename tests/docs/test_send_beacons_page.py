"""The table of docs/send-beacons.md is what `bench.posts` counts; its examples are tried in tests/browser."""

from bench.posts import ways
from tests.places import ROOT


def test_the_requests_of_a_viewer_hour_are_those_that_were_counted() -> None:
    text = (ROOT / "docs" / "send-beacons.md").read_text()
    for way in ways():
        assert f"| {way.name} | {way.player} | {round(way.posts):,} |" in text
