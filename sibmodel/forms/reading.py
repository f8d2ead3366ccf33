"""From a form that is filled in to the deal: every fault at once, each with its sheet and cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from sibmodel.deal import Deal
from sibmodel.errors import DealError, NotFoundError, Problem
from sibmodel.faults import located_problems
from sibmodel.forms.beliefs import EMPTY, parts_of, without_distribution
from sibmodel.forms.cells import RefusedCell, typed
from sibmodel.forms.headings import WITHIN, Headings, headings_in
from sibmodel.forms.opening import OpenedWorkbook, number_of
from sibmodel.forms.sheets import BASE, OTHER_NUMBERS, PARAMETERS, SHEETS, SOURCE, VALUE, FormSheet
from sibmodel.forms.tree import CellPlace, Filled, as_in_a_file, options_at
from sibmodel.reading import Place, bare, path_text
from sibmodel.replacing import place_of
from sibmodel.uncertain import Belief

DEEPEST = 20
"""Steps of a field's path."""


def read_form(book: OpenedWorkbook) -> Deal:
    """The deal that a form holds. Raises DealError with every fault and its cell."""
    return _Form(book).deal()


class _Form:
    def __init__(self, book: OpenedWorkbook) -> None:
        self._book = book
        self._root = Filled(CellPlace(0, 0, 0, SHEETS[0].name))
        self._problems: list[tuple[CellPlace, Problem]] = []
        self._refused: set[CellPlace] = set()
        self._cells: dict[Place, CellPlace] = {}
        self._located: list[CellPlace] = []
        self._sheets: dict[FormSheet, _Sheet] = {}

    def deal(self) -> Deal:
        for order, sheet in enumerate(SHEETS):
            self._read(sheet, order)
        data = as_in_a_file(self._root, [Deal], (), self._cells, self.tell)
        deal = None
        try:
            deal = Deal.model_validate(data if isinstance(data, dict) else {})
        except ValidationError as error:
            for at, problem in located_problems(error, Deal, self._locate, data):
                if self._located[at] not in self._refused:
                    self._problems.append((self._located[at], _in_words_of_a_form(problem)))
        if deal is None or self._problems:
            ordered = sorted(self._problems, key=lambda found: found[0])
            raise DealError(self._book.name, [problem for _, problem in ordered])
        return deal

    def tell(self, cell: CellPlace, place: Place, message: str, fix: str = "") -> None:
        """Take in a problem with a cell; what a deal may say of the same cell is then left out."""
        self._refused.add(cell)
        self._problems.append((cell, Problem(str(cell), path_text(place), message, fix)))

    def _read(self, sheet: FormSheet, order: int) -> None:
        names = {name.strip().casefold(): name for name in self._book.sheets}
        name = names.get(sheet.name.casefold())
        if name is None:
            near = get_close_matches(sheet.name.casefold(), list(names), n=1)
            fix = f'Did you rename it to "{names[near[0]]}"?' if near else "Take it from a new form: sibmodel new."
            self.tell(CellPlace(order, 0, 0, sheet.name), (), "is missing.", fix)
            return
        reading = _Sheet(self, sheet, order, self._root)
        self._sheets[sheet] = reading
        reading.read(self._book.rows(name), self._book.merged(name))

    def _locate(self, place: Place) -> tuple[int, str]:
        cell = self._cells.get(place) or self._where_it_would_stand(place)
        self._located.append(cell)
        return len(self._located) - 1, str(cell)

    def _where_it_would_stand(self, place: Place) -> CellPlace:
        around = [sheet for sheet in SHEETS if place[: len(sheet.steps)] == sheet.steps]
        sheet = max(around, key=lambda one: len(one.steps))
        reading = self._sheets.get(sheet)
        found = reading.cell_of(place[len(sheet.steps) :]) if reading is not None else None
        if found is not None:
            return found
        for end in range(len(place) - 1, len(sheet.steps), -1):
            if place[:end] in self._cells:
                return self._cells[place[:end]]
        return CellPlace(SHEETS.index(sheet), 0, 0, sheet.name)


