"""A book of lines written as a plain workbook, with a wrong stored value in every formula cell, and recalculated."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xlsxwriter

from sibmodel.lines import Book, Input, Line, Place, column_name, formula
from sibmodel.lines.formulas import FIRST_PERIOD, VALUE
from sibmodel.workbook.draw import _plain_worksheet
from tests.workbook.judges import CellError, Values, recalculate_ironcalc

WRONG = -98765.4321
"""What is stored in each formula cell: a reading that holds it has not been recalculated."""
VALUE_COLUMN = ord(VALUE) - ord("A")


class SheetLayout:
    """A sheet for each section, its lines below each other in their order."""

    def __init__(self, book: Book, first_row: int = 3) -> None:
        self.periods = book.periods
        self.sheets = [section.name for section in book.sections]
        self._places = {
            line: Place(section.name, row)
            for section in book.sections
            for row, line in enumerate(section.lines, start=first_row)
        }

    def place(self, line: Line) -> Place:
        return self._places[line]

    def __iter__(self) -> Iterator[tuple[Line, Place]]:
        return iter(self._places.items())


def cells(line: Line, place: Place, layout: SheetLayout) -> list[tuple[str, str]]:
    """The cells of a line that is not an input: address and formula."""
    if not line.timed:
        return [(f"{VALUE}{place.row}", formula(line, layout))]
    return [
        (f"{column_name(FIRST_PERIOD + period)}{place.row}", formula(line, layout, period))
        for period in range(layout.periods)
    ]


def write(book: Book, path: Path, inputs: Mapping[Input, float] | None = None) -> SheetLayout:
    """Write the book; `inputs` gives inputs other values. The column before the first period stays blank."""
    layout = SheetLayout(book)
    with xlsxwriter.Workbook(path) as workbook:
        sheets = {name: workbook.add_worksheet(name, _plain_worksheet()) for name in layout.sheets}
        for line, place in layout:
            sheet = sheets[place.sheet]
            if isinstance(line, Input):
                sheet.write_number(place.row - 1, VALUE_COLUMN, (inputs or {}).get(line, line.value))
            else:
                for address, text in cells(line, place, layout):
                    sheet.write_formula(address, text, None, WRONG)
    return layout


@dataclass(frozen=True)
class Recalculated:
    """What a spreadsheet program makes of the formulas: a row over time, or a figure; text for a text or an error."""

    values: Values
    layout: SheetLayout

    def __getitem__(self, line: Line) -> list[float | str]:
        place = self.layout.place(line)
        columns = range(FIRST_PERIOD, FIRST_PERIOD + self.layout.periods) if line.timed else [VALUE_COLUMN]
        found = [self.values[place.sheet, f"{column_name(column)}{place.row}"] for column in columns]
        assert WRONG not in found, f"{line!r} was not recalculated"
        return [value.code if isinstance(value, CellError) else value for value in found]


def recalculate(
    book: Book,
    inputs: Mapping[Input, float] | None = None,
    judge: Callable[[Path], Values] = recalculate_ironcalc,
) -> Recalculated:
    """The book's formulas, calculated by a spreadsheet program from the inputs alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.xlsx"
        layout = write(book, path, inputs)
        return Recalculated(judge(path), layout)


def differences(
    recalculated: Recalculated, expected: Mapping[Line, np.ndarray], relative: float = 1e-9, absolute: float = 1e-7
) -> list[str]:
    """The lines on which Excel and the array reading (one path) differ, in words; none is good."""
    found = []
    for line, array in expected.items():
        if isinstance(line, Input):
            continue
        wanted, got = np.ravel(array), recalculated[line]
        pairs = zip(wanted, got, strict=True)
        if not all(isinstance(cell, float) and np.isclose(cell, want, relative, absolute) for want, cell in pairs):
            text = formula(line, recalculated.layout)
            found.append(f"{line.key}: Excel has {got}, the arrays {wanted.tolist()}, by {text}")
    return found
