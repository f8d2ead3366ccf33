"""Views as sheets: words, tables and charts from top to bottom, live figures as references to their lines."""

from __future__ import annotations

from dataclasses import replace

from sibmodel.scenarios import BASE_CASE
from sibmodel.views.common import Cell, Constant, Figure, FillIn, Pictures, Table, View, Words
from sibmodel.words import financial_year
from sibmodel.workbook.heads import TITLE_HEIGHT, TITLE_ROW
from sibmodel.workbook.layout import WorkbookLayout
from sibmodel.workbook.sheet import Block, Live, Picture, Sheet, figure, in_period, wrapped
from sibmodel.workbook.style import (
    BLOCK_TITLE,
    COLUMN,
    COLUMN_RIGHT,
    INPUT_FILL,
    INPUT_INK,
    KINDS,
    LEAD,
    NOTE,
    SENTENCE,
    Look,
)

FIRST_ROW = 5
LABEL_WIDTH, FIGURE_WIDTH, TEXT_WIDTH = 50.0, 17.0, 68.0
FEWEST_COLUMNS = 7
"""So that charts have room beside each other."""
TOTAL_HEIGHT = 18.75
"""Points: air between a row of totals and the line above it, so that small print does not touch it."""
LONG_TABLE = 36
"""Rows."""
PICTURE_ROWS, PICTURE_HEIGHT = 16, 315
GAP = 12
"""Pixels between charts."""
PAGE_WIDTH, PAGE_HEIGHT = 930, 690
"""Pixels of a printed page of A4 across, within its margins; some programs draw columns a tenth wider than Excel."""
RUNNING_TEXT = 1.1
"""How much more of a text fits across many columns than into one, where it must not touch the next."""
POINT = 4 / 3
"""Pixels."""


def view_sheet(view: View, layout: WorkbookLayout, blocks: dict[str, Block], case: Live | None = None) -> Sheet:
    """The sheet of a view, without its head; notes in `blocks` where each table stands. `case` says which case live
    figures show: above them it stands in the place of “Base case”, where it is given."""
    sheet = Sheet(view.name, view.kind, freeze=(FIRST_ROW, 0))
    sheet.widths = _widths(view)
    sheet.heights[TITLE_ROW] = TITLE_HEIGHT
    row, starts = FIRST_ROW, [0]
    for block in view.blocks:
        starts.append(row)
        if isinstance(block, Words):
            row = _words(sheet, block, row)
        elif isinstance(block, Table):
            row = _table(sheet, block, row, layout, blocks, case)
        else:
            row = _pictures(sheet, block, row)
        row += 1
    printed = _printed(view)
    if printed < len(view.blocks):
        row = starts[printed + 1] - 1
        sheet.printed = (0, 0, row - 1, len(sheet.widths) - 1)
    _break_pages(sheet, starts[: printed + 1], row)
    return sheet


def _printed(view: View) -> int:
    """How many blocks are printed, from the first: a long table at the end, such as one by month, is for the screen,
    where there is anything else to print."""
    last = view.blocks[-1]
    shown = any(not isinstance(block, Words) for block in view.blocks[:-1])
    long = isinstance(last, Table) and len(last.rows) > LONG_TABLE
    return len(view.blocks) - 1 if long and shown and view.kind == "outputs" else len(view.blocks)


def _widths(view: View) -> dict[int, float]:
    columns = max((len(table.header) for table in view.tables), default=1)
    widths = {0: LABEL_WIDTH}
    for column in range(1, max(columns, FEWEST_COLUMNS)):
        texts = [row[column] for table in view.tables if len(table.header) > column for row in table.rows]
        longest = max((len(text) for text in texts if isinstance(text, str)), default=0)
        widths[column] = min(TEXT_WIDTH, max(FIGURE_WIDTH, longest))
    return widths


def _break_pages(sheet: Sheet, starts: list[int], end: int) -> None:
    """A printed page begins before a block that would be cut; one that no page holds may begin lower down."""
    sheet.scale = min(100, int(100 * PAGE_WIDTH / sheet.pixels_wide))
    head = sum(sheet.height(row) for row in range(FIRST_ROW)) * POINT
    room = PAGE_HEIGHT * 100 / sheet.scale
    top = 0
    for start, following in zip(starts, [*starts[1:], end], strict=True):
        high = sum(sheet.height(row) for row in range(top, following)) * POINT + (head if top else 0)
        used = sum(sheet.height(row) for row in range(top, start)) * POINT + (head if top else 0)
        cut_anyway = head + sum(sheet.height(row) for row in range(start, following)) * POINT > room
        if high > room and start > top and not (cut_anyway and used < room / 2):
            sheet.page_rows.append(start)
            top = start


