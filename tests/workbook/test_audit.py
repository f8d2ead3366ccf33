"""Is the workbook built as modelling standards ask? An audit of every exported workbook, a test for each rule that a
program can judge: FAST, the ICAEW's twenty principles, and the spreadsheet standards of the Department for Education
and the Government Analysis Function. Values are judged elsewhere (`test_parity`), charts in `test_charts`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from openpyxl.utils import column_index_from_string

from sibmodel.lines import Input, column_name
from sibmodel.lines.formulas import FIRST_PERIOD
from sibmodel.workbook.layout import FIRST_ROW, HEADER
from sibmodel.workbook.sheet import Live
from sibmodel.workbook.style import INPUT_FILL, TABS
from tests.workbook.exported import Exported
from tests.workbook.judges import CellError

FUNCTIONS = {
    "ABS", "AND", "COUNT", "COUNTIFS", "DATE", "EXP", "IF", "IFERROR", "INDEX", "INT", "IRR", "ISNUMBER", "LN",
    "LOOKUP", "MATCH", "MAX", "MIN", "MOD", "N", "NOT", "OR", "SQRT", "SUM", "SUMIFS", "SUMPRODUCT", "TEXT", "XIRR",
}  # fmt: skip
"""All that a formula of ours may call: older than Excel 2010, and neither volatile nor looking sideways."""
NUMBERS = {"0", "1", "2", "12", "100", "1000"}
"""Nothing, one, a half's two, months of a year, and conversions of units."""
LONGEST = 255
DEEPEST = 3
"""IFs within each other, of which some only guard a division against nil; no chains of cases."""
LOOKING_AHEAD = {"Inputs": {"Scenarios", "Paths"}, "Scenarios": {"Paths", "Returns", "Commissioning"}}
"""Sheets of inputs that read a later one: the choice of a scenario or a path, and the figures that follow from it."""
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
    stored = exported.stored
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


def test_ifs_are_not_nested_deeply(exported: Exported) -> None:
    assert {formula for *_, formula in formulas(exported) if _depth_of_ifs(formula) > DEEPEST} == set()


def _depth_of_ifs(formula: str) -> int:
    deepest, open_ones = 0, []
    for found in re.finditer(r"([A-Z]*)\(|\)", TEXT.sub("", formula)):
        if found[0] == ")":
            open_ones.pop()
        else:
            open_ones.append(found[1] == "IF")
            deepest = max(deepest, sum(open_ones))
    return deepest


def test_sheets_refer_to_sheets_before_them(exported: Exported) -> None:
    """Heads apart, which say the same on every sheet."""
    order = {sheet.name: number for number, sheet in enumerate(exported.book.sheets)}
    known = exported.book.calculations | {"Inputs", "Scenarios", "Paths"}
    forward = {
        (sheet, "".join(other))
        for sheet, row, _, formula in formulas(exported)
        for other in re.findall(r"(?:'([^']+)'|([A-Za-z_]+))!", TEXT.sub("", formula))
        if row >= FIRST_ROW and sheet in known and order["".join(other)] > order[sheet]
    }
    allowed = {(sheet, other) for sheet, others in LOOKING_AHEAD.items() for other in others}
    if _may_be_stopped(exported):
        allowed |= {("Early end", "Outcomes"), ("Early end", "Measurement")}
    assert forward <= allowed


def test_no_formula_names_its_own_sheet(exported: Exported) -> None:
    own = [
        (sheet, formula)
        for sheet, _, _, formula in formulas(exported)
        if re.search(rf"(?<![A-Za-z ]){re.escape(sheet)}!|'{re.escape(sheet)}'!", formula)
    ]
    assert own == []


def _may_be_stopped(exported: Exported) -> bool:
    """Whether investors may stop: then what is measured of one cohort decides whether a later one takes place."""
    end = exported.run.deal.early_end
    return end is not None and end.stop_option is not None


def test_nothing_points_out_of_the_workbook(exported: Exported) -> None:
    assert not any("[" in formula for *_, formula in formulas(exported))
    assert not [name for name in exported.parts if re.search("externalLink|vbaProject|calcChain", name)]


def test_no_cell_is_in_error_and_every_formula_has_a_value(exported: Exported) -> None:
    assert [cell for cell, value in exported.stored.items() if isinstance(value, CellError)] == []
    assert exported.formula_cells <= exported.stored.keys()


def test_nothing_is_merged_or_hidden(exported: Exported) -> None:
    for text in [*exported.pages.values(), exported.parts["xl/workbook.xml"]]:
        assert "mergeCell" not in text
        assert 'hidden="1"' not in text
        assert 'state="hidden"' not in text


