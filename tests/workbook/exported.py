"""An example deal exported once, with every formula cell's own counterpart in Python."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sibmodel.deal import Deal
from sibmodel.lines import Input, Line, Plan, column_name
from sibmodel.lines import Values as Lines
from sibmodel.metrics import RateStatus, irr
from sibmodel.results import Run, run
from sibmodel.workbook.limits import Limits, limits
from sibmodel.workbook.sheet import Live, Written
from sibmodel.workbook.style import KINDS, MONEY, PENCE
from sibmodel.workbook.write import Workbook, lay_out, write_workbook
from tests.workbook.judges import Cell, Value, Values

DEALS = Path(__file__).parent / "deals"
"""Deals for the workbook alone: every term of some part."""
PATHS = 400
PENNY = 0.005
SMALLEST_TOLERANCE = 1e-6
CLOSE = 1e-9
"""Of the figure, or absolutely: for everything that is no money."""
MONEY_FORMATS = (MONEY, PENCE, KINDS["money"])
FIXED = ("months", "start")
"""The timeline's length and start: another needs another export."""
HAS_A_RATE = (RateStatus.UNIQUE, RateStatus.TOTAL_LOSS, RateStatus.NEVER_INVESTED)
"""What a spreadsheet's own IRR, which looks from one first guess, can be asked for."""


@dataclass(frozen=True, eq=False)
class Exported:
    """A run, its workbook before drawing, and the file."""

    run: Run
    book: Workbook
    path: Path
    formulas: Mapping[Cell, Written]
    plan: Plan

    @property
    def inputs(self) -> list[Input]:
        return self.run.model.book.inputs

    def cell(self, line: Line) -> Cell:
        """The cell of a figure or an input."""
        place = self.book.layout.place(line)
        return place.sheet, f"D{place.row}"

    def limits(self, cell: Input) -> Limits:
        return limits(cell, self.run.model.book.periods)

    def python(self, changes: Mapping[Input, float]) -> Lines:
        """The base case under changed inputs."""
        columns = {cell: np.array([value]) for cell, value in changes.items()}
        return self.plan.evaluate(self.run.model.book.periods, columns)

    def python_each(self, sets: Sequence[Mapping[Input, float]]) -> Iterator[Lines]:
        """The base case under each of several sets of changed inputs; all calculated together that leave the dates of
        months alone, which are the same in every path."""
        together = [changes for changes in sets if not any(cell.path in FIXED for cell in changes)]
        cells = dict.fromkeys(cell for changes in together for cell in changes)
        columns = {cell: np.array([changes.get(cell, cell.value) for changes in together]) for cell in cells}
        periods = self.run.model.book.periods
        found = self.plan.evaluate(periods, columns)
        path = 0
        for changes in sets:
            if any(cell.path in FIXED for cell in changes):
                yield self.python(changes)
            else:
                yield Lines({line: _of_path(array, path) for line, array in found.items()}, periods)
                path += 1

    def differences(self, python: Lines, found: Values) -> Iterator[tuple[Cell, str, object, object]]:
        """Every formula cell that is not what Python says, with its formula, Python's value and the one found."""
        for cell, written in self.formulas.items():
            assert isinstance(written.content, Live)
            expected, value = written.content.read(python), found.get(cell)
            if expected != value and not same(expected, value, written.look.number):
                yield cell, written.content.formula, expected, value

    def without_a_rate(self, python: Lines) -> set[Line]:
        """Rates of return that are not the one answer, and all that follows from them."""
        returns = self.run.model.returns
        found = {
            rate
            for one in (returns.everyone, *returns.tranches, *returns.investors)
            for rate in (one.irr, one.xirr)
            if RateStatus(int(irr(python.row(one.flow)).status)) not in HAS_A_RATE
        }
        for line in self.run.model.book.lines:
            if any(other in found for other, _ in line.precedents()):
                found.add(line)
        return found

    def cells_of(self, lines: set[Line]) -> set[Cell]:
        """The cells of figures, and those on their own and on other sheets that show them."""
        own = {self.cell(line) for line in lines}
        names = {f"{sheet if sheet.isalpha() else repr(sheet)}!$D${address[1:]}" for sheet, address in own}
        beside: dict[str, set[str]] = {}
        for sheet, address in own:
            beside.setdefault(sheet, set()).add(f"$D${address[1:]}")
        shown = {
            cell
            for cell, written in self.formulas.items()
            if isinstance(written.content, Live)
            and (
                any(_mentions(written.content.formula, name) for name in names)
                or any(_mentions_beside(written.content.formula, name) for name in beside.get(cell[0], ()))
            )
        }
        return own | shown


def _mentions(formula: str, name: str) -> bool:
    return any(not part[:1].isdigit() for part in formula.split(name)[1:])


def _mentions_beside(formula: str, name: str) -> bool:
    """Whether a formula reads the cell `name` of its own sheet."""
    return re.search(rf"(?<!!){re.escape(name)}(?![0-9])", formula) is not None


def _of_path(array: np.ndarray, path: int) -> np.ndarray:
    return array[..., path : path + 1] if array.shape[-1] > 1 else array


def same(expected: object, value: Value | None, number: str) -> bool:
    """Whether a cell's value is what Python says: text to the letter, money to the penny."""
    if isinstance(expected, str) or not isinstance(value, float | int) or isinstance(value, bool):
        return expected == value
    assert isinstance(expected, float)
    if number == KINDS["size"]:  # how far off a check is, in pounds or shares: it holds up to 1e-6 at the least
        return abs(expected - value) <= SMALLEST_TOLERANCE
    allowed = PENNY if number in MONEY_FORMATS else CLOSE * max(1.0, abs(expected))
    return abs(expected - value) <= allowed


def export_deal(deal: Deal, name: str, folder: Path) -> Exported:
    """A deal, run and written as `name`."""
    made = run(deal, PATHS)
    book = lay_out(made)
    path = folder / f"{name}.xlsx"
    write_workbook(made, path)
    formulas = {
        (sheet.name, f"{column_name(column)}{row + 1}"): written
        for sheet in book.sheets
        for (row, column), written in sheet.cells.items()
        if isinstance(written.content, Live)
    }
    return Exported(made, book, path, formulas, Plan(made.model.book.lines))


def shocked(exported: Exported, cell: Input) -> float:
    """Another value for an input, within its range."""
    allowed, value = exported.limits(cell), cell.value
    if allowed.whole:
        return value + 1 if value + 1 <= allowed.maximum else value - 1
    larger = value * 1.07 if value else 0.01
    return larger if larger <= allowed.maximum else value * 0.93
