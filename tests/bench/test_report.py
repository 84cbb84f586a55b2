"""How figures are shown."""

import pytest

from bench.report import Table, number, plain


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.01234, "0.0123"),
        (0.5, "0.500"),
        (1.234, "1.23"),
        (12.34, "12.3"),
        (1234.5, "1,234"),
        (3, "3"),
        ("x", "x"),
    ],
)
def test_a_figure_shows_three_digits_that_count(value: float | str, shown: str) -> None:
    assert number(value) == shown


def test_a_table_has_its_numbers_to_the_right() -> None:
    table = Table(("stage", "µs"), (("decode", 12.345), ("write", 8)), "By stage")
    assert plain(table) == "  By stage\n  stage     µs\n  decode  12.3\n  write      8"
