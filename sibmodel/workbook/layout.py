"""Where every line stands in the workbook: its section's sheet, and the row under its heading there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from sibmodel.lines import Book, Input, Line, Place, Section, column_name, reference
from sibmodel.lines.formulas import FIRST_PERIOD, VALUE

HEADER = 5
"""The row of column headings, counted from 0, on every sheet of lines; the rows above it hold title and status."""
USED = "G"
"""The column of the sheet Inputs that the whole book reads: its own value, a scenario's, or that of a path."""
FIRST_ROW = HEADER + 1


@dataclass(frozen=True, eq=False)
class Group:
    """A heading and the lines that stand under it. `row` is the heading's own, counted from 0; None without heading."""

    heading: str
    row: int | None
    lines: tuple[Line, ...]


class WorkbookLayout:
    """The places of all lines of a book. Lines of one heading stand together, in the order of their definition."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.periods = book.periods
        self._places: dict[Line, Place] = {}
        self.groups: dict[Section, tuple[Group, ...]] = {}
        by_section: dict[Section, list[Line]] = {section: [] for section in book.sections}
        for line in book.lines:
            by_section[line.section].append(line)
        for section, lines in by_section.items():
            self.groups[section] = self._stack(section, lines)

    def place(self, line: Line) -> Place:
        """The line's sheet, and its row counted from 1."""
        return self._places[line]

    def cell(self, line: Line, sheet: str, period: int | None = None) -> str:
        """The cell of a figure, or of a line in a period (from 0), as a formula on `sheet` refers to it."""
        return reference(line, self, sheet, None if period is None else column_name(FIRST_PERIOD + period))

    def _stack(self, section: Section, lines: list[Line]) -> tuple[Group, ...]:
        order = {heading: position for position, heading in enumerate(dict.fromkeys(line.heading for line in lines))}
        together = sorted(lines, key=lambda line: order[line.heading])
        row, groups = FIRST_ROW, []
        for heading, members in groupby(together, key=lambda line: line.heading):
            heading_row = row if heading else None
            row += 1 if heading else 0
            under = tuple(members)
            for line in under:
                self._places[line] = Place(section.name, row + 1, USED if isinstance(line, Input) else VALUE)
                row += 1
            groups.append(Group(heading, heading_row, under))
        return tuple(groups)
