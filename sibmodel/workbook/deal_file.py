"""The sheet that carries the deal's own file, so that the workbook can be read back as a deal."""

from __future__ import annotations

from sibmodel.deal import Deal
from sibmodel.forms.deal_file import HEADING, SHEET, lines_of
from sibmodel.workbook.layout import HEADER
from sibmodel.workbook.sheet import Sheet
from sibmodel.workbook.style import COLUMN, Look

WIDTH = 140.0
LINE = Look()


def deal_file_sheet(deal: Deal) -> Sheet:
    """The sheet, without its head."""
    sheet = Sheet(SHEET, "control", freeze=(HEADER + 1, 0), widths={0: WIDTH})
    sheet.write(HEADER, 0, HEADING, COLUMN)
    for row, pieces in enumerate(lines_of(deal), HEADER + 1):
        for column, piece in enumerate(pieces):
            sheet.write(row, column, piece, LINE)
    return sheet
