"""The headings of a form's sheet: which columns hold values, and which are the reader's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sibmodel.forms.sheets import (
    BELIEF_COLUMNS,
    FIELD,
    IF_BLANK,
    ONLY_FOR,
    TAKES,
    VALUE,
    WHAT,
    FormSheet,
    is_member_heading,
    member_heading,
)

WITHIN = 30
"""Rows among which the headings stand."""
_NOTES = tuple(heading.casefold() for heading in (FIELD, WHAT, TAKES, IF_BLANK, ONLY_FOR))
_BELIEFS = {heading.casefold(): heading for heading in BELIEF_COLUMNS}
Tell = Callable[[int, int, str, str], None]
"""Takes a problem with a cell: its row, its column, what is wrong, and the way out."""


@dataclass(frozen=True)
class Headings:
    """Where what stands on a sheet. Columns are counted from 1."""

    row: int
    field: int
    values: dict[int, str]
    """The columns of values, each with its heading; of one without a heading, an empty text."""

    def column(self, heading: str) -> int:
        """The column with that heading; 0 where there is none."""
        return next((column for column, found in self.values.items() if found == heading), 0)


def headings_in(sheet: FormSheet, number: int, row: Sequence[Any], tell: Tell) -> Headings | None:
    """The headings in a row of cells, where it is the one that has them. Misspelt ones are told."""
    texts = {column: _text(cell) for column, cell in enumerate(row, 1)}
    field = next((column for column, text in texts.items() if text.casefold() == FIELD.casefold()), 0)
    if not field:
        return None
    values = {}
    for column, text in texts.items():
        if text.casefold() in _NOTES:
            continue
        known = _known(sheet, text)
        if known is not None:
            values[column] = known
            continue
        near = _near(sheet, text)
        if near:
            tell(number, column, f'"{text[:40]}" is not a heading that is read.', f'Did you mean "{near}"?')
    return Headings(number, field, values)


def _text(cell: Any) -> str:
    return " ".join(cell.value.split()) if isinstance(cell.value, str) else ""


def _known(sheet: FormSheet, text: str) -> str | None:
    """The heading as the form has it; None for a column of the reader's own."""
    if not text:
        return ""
    if sheet.beliefs:
        return _BELIEFS.get(text.casefold())
    if not is_member_heading(sheet, text):
        return None
    return text if sheet.member else VALUE


def _near(sheet: FormSheet, text: str) -> str:
    """The heading that was probably meant; empty where none was."""
    if sheet.beliefs:
        near = get_close_matches(text.casefold(), list(_BELIEFS), n=1, cutoff=0.8)
        return _BELIEFS[near[0]] if near else ""
    meant = member_heading(sheet, 1)
    word = re.sub(r"[\W\d_]+$", "", text).casefold()
    return meant if get_close_matches(word, [re.sub(r" \d+$", "", meant).casefold()], n=1, cutoff=0.75) else ""
