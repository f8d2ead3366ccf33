"""Published tables as CSV, one file each, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from sibmodel.publication.tables import Published, PublishedTable

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is run as a formula by a spreadsheet that opens a CSV file (CWE-1236)."""
DAY_ZERO = date(1899, 12, 30)
"""Day 0 of spreadsheets."""


def write_csv(table: PublishedTable, path: Path) -> None:
    """Write one table, header first. Numbers are as calculated; a text that would be a formula gets an apostrophe."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(_plain, table.header))
        writer.writerows(map(_plain, row) for row in table.rows)


def _plain(cell: Published) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
    return str(day(cell.value)) if cell.is_date else repr(cell.value)


def day(serial: float) -> date:
    """The day that a spreadsheet counts as this number."""
    return DAY_ZERO + timedelta(days=round(serial))
