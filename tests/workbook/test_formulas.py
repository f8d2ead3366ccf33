"""Is the workbook built as modelling standards ask? One formula a row, no numbers hidden in it, nothing volatile."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator

from openpyxl.utils import column_index_from_string

from sibmodel.lines import Input
from sibmodel.lines.formulas import FIRST_PERIOD
from sibmodel.workbook.sheet import Live
from tests.workbook.exported import Exported
from tests.workbook.judges import CellError, formula_cells, stored_values

FUNCTIONS = {
    "ABS", "AND", "COUNT", "COUNTIFS", "DATE", "EXP", "IF", "IFERROR", "INDEX", "INT", "IRR", "LN", "LOOKUP", "MAX",
    "MIN", "MOD", "N", "NOT", "OR", "SQRT", "SUM", "SUMIFS", "SUMPRODUCT", "TEXT", "XIRR",
}  # fmt: skip
"""All that a formula of ours may call: older than Excel 2010, and neither volatile nor looking sideways."""
NUMBERS = {"0", "1", "2", "12", "100", "1000"}
"""Nothing, one, a half's two, months of a year, and conversions of units."""
LONGEST = 255
REFERENCE = re.compile(r"((?:'[^']+'|[A-Za-z_][A-Za-z_ ]*)!)?(\$?)([A-Z]{1,3})(\$?)([0-9]+)(?![0-9(])")
TEXT = re.compile(r'"[^"]*"')


def formulas(exported: Exported) -> Iterator[tuple[str, int, int, str]]:
    """Sheet, row, column (from 0) and text of every formula."""
    for sheet in exported.book.sheets:
        for (row, column), written in sheet.cells.items():
            if isinstance(written.content, Live):
                yield sheet.name, row, column, written.content.formula


def relative(formula: str, row: int, column: int) -> str:
    """The formula as seen from its own cell: equal for a formula that was copied."""

    def seen(match: re.Match[str]) -> str:
        sheet, fixed_column, letters, fixed_row, number = match.groups()
        across, down = column_index_from_string(letters) - 1, int(number) - 1
        where = f"C{across}" if fixed_column else f"C[{across - column}]"
        return f"{sheet or ''}R{down if fixed_row else f'[{down - row}]'}{where}"

    return REFERENCE.sub(seen, formula)


def test_one_formula_for_all_periods_of_a_row(exported: Exported) -> None:
    rows = defaultdict(set)
    for sheet, row, column, formula in formulas(exported):
        if column >= FIRST_PERIOD and sheet in exported.book.calculations:
            rows[sheet, row].add(relative(formula, row, column))
    assert len(rows) > 100
    assert {place: texts for place, texts in rows.items() if len(texts) > 1} == {}


def test_every_line_has_its_row_and_every_input_its_cell(exported: Exported) -> None:
    stored = stored_values(exported.path)
    layout = exported.book.layout
    for line in exported.run.model.book.lines:
        place = layout.place(line)
        assert stored[place.sheet, f"A{place.row}"] == line.name
        assert stored[place.sheet, f"B{place.row}"] == line.unit
        if isinstance(line, Input):
            assert stored[place.sheet, f"D{place.row}"] == line.value


def test_functions_are_few_and_old(exported: Exported) -> None:
    texts = [TEXT.sub("", formula) for *_, formula in formulas(exported)]
    used = {name for text in texts for name in re.findall(r"([A-Z][A-Z.]*)\(", text)}
    assert used <= FUNCTIONS


def test_no_numbers_are_hidden_in_formulas(exported: Exported) -> None:
    hidden = {
        number
        for *_, formula in formulas(exported)
        for number in re.findall(r"(?<![A-Za-z$\d.])\d+(?:\.\d+)?", REFERENCE.sub("", TEXT.sub("", formula)))
    }
    assert hidden <= NUMBERS


def test_formulas_are_short(exported: Exported) -> None:
    assert [formula for *_, formula in formulas(exported) if len(formula) > LONGEST] == []


def test_calculations_refer_to_sheets_before_them(exported: Exported) -> None:
    order = {sheet.name: number for number, sheet in enumerate(exported.book.sheets)}
    forward = {
        (sheet, other)
        for sheet, row, _, formula in formulas(exported)
        for other in re.findall(r"(?:'([^']+)'|([A-Za-z_]+))!", TEXT.sub("", formula))
        if row >= 6 and sheet in exported.book.calculations and order["".join(other)] > order[sheet]
    }
    later = ("Outcomes", "Measurement")
    decided_later = {("Early end", ("", sheet)) for sheet in later} if _may_be_stopped(exported) else set()
    assert forward == decided_later


def _may_be_stopped(exported: Exported) -> bool:
    """Whether investors may stop: then what is measured of one cohort decides whether a later one takes place."""
    end = exported.run.deal.early_end
    return end is not None and end.stop_option is not None


def test_nothing_points_out_of_the_workbook(exported: Exported) -> None:
    assert not any("[" in formula for *_, formula in formulas(exported))
    with zipfile.ZipFile(exported.path) as archive:
        names = archive.namelist()
    assert not [name for name in names if "externalLink" in name or "vbaProject" in name or "calcChain" in name]


def test_no_cell_is_in_error_and_every_formula_has_a_value(exported: Exported) -> None:
    stored = stored_values(exported.path)
    assert [cell for cell, value in stored.items() if isinstance(value, CellError)] == []
    assert formula_cells(exported.path) <= stored.keys()


def test_nothing_is_merged_or_hidden(exported: Exported) -> None:
    with zipfile.ZipFile(exported.path) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        book = archive.read("xl/workbook.xml").decode()
    for text in [*sheets, book]:
        assert "mergeCell" not in text
        assert 'hidden="1"' not in text
        assert 'state="hidden"' not in text


def test_every_sheet_says_whether_the_checks_hold(exported: Exported) -> None:
    stored = stored_values(exported.path)
    for sheet in exported.book.sheets:
        assert stored[sheet.name, "A3"] == "Checks: all hold"
        assert stored[sheet.name, "A4"] == "Inputs: as exported"
