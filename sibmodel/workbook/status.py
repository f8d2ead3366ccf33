"""What every sheet's head refers to: the master check, and which case the book shows. It stands on the sheet Checks.

Two checks are of the workbook itself: that a scenario gives the figures stored of it, and that a path gives the
simulation's. Both compare only while nothing else has been changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sibmodel.lines import Input, Line, Values
from sibmodel.model import Model
from sibmodel.scenarios import BASE_CASE
from sibmodel.workbook import path_sheet, scenario_sheet
from sibmodel.workbook.layout import WorkbookLayout
from sibmodel.workbook.path_sheet import PathSheet
from sibmodel.workbook.scenario_sheet import Headline, ScenarioSheet
from sibmodel.workbook.sheet import Live, Sheet, Value, plain
from sibmodel.workbook.showing import choice_of, own
from sibmodel.workbook.style import BLOCK_TITLE, COLUMN, COLUMN_RIGHT, KINDS, NAME, NOTE, STATUS, UNIT, WHOLE, Look

VALUE_AT = 3
SHEET = "Checks"


@dataclass(frozen=True)
class Status:
    """The cells, on the sheet Checks, of the sentences in every head, with Python's side of each."""

    checks: Live
    showing: Live


class StatusBlock:
    """The block's rows, from the first free row of the sheet Checks."""

    def __init__(
        self,
        model: Model,
        layout: WorkbookLayout,
        scenarios: ScenarioSheet,
        paths: PathSheet,
        changed: Live,
        first_row: int,
    ) -> None:
        self.model, self.layout, self.scenarios, self.paths, self.changed = model, layout, scenarios, paths, changed
        self.money = [(place, one) for place, one in enumerate(scenarios.figures) if one.unit == "£"]
        self.tolerance = _tolerance(model)
        self.row = first_row
        self._changes = _once(self._count)

    def write(self, sheet: Sheet) -> Status:
        """Write the block; returns the cells that heads refer to."""
        changed = self._lead(sheet)
        scenario = self._compared(sheet, "Scenario in use", "of the export", self._scenario, changed)
        path = self._compared(sheet, "Path in use", "of the simulation", self._path, changed)
        return self._master(sheet, changed, (scenario, path))

    def _lead(self, sheet: Sheet) -> str:
        sheet.write(self.row, 0, "Scenario and path in use: the figures that they should give", BLOCK_TITLE)
        for column, text in enumerate(("Check", "What it means", "Unit", "Value")):
            sheet.write(self.row + 1, column, text, COLUMN_RIGHT if column == VALUE_AT else COLUMN)
        self.row += 2
        text = f"={_bare(self.changed)}+{_bare(self.scenarios.changes())}"
        return self._add(
            sheet, "Inputs changed since the export", "On the sheets Inputs and Scenarios.", "number",
            Live(text, self._changes), WHOLE,
        )  # fmt: skip

    def _compared(
        self,
        sheet: Sheet,
        name: str,
        whose: str,
        terms: Callable[[int, Headline], tuple[str, str, Callable[[Values], float]]],
        changed: str,
    ) -> tuple[str, Callable[[Values], float]]:
        """The rows of one comparison; returns the cell that is 1 where it fails, and Python's side of it."""
        condition, _, _ = terms(*self.money[0])
        ask = self._add(
            sheet, f"{name}: compared", "1 where nothing else has been changed, so that figures must be equal.",
            "1 or 0", Live(f"=IF(AND({condition},{changed}=0),1,0)", self._is_compared(name)), WHOLE,
        )  # fmt: skip
        cells: list[tuple[str, Callable[[Values], float]]] = []
        for place, one in self.money:
            _, stored, read = terms(place, one)
            text = f"=IF({ask}=1,{self.layout.cell(one.line, SHEET)}-{stored},0)"
            gap = self._gap(name, one.line, read)
            cell = self._add(
                sheet, f"{name}: {one.name.lower()}", f"In use now, less what is stored {whose}.", "£",
                Live(text, lambda values, gap=gap: gap(values)), KINDS["size"],  # type: ignore[misc]
            )  # fmt: skip
            cells.append((cell, gap))
        first, last = cells[0][0], cells[-1][0]

        def worst(values: Values) -> float:
            return float(np.max(np.abs([gap(values) for _, gap in cells])))

        off = self._add(
            sheet, f"{name}: off by", "The largest of these differences.", "£",
            Live(f"=MAX(MAX({first}:{last}),-1*MIN({first}:{last}))", lambda values: worst(values)), KINDS["size"],
        )  # fmt: skip
        allowed = self.layout.cell(self.tolerance, SHEET)

        def fails_in(values: Values) -> float:
            return 0.0 if worst(values) <= values.figure(self.tolerance) else 1.0

        fails = Live(f"=IF({off}<={allowed},0,1)", fails_in)
        note = "1 where that is more than a check on money allows."
        return self._add(sheet, f"{name}: fails", note, "1 or 0", fails, WHOLE), fails_in

    def _master(self, sheet: Sheet, changed: str, compared: Sequence[tuple[str, Callable[[Values], float]]]) -> Status:
        failing = self.model.checks.failing
        cells = "+".join(cell for cell, _ in compared)

        failures = _once(lambda values: values.figure(failing) + sum(fails(values) for _, fails in compared))

        count = self._add(
            sheet, "Checks that fail", "Of the model and of these two.", "number",
            Live(f"={self.layout.cell(failing, SHEET)}+{cells}", failures), WHOLE,
        )  # fmt: skip

        def read(values: Values) -> Value:
            number = failures(values)
            return "Checks: all hold" if number == 0 else f"Checks: {number:.0f} fail, see the sheet Checks"

        master = Live(f'=IF({count}=0,"Checks: all hold","Checks: "&{count}&" fail, see the sheet Checks")', read)
        checks = self._add(sheet, "Master check", "Shown at the head of every sheet.", "in words", master, "General")
        shown = (
            f'="Showing: "&IF({path_sheet.PLACE}>0,"path "&{path_sheet.NUMBER}&" of the simulation",'
            f'IF({scenario_sheet.PLACE}>1,"scenario "&{scenario_sheet.CHOOSER},"base case"))'
        )
        case = self._add(
            sheet, "Case in use", "A path goes before a scenario.", "in words", Live(shown, self._case), "General"
        )
        words = (
            f'={case}&". Inputs: "&IF({changed}=0,"as exported",'
            f'{changed}&" changed since the export; simulated figures are those of the export")'
        )
        showing = Live(words, lambda values: f"{self._case(values)}. Inputs: {_inputs(self._changes(values))}")
        state = self._add(
            sheet, "State of the inputs", "Shown at the head of every sheet.", "in words", showing, "General"
        )
        self.row += 1
        return Status(Live(f"={SHEET}!{checks}", read), Live(f"={SHEET}!{state}", showing.read))

    # The two comparisons
    def _scenario(self, place: int, one: Headline) -> tuple[str, str, Callable[[Values], float]]:
        last = len(self.scenarios.columns) - 1
        own_place = f"{scenario_sheet.NAME_OF_SHEET}!${_letter(self.scenarios.own_at)}${self.scenarios.numbers + 1}"
        condition = f"{path_sheet.PLACE}=0,{scenario_sheet.PLACE}<{own_place}"
        stored = f"INDEX({self.scenarios.stored(place)},1,{scenario_sheet.PLACE})"

        def read(values: Values) -> float:
            chosen = self.scenarios.place(values)
            return self.scenarios.stored_value(one, chosen) if chosen <= last else 0.0

        return condition, stored, read

    def _path(self, place: int, one: Headline) -> tuple[str, str, Callable[[Values], float]]:
        condition = f"{path_sheet.PLACE}>0,{scenario_sheet.PLACE}=1"
        stored = f"INDEX({self.paths.stored(place)},{path_sheet.PLACE}+1)"

        def read(values: Values) -> float:
            chosen = choice_of(values).path
            return self.paths.stored_value(one, chosen) if chosen else 0.0

        return condition, stored, read

    def _is_compared(self, name: str) -> Callable[[Values], Value]:
        def read(values: Values) -> Value:
            choice = choice_of(values)
            if self._changes(values) != 0:
                return 0.0
            if name.startswith("Path"):
                return 1.0 if choice.path and choice.scenario == BASE_CASE else 0.0
            return 1.0 if not choice.path and self.scenarios.place(values) < len(self.scenarios.columns) else 0.0

        return read

    def _gap(self, name: str, line: Line, stored: Callable[[Values], float]) -> Callable[[Values], float]:
        compared = self._is_compared(name)
        return lambda values: float(plain(values.figure(line) - stored(values))) if compared(values) else 0.0

    # Words
    def _count(self, values: Values) -> float:
        number = self.changed.read(values)
        assert isinstance(number, float)
        return number + float(self.scenarios.changes().read(values))

    def _case(self, values: Values) -> str:
        choice = choice_of(values)
        if choice.path:
            return f"Showing: path {self.paths.number(choice.path)} of the simulation"
        return "Showing: base case" if choice.scenario == BASE_CASE else f"Showing: scenario {choice.scenario}"

    def _add(self, sheet: Sheet, name: str, note: str, unit: str, content: Live, number: str) -> str:
        sheet.write(self.row, 0, name, NAME)
        sheet.write(self.row, 1, note, NOTE)
        sheet.write(self.row, 2, unit, UNIT)
        words = unit == "in words"
        sheet.write(self.row, VALUE_AT, content, STATUS if words else Look(number=number, right=True))
        if words:
            sheet.alarms.append((self.row, VALUE_AT, self.row, VALUE_AT))
        self.row += 1
        return f"${_letter(VALUE_AT)}${self.row}"


