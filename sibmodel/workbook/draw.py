"""Drawing sheets with XlsxWriter into the bytes of a workbook: the same sheets give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np

from sibmodel.lines import Values
from sibmodel.workbook.charts import draw_picture
from sibmodel.workbook.sheet import DEFAULT_HEIGHT, Block, Live, Sheet
from sibmodel.workbook.style import BAD_FILL, BLUE, FONT, GOOD_FILL, INPUT_FILL, SIZE, TABS, Look

MADE = datetime(2000, 1, 1)
"""The date that the file names as its making: always the same, so that the same inputs give the same bytes."""
A4 = 9
LARGEST_WHOLE = 10**9
"""The bound of a whole number without one of its own."""
PROTECTED = {"objects": False, "scenarios": False, "format_cells": True, "format_columns": True, "format_rows": True}
"""What a reader may still do on a sheet: look at everything, and change how it looks; inputs are not locked."""
FAILS, CHANGED, PATH, SCENARIO, HOLDS = "fail", "changed", "Showing: path", "Showing: scenario", "hold"
"""What the text of a cell that reports holds when something is wrong, other than it was, or right."""


def draw(sheets: Sequence[Sheet], blocks: Mapping[str, Block], values: Values, title: str) -> bytes:
    """The workbook. `blocks` says where the tables of charts stand; `values` is what formulas give."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(stream, options)
    workbook.formats[0].set_font_name(FONT)
    workbook.formats[0].set_font_size(SIZE)
    workbook.set_properties({"title": title, "author": "sibmodel", "created": MADE})
    workbook.set_calc_mode("auto")
    looks = Looks(workbook)
    for sheet in sheets:
        _draw_sheet(workbook, sheet, looks, values, title)
    for sheet in sheets:
        for picture in sheet.pictures:
            draw_picture(
                workbook, workbook.get_worksheet_by_name(sheet.name), picture, blocks[picture.chart.table.title]
            )
    workbook.get_worksheet_by_name(sheets[0].name).activate()
    workbook.close()
    return stream.getvalue()


class Looks:
    """The workbook's formats, one for each look."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[Look, Any] = {}

    def __getitem__(self, look: Look) -> Any:
        if look not in self._made:
            self._made[look] = self._workbook.add_format(_properties(look))
        return self._made[look]


def _properties(look: Look) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "font_name": FONT,
        "font_size": look.size,
        "font_color": look.ink,
        "num_format": look.number,
        "valign": "vcenter" if look.middle else "top",
    }
    if look.fill:
        wanted["bg_color"] = look.fill
    if look.fill == INPUT_FILL:
        wanted["locked"] = False
    if look.right or look.left:
        wanted["align"] = "right" if look.right else "left"
    if look.indent:
        wanted |= {"indent": look.indent, "align": "left"}
    if look.top_line:
        wanted |= {"top": 1, "top_color": BLUE}
    if look.bottom_line:
        wanted |= {"bottom": 1, "bottom_color": "#D0D5DA"}
    for name, chosen in (
        ("bold", look.bold),
        ("italic", look.italic),
        ("text_wrap", look.wrap),
        ("underline", look.underline),
        ("quote_prefix", look.apostrophe),
    ):
        if chosen:
            wanted[name] = True
    return wanted


def _draw_sheet(workbook: Any, sheet: Sheet, looks: Looks, values: Values, title: str) -> None:
    page = workbook.add_worksheet(sheet.name, worksheet_class=_plain_worksheet())
    page.hide_gridlines(2)
    page.set_default_row(DEFAULT_HEIGHT)
    page.set_tab_color(TABS[sheet.kind])
    for column, width in sheet.widths.items():
        page.set_column(column, column, width)
    for row, height in sheet.heights.items():
        page.set_row(row, height)
    if sheet.freeze != (0, 0):
        page.freeze_panes(*sheet.freeze)
    for (row, column), written in sheet.cells.items():
        _draw_cell(page, row, column, written.content, looks[written.look], values)
    for (row, column), target in sheet.links.items():
        written = sheet.cells[row, column]
        page.write_url(row, column, f"internal:'{target}'!A1", looks[written.look], str(written.content))
    page.protect("", PROTECTED)
    _validate(page, sheet)
    _colour_alarms(workbook, page, sheet)
    _print_setup(page, sheet, title)


@cache
def _plain_worksheet() -> type:
    """A worksheet that takes formulas as they are: ours use no function younger than Excel 2010, so there is none to
    mark for older programs, and looking for them takes more time than all other drawing."""
    from xlsxwriter.worksheet import Worksheet

    class PlainWorksheet(Worksheet):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

    return PlainWorksheet


def _draw_cell(page: Any, row: int, column: int, content: Any, look: Any, values: Values) -> None:
    if isinstance(content, Live):
        page.write_formula(row, column, content.formula, look, content.read(values))
    elif isinstance(content, str):
        page.write_string(row, column, content, look)
    elif content is None:
        page.write_blank(row, column, None, look)
    else:
        page.write_number(row, column, content, look)


def _validate(page: Any, sheet: Sheet) -> None:
    for (row, column), limits in sheet.takes.items():
        page.data_validation(
            row,
            column,
            row,
            column,
            {
                "validate": "integer" if limits.whole else "decimal",
                "criteria": "between",
                "minimum": _bound(limits.minimum, limits.whole),
                "maximum": _bound(limits.maximum, limits.whole),
                "error_title": "Outside its range",
                "error_message": limits.words(),
            }
            if limits.choices is None
            else {
                "validate": "list",
                "source": limits.choices,
                "error_title": "Not one of the choices",
                "error_message": limits.words(),
            },
        )
    for (row, column), source in sheet.lists.items():
        page.data_validation(
            row,
            column,
            row,
            column,
            {
                "validate": "list",
                "source": f"={source}",
                "error_title": "Not in the list",
                "error_message": "Choose one from the list.",
            },
        )


def _bound(limit: float, whole: bool) -> float | int:
    return int(np.clip(limit, -LARGEST_WHOLE, LARGEST_WHOLE)) if whole else limit


def _colour_alarms(workbook: Any, page: Any, sheet: Sheet) -> None:
    if not sheet.alarms:
        return
    bad, good = workbook.add_format({"bg_color": BAD_FILL}), workbook.add_format({"bg_color": GOOD_FILL})
    for area in sheet.alarms:
        for word, shown in ((FAILS, bad), (CHANGED, bad), (PATH, bad), (SCENARIO, bad), (HOLDS, good)):
            page.conditional_format(
                *area, {"type": "text", "criteria": "containing", "value": word, "format": shown, "stop_if_true": True}
            )


def _print_setup(page: Any, sheet: Sheet, title: str) -> None:
    page.set_paper(A4)
    page.set_margins(left=0.5, right=0.5, top=0.45, bottom=0.6)
    if sheet.portrait:
        page.set_portrait()
    else:
        page.set_landscape()
    page.set_footer(f"&L&8{title.replace('&', '&&')[:100]}&C&8&A&R&8Page &P of &N")
    header, column = sheet.freeze
    if header:
        page.repeat_rows(0, header - 1)
    if column:
        page.repeat_columns(0, column - 1)
    if sheet.scale is None:
        page.fit_to_pages(1, 0)
    else:
        page.set_print_scale(sheet.scale)
    if sheet.printed is not None:
        page.print_area(*sheet.printed)
    page.set_v_pagebreaks(sheet.page_columns)
    page.set_h_pagebreaks(sheet.page_rows)
