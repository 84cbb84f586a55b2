"""docs/estimates.md has the figures that the recordings give today."""

from tests.docs.estimate_tables import PAGE, render


def test_the_tables_are_fresh() -> None:
    assert PAGE.read_text() == render()
