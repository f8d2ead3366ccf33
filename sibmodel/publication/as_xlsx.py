"""Published tables as an Excel workbook, after the checklist of accessible spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sibmodel.publication.layout import COVER_WIDTH, contents, cover, headed, height, widths
from sibmodel.publication.tables import Number, Publication, Published, PublishedTable

LANGUAGE = "en-GB"
FONT = "Arial"
SIZE, TITLE_SIZE = 12, 15
A4 = 9


def write_xlsx(published: Publication, path: Path) -> None:
    """Write the publication to `path`."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    front = workbook.create_sheet("Cover")
    _words(front, cover(published), COVER_WIDTH)
    front.column_dimensions["A"].width = COVER_WIDTH
    _as_wide_as_a_page(front)
    _sheet(workbook, contents(published))
    for table in published.tables:
        _sheet(workbook, table)
    about = workbook.properties
    about.title, about.creator, about.language = published.title, "sibmodel", LANGUAGE
    workbook.active = 0
    workbook.save(path)


def _sheet(workbook: Any, table: PublishedTable) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableColumn

    sheet = workbook.create_sheet(table.name)
    first, wide = headed(table), widths(table)
    _words(sheet, first, wide[0])
    begin = len(first) + 1
    for row, cells in enumerate((table.header, *table.rows), start=begin):
        for column, cell in enumerate(cells, start=1):
            _write(sheet, row, column, cell, bold=row == begin)
        sheet.row_dimensions[row].height = max(height(*one, SIZE) for one in zip(cells, wide, strict=True))
    last = f"{get_column_letter(len(table.header))}{begin + len(table.rows)}"
    marked = Table(displayName=table.name, ref=f"A{begin}:{last}")
    for column, title in enumerate(table.header, start=1):  # named here, so that the table gets no filter buttons
        marked.tableColumns.append(TableColumn(id=column, name=title))
    sheet.add_table(marked)
    for column, width in enumerate(wide, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _as_wide_as_a_page(sheet)


def _as_wide_as_a_page(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0


def _words(sheet: Any, texts: tuple[str, ...], width: float) -> None:
    """Texts from the first row on, the first of them a title."""
    for row, text in enumerate(texts, start=1):
        size = TITLE_SIZE if row == 1 else SIZE
        _write(sheet, row, 1, text, bold=row == 1, size=size)
        sheet.row_dimensions[row].height = height(text, width, size)


def _write(sheet: Any, row: int, column: int, content: Published, bold: bool = False, size: int = SIZE) -> None:
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(row, column)
    if isinstance(content, Number):
        cell.value = content.value
        cell.number_format = (
            "dd mmm yyyy" if content.is_date else f"#,##0{'.' if content.places else ''}{'0' * content.places}"
        )
    else:
        cell.value = content
        cell.data_type = "s"  # never a formula, whatever it begins with
    right = isinstance(content, Number)
    cell.font = Font(name=FONT, size=size, bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="right" if right else "left")
