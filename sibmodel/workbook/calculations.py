"""Calculation sheets: one for each section of the model, a row for each line, the same formula in every month."""

from __future__ import annotations

from dataclasses import replace

from sibmodel.lines import Line, Section, column_name, formula
from sibmodel.lines.formulas import FIRST_PERIOD
from sibmodel.model import Model
from sibmodel.workbook.layout import HEADER, WorkbookLayout
from sibmodel.workbook.path_sheet import PLACE, PathSheet
from sibmodel.workbook.sheet import Live, Sheet, figure, in_period, over_time
from sibmodel.workbook.style import (
    COLUMN,
    COLUMN_DATE,
    COLUMN_RIGHT,
    HEADING,
    NAME,
    NOTE,
    PERIOD,
    UNIT,
    Look,
    number_format,
)

NAME_COLUMN, UNIT_COLUMN, NOTE_COLUMN, VALUE_COLUMN, BEFORE_COLUMN = range(5)
WIDTHS = {NAME_COLUMN: 56.0, UNIT_COLUMN: 18.0, NOTE_COLUMN: 60.0, VALUE_COLUMN: 16.0, BEFORE_COLUMN: 2.0}
MONTH_WIDTH = 11.0
MONTHS_TO_A_PAGE = 12
PRINT_SCALE = 62
"""Per cent: twelve months stand on a page beside the names of lines."""


def calculation_sheet(
    section: Section, model: Model, layout: WorkbookLayout, totalled: frozenset[Line], paths: PathSheet
) -> Sheet:
    """The sheet of a section, without its head."""
    sheet = Sheet(section.name, "calculations", freeze=(HEADER + 1, 1), scale=PRINT_SCALE)
    sheet.widths = {**WIDTHS, **{FIRST_PERIOD + period: MONTH_WIDTH for period in range(layout.periods)}}
    timed = any(line.timed for group in layout.groups[section] for line in group.lines)
    _headings(sheet, model, layout, timed)
    for group in layout.groups[section]:
        if group.row is not None:
            for column in range(FIRST_PERIOD + layout.periods if timed else VALUE_COLUMN + 1):
                sheet.write(group.row, column, group.heading if column == 0 else None, HEADING)
        for line in group.lines:
            _line(sheet, line, layout, line in totalled, paths.in_use(line))
    sheet.printed = (0, 0, sheet.last_row, VALUE_COLUMN)
    if timed:  # for readers who clear the print area
        sheet.page_columns = list(range(FIRST_PERIOD, FIRST_PERIOD + layout.periods, MONTHS_TO_A_PAGE))
    return sheet


def _headings(sheet: Sheet, model: Model, layout: WorkbookLayout, timed: bool) -> None:
    for column, text in enumerate(("Line", "Unit", "What it is", "Value or total")):
        sheet.write(HEADER, column, text, COLUMN_RIGHT if column == VALUE_COLUMN else COLUMN)
    if not timed:
        return
    sheet.write(HEADER, BEFORE_COLUMN, None, COLUMN)
    period, month = model.book.period, model.timeline.month_end
    for number in range(layout.periods):
        column = FIRST_PERIOD + number
        sheet.write(
            HEADER - 1, column, Live(f"={layout.cell(period, sheet.name, number)}", in_period(period, number)), PERIOD
        )
        sheet.write(
            HEADER, column, Live(f"={layout.cell(month, sheet.name, number)}", in_period(month, number)), COLUMN_DATE
        )


def _line(sheet: Sheet, line: Line, layout: WorkbookLayout, totalled: bool, drawn: str | None) -> None:
    row = layout.place(line).row - 1
    look = Look(number=number_format(line.unit), right=True)
    sheet.write(row, NAME_COLUMN, line.name, NAME)
    sheet.write(row, UNIT_COLUMN, line.unit, UNIT)
    sheet.write(row, NOTE_COLUMN, line.note, NOTE)
    if not line.timed:
        text = formula(line, layout)
        if drawn is not None:  # a draw: its mean, or what was drawn in the path that is put through
            text = f"=IF({PLACE}=0,{text.removeprefix('=')},{drawn})"
        sheet.write(row, VALUE_COLUMN, Live(text, figure(line)), look)
        return
    if totalled:
        last = column_name(FIRST_PERIOD + layout.periods - 1)
        text = f"=SUM({column_name(FIRST_PERIOD)}{row + 1}:{last}{row + 1})"
        sheet.write(row, VALUE_COLUMN, Live(text, over_time(line)), replace(look, bold=True))
    for period in range(layout.periods):
        sheet.write(row, FIRST_PERIOD + period, Live(formula(line, layout, period), in_period(line, period)), look)
