"""An example deal exported once, with every formula cell's own counterpart in Python."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from sibmodel.deal import Deal
from sibmodel.lines import Input, Line, Plan, column_name
from sibmodel.lines import Values as Lines
from sibmodel.metrics import RateStatus, irr
from sibmodel.results import Run, run
from sibmodel.workbook.draw import draw
from sibmodel.workbook.limits import Limits, limits
from sibmodel.workbook.sheet import Live, OfLine, Written
from sibmodel.workbook.style import KINDS, MONEY, PENCE
from sibmodel.workbook.write import Workbook, lay_out
from tests.workbook.judges import Cell, IroncalcBook, Value, Values, formula_cells, stored_values

DEALS = Path(__file__).parent / "deals"
"""Deals for the workbook alone: every term of some part."""
PATHS = 400
PENNY = 0.005
SMALLEST_TOLERANCE = 1e-6
CLOSE = 1e-9
"""Of the figure, or absolutely: for everything that is no money."""
RATE = 1e-8
"""How near Excel says that its XIRR comes: within 0.000001 %."""
SHARE_OF_WORTH = 1e-6
"""Where nearly all is lost, so small a part of a rate moves the present value of all amounts moved by pounds: the check
that a rate proves itself holds up to this share of it."""
REFERENCE = re.compile(r"((?:'[^']+'|[A-Za-z_]+)!)?\$([A-Z]{1,2})\$([0-9]+)")
MONEY_FORMATS = (MONEY, PENCE, KINDS["money"])
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

    @cached_property
    def judge(self) -> IroncalcBook:
        """The workbook held open in ironcalc, once for all tests."""
        return IroncalcBook(self.path)

    @cached_property
    def stored(self) -> Values:
        """Every cell's stored value."""
        return stored_values(self.path)

    @cached_property
    def formula_cells(self) -> frozenset[Cell]:
        """Every cell of the file that holds a formula."""
        return formula_cells(self.path)

    @cached_property
    def parts(self) -> dict[str, str]:
        """The file's own parts by name: their XML."""
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}

    @cached_property
    def pages(self) -> dict[str, str]:
        """The XML of each sheet, by its name."""
        names = (sheet.name for sheet in self.book.sheets)
        return {name: self.parts[f"xl/worksheets/sheet{number}.xml"] for number, name in enumerate(names, start=1)}

    def status(self, found: Values, name: str) -> float:
        """A figure of the workbook's own checks, by its name on the sheet Checks."""
        (row,) = [cell[1][1:] for cell, value in self.stored.items() if cell[0] == "Checks" and value == name]
        value = found["Checks", f"D{row}"]
        assert isinstance(value, float)
        return value

    def cell_in_scenario(self, column: int, cell: Input) -> Cell:
        """The cell of an input in a column of the sheet Scenarios."""
        return "Scenarios", f"{column_name(column)}{self.book.scenarios.rows[cell] + 1}"

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

    def python_many(self, sets: Sequence[Mapping[Input, float]]) -> list[Lines]:
        """The base case under each of several sets of changed inputs, calculated together; one by one where dates
        change, which are the same in every path of a simulation."""
        if any(cell.path == "start" for changes in sets for cell in changes):
            return [self.python(changes) for changes in sets]
        cells = {cell for changes in sets for cell in changes}
        columns = {cell: np.array([changes.get(cell, cell.value) for changes in sets]) for cell in cells}
        together = self.plan.evaluate(self.run.model.book.periods, columns)
        return [
            Lines({line: _one(values, number) for line, values in together.items()}, together.periods)
            for number in range(len(sets))
        ]

    def differences(self, python: Lines, found: Values) -> Iterator[tuple[Cell, str, object, object]]:
        """Every formula cell that is not what Python says, with its formula, Python's value and the one found."""
        for cell in self._far(python, found):
            written = self.formulas[cell]
            assert isinstance(written.content, Live)
            expected, value = written.content.read(python), found.get(cell)
            if not same(expected, value, written.look.number):
                yield cell, written.content.formula, expected, value

    def _far(self, python: Lines, found: Values) -> list[Cell]:
        """Every formula cell but those of lines over time that are as near as anything must be: these are nearly all,
        and known together."""
        cells, others, lines, (place, period) = self._over_time
        expected = np.array([python[line][:, 0] for line in lines])[place, period]
        values = map(found.get, cells)
        with np.errstate(invalid="ignore"):
            apart = np.abs(expected - np.array([one if one.__class__ is float else np.nan for one in values]))
            far = np.flatnonzero(~(apart <= CLOSE))
        return [cells[one] for one in far] + others

    @cached_property
    def _over_time(self) -> tuple[list[Cell], list[Cell], list[Line], np.ndarray]:
        """Formula cells of a line in a period, all others, these lines, and for each cell of the first its line's place
        among them and its period: `[2, cell]`."""
        cells: list[Cell] = []
        others: list[Cell] = []
        lines: dict[Line, int] = {}
        where: list[tuple[int, int]] = []
        for cell, written in self.formulas.items():
            assert isinstance(written.content, Live)
            read = written.content.read
            if isinstance(read, OfLine) and read.period is not None:
                cells.append(cell)
                where.append((lines.setdefault(read.line, len(lines)), read.period))
            else:
                others.append(cell)
        return cells, others, list(lines), np.array(where).T

    def wrong(self, python: Lines, found: Values) -> list[tuple[Cell, str, object, object]]:
        """What differs, but for rates of return that no spreadsheet finds, or finds only as near as it promises."""
        differences = list(self.differences(python, found))
        if not differences:
            return []
        left_out, rates = self.cells_of(self.without_a_rate(python)), self._rates()
        worth = [line for line in python if any(other in rates for other, _ in line.precedents())]
        most = max((abs(python.figure(line)) for line in worth if line.unit == "£"), default=0.0)
        near, follows = self.cells_of(rates), {self.cell(line) for line in worth}
        return [
            one
            for one in differences
            if one[0] not in left_out
            and not (one[0] in near and _within(one, RATE))
            and not (one[0] in follows and _within(one, SHARE_OF_WORTH * most))
        ]

    def _rates(self) -> set[Line]:
        returns = self.run.model.returns
        return {
            rate for one in (returns.everyone, *returns.tranches, *returns.investors) for rate in (one.irr, one.xirr)
        }

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
        """The cells of figures, and all that read them, one after another: views, checks, heads."""
        found = {self.cell(line) for line in lines if not line.timed}
        waiting = list(found)
        while waiting:
            more = [cell for cell in self._readers.get(waiting.pop(), ()) if cell not in found]
            found.update(more)
            waiting += more
        return found

    @cached_property
    def _readers(self) -> dict[Cell, list[Cell]]:
        """For each cell that formulas read by itself, the cells that read it."""
        readers: dict[Cell, list[Cell]] = {}
        for cell, written in self.formulas.items():
            assert isinstance(written.content, Live)
            for sheet, column, row in set(REFERENCE.findall(written.content.formula)):
                place = (sheet.rstrip("!").strip("'") or cell[0], f"{column}{row}")
                readers.setdefault(place, []).append(cell)
        return readers


def _within(difference: tuple[Cell, str, object, object], allowed: float) -> bool:
    _, _, expected, value = difference
    return isinstance(expected, float) and isinstance(value, float) and abs(expected - value) <= allowed


def _one(values: np.ndarray, number: int) -> np.ndarray:
    """One of several cases; a line that is the same in all is one wide."""
    return values[..., number : number + 1] if values.shape[-1] > 1 else values


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
    return export(run(deal, PATHS), name, folder)


def export(made: Run, name: str, folder: Path) -> Exported:
    """A run, written as `name` from one laying out: `test_file` shows that `write_workbook` writes the same bytes."""
    book = lay_out(made)
    path = folder / f"{name}.xlsx"
    path.write_bytes(draw(book.sheets, book.blocks, made.base, made.deal.name))
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