def _words(sheet: Sheet, words: Words, row: int) -> int:
    if words.title:
        sheet.write(row, 0, words.title, BLOCK_TITLE)
        row += 1
    for number, sentence in enumerate(words.sentences):
        row = _paragraph(sheet, sentence, LEAD if number == 0 and not words.title else SENTENCE, row)
    return row


def _paragraph(sheet: Sheet, text: str, look: Look, row: int) -> int:
    """A text across the sheet, a cell for each of its lines: a cell's own text runs on into empty cells beside it."""
    for line in wrapped(text, RUNNING_TEXT * sum(sheet.widths.values()), look):
        sheet.write(row, 0, line, replace(look, wrap=False))
        row += 1
    return row


def _table(
    sheet: Sheet, table: Table, row: int, layout: WorkbookLayout, blocks: dict[str, Block], case: Live | None
) -> int:
    sheet.write(row, 0, table.title, BLOCK_TITLE)
    row += 1
    for column, title in enumerate(table.header):
        words = column == 0 or all(isinstance(cells[column], str) for cells in table.rows)
        shows = case is not None and any(isinstance(cells[column], Figure) for cells in table.rows)
        sheet.write(row, column, _heading(title, case) if shows else title, COLUMN if words else COLUMN_RIGHT)
    blocks[table.title] = Block(sheet.name, row, row + 1, row + len(table.rows))
    for number, cells in enumerate(table.rows):
        row += 1
        last = table.total and number == len(table.rows) - 1
        if last:
            sheet.heights[row] = TOTAL_HEIGHT
        for column, cell in enumerate(cells):
            _cell(sheet, row, column, cell, layout, last)
    row += 1
    return _paragraph(sheet, table.note, NOTE, row) if table.note else row


def _heading(title: str, case: Live | None) -> str | Live:
    """The heading of live figures: “Base case, in all” is “Path 17, in all” while that path is put through."""
    if case is None or not title.startswith(BASE_CASE):
        return title
    rest = title.removeprefix(BASE_CASE)
    quoted = rest.replace('"', '""')
    formula = f'{case.formula}&"{quoted}"' if rest else case.formula
    return Live(formula, lambda values: f"{case.read(values)}{rest}")


def _cell(sheet: Sheet, row: int, column: int, cell: Cell, layout: WorkbookLayout, last: bool) -> None:
    look = Look(bottom_line=True, bold=last, top_line=last, middle=last)
    if isinstance(cell, FillIn):
        sheet.write(row, column, None, replace(look, ink=INPUT_INK, fill=INPUT_FILL, wrap=True))
        return
    if isinstance(cell, str):
        sheet.write(row, column, cell, replace(look, wrap=True))
        return
    look = replace(look, number=KINDS[cell.kind], right=column > 0, left=column == 0)
    if isinstance(cell, Constant):
        sheet.write(row, column, float(cell.value), look)
        return
    sheet.write(row, column, live(cell, layout, sheet.name), look)
    if cell.kind == "holds":
        sheet.alarms.append((row, column, row, column))


def live(cell: Figure, layout: WorkbookLayout, sheet: str) -> Live:
    """A figure as a reference to its line; a check and a financial year in words."""
    place = layout.cell(cell.line, sheet, cell.period)
    if cell.kind == "holds":
        return Live(
            f'=IF({place}=1,"holds","fails")', lambda values: "holds" if values.figure(cell.line) == 1 else "fails"
        )
    if cell.kind == "financial year":
        return Live(
            f'={place}&"-"&TEXT(MOD({place}+1,100),"00")', lambda values: financial_year(values.figure(cell.line))
        )
    return Live(f"={place}", figure(cell.line) if cell.period is None else in_period(cell.line, cell.period))


def _pictures(sheet: Sheet, pictures: Pictures, row: int) -> int:
    width = sheet.pixels_wide // max(2, len(pictures.charts)) - GAP
    for number, chart in enumerate(pictures.charts):
        sheet.pictures.append(Picture(chart, row, number * (width + GAP), width, PICTURE_HEIGHT))
    return row + PICTURE_ROWS
