"""Tables for people to read in a terminal and to paste into Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from unicodedata import east_asian_width

from benchmarks.meter import Reading


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]], note: str = "") -> str:
    """A table with a title; numbers stand on the right."""
    cells = [[_shown(cell) for cell in row] for row in rows]
    widths = [max(_width(line[column]) for line in [list(head), *cells]) for column in range(len(head))]
    right = [
        bool(rows) and all(isinstance(row[column], (int, float)) or row[column] is None for row in rows)
        for column in range(len(head))
    ]

    def line(values: Sequence[str]) -> str:
        shown = [
            " " * (width - _width(value)) + value if on_right else value + " " * (width - _width(value))
            for value, width, on_right in zip(values, widths, right, strict=True)
        ]
        return "| " + " | ".join(shown) + " |"

    rule = (
        "|"
        + "|".join(
            "-" * (width + 1) + (":" if on_right else "-") for width, on_right in zip(widths, right, strict=True)
        )
        + "|"
    )
    lines = [f"## {title}", "", line(list(head)), rule, *map(line, cells)]
    return "\n".join([*lines, "", *([note, ""] if note else [])])


def budget_rows(
    readings: Iterable[tuple[str, int, Reading]], budgets: Mapping[str, int]
) -> list[tuple[str, str, int, int, str, str]]:
    """Rows of what was measured, by what a desk of which size: table calls beside their budget, and units.

    Args:
        readings: (what, size of the desk, what it cost), in any order.
        budgets: table calls that each may take, in the order of the table.
    """
    order = [*budgets]
    return [
        (
            name,
            f"{size:,}",
            reading.table_calls,
            budgets[name],
            f"{reading.cost.reads:g}",
            f"{reading.cost.writes:g}",
        )
        for name, size, reading in sorted(readings, key=lambda row: order.index(row[0]))
    ]


def _shown(cell: object) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:.2f}".removesuffix("0")
    return str(cell)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
