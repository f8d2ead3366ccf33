"""What a view is made of: sentences, tables and charts. It names lines and holds figures, and knows no Excel.

A cell is a live figure of the base case (a line), a constant (a statistic of the simulation) or text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sibmodel.lines import Line

Kind = Literal[
    "money",
    "million",
    "share",
    "fine share",
    "rate",
    "multiple",
    "months",
    "people",
    "count",
    "number",
    "date",
    "financial year",
    "holds",
    "size",
]
"""How a number is shown. `million` is money in millions; `holds` is a check's 1 or 0, in words; `size` is a number of
any order, such as a difference; `fine share` has two decimals of a per cent, as for a term of a contract."""


KIND_OF_UNIT: dict[str, Kind] = {
    "£": "money",
    "share": "share",
    "share a year": "rate",
    "months": "number",
    "people": "people",
}
"""How an input is shown, by its unit; any other is a plain number."""


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure of the base case: a line, in one period (from 0) where it runs over time."""

    line: Line
    kind: Kind
    period: int | None = None


@dataclass(frozen=True)
class Constant:
    """A number that does not move with the inputs, such as a statistic of the simulation; nan is not available."""

    value: float
    kind: Kind


class FillIn(str):
    """A cell that is blank for the reader to fill in."""

    __slots__ = ()


Cell = Figure | Constant | str


@dataclass(frozen=True, eq=False)
class Table:
    """Rows under one header; the first column labels them. `title` is unique among all views of a run."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    total: bool = False
    """Whether the last row adds up the others, or stands for all."""

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.header)]
        if wrong or len(set(self.header)) != len(self.header):
            raise ValueError(f"The table “{self.title}” needs one cell a column and columns of different names.")


Shape = Literal["line", "column", "stacked", "histogram", "bar", "curve"]
"""`bar` lies down, its first row at the top, and its series start from nil on either side. A `curve` has numbers along
the bottom, each where it belongs: a step is a step."""
Role = Literal["investors", "loss", "gain", "reference", "other", "paid", "pale", "dark"]
"""What a series stands for; each role has its colour wherever it appears."""


@dataclass(frozen=True)
class Series:
    """A column of the chart's table. `faint` draws a line thin and dashed, as for a bound."""

    column: str
    role: Role
    faint: bool = False


@dataclass(frozen=True, eq=False)
class Chart:
    """A picture of a table: its first column along the bottom, some of its other columns as series.

    The title says the finding; `alternative` says it to those who cannot see the picture.
    """

    title: str
    table: Table
    series: tuple[Series, ...]
    shape: Shape
    along: str
    """What runs along the bottom, with its unit."""
    upward: str
    """What is measured upward, with its unit."""
    kind: Kind
    alternative: str
    rows: int | None = None
    """How many of the table's rows are drawn, from the first; all unless told."""

    def __post_init__(self) -> None:
        missing = [series.column for series in self.series if series.column not in self.table.header[1:]]
        if missing or not self.series:
            raise ValueError(f"The chart “{self.title}” draws columns that its table has not: {missing}.")


@dataclass(frozen=True)
class Words:
    """Sentences, the most important first."""

    sentences: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, eq=False)
class Pictures:
    """Charts that stand beside each other."""

    charts: tuple[Chart, ...]


Block = Words | Table | Pictures


@dataclass(frozen=True, eq=False)
class View:
    """A page: blocks from top to bottom."""

    name: str
    purpose: str
    blocks: tuple[Block, ...]
    kind: Literal["outputs", "control"] = "outputs"
    """Whether it shows the deal, or is about the book itself."""

    @property
    def tables(self) -> Iterator[Table]:
        return (block for block in self.blocks if isinstance(block, Table))

    @property
    def charts(self) -> Iterator[Chart]:
        return (chart for block in self.blocks if isinstance(block, Pictures) for chart in block.charts)
