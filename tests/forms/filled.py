"""Forms for tests: with the rows alone that are filled in, and with cells changed as somebody does in Excel."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from sibmodel.deal import Deal
from sibmodel.forms import read_workbook
from sibmodel.forms.rows import rows_of
from sibmodel.forms.sheets import BELIEF_COLUMNS, FIELD, GUIDE, SHEETS, STAMP, VALUE, VERSION, member_heading
from sibmodel.workbook.form.content import contents

Changes = Mapping[tuple[str, str], Any]
"""New values by sheet and cell."""


def compact(deal: Deal, **options: Any) -> bytes:
    """A form without the rows that a deal leaves blank, and without colours: small, so that tests are quick."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    month = book.add_format({"num_format": "yyyy-mm"})
    guide = book.add_worksheet(GUIDE)
    guide.write_string(0, 0, STAMP)
    guide.write_number(0, 1, VERSION)
    for sheet in SHEETS:
        page = book.add_worksheet(sheet.name)
        page.write_string(0, 0, FIELD)
        headings: list[str] = list(BELIEF_COLUMNS) if sheet.beliefs else []
        rows = [row for row in rows_of(sheet, deal) if row.values]
        for at, row in enumerate(rows, 1):
            page.write_string(at, 0, row.path)
            for member, value in row.values.items():
                for heading, content in contents(row, value).items():
                    named = heading if heading != VALUE or sheet.beliefs else member_heading(sheet, member + 1)
                    if named not in headings:
                        headings.append(named)
                    _write(page, at, headings.index(named) + 1, content, month)
        for column, heading in enumerate(headings or [member_heading(sheet, 1)], 1):
            page.write_string(0, column, heading)
    book.close()
    return stream.getvalue()


def _write(page: Any, row: int, column: int, content: Any, month: Any) -> None:
    if isinstance(content, bool):
        page.write_boolean(row, column, content)
    elif isinstance(content, date):
        page.write_datetime(row, column, datetime(content.year, content.month, 1), month)
    elif isinstance(content, str):
        page.write_string(row, column, content)
    else:
        page.write_number(row, column, content)


def changed(content: bytes, changes: Changes) -> bytes:
    """The workbook with other values in some cells; None is a blank cell."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (sheet, cell), value in changes.items():
        book[sheet][cell] = value
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content: bytes, folder: Path) -> Deal:
    """The deal in a workbook, which errors call mine.xlsx."""
    path = folder / "mine.xlsx"
    path.write_bytes(content)
    return read_workbook(path, "mine.xlsx")


def cell_of(content: bytes, sheet: str, field: str, column: str = "B") -> str:
    """The cell of a field in a compact form: its first member's, unless told."""
    page = openpyxl.load_workbook(io.BytesIO(content))[sheet]
    row = next(cell.row for cell in page["A"] if cell.value == field)
    return f"{column}{row}"
