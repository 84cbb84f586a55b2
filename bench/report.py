"""What a section found, and how it is shown: on the terminal, and in docs/performance.md. Pure."""

from collections.abc import Sequence

import msgspec


class Goal(msgspec.Struct, frozen=True):
    """A figure that was set a limit."""

    name: str
    found: float
    unit: str
    limit: float
    at_least: bool = False
    """Whether the limit is a lower one."""

    @property
    def met(self) -> bool:
        """Whether it holds."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit


class Table(msgspec.Struct, frozen=True):
    """Rows of figures; numbers are shown with three digits that count."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    caption: str = ""


class Section(msgspec.Struct, frozen=True):
    """One part of the report."""

    title: str
    method: str
    """What was done, in words."""
    tables: tuple[Table, ...] = ()
    goals: tuple[Goal, ...] = ()


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


def markdown(table: Table) -> str:
    """The table in Markdown, numbers to the right."""
    right = ["---:" if _is_numeric(table, i) else "---" for i in range(len(table.columns))]
    lines = [
        _line(table.columns),
        _line(right),
        *(_line([number(cell) for cell in row]) for row in table.rows),
    ]
    return "\n".join(([table.caption, ""] if table.caption else []) + lines)


def _is_numeric(table: Table, column: int) -> bool:
    return any(not isinstance(row[column], str) for row in table.rows)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


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


def goals_table(goals: Sequence[Goal]) -> Table:
    """Each figure beside its limit."""
    rows = tuple(
        (
            goal.name,
            goal.found,
            f"{'at least' if goal.at_least else 'at most'} {number(goal.limit)} {goal.unit}".rstrip(),
            "met" if goal.met else "not met",
        )
        for goal in goals
    )
    return Table(("figure", "measured", "goal", ""), rows)


def terminal(section: Section) -> str:
    """A section as it is printed when it is done."""
    parts = [section.title, *(plain(table) for table in section.tables)]
    if section.goals:
        parts.append(plain(goals_table(section.goals)))
    return "\n\n".join(parts) + "\n"


def page(sections: Sequence[Section], machine: str, command: str) -> str:
    """docs/performance.md."""
    goals = [goal for section in sections for goal in section.goals]
    parts = [
        "# What a beacon costs",
        f"Rendered by `{command}`; not to be edited by hand. Figures and baselines come from one run.",
        machine,
        "## Goals",
        markdown(goals_table(goals)),
    ]
    for section in sections:
        parts += [f"## {section.title}", section.method, *(markdown(table) for table in section.tables)]
    return "\n\n".join(parts) + "\n"
