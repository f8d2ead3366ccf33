"""Tables in Markdown: printed as they are, and written between two marks of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FIRST, LAST = "<!-- measured: from here -->", "<!-- measured: to here -->"
"""What stands between these two lines of a page is written by the benchmark."""


@dataclass(frozen=True)
class Table:
    """A title, a sentence on what is measured, a heading and rows of text."""

    title: str
    note: str
    heading: Sequence[str]
    rows: Sequence[Sequence[str]]
    conclusion: str = ""
    """What the table says, in a sentence."""

    def markdown(self) -> str:
        """The table with its columns in line; the first is set to the left, the others to the right."""
        widths = [max(len(row[column]) for row in [self.heading, *self.rows]) for column in range(len(self.heading))]
        rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
        lines = [_row(self.heading, widths), _row(rule, widths), *(_row(row, widths) for row in self.rows)]
        conclusion = [self.conclusion, ""] if self.conclusion else []
        return "\n".join([f"### {self.title}", "", self.note, "", *lines, "", *conclusion])


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    set_out = [
        cells[0].ljust(widths[0]),
        *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)),
    ]
    return f"| {' | '.join(set_out)} |"


def write_between_marks(page: Path, text: str) -> None:
    """Put `text` in place of what stands between the page's marks. Raises ValueError where it has none."""
    before, _, after = _parts(page)
    page.write_text(f"{before}{FIRST}\n\n{text.strip()}\n\n{LAST}{after}", encoding="utf-8")


def put_in_place(page: Path, measured_on: str, tables: Sequence[Table]) -> None:
    """Put each table in the place of the one of that title between the page's marks.

    Raises ValueError where there are no marks or no such table, or where the others were measured on something else.
    """
    text = _parts(page)[1]
    if measured_on.strip() not in text:
        raise ValueError(f"The tables of {page} were measured on something else: measure all of them anew.")
    for table in tables:
        title = f"### {table.title}\n"
        before, found, rest = text.partition(title)
        if not found:
            raise ValueError(f"{page} has no table “{table.title}”: measure all of them anew.")
        _, next_title, after = rest.partition("\n### ")
        text = f"{before}{table.markdown()}{next_title}{after}"
    write_between_marks(page, text)


def _parts(page: Path) -> tuple[str, str, str]:
    """What stands before the marks of a page, between them, and after."""
    before, first, rest = page.read_text(encoding="utf-8").partition(FIRST)
    between, last, after = rest.partition(LAST)
    if not (first and last):
        raise ValueError(f"{page} has no place for the table: the lines {FIRST} and {LAST}.")
    return before, between, after
