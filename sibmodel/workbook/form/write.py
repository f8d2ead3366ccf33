"""Drawing a form: a sheet for each part of the deal, with a row for each field."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sibmodel.deal import Deal
from sibmodel.forms.row import Row
from sibmodel.forms.rows import FIRST, rows_of
from sibmodel.forms.sheets import (
    BELIEF_COLUMNS,
    DISTRIBUTION,
    FIELD,
    GUIDE,
    IF_BLANK,
    LISTS,
    NOTE,
    ONLY_FOR,
    OTHER_NUMBERS,
    PARAMETERS,
    SHEETS,
    SOURCE,
    TAKES,
    VALUE,
    WHAT,
    FormSheet,
    member_heading,
)
from sibmodel.workbook.draw import MADE
from sibmodel.workbook.form.content import Content, contents, if_blank, takes
from sibmodel.workbook.form.guide import draw_guide
from sibmodel.workbook.form.lists import Lists
from sibmodel.workbook.form.looks import TEXT, FormLooks, height, number_format
from sibmodel.workbook.form.rules import Rules
from sibmodel.workbook.style import DARK, FONT, GREY, ORANGE, SIZE

HEADER = 4
"""The row of headings, counted from 0."""
FIXED = ((FIELD, 30), (WHAT, 52), (TAKES, 28), (IF_BLANK, 19), (ONLY_FOR, 20))
"""The columns before those to fill in, each with its width in characters."""
NOTES = (WHAT, TAKES, IF_BLANK, ONLY_FOR)
MEMBER_WIDTH = 24
BELIEF_WIDTHS = {DISTRIBUTION: 16, OTHER_NUMBERS: 26, SOURCE: 46, NOTE: 46}
NUMBER_WIDTH = 12
SPARE = {"Cohorts": 5, "Metrics": 3, "Measurement": 3, "Payments": 4, "Providers": 8, "Tranches": 5, "Waterfall": 10}
"""Columns of members that a form has at the least."""
FEWEST = 3


def form_bytes(deal: Deal | None) -> bytes:
    """A form filled in from a deal, or without one blank. The same deal gives the same bytes."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(stream, options)
    workbook.formats[0].set_font_name(FONT)
    workbook.formats[0].set_font_size(SIZE)
    title = "A deal to fill in" if deal is None else deal.name
    workbook.set_properties({"title": title, "author": "sibmodel", "created": MADE})
    looks, lists = FormLooks(workbook), Lists()
    guide = workbook.add_worksheet(GUIDE)
    for sheet in SHEETS:
        page = workbook.add_worksheet(sheet.name)
        page.set_tab_color(ORANGE)
        _draw_sheet(page, sheet, deal, looks, lists)
    draw_guide(guide, looks, deal)
    guide.set_tab_color(DARK)
    page = workbook.add_worksheet(LISTS)
    page.set_tab_color(GREY)
    page.hide_gridlines(2)
    lists.draw(page, looks)
    guide.activate()
    workbook.close()
    return stream.getvalue()


def _draw_sheet(page: Any, sheet: FormSheet, deal: Deal | None, looks: FormLooks, lists: Lists) -> None:
    rows = rows_of(sheet, deal)
    columns = _columns(sheet, rows)
    page.hide_gridlines(2)
    page.write_string(0, 0, sheet.name, looks.title)
    page.set_row(0, 24)
    page.write_string(1, 0, sheet.purpose, looks.quiet)
    page.write_string(2, 0, _how(sheet, rows), looks.quiet)
    for column, (heading, width) in enumerate(columns):
        page.set_column(column, column, width)
        page.write_string(HEADER, column, heading, looks.heading)
    page.set_row(HEADER, 30 if sheet.beliefs else 20)
    first = next((at for at, row in enumerate(rows) if row.path not in FIRST), len(rows)) if sheet.member else 0
    page.freeze_panes(HEADER + 1 + first, 1)
    headings = [heading for heading, _ in columns]
    rules = Rules(page, looks, lists, sheet, headings, HEADER + 1)
    used = _kinds_used(rows)
    for at, row in enumerate(rows, HEADER + 1):
        texts = _draw_row(page, at, row, sheet, headings, looks)
        rules.add(at, row)
        folded = used and row.scope.kinds and row.scope.chosen_at == "kind" and not used & set(row.scope.kinds)
        widths = dict(columns)
        points = height((text, widths[heading], 9 if heading in NOTES else SIZE) for heading, text in texts.items())
        page.set_row(at, points, None, {"level": 1, "hidden": True} if folded else {})
    rules.finish(rows)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER)


