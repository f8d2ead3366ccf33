"""The Excel reading: one formula per row, references to placed cells, and the text of formulas."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from sibmodel.lines import (
    Book,
    Input,
    Line,
    column_name,
    delayed,
    formula,
    previous,
    ratio,
    reference,
    running_total,
    step_lookup,
)
from sibmodel.lines.formulas import BEFORE, FIRST_PERIOD, LONGEST, VALUE
from tests.lines.excel import SheetLayout, cells
from tests.lines.growing import programs
from tests.lines.kit import Kit
from tests.lines.programs import Program

CELL = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[A-Za-z_]+)!)?(?P<fixed>\$?)(?P<column>[A-Z]{1,3})(?P<pinned>\$?)(?P<row>\d+)"
    r"(?::(?P<to_fixed>\$?)(?P<to_column>[A-Z]{1,3})(?P<to_pinned>\$?)(?P<to_row>\d+))?"
)
FUNCTIONS = {
    *("IF", "MIN", "MAX", "ABS", "INT", "EXP", "LN", "SQRT", "SUM", "SUMIFS", "SUMPRODUCT", "AND", "OR", "NOT"),
    *("INDEX", "LOOKUP", "N"),
}


def number(column: str) -> int:
    """The number of a column, counted from 0."""
    total = 0
    for letter in column:
        total = total * 26 + ord(letter) - 64
    return total - 1


def relative(text: str, here: int) -> str:
    """The formula as Excel compares it between columns: references as distances from the cell's own column."""

    def one(fixed: str, column: str, row: str) -> str:
        return f"R{row}C{number(column)}" if fixed else f"R{row}C[{number(column) - here}]"

    def written(cell: re.Match[str]) -> str:
        first = one(cell["fixed"], cell["column"], cell["row"])
        sheet = f"{cell['sheet']}!" if cell["sheet"] else ""
        last = f":{one(cell['to_fixed'], cell['to_column'], cell['to_row'])}" if cell["to_column"] else ""
        return sheet + first + last

    return CELL.sub(written, text)


def formulas(book: Book, layout: SheetLayout) -> list[tuple[Line, list[tuple[str, str]]]]:
    return [(line, cells(line, place, layout)) for line, place in layout if not isinstance(line, Input)]


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@given(program=programs())
@settings(max_examples=30, suppress_health_check=SLOW)
def test_one_formula_per_row(program: Program) -> None:
    book = Book(program.periods)
    program.on_lines(book)
    for line, row in formulas(book, SheetLayout(book)):
        written = {relative(text, FIRST_PERIOD + period) for period, (_, text) in enumerate(row)}
        assert len(written) == 1, f"{line.key}: {written}"


@given(program=programs())
@settings(max_examples=30, suppress_health_check=SLOW)
def test_references_point_at_placed_cells_only(program: Program) -> None:
    book = Book(program.periods)
    program.on_lines(book)
    layout = SheetLayout(book)
    lines = {(place.sheet, place.row): line for line, place in layout}
    first, last = FIRST_PERIOD, FIRST_PERIOD + program.periods - 1
    for line, row in formulas(book, layout):
        precedents = {other for other, _ in line.precedents()}
        own_sheet = layout.place(line).sheet
        for period, (_, text) in enumerate(row):
            assert len(text) <= LONGEST
            assert set(re.findall(r"([A-Z]+)\(", text)) <= FUNCTIONS
            for cell in CELL.finditer(text):
                sheet = cell["sheet"].strip("'").replace("''", "'") if cell["sheet"] else own_sheet
                assert not cell["sheet"] or sheet != own_sheet
                at = lines[sheet, int(cell["row"])]
                assert at in precedents, f"{line.key} points at {at.key}: {text}"
                columns = {number(cell["column"]), number(cell["to_column"] or cell["column"])}
                if at.timed:
                    assert cell["pinned"] == "" == (cell["to_pinned"] or "")
                    assert columns <= set(range(first - 1, last + 1)), text
                    assert max(columns) <= first + period or columns == {first, last}, text
                else:
                    assert columns == {number(VALUE)}
                    assert cell["fixed"] == cell["pinned"] == "$"


