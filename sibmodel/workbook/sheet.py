"""A sheet before it is drawn: what stands in which cell, and how the page looks. Nothing here touches a file."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from sibmodel.lines import Line, Values
from sibmodel.views.common import Chart
from sibmodel.words import NOT_AVAILABLE
from sibmodel.workbook.limits import Limits
from sibmodel.workbook.style import Look

Value = float | str
Reading = Callable[[Values], Value]
SheetKind = Literal["control", "inputs", "calculations", "outputs"]

LONGEST_TEXT = 32_767
"""Characters that a cell holds."""
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet may take for a formula."""


@dataclass(frozen=True, slots=True)
class Live:
    """A formula, and how Python comes to the same value."""

    formula: str
    read: Reading


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a cell: an input or a text as it is, or a formula."""

    content: float | str | Live | None
    look: Look


DEFAULT_HEIGHT = 15.0
"""Points of a row that holds one line of text."""
LINE_HEIGHT = 12.75
"""Points of each further line."""
HIGHEST_ROW = 409.0
"""Points: Excel's limit."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A chart and where it stands: its corner, its size in pixels, and the cells of its columns on their sheet."""

    chart: Chart
    row: int
    offset: int
    width: int
    height: int


@dataclass(frozen=True)
class Block:
    """The cells of a table's rows under its header, on a sheet: the first row, the last, and the header's row."""

    sheet: str
    header: int
    first: int
    last: int


@dataclass(eq=False)
class Sheet:
    """Rows and columns are counted from 0. Columns are wide in characters, rows high in points."""

    name: str
    kind: SheetKind
    cells: dict[tuple[int, int], Written] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    freeze: tuple[int, int] = (0, 0)
    pictures: list[Picture] = field(default_factory=list)
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells that lead to another sheet."""
    takes: dict[tuple[int, int], Limits] = field(default_factory=dict)
    """Input cells and what they take."""
    lists: dict[tuple[int, int], str] = field(default_factory=dict)
    """Input cells that take one of the values of an area: a drop-down."""
    alarms: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Areas, from row and column to row and column, whose text says that all is well or not: shown by colour too."""
    page_columns: list[int] = field(default_factory=list)
    page_rows: list[int] = field(default_factory=list)
    """Columns, and rows, before which a printed page begins."""
    scale: int | None = None
    """Per cent at which it is printed; as wide as the page unless told."""
    portrait: bool = False
    printed: tuple[int, int, int, int] | None = None
    """The area that is printed, from row and column to row and column; all of it unless told."""

    def write(self, row: int, column: int, content: float | str | Live | None, look: Look) -> None:
        """Put something in a cell. A number that is not available is written in words."""
        if isinstance(content, float) and not math.isfinite(content):
            content, look = NOT_AVAILABLE, replace(look, right=True)
        if isinstance(content, str):
            content = content[:LONGEST_TEXT]
            look = replace(look, apostrophe=content.startswith(LIKE_A_FORMULA))
        self.cells[row, column] = Written(content, look)
        if look.wrap and isinstance(content, str):
            height = DEFAULT_HEIGHT + LINE_HEIGHT * (len(wrapped(content, self.widths.get(column, 9.0), look)) - 1)
            self.heights[row] = min(HIGHEST_ROW, max(height, self.height(row)))

    def height(self, row: int) -> float:
        """Points."""
        return self.heights.get(row, DEFAULT_HEIGHT)

    @property
    def last_row(self) -> int:
        """The last row that holds anything."""
        return max((row for row, _ in self.cells), default=0)

    @property
    def pixels_wide(self) -> int:
        """Of all columns that have a width."""
        return sum(pixels(width) for width in self.widths.values())


def pixels(width: float) -> int:
    """The pixels of a column that is so many characters wide, in a ten-point face."""
    return round(width * 7) + 5


def wrapped(text: str, width: float, look: Look) -> list[str]:
    """The lines of a text in a column of that width."""
    bold = 0.92 if look.bold else 1.0
    return textwrap.wrap(text, max(4, int(width * bold * 10.8 / look.size)), break_on_hyphens=False) or [""]


def plain(value: float) -> Value:
    """A number as it is stored: no minus before nil, words where there is no figure."""
    value = float(value)
    return value + 0.0 if math.isfinite(value) else NOT_AVAILABLE


@dataclass(frozen=True, slots=True, eq=False)
class OfLine:
    """The reading of a line: of a figure, or in a period counted from 0."""

    line: Line
    period: int | None = None

    def __call__(self, values: Values) -> Value:
        return plain(values.figure(self.line) if self.period is None else values[self.line][self.period, 0])


def figure(line: Line) -> Reading:
    """The reading of a line without time."""
    return OfLine(line)


def in_period(line: Line, period: int) -> Reading:
    """The reading of a line over time in a period counted from 0."""
    return OfLine(line, period)


def over_time(line: Line) -> Reading:
    """The reading of a line's sum over time."""
    return lambda values: plain(values[line][:, 0].sum())