def _columns(sheet: FormSheet, rows: Sequence[Row]) -> list[tuple[str, int]]:
    fixed = [column for column in FIXED if column[0] != ONLY_FOR or any(row.scope.kinds for row in rows)]
    if sheet.part == "sources":
        return [(FIELD, 46), (VALUE, 100)]
    if sheet.beliefs:
        fixed[0] = (FIELD, 44)
        return [*fixed, *((heading, BELIEF_WIDTHS.get(heading, NUMBER_WIDTH)) for heading in BELIEF_COLUMNS)]
    if not sheet.member:
        return [*fixed, (VALUE, 40)]
    members = 1 + max((member for row in rows for member in row.values), default=-1)
    number = max(members, SPARE.get(sheet.name, FEWEST))
    return [*fixed, *((member_heading(sheet, one + 1), MEMBER_WIDTH) for one in range(number))]


def _how(sheet: FormSheet, rows: Sequence[Row]) -> str:
    if sheet.beliefs:
        return (
            "A value alone is certain. With a distribution it is the base case; blank, that is the expected value. "
            "For a cohort's own, insert a row: effect.by_cohort[Cohort 1]."
        )
    if sheet.part == "sources":
        return (
            "In the first column the place in the deal, as payments[0].price or funding; payments are counted from 0."
        )
    if sheet.others:
        return "Below the first rows, in the first column, the place that changes, as payments[0].price."
    if any(row.scope.kinds and row.scope.chosen_at == "kind" for row in rows):
        return "Choose the kind first: what is not for it turns grey. More rows: click 2, at the top on the left."
    return "Fill in the blue cells. Leave blank what does not apply."


def _kinds_used(rows: Sequence[Row]) -> set[str]:
    return {str(value) for row in rows if row.path == "kind" for value in row.values.values()}


def _draw_row(
    page: Any, at: int, row: Row, sheet: FormSheet, headings: Sequence[str], looks: FormLooks
) -> dict[str, str]:
    """Write a row; its longest text under each heading, by which its height goes."""
    page.write_string(at, 0, row.path, looks.field)
    notes = {
        WHAT: row.sentence.replace(" %", "%"),
        TAKES: takes(row),
        IF_BLANK: if_blank(row),
        ONLY_FOR: "; ".join(row.scope.kinds),
    }
    texts = {FIELD: row.path}
    for column, heading in enumerate(headings):
        if heading in notes:
            page.write_string(at, column, notes[heading], looks.note)
            texts[heading] = notes[heading]
    open_columns = [column for column, heading in enumerate(headings) if column and heading not in notes]
    if sheet.beliefs and row.form != "belief":
        open_columns = open_columns[:1]
    for column in open_columns:
        page.write_blank(at, column, None, looks.filled_in(_format(row, headings[column])))
    for member, value in row.values.items():
        for heading, content in contents(row, value).items():
            named = heading if heading != VALUE or sheet.beliefs else member_heading(sheet, member + 1)
            _write(page, at, headings.index(named), content, row, looks)
            texts[named] = str(content)
    return texts


def _format(row: Row, heading: str, value: Content | None = None) -> str:
    if heading in (DISTRIBUTION, OTHER_NUMBERS, SOURCE, NOTE):
        return TEXT
    return TEXT if row.form == "text" and heading not in PARAMETERS.values() else number_format(row, value)


def _write(page: Any, at: int, column: int, content: Content, row: Row, looks: FormLooks) -> None:
    if isinstance(content, bool):
        page.write_boolean(at, column, content, looks.filled_in("General"))
    elif isinstance(content, date):
        look = looks.filled_in(number_format(row))
        page.write_datetime(at, column, datetime(content.year, content.month, content.day), look)
    elif isinstance(content, str):
        page.write_string(at, column, content, looks.filled_in(TEXT, text=content))
    else:
        page.write_number(at, column, content, looks.filled_in(number_format(row, content)))
