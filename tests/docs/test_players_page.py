"""docs/players.md is what the registry and the recordings make of it today."""

from tests.docs.report_card import PAGE, render


def test_the_page_is_fresh():
    assert PAGE.read_text() == render()