class _Sheet:
    """One sheet while it is read."""

    def __init__(self, form: _Form, sheet: FormSheet, order: int, root: Filled) -> None:
        self._form, self._sheet, self._order, self._root = form, sheet, order, root
        self._headings: Headings | None = None
        self._rows: dict[Place, int] = {}
        self._members: set[int] = set()
        """The columns of members that are filled in."""
        self._empty: list[tuple[Place, CellPlace]] = []
        """Distributions of which no number stands in their own row."""
        self._told: list[tuple[CellPlace, Place, str, str]] = []
        """Problems, each with the steps from the sheet's part on."""

    def read(self, rows: Any, merged: Sequence[str]) -> None:
        for number, row in enumerate(rows, 1):
            if self._headings is None and number <= WITHIN:
                self._headings = headings_in(self._sheet, number, row, self._tell)
            elif self._headings is not None:
                self._read_row(number, row, self._headings)
        if self._headings is None:
            whole = CellPlace(self._order, 0, 0, self._sheet.name)
            fix = "Take one from a new form: sibmodel new."
            self._form.tell(whole, (), 'has no row of headings with "Field" in it.', fix)
            return
        for steps, cell in self._empty:
            self._put((*self._sheet.steps, *steps), EMPTY, cell, only_if_free=True)
        self._check_merged(merged, self._headings)
        for cell, steps, message, fix in self._told:
            self._form.tell(cell, self._place(steps), message, fix)

    def _place(self, steps: Place) -> Place:
        """The place in the deal of steps from the sheet's part on, in which a member is known by its column."""
        if self._sheet.member and steps:
            column = int(steps[0])
            member: Place = (sorted(self._members).index(column),) if column in self._members else ()
            steps = (*member, *steps[1:])
        return (*self._sheet.steps, *steps) if steps else ()

    def cell_of(self, place: Place) -> CellPlace | None:
        """The cell in which a place inside the sheet's part would stand, where the sheet has its row and column."""
        if self._headings is None:
            return None
        column = self._headings.column(VALUE)
        if self._sheet.member and place and isinstance(place[0], int) and place[0] < len(self._members):
            column, place = sorted(self._members)[place[0]], place[1:]
        if place not in self._rows and self._sheet.beliefs and place[-1:] and place[-1] in PARAMETERS:
            column, place = self._headings.column(PARAMETERS[str(place[-1])]), place[:-2]
        row = self._rows.get(place)
        return CellPlace(self._order, row, column, self._sheet.name) if row and column else None

    def _tell(self, row: int, column: int, message: str, fix: str, steps: Place = ()) -> None:
        cell = CellPlace(self._order, row, column, self._sheet.name)
        self._told.append((cell, (column, *steps) if self._sheet.member and steps else steps, message, fix))

    def _read_row(self, number: int, row: Sequence[Any], headings: Headings) -> None:
        filled = any(not _is_blank(row[column - 1]) for column in headings.values)
        steps = self._steps(number, row[headings.field - 1], headings, filled)
        if steps is None:
            return
        found: dict[int, Any] = {}
        for column in headings.values:
            try:
                value = typed(row[column - 1])
            except RefusedCell as refused:
                self._tell(number, column, *refused.refusal, steps)
                self._take(number, column, steps, None)  # something stands there: it is not told as missing too
                continue
            if value is not None:
                found[column] = value
        self._rows.setdefault(steps, number)
        for column in [column for column in found if not headings.values[column]]:
            fix = "Write a heading above it, or move it to a column that has one."
            self._tell(number, column, "stands in a column without a heading.", fix, steps)
            del found[column]
        if self._sheet.beliefs:
            self._take_belief(
                number, steps, {headings.values[column]: value for column, value in found.items()}, headings
            )
            return
        for column, value in found.items():
            self._take(number, column, steps, value)

    def _take(self, number: int, column: int, steps: Place, value: Any) -> None:
        """Take in the value of a cell."""
        member = (column,) if self._sheet.member else ()
        self._members |= set(member)
        cell = CellPlace(self._order, number, column, self._sheet.name)
        self._put((*self._sheet.steps, *member, *steps), value, cell)

    def _steps(self, number: int, cell: Any, headings: Headings, filled: bool) -> Place | None:
        """The steps of the path under Field; None where there is none that can be read."""
        try:
            written = typed(cell)
        except RefusedCell as refused:
            self._tell(number, headings.field, *refused.refusal)
            return None
        if written is None:
            if filled:
                fix = "Write the field under Field, or move what is no value of the deal to a column of your own."
                self._tell(number, min(headings.values), "is filled in, but its row has no field.", fix)
            return None
        text = str(written).strip()
        if self._sheet.part == "sources":
            return (text,)
        try:
            steps = place_of(text)
        except NotFoundError:
            if filled:
                fix = "Write the name between the brackets." if "[]" in text else "Write it like payers[0].name."
                self._tell(number, headings.field, f'"{text[:60]}" is not a field.', fix)
            return None
        if self._sheet.others and steps[0] != self._sheet.others and not options_at(self._sheet, steps[:1]):
            return (self._sheet.others, text)
        if len(steps) > DEEPEST:
            self._tell(number, headings.field, "has more steps than a field can have.", "Write it like payers[0].name.")
            return None
        return steps

    def _take_belief(self, number: int, steps: Place, row: dict[str, Any], headings: Headings) -> None:
        if not row:
            return
        at = headings.column
        others = [heading for heading in row if heading != BASE]
        if others and not self._is_belief(steps):
            fix = "Write its source on the sheet Sources." if SOURCE in others else "Leave this cell blank."
            self._tell(number, at(others[0]), "stands beside a field that takes a value alone.", fix, steps)
            return
        lacking = without_distribution(row)
        if lacking:
            fix = "Choose one under Distribution, or leave this cell blank."
            self._tell(number, at(lacking), "is a number of a distribution, and none is chosen.", fix, steps)
        try:
            for inside, heading, value in parts_of(row):
                cell = CellPlace(self._order, number, at(heading), self._sheet.name)
                if value == EMPTY:
                    self._empty.append(((*steps, *inside), cell))
                else:
                    self._put((*self._sheet.steps, *steps, *inside), value, cell)
        except RefusedCell as refused:
            self._tell(number, at(OTHER_NUMBERS), *refused.refusal, steps)

    def _is_belief(self, steps: Place) -> bool:
        """Whether a belief stands at a path; also where there is no such path, which is told with the deal's faults."""
        types = [bare(one) for one in options_at(self._sheet, steps)]
        return not types or any(isinstance(one, type) and issubclass(one, Belief) for one in types)

    def _put(self, place: Place, value: Any, cell: CellPlace, *, only_if_free: bool = False) -> None:
        first = self._root.put(place, value, cell)
        if first is not None and not only_if_free:
            steps = place[len(self._sheet.steps) :]
            self._told.append((cell, steps, f"is given twice: first in {first}.", "Keep one of them."))

    def _check_merged(self, merged: Sequence[str], headings: Headings) -> None:
        for area in merged:
            found = re.fullmatch(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)", area)
            if found and int(found[4]) >= headings.row:
                fix = "Unmerge the cells, and fill in each by itself."
                self._tell(max(int(found[2]), 1), number_of(found[1]), f"is merged with others, {area}.", fix)


def _is_blank(cell: Any) -> bool:
    return cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())


_WAYS_OUT = (
    ("Write below it, indented: ", "Give each its own row: "),
    ("Begin each item on a line of its own, with a dash.", "Write the items with semicolons between."),
    ("Write `name: value` below it.", "Give each part a row of its own, with its field in the first column."),
    ("Inside { } a number may not hold a comma", "Between { } a number may not hold a comma"),
)
"""What a deal says to somebody who writes YAML, and what a form says instead."""


def _in_words_of_a_form(problem: Problem) -> Problem:
    fix = problem.fix
    for yaml, form in _WAYS_OUT:
        fix = fix.replace(yaml, form)
    return Problem(problem.place, problem.path, problem.message, fix)