def _once(read: Callable[[Values], float]) -> Callable[[Values], float]:
    """A reading that remembers the last answer: every sheet's head asks for it."""
    last: list[tuple[Values, float]] = []

    def remembered(values: Values) -> float:
        if not last or last[0][0] is not values:
            last[:] = [(values, read(values))]
        return last[0][1]

    return remembered


def case_in_use(paths: PathSheet) -> Live:
    """What live figures show, in two or three words, for the heading above them: a path goes before a scenario."""
    text = (
        f'=IF({path_sheet.PLACE}>0,"Path "&{path_sheet.NUMBER},'
        f'IF({scenario_sheet.PLACE}>1,"Scenario: "&{scenario_sheet.CHOOSER},"{BASE_CASE}"))'
    )

    def read(values: Values) -> Value:
        choice = choice_of(values)
        if choice.path:
            return f"Path {paths.number(choice.path)}"
        return BASE_CASE if choice.scenario == BASE_CASE else f"Scenario: {choice.scenario}"

    return Live(text, read)


def count_of_changes(cells: Sequence[Input], layout: WorkbookLayout) -> Live:
    """How many inputs are not as they were exported, on the sheet Inputs."""
    rows = [layout.place(cell).row for cell in cells]
    return Live(
        f'=COUNTIFS(Inputs!$F${min(rows)}:$F${max(rows)},"{scenario_sheet.OTHER}")',
        lambda values: float(sum(own(values, cell) != cell.value for cell in cells)),
    )


def _inputs(number: float) -> str:
    if number == 0:
        return "as exported"
    return f"{number:.0f} changed since the export; simulated figures are those of the export"


def _tolerance(model: Model) -> Input:
    return next(one for one in model.book.inputs if one.name == "Tolerance, money")


def _letter(column: int) -> str:
    return chr(65 + column)


def _bare(live: Live) -> str:
    return live.formula.removeprefix("=")
