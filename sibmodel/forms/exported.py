"""A workbook of the model, read back as the deal that it now is: its deal file, with the inputs that were changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sibmodel.deal import Deal
from sibmodel.distributions import SHAPES
from sibmodel.errors import DealError, NotFoundError, Problem
from sibmodel.faults import terms_from
from sibmodel.forms.cells import RefusedCell, typed
from sibmodel.forms.deal_file import SHEET as DEAL_FILE
from sibmodel.forms.deal_file import deal_in
from sibmodel.forms.opening import OpenedWorkbook
from sibmodel.lines import Input, column_name
from sibmodel.model import build
from sibmodel.month import Month
from sibmodel.quantities import number_text, shown
from sibmodel.reading import Place
from sibmodel.replacing import place_of, value_at
from sibmodel.terms import plain
from sibmodel.uncertain import SET_BY_HAND, Belief, ByCohort

INPUTS = "Inputs"
NAME, VALUE = "Input", "Value"
"""Headings of the sheet Inputs; there may be others, in any order."""
MONTHS = PERIOD, MONTHS_SINCE_YEAR_0 = "period", "months since year 0"
"""Units of inputs that are months in the deal."""


def is_exported(book: OpenedWorkbook) -> bool:
    """Whether it is a workbook of the model with its inputs."""
    return INPUTS in book.sheets and DEAL_FILE in book.sheets


def read_exported(book: OpenedWorkbook) -> Deal:
    """The deal that a workbook of the model now is. Raises DealError with every fault and its cell."""
    deal = deal_in(book)
    exported = _Exported(book, deal)
    if not exported.changed:
        return deal
    changed = exported.changed_deal()
    exported.check_the_same_inputs(changed)
    return changed


@dataclass(frozen=True)
class _Cell:
    """An input of the model, and what now stands in its cell."""

    input: Input
    value: float
    place: str

    @property
    def changed(self) -> bool:
        return not _same(self.input.value, self.value)


def _same(exact: float, stored: float) -> bool:
    """Whether a stored number is this one: a workbook holds sixteen digits."""
    return float(f"{exact:.16G}") == stored or exact == stored


class _Exported:
    def __init__(self, book: OpenedWorkbook, deal: Deal) -> None:
        self._book, self._deal = book, deal
        self._problems: list[Problem] = []
        inputs = {cell.name: cell for cell in build(deal).book.inputs}
        self._cells = {cell.input.name: cell for cell in self._cells_of(inputs)}
        for name in inputs.keys() - self._cells.keys():
            if not self._problems:
                fix = "Export the workbook again, and make the changes there."
                self._problems.append(Problem(f"the sheet {INPUTS}", inputs[name].path, f'lacks "{name}".', fix))
        self._stop_if_wrong()

    @property
    def changed(self) -> list[_Cell]:
        """The cells that are not as they were exported."""
        return [cell for cell in self._cells.values() if cell.changed]

    def changed_deal(self) -> Deal:
        """The deal with what was changed, validated as a whole."""
        data = plain(self._deal)
        start = self._start()
        places: dict[Place, str] = {}
        months = [cell for cell in self._cells.values() if cell.input.unit == PERIOD and start != self._deal.start]
        for path, cells in self._by_path([*self.changed, *months]).items():
            if not self._is_in_the_deal(path):
                self._refuse_to_change(cells)
                continue
            place = place_of(path)
            places[place] = next((cell.place for cell in cells if cell.changed), cells[0].place)
            if len({cell.value for cell in cells}) > 1:
                self._put_apart(data, place, cells, value_at(self._deal, path))
            else:
                self._put(data, place, cells[0], value_at(self._deal, path), start)
        self._stop_if_wrong()

        def locate(fault: Place) -> tuple[int, str]:
            near = max(places, key=lambda place: _in_common(place, fault))
            return 0, places[near] if _in_common(near, fault) else f"the sheet {INPUTS}"

        return terms_from(data, Deal, self._book.name, locate)

    def check_the_same_inputs(self, changed: Deal) -> None:
        """Refuse a workbook that shows another deal than the one that was read: an input that follows from others."""
        for cell in build(changed).book.inputs:
            found = self._cells.get(cell.name)
            if found is not None and not _same(cell.value, found.value):
                follows = f"follows from other terms: with those it is {number_text(cell.value)}."
                self._refuse(found, follows, "Put that, or change what it follows from.")
        self._stop_if_wrong()

    def _cells_of(self, inputs: Mapping[str, Input]) -> Iterator[_Cell]:
        columns: dict[str, int] = {}
        for number, row in enumerate(self._book.rows(INPUTS), 1):
            if not columns:
                texts = {str(cell.value): column for column, cell in enumerate(row) if isinstance(cell.value, str)}
                columns = texts if {NAME, VALUE} <= texts.keys() else {}
                continue
            known = inputs.get(str(row[columns[NAME]].value))
            if known is None:
                continue
            place = f"{INPUTS}!{column_name(columns[VALUE])}{number}"
            try:
                yield _Cell(known, _number(row[columns[VALUE]]), place)
            except RefusedCell as refused:
                self._problems.append(Problem(place, known.path, *refused.refusal))
        if not columns:
            message, fix = f'has no headings "{NAME}" and "{VALUE}".', "Export the workbook again."
            self._problems.append(Problem(f"the sheet {INPUTS}", "", message, fix))

    def _by_path(self, cells: Sequence[_Cell]) -> dict[str, list[_Cell]]:
        """The cells to take over by their places in the deal, each with all cells of that place."""
        wanted = dict.fromkeys(cell.input.path for cell in cells)
        found: dict[str, list[_Cell]] = defaultdict(list)
        for cell in self._cells.values():
            if cell.input.path in wanted:
                found[cell.input.path].append(cell)
        return found

    def _refuse_to_change(self, cells: Sequence[_Cell]) -> None:
        for cell in cells:
            if cell.changed:
                back = f"Put back {number_text(cell.input.value)}."
                self._refuse(cell, "is no term of the deal, so it cannot be read back.", back)

    def _put(self, data: Any, place: Place, cell: _Cell, now: Any, start: Month) -> None:
        """Put the value of a cell in its place, where `now` stands in the deal."""
        value: Any = cell.value
        if cell.input.unit in MONTHS and (now is None or isinstance(now, Month)):
            try:
                value = str(_month_of(cell, start))
            except ValueError:
                self._refuse(cell, f"{number_text(cell.value)} means no month.", "Write a whole number, from 1 on.")
                return
        around = _inside(data, place[:-1])
        around[place[-1]] = _with_value(around.get(place[-1]), value) if isinstance(now, Belief) else value

    def _put_apart(self, data: Any, place: Place, cells: Sequence[_Cell], now: Any) -> None:
        """Give each cohort a belief of its own, where one stood for all of them."""
        names = {cell: self._cohort_of(cell) for cell in cells}
        if not isinstance(now, ByCohort) or "" in names.values():
            others = ", ".join(cell.place.partition("!")[2] for cell in cells)
            first = next(cell for cell in cells if cell.changed)
            self._refuse(first, f"is one term in several cells, {others}.", "Give all of them the same value.")
            return
        around = _inside(data, place[:-1])
        written = around.get(place[-1])
        by_cohort = {names[cell]: _with_value(written, cell.value) if cell.changed else written for cell in cells}
        around[place[-1]] = {"by_cohort": by_cohort}

    def _cohort_of(self, cell: _Cell) -> str:
        """The cohort that an input is about; empty where it is about none."""
        names = [cohort.name for cohort in self._deal.cohorts if cell.input.name.endswith(f", {cohort.name}")]
        return max(names, key=len, default="")

    def _start(self) -> Month:
        """The first month, as it now is."""
        for cell in self._cells.values():
            if cell.input.unit == MONTHS_SINCE_YEAR_0 and cell.changed:
                try:
                    return _month(cell.value)
                except ValueError:
                    break  # told with the cell itself
        return self._deal.start

    def _is_in_the_deal(self, path: str) -> bool:
        if not path:
            return False
        try:
            value_at(self._deal, path)
        except NotFoundError:
            return False
        return True

    def _refuse(self, cell: _Cell, message: str, fix: str) -> None:
        self._problems.append(Problem(cell.place, cell.input.path, message, fix))

    def _stop_if_wrong(self) -> None:
        if self._problems:
            raise DealError(self._book.name, self._problems)


def _month_of(cell: _Cell, start: Month) -> Month:
    """The month that a cell means. Raises ValueError where it means none."""
    if cell.value != int(cell.value):
        raise ValueError
    return _month(cell.value) if cell.input.unit == MONTHS_SINCE_YEAR_0 else start.plus(int(cell.value) - 1)


def _month(months_since_year_0: float) -> Month:
    year, month = divmod(int(months_since_year_0), 12)
    return Month(year, month + 1)


def _number(cell: Any) -> float:
    value = typed(cell)
    if value is None:
        raise RefusedCell("is blank.", "Write a number.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedCell(f"{shown(str(value))} is not a number.", "Write a number: the formulas need one.")
    return float(value)


def _inside(data: Any, place: Place) -> Any:
    for step in place:
        data = data[step]
    return data


def _with_value(written: Any, value: float) -> dict[str, Any]:
    """A belief with another value. Of a distribution it is the base case; a plain number loses the source it had."""
    if isinstance(written, dict) and any(form in written for form in (*SHAPES, "prior")):
        return {**written, "base": value}
    return {"value": value, "source": SET_BY_HAND}


def _in_common(one: Place, other: Place) -> int:
    """How many steps two places begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (first, second) in enumerate(pairs) if first != second), min(len(one), len(other)))
