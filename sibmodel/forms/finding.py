"""Reading a workbook as a deal, whichever it is: a form that is filled in, or a workbook of the model."""

from __future__ import annotations

from pathlib import Path

from sibmodel.deal import Deal
from sibmodel.errors import DealError, Problem
from sibmodel.forms.cells import RefusedCell, typed
from sibmodel.forms.exported import is_exported, read_exported
from sibmodel.forms.opening import OpenedWorkbook
from sibmodel.forms.reading import read_form
from sibmodel.forms.sheets import GUIDE, STAMP, VERSION

STAMPED_WITHIN = 12
"""Rows of the sheet Guide among which the version stands."""


def read_workbook(path: Path, name: str = "") -> Deal:
    """The deal in an Excel workbook. `name` is what errors call it; without it, the path as given.

    Raises DealError with every fault and its sheet and cell, NotFoundError for a file that does not exist.
    """
    book = OpenedWorkbook(path, name or str(path))
    if is_exported(book):
        return read_exported(book)
    _check_version(book)
    return read_form(book)


def _check_version(book: OpenedWorkbook) -> None:
    if GUIDE not in book.sheets:
        fix = "Make one with: sibmodel new mydeal.xlsx"
        raise DealError(book.name, [Problem("the file", "", "is neither a form nor a workbook of the model.", fix)])
    version = _version(book)
    if version is None:
        message = "does not say by which version it was made, as a form does."
        raise DealError(book.name, [Problem(f"the sheet {GUIDE}", "", message, "Make a new form: sibmodel new.")])
    if not 1 <= version <= VERSION:
        fix = "Update sibmodel." if version > VERSION else "Make a new form: sibmodel new."
        message = f"was made by version {version:g}; this program reads forms of version {VERSION}."
        raise DealError(book.name, [Problem(f"the sheet {GUIDE}", "", message, fix)])


def _version(book: OpenedWorkbook) -> float | None:
    for number, row in enumerate(book.rows(GUIDE), 1):
        texts = [cell.value for cell in row[:2]]
        if texts[0] == STAMP:
            try:
                value = typed(row[1])
            except RefusedCell:
                return None
            return float(value) if isinstance(value, int | float) else None
        if number >= STAMPED_WITHIN:
            break
    return None
