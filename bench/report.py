"""How figures are shown on the terminal. Pure."""

from collections.abc import Sequence

import msgspec


class Table(msgspec.Struct, frozen=True):
    """Rows of figures; numbers are shown with three digits that count."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    caption: str = ""


def number(value: str | float) -> str:
    """A figure as a person reads it: `0.0123`, `1.23`, `12.3`, `123`, `12,345`."""
    if isinstance(value, str):
        return value
    size = abs(value)
    if size >= 100 or value == int(value):
        return f"{value:,.0f}"
    for limit, digits in ((10, 1), (1, 2), (0.1, 3)):
        if size >= limit:
            return f"{value:.{digits}f}"
    return f"{value:.4f}"


def plain(table: Table) -> str:
    """The table for a terminal."""
    cells = [list(table.columns), *([number(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(table.columns))]
    numeric = [_is_numeric(table, i) for i in range(len(widths))]

    def line(row: Sequence[str]) -> str:
        padded = (
            f"{cell:>{w}}" if right else f"{cell:<{w}}"
            for cell, w, right in zip(row, widths, numeric, strict=True)
        )
        return ("  " + "  ".join(padded)).rstrip()

    return "\n".join(([f"  {table.caption}"] if table.caption else []) + [line(row) for row in cells])


def _is_numeric(table: Table, column: int) -> bool:
    return any(not isinstance(row[column], str) for row in table.rows)
