"""The sheet Scenarios: a selector, the headline figures of every scenario, and its inputs, a column each.

Cells that a scenario leaves blank stand for the sheet Inputs. A scenario that changes the model itself has no column
of inputs: its figures stand beside the others as Python calculated them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sibmodel.analysis.scenarios import ScenarioCase
from sibmodel.lines import Input, Line, Values, column_name
from sibmodel.results import Run
from sibmodel.scenarios import BASE_CASE, OWN
from sibmodel.views.common import Kind
from sibmodel.workbook.layout import WorkbookLayout
from sibmodel.workbook.limits import limits
from sibmodel.workbook.sheet import Live, Sheet, Value, figure, plain
from sibmodel.workbook.showing import choice_of, own
from sibmodel.workbook.style import (
    BLOCK_TITLE,
    COLUMN,
    COLUMN_RIGHT,
    HEADING,
    INDENTED,
    INPUT_FILL,
    INPUT_INK,
    KINDS,
    NAME,
    NOTE,
    QUIET,
    UNIT,
    WHOLE,
    Look,
    input_format,
)

NAME_OF_SHEET = "Scenarios"
PURPOSE = "Choose a scenario: it goes through the whole book. The last blue column is yours to fill in."
FIRST_ROW = 5
NAME_AT, UNIT_AT, NOTE_AT, VALUE_AT, BASE_AT = range(5)
WIDTHS = {NAME_AT: 56.0, UNIT_AT: 18.0, NOTE_AT: 46.0}
COLUMN_WIDTH = 16.0
CHOOSER_ROW = FIRST_ROW + 1
PLACE_ROW = FIRST_ROW + 2
CHOOSER = f"{NAME_OF_SHEET}!$D${CHOOSER_ROW + 1}"
PLACE = f"{NAME_OF_SHEET}!$D${PLACE_ROW + 1}"
"""The scenario in use: its name, and its place among the columns counted from 1, which is the base case."""
SAME, OTHER = "as exported", "changed"
PRINT_SCALE = 55


@dataclass(frozen=True, eq=False)
class Headline:
    """A figure by which scenarios, and paths, are told apart."""

    name: str
    unit: str
    line: Line
    kind: Kind
    key: str
    """Its name among the figures of a simulation."""


def headlines(run: Run) -> tuple[Headline, ...]:
    """What comes of a scenario, in a few figures."""
    investors, bill = run.model.returns.everyone, run.model.commissioning
    return (
        Headline("Rate of return a year (IRR)", "share a year", investors.irr, "rate", "irr"),
        Headline("Multiple of invested capital (MOIC)", "times", investors.moic, "multiple", "moic"),
        Headline("Net present value", "£", investors.npv, "money", "npv"),
        Headline("Invested", "£", investors.invested, "money", "invested"),
        Headline("Received", "£", investors.received, "money", "received"),
        Headline("Peak capital", "£", investors.peak, "money", "peak_capital"),
        Headline("Outcome payments", "£", bill.paid_in_all, "money", "payments"),
    )


class ScenarioSheet:
    """Where everything stands on the sheet, known before it is written."""

    def __init__(self, run: Run, layout: WorkbookLayout) -> None:
        self.run = run
        self.layout = layout
        self.live = [case for case in run.scenarios if case.live]
        self.fixed = [case for case in run.scenarios if not case.live]
        self.figures = headlines(run)
        self.columns = [BASE_CASE, *(case.scenario.name for case in self.live), OWN]
        self.own_at = BASE_AT + len(self.columns) - 1
        self.fixed_at = self.own_at + 1
        self.exported_at = self.own_at + 1
        self.changed_at = self.exported_at + len(self.live)
        self.title_of_figures = PLACE_ROW + 2
        self.header = self.title_of_figures + 1
        self.numbers = self.header + 1
        self.first_figure = self.numbers + 1
        self.words = self.first_figure + len(self.figures) + 1
        self.title_of_inputs = self.words + 1 + sum(1 for case in run.scenarios) + 1
        self.header_of_inputs = self.title_of_inputs + 1
        self.rows: dict[Input, int] = {}
        row = self.header_of_inputs + 1
        self.groups: list[tuple[str, int]] = []
        section = next(one for one in layout.groups if one.name == "Inputs")
        for group in layout.groups[section]:
            if group.heading:
                self.groups.append((group.heading, row))
                row += 1
            for line in group.lines:
                assert isinstance(line, Input)
                self.rows[line] = row
                row += 1
        self.last = row - 1

    # Cells as other sheets refer to them
    def in_use(self, cell: Input) -> str:
        """The cell of an input's value in the scenario that is chosen."""
        return f"{NAME_OF_SHEET}!$D${self.rows[cell] + 1}"

    def changes(self) -> Live:
        """How many inputs of scenarios are not as they were exported."""
        column, first = column_name(self.changed_at), self.header_of_inputs + 2
        return Live(
            f'=COUNTIFS({NAME_OF_SHEET}!${column}${first}:${column}${self.last + 1},"{OTHER}")',
            lambda values: float(len({cell for _, cell in choice_of(values).cells})),
        )

    def stored(self, headline: int) -> str:
        """The cells of a headline figure as stored, from the base case to the last scenario that has a column."""
        first, last = column_name(BASE_AT), column_name(self.own_at - 1)
        row = self.first_figure + headline + 1
        return f"{NAME_OF_SHEET}!${first}${row}:${last}${row}"

    def place(self, values: Values) -> int:
        """The place of the scenario in use among the columns, counted from 1."""
        return self.columns.index(choice_of(values).scenario) + 1

    def stored_value(self, headline: Headline, place: int) -> float:
        """A headline figure as stored in the column of that place; nan in the reader's own."""
        if place == 1:
            return self.run.figure(headline.line)
        if place > len(self.live) + 1:
            return float("nan")
        found = self.live[place - 2].figure(headline.line, self.run.model)
        return float("nan") if found is None else found

    # The sheet
    def written(self) -> Sheet:
        """The sheet without its head."""
        sheet = Sheet(NAME_OF_SHEET, "inputs", freeze=(FIRST_ROW, 1), scale=PRINT_SCALE)
        widest = max(self.changed_at, self.fixed_at + len(self.fixed) - 1) + 1
        sheet.widths = {**WIDTHS, **dict.fromkeys(range(VALUE_AT, widest), COLUMN_WIDTH)}
        self._chooser(sheet)
        self._figures(sheet)
        self._words(sheet)
        self._inputs(sheet)
        sheet.printed = (0, 0, self.last, max(self.own_at, self.fixed_at + len(self.fixed) - 1))
        return sheet

    def _chooser(self, sheet: Sheet) -> None:
        for column, text in enumerate(("Control", "Unit", "What it is", "Value")):
            sheet.write(FIRST_ROW, column, text, COLUMN_RIGHT if column == VALUE_AT else COLUMN)
        sheet.write(CHOOSER_ROW, NAME_AT, "Scenario in use", NAME)
        sheet.write(CHOOSER_ROW, UNIT_AT, "choice", UNIT)
        sheet.write(CHOOSER_ROW, NOTE_AT, "Input: choose one from the list.", NOTE)
        sheet.write(CHOOSER_ROW, VALUE_AT, BASE_CASE, Look(ink=INPUT_INK, fill=INPUT_FILL, right=True, bold=True))
        first, last = column_name(BASE_AT), column_name(self.own_at)
        sheet.lists[CHOOSER_ROW, VALUE_AT] = f"${first}${self.header + 1}:${last}${self.header + 1}"
        sheet.write(PLACE_ROW, NAME_AT, "Its place among the columns", NAME)
        sheet.write(PLACE_ROW, UNIT_AT, "number", UNIT)
        sheet.write(PLACE_ROW, NOTE_AT, "1 is the base case: the values of the sheet Inputs.", NOTE)
        names = f"${first}${self.header + 1}:${last}${self.header + 1}"
        numbers = f"${first}${self.numbers + 1}:${last}${self.numbers + 1}"
        text = f"=MAX(1,SUMPRODUCT(({names}=$D${CHOOSER_ROW + 1})*{numbers}))"
        sheet.write(PLACE_ROW, VALUE_AT, Live(text, lambda values: float(self.place(values))), _number(WHOLE))

    def _figures(self, sheet: Sheet) -> None:
        sheet.write(self.title_of_figures, 0, "Headline figures", BLOCK_TITLE)
        heads = ("Figure", "Unit", "What it is", "In use now", *self.columns)
        heads = (*heads, *(case.scenario.name for case in self.fixed))
        for column, text in enumerate(heads):
            sheet.write(self.header, column, text, COLUMN_RIGHT if column >= VALUE_AT else COLUMN)
        sheet.write(self.numbers, NAME_AT, "Place", NAME)
        sheet.write(self.numbers, UNIT_AT, "number", UNIT)
        sheet.write(self.numbers, NOTE_AT, "Of the column, as the selector counts.", NOTE)
        for number in range(len(self.columns)):
            sheet.write(self.numbers, BASE_AT + number, float(number + 1), _number(WHOLE, QUIET))
        for number, one in enumerate(self.figures):
            row, look = self.first_figure + number, _number(KINDS[one.kind])
            sheet.write(row, NAME_AT, one.name, NAME)
            sheet.write(row, UNIT_AT, one.unit, UNIT)
            sheet.write(row, NOTE_AT, "In use now: live. Beside it: as exported.", NOTE)
            sheet.write(row, VALUE_AT, Live(f"={self.layout.cell(one.line, sheet.name)}", figure(one.line)), look)
            for place in range(len(self.columns) - 1):
                sheet.write(row, BASE_AT + place, self.stored_value(one, place + 1), look)
            sheet.write(row, self.own_at, "see In use now", Look(ink=QUIET, right=True, size=9))
            for place, case in enumerate(self.fixed):
                found = case.figure(one.line, self.run.model)
                sheet.write(row, self.fixed_at + place, float("nan") if found is None else found, look)

    def _words(self, sheet: Sheet) -> None:
        row = self.words
        sheet.write(row, NAME_AT, "What each scenario is", BLOCK_TITLE)
        for case in self.run.scenarios:
            row += 1
            sheet.write(row, NAME_AT, case.scenario.name, NAME)
            sheet.write(row, UNIT_AT, "in words", UNIT)
            sheet.write(row, NOTE_AT, _said_of(case), replace(NOTE, wrap=False))

    def _inputs(self, sheet: Sheet) -> None:
        sheet.write(
            self.title_of_inputs, NAME_AT, "Inputs of each scenario; blank: as on the sheet Inputs", BLOCK_TITLE
        )
        names = [case.scenario.name for case in self.live]
        heads = ("Input", "Unit", "Place in the deal", "In use now", *self.columns)
        heads = (*heads, *(f"{name}, as exported" for name in names), "Changed")
        for column, text in enumerate(heads):
            right = VALUE_AT <= column < self.changed_at
            sheet.write(self.header_of_inputs, column, text, COLUMN_RIGHT if right else COLUMN)
        for heading, row in self.groups:
            for column in range(len(heads)):
                sheet.write(row, column, heading if column == 0 else None, HEADING)
        for cell, row in self.rows.items():
            self._input(sheet, cell, row)
        first = self.header_of_inputs + 1
        sheet.alarms.append((first, self.changed_at, self.last, self.changed_at))

    def _input(self, sheet: Sheet, cell: Input, row: int) -> None:
        number = input_format(cell.unit, cell.value)
        sheet.write(row, NAME_AT, cell.name, NAME)
        sheet.write(row, UNIT_AT, cell.unit, UNIT)
        sheet.write(row, NOTE_AT, cell.path or "fixed by the package", NOTE)
        area = f"${column_name(BASE_AT)}{row + 1}:${column_name(self.own_at)}{row + 1}"
        chosen = f"INDEX({area},1,$D${PLACE_ROW + 1})"
        base = f"${column_name(BASE_AT)}{row + 1}"
        text = f"=IF(ISNUMBER({chosen}),{chosen},{base})"
        sheet.write(row, VALUE_AT, Live(text, self._in_use(cell)), Look(number=number, right=True, bold=True))
        place = f"Inputs!$D${self.layout.place(cell).row}"
        base_look = Look(number=number, right=True)
        sheet.write(row, BASE_AT, Live(f"={place}", lambda values: plain(own(values, cell))), base_look)
        for at, case in enumerate(self.live):
            given = case.values.get(cell)
            self._blue(sheet, cell, row, BASE_AT + 1 + at, given)
            look = Look(number=_format(cell, given), right=True, ink=QUIET)
            sheet.write(row, self.exported_at + at, given, look)
        self._blue(sheet, cell, row, self.own_at, None)
        sheet.write(row, self.changed_at, Live(self._changed(row), self._is_changed(cell)), INDENTED)

    def _blue(self, sheet: Sheet, cell: Input, row: int, column: int, value: float | None) -> None:
        look = Look(number=_format(cell, value), ink=INPUT_INK, fill=INPUT_FILL, right=True)
        sheet.write(row, column, value, look)
        sheet.takes[row, column] = limits(cell, cell.book.periods)

    def _changed(self, row: int) -> str:
        """Whether all cells of the scenarios are as exported, and the reader's own is blank."""
        if not self.live:
            return f'=IF(COUNT(${column_name(self.own_at)}{row + 1})=0,"{SAME}","{OTHER}")'
        first, last = (f"${column_name(one)}{row + 1}" for one in (BASE_AT + 1, self.own_at - 1))
        was, was_last = (f"${column_name(one)}{row + 1}" for one in (self.exported_at, self.changed_at - 1))
        count = f"COUNT({first}:${column_name(self.own_at)}{row + 1})=COUNT({was}:{was_last})"
        return f'=IF(AND({count},SUMPRODUCT(1*({first}:{last}<>{was}:{was_last}))=0),"{SAME}","{OTHER}")'

    def _is_changed(self, cell: Input) -> Callable[[Values], Value]:
        return lambda values: OTHER if any(one is cell for _, one in choice_of(values).cells) else SAME

    def _in_use(self, cell: Input) -> Callable[[Values], Value]:
        given = {case.scenario.name: case.values for case in self.live}

        def read(values: Values) -> Value:
            choice = choice_of(values)
            found = choice.cells.get((choice.scenario, cell), _of(given, choice.scenario, cell))
            return plain(own(values, cell) if found is None else found)

        return read


def _of(given: Mapping[str, Mapping[Input, float]], scenario: str, cell: Input) -> float | None:
    return given.get(scenario, {}).get(cell)


def _said_of(case: ScenarioCase) -> str:
    described = (case.scenario.description or "Not described").rstrip(".")
    said = f"{described}. Source: {case.scenario.source}."
    if case.scenario.file:
        said += f" From the file {case.scenario.file}."
    if not case.live:
        said += f" Not in the selector: {case.problem}. Its figures were calculated by Python for the export."
    return said


def _format(cell: Input, value: float | None) -> str:
    return input_format(cell.unit, cell.value if value is None else value)


def _number(number: str, ink: str = "#000000") -> Look:
    return Look(number=number, right=True, ink=ink)