def test_columns_are_named_as_in_excel() -> None:
    names = [column_name(at) for at in (0, 4, 5, 25, 26, 51, 52, 701, 702)]
    assert names == ["A", "E", "F", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert [number(name) for name in names] == [0, 4, 5, 25, 26, 51, 52, 701, 702]
    assert number(BEFORE) == FIRST_PERIOD - 1 == number(VALUE) + 1


# Price is D3, Lag D4, None D5 and People row 6 of the sheet Payments; Period is row 3 of Timeline.
TEXTS: dict[str, Callable[[Kit], Any]] = {
    "=F6*$D$3": lambda k: k.people * k.price,
    "=F6-(F6-$D$3)": lambda k: k.people - (k.people - k.price),
    "=F6-F6-$D$3": lambda k: k.people - k.people - k.price,
    "=F6+$D$3*$D$4": lambda k: k.people + k.price * k.lag,
    "=(F6+$D$3)*$D$4": lambda k: (k.people + k.price) * k.lag,
    "=F6/($D$3*$D$4)": lambda k: k.people / (k.price * k.lag),
    "=-F6": lambda k: -k.people,
    "=-(F6+$D$3)": lambda k: -(k.people + k.price),
    "=-1*F6^2": lambda k: -(k.people**2),
    "=(-F6)^2": lambda k: (-k.people) ** 2,
    "=-1*F6^2*$D$3": lambda k: -(k.people**2 * k.price),
    "=F6-$D$3^2": lambda k: k.people - k.price**2,
    "=F6*(-1)": lambda k: k.people * -1,
    "=(1+$D$3)^F6": lambda k: (1 + k.price) ** k.people,
    "=E6": lambda k: previous(k.people),
    "=MIN(F6,$D$3-E6)": lambda k: np.minimum(k.people, k.price - previous(k.people)),
    "=($D$3^$D$4)^F6": lambda k: (k.price**k.lag) ** k.people,
    "=$D$3^($D$4^F6)": lambda k: k.price ** (k.lag**k.people),
    "=IF(N(E6)<$D$4,0,$D$3)": lambda k: step_lookup(previous(k.people), [k.lag], [k.price]),
    "=IF(F6<$D$3,0,LOOKUP(F6,$D$3:$D$4,$D$4:$D$5))": lambda k: step_lookup(k.people, [k.price, k.lag], [k.lag, k.none]),
    "=MIN(N(E6),$D$3)": lambda k: np.minimum(previous(k.people), k.price),
    "=INDEX($E6:E6,1,MAX(1,Timeline!F3-$D$4+1))": lambda k: previous(k.people, k.lag),
    "=INDEX($E6:E6,1,MAX(1,Timeline!F3-($D$4+1)+1))": lambda k: previous(k.people, k.lag + 1),
    "=SUMIFS($F6:$I6,Timeline!$F3:$I3,Timeline!F3-$D$4)": lambda k: delayed(k.people, k.lag),
    "=SUM($F6:F6)": lambda k: running_total(k.people),
    "=IF(F6>$D$3,1,0)": lambda k: k.people > k.price,
    "=(F6>$D$3)*$D$4": lambda k: (k.people > k.price) * k.lag,
    "=IF(F6>$D$3,F6,0)": lambda k: np.where(k.people > k.price, k.people, 0),
    "=IF(F6=0,0,$D$3/F6)": lambda k: ratio(k.price, k.people),
    "=MIN(MAX(F6,0),1)": lambda k: np.clip(k.people, 0, 1),
}


@pytest.mark.parametrize("expected", TEXTS)
def test_a_formula_reads_as_one_would_write_it(expected: str, kit: Kit) -> None:
    line = kit.line(TEXTS[expected](kit))
    assert formula(line, SheetLayout(kit.book)) == expected


def test_a_reference_quotes_the_sheet_where_it_must(kit: Kit) -> None:
    other = kit.book.section("Ann's sums").line("Ann", kit.people + kit.price, unit="£")
    layout = SheetLayout(kit.book)
    assert reference(other, layout, "Payments", "G") == "'Ann''s sums'!G3"
    assert reference(other, layout, "Payments") == "'Ann''s sums'!$F3:$I3"
    assert reference(other, layout, "Ann's sums", "G") == "G3"
    assert reference(kit.price, layout, "Ann's sums") == "Payments!$D$3"
    assert formula(other, layout, 1) == "=Payments!G6+Payments!$D$3"


def test_relative_form_tells_formulas_apart() -> None:
    assert relative("=E6+$D$3", 5) == relative("=F6+$D$3", 6) == "=R6C[-1]+R3C3"
    assert relative("=E6", 5) != relative("=E6", 6)
    assert relative("=SUM($F6:G6)", 6) == "=SUM(R6C5:R6C[0])"