def test_sheets_stand_by_kind_and_show_it(exported: Exported) -> None:
    kinds = [sheet.kind for sheet in exported.book.sheets]
    assert kinds[0] == "control"
    first, last = kinds.index("inputs"), len(kinds) - 1 - kinds[::-1].index("calculations")
    assert [kind for kind in kinds[first : last + 1] if kind in ("inputs", "calculations")] == kinds[first : last + 1]
    assert "inputs" not in kinds[kinds.index("calculations") :]
    for sheet in exported.book.sheets:
        assert f'<tabColor rgb="FF{TABS[sheet.kind].removeprefix("#")}"/>' in exported.pages[sheet.name]


def test_numbers_that_are_no_formulas_stand_on_inputs_and_outputs_alone(exported: Exported) -> None:
    for sheet in exported.book.sheets:
        if sheet.kind == "calculations":
            assert [where for where, one in sheet.cells.items() if isinstance(one.content, float)] == []


def test_every_row_has_its_unit_and_a_name_of_its_own(exported: Exported) -> None:
    for sheet in exported.book.sheets:
        if sheet.kind != "calculations" and sheet.name != "Inputs":
            continue
        rows = {row for (row, column), one in sheet.cells.items() if column == 3 and isinstance(one.content, Live)}
        rows |= {row for row, _ in sheet.takes}
        names = [sheet.cells[row, 0].content for row in sorted(rows)]
        assert len(set(names)) == len(names), sheet.name
        assert all(isinstance(sheet.cells[row, 1].content, str) and sheet.cells[row, 1].content for row in rows)


def test_the_same_columns_mean_the_same_on_every_sheet(exported: Exported) -> None:
    heads = set()
    for sheet in exported.book.sheets:
        if sheet.kind == "calculations":
            heads.add(tuple(sheet.cells[HEADER, column].content for column in range(4)))
            months = [exported.stored.get((sheet.name, f"{column_name(FIRST_PERIOD + one)}6")) for one in range(2)]
            assert months in ([None, None], [exported.stored["Timeline", f"{column}6"] for column in "FG"])
    assert heads == {("Line", "Unit", "What it is", "Value or total")}


def test_every_blue_cell_takes_only_what_it_should(exported: Exported) -> None:
    """Blue cells of numbers have limits, or a list; and nothing else is unlocked."""
    for sheet in exported.book.sheets:
        blue = {where for where, one in sheet.cells.items() if one.look.fill == INPUT_FILL}
        assert not any(isinstance(sheet.cells[where].content, Live) for where in blue)
        if sheet.kind == "inputs":
            assert blue == sheet.takes.keys() | sheet.lists.keys()
        text = exported.pages[sheet.name]
        assert "<sheetProtection " in text
        assert "password=" not in text
        assert "hashValue=" not in text


def test_sheets_can_be_printed(exported: Exported) -> None:
    """Headings repeat, a page says which it is, calculations print without their months."""
    defined = exported.parts["xl/workbook.xml"]
    for sheet in exported.book.sheets:
        text = exported.pages[sheet.name]
        assert f'orientation="{"portrait" if sheet.portrait else "landscape"}"' in text
        assert "Page &amp;P of &amp;N" in text
        assert 'state="frozen"' in text
        if sheet.kind == "calculations":
            assert sheet.printed is not None
            assert sheet.printed[3] == 3
    assert defined.count("_xlnm.Print_Titles") == len(exported.book.sheets)
    names = set(re.findall(r'<definedName name="([^"]+)"', defined))
    assert names <= {"_xlnm.Print_Titles", "_xlnm.Print_Area"}


def test_the_cover_leads_to_every_sheet(exported: Exported) -> None:
    cover = exported.book.sheets[0]
    assert set(cover.links.values()) == {sheet.name for sheet in exported.book.sheets[1:]}
    assert exported.stored["Cover", "A1"] == exported.run.deal.name


def test_the_record_is_there(exported: Exported) -> None:
    """The log of assumptions has every belief; the log of changes begins with the export."""
    stored = exported.stored
    texts = {
        sheet: [value for cell, value in stored.items() if cell[0] == sheet and isinstance(value, str)]
        for sheet in ("Assumptions log", "Sources", "Change log", "Guide")
    }
    beliefs = [cell for cell in exported.inputs if cell.path.startswith("assumptions.")]
    assert {cell.name for cell in beliefs} <= set(texts["Assumptions log"])
    assert {"Reliability", "Source", "Owner", "Agreed by", "Date"} <= set(texts["Assumptions log"])
    assert {cell.source for cell in exported.inputs} <= set(texts["Sources"])
    assert any(exported.run.hash[:12] in text for text in texts["Change log"])
    assert "Words of the field" in texts["Guide"]


def test_every_sheet_says_whether_the_checks_hold_and_what_it_shows(exported: Exported) -> None:
    for sheet in exported.book.sheets:
        assert exported.stored[sheet.name, "A3"] == "Checks: all hold"
        assert exported.stored[sheet.name, "A4"] == "Showing: base case. Inputs: as exported"
        assert sheet.freeze[0] >= 4
