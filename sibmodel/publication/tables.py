"""From views to tables that may be published: values only, units in words, and no empty cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sibmodel import __version__
from sibmodel.results import Run
from sibmodel.views.as_values import as_values
from sibmodel.views.common import Cell, Constant, FillIn, Kind, Table, View
from sibmodel.views.sentences import sampler_words

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
"""The shorthand of the Analysis Function: not available, not applicable."""
SHORTHAND = (
    "Some cells hold shorthand: [x] means not available, [z] means not applicable.",
    "A date is the last day of its month.",
)
UNITS: dict[Kind, tuple[str, int]] = {
    "money": ("£", 0),
    "million": ("£", 0),
    "share": ("%", 1),
    "rate": ("% a year", 1),
    "multiple": ("times", 2),
    "months": ("months", 0),
    "people": ("people", 0),
    "count": ("number", 0),
    "number": ("number", 2),
    "size": ("number", 6),
    "date": ("date", 0),
}
"""A kind's unit in words, and the decimal places that are shown."""
IN_PER_CENT: tuple[Kind, ...] = ("share", "rate")
UNIT = "Unit"
"""The head of a column of units."""


@dataclass(frozen=True)
class Number:
    """A number in its unit: 7.5 for 7.5 %. `places` are shown."""

    value: float
    places: int
    is_date: bool = False
    """The value is then a day as spreadsheets count them."""


Published = Number | str


@dataclass(frozen=True)
class PublishedTable:
    """One table: `name` is its sheet's, `title` says what it shows; every cell is filled."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Published, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Publication:
    """A title, what a reader should know first, and the tables."""

    title: str
    about: tuple[str, ...]
    tables: tuple[PublishedTable, ...]


def publication(run: Run, views: Sequence[View]) -> Publication:
    """The tables of these views, in their order."""
    found: list[PublishedTable] = []
    for view in views:
        for table in as_values(view, run.base).tables:
            if table.rows and not any(one.title.endswith(f": {table.title}") for one in found):
                found.append(_table(table, view.name, len(found) + 1))
    return Publication(f"{run.deal.name}: tables", _about(run), tuple(found))


def _about(run: Run) -> tuple[str, ...]:
    simulation, last = run.simulation, run.deal.start.plus(run.deal.months - 1)
    return (
        run.deal.description or f"Financial model of {run.deal.name}, a social impact bond.",
        f"The deal runs from {run.deal.start} to {last}. Money is nominal, in pounds sterling.",
        "The base case is one course of events, not a forecast. Simulated figures come from "
        f"{simulation.paths:,} paths, seed {simulation.seed}{sampler_words(simulation)}; beside them stands their "
        "Monte Carlo standard error, which more paths would make smaller.",
        "Simulated figures hold only as far as the assumptions are right, many of which are judgement.",
        *SHORTHAND,
        f"Made with sibmodel {__version__} from the deal with the fingerprint {run.hash}.",
    )


def _table(table: Table, view: str, number: int) -> PublishedTable:
    header, rows = _with_units(table)
    said = {"Investor view": "Investors", "Commissioner view": "Commissioner"}.get(view, view)
    notes = (f"Part: {said}.", *([table.note] if table.note else []))
    return PublishedTable(f"Table_{number}", f"Table {number}: {table.title}", header, rows, notes)


def _with_units(table: Table) -> tuple[tuple[str, ...], tuple[tuple[Published, ...], ...]]:
    """The table with its units: in the header where a column has one, in a column of their own where a row has one, and
    in the cells, as words, where neither does."""
    columns = [_kinds(column) for column in zip(*table.rows, strict=True)]
    if all(len({UNITS[kind][0] for kind in kinds}) <= 1 for kinds in columns):
        header = [
            f"{name} ({UNITS[next(iter(kinds))][0]})" if kinds and UNITS[next(iter(kinds))][0] != "date" else name
            for name, kinds in zip(table.header, columns, strict=True)
        ]
        return tuple(header), tuple(tuple(map(_published, row)) for row in table.rows)
    units = [{UNITS[kind][0] for kind in _kinds(row)} for row in table.rows]
    if UNIT in table.header and all(len(each) <= 1 for each in units):
        return table.header, tuple(_in_own_unit(row, table.header.index(UNIT)) for row in table.rows)
    if all(len(each) <= 1 for each in units):
        rows = [
            (_published(row[0]), next(iter(each), NOT_APPLICABLE), *map(_published, row[1:]))
            for row, each in zip(table.rows, units, strict=True)
        ]
        return (table.header[0], UNIT, *table.header[1:]), tuple(rows)
    return table.header, tuple(tuple(map(_in_words, row)) for row in table.rows)


def _in_own_unit(row: Sequence[Cell], place: int) -> tuple[Published, ...]:
    """A row that names its unit: where shares are published in per cent, so is their unit."""
    shown = [_published(cell) for cell in row]
    if _kinds(row) & set(IN_PER_CENT):
        shown[place] = UNITS[next(iter(_kinds(row)))][0]
    return tuple(shown)


def _kinds(cells: Iterable[Cell]) -> set[Kind]:
    return {cell.kind for cell in cells if isinstance(cell, Constant)}


def _published(cell: Cell) -> Published:
    if isinstance(cell, str):
        return " ".join(cell.split()) or NOT_APPLICABLE
    if isinstance(cell, FillIn):
        return NOT_APPLICABLE
    assert isinstance(cell, Constant)
    if not math.isfinite(cell.value):
        return NOT_AVAILABLE
    value = float(cell.value) * (100 if cell.kind in IN_PER_CENT else 1)
    return Number(_without_crumbs(value), UNITS[cell.kind][1], cell.kind == "date")


def _without_crumbs(value: float) -> float:
    """Without the crumbs that sums of floating-point numbers leave: to twelve digits, and nil below a billionth."""
    return 0.0 if abs(value) < 1e-9 else float(f"{value:.12g}")


def _in_words(cell: Cell) -> Published:
    """A number with its unit as text, for a table that mixes units in its rows and columns."""
    shown = _published(cell)
    if isinstance(shown, str):
        return shown
    assert isinstance(cell, Constant)
    unit, places = UNITS[cell.kind]
    amount = f"{abs(shown.value):,.{places}f}"
    sign = "-" if shown.value < 0 and float(amount.replace(",", "")) else ""
    return f"{sign}£{amount}" if unit == "£" else f"{sign}{amount}{'%' if unit.startswith('%') else ''}".strip()
