"""What people type into Excel cells, as a deal file would hold it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sibmodel.errors import DealError
from sibmodel.month import Month
from sibmodel.quantities import shown
from sibmodel.reading import bare, item_of
from sibmodel.terms import choices_of
from sibmodel.yaml_text import read_yaml

Refusal = tuple[str, str]
"""What is wrong with a cell, and the way out."""
_CONTROL = re.compile(r"_x00([01][0-9A-Fa-f])_")
_BETWEEN_ITEMS = re.compile(r",(?!\d{3}(?!\d))")
"""A comma, but not that of 12,500."""
NOTHING = ("none", "null")


class RefusedCell(Exception):
    """A cell that cannot be taken as it is; its text is never shown by itself."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.refusal: Refusal = (message, fix)


def typed(cell: Any) -> Any:
    """The value of a cell: a text, a number, true or false, a date, or None where it is blank.

    Raises RefusedCell for a formula, an error value, and what is none of these.
    """
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        raise RefusedCell(f"is a formula, {shown(_formula(value))}.", "Copy the cell and paste it as a value.")
    if cell.data_type == "e":
        raise RefusedCell(f"is the error {value}.", "Write a value, or leave it blank.")
    if isinstance(value, str):
        text = _CONTROL.sub(lambda found: chr(int(found[1], 16)), value)
        return text if text.strip() else None
    if isinstance(value, bool | int | float | date | time | timedelta):
        return value
    raise RefusedCell("holds what is neither a number nor a text.", "Type it again.")


def _formula(value: Any) -> str:
    text = str(getattr(value, "text", value))
    return text if text.startswith("=") else f"={text}"


def value_for(value: Any, options: Sequence[Any]) -> Any:
    """What a typed value means in a field that may be of these types, as a file would hold it.

    Raises RefusedCell for a date where none belongs, and for a list or group that cannot be read.
    """
    options = [bare(one) for one in options]
    if isinstance(value, time | timedelta):
        raise RefusedCell("is a time of day.", "Format the cell as a number or text, and type it again.")
    if isinstance(value, date):
        return _date(value, options)
    if not isinstance(value, str):
        alone = isinstance(value, int | float) and not isinstance(value, bool)
        return [value] if alone and options and all(_is_list(one) for one in options) else value
    text = value.strip()
    if options and all(one is str for one in options):
        return value
    if text.casefold() in NOTHING:
        return None
    for choice in (choice for one in options for choice in choices_of(one)):
        if text.casefold() == choice.casefold():
            return choice
    if text.startswith(("[", "{")):
        return in_yaml(text)
    if any(_is_list(one) for one in options):
        return _items(text)
    return value


def in_yaml(text: str) -> Any:
    """A list or group written in one cell as in a YAML file. Raises RefusedCell for what is none."""
    try:
        document = read_yaml(text, "The cell")
    except DealError as error:
        first = error.problems[0]
        raise RefusedCell(first.message, first.fix) from None
    if document.problems:
        problem = document.problems[0][1]
        raise RefusedCell(problem.message, problem.fix)
    return document.value


def _date(value: date, options: Sequence[Any]) -> str:
    if Month in options:
        return value.strftime("%Y-%m-%d")
    day = value.date() if isinstance(value, datetime) else value
    if str in options:
        fix = "Excel has taken it for a date: type an apostrophe before it."
        raise RefusedCell(f"is a date, {day}, and should be a text.", fix)
    raise RefusedCell(f"is a date, {day}.", "Format the cell as a number, and type it again.")


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) in (tuple, list) and item_of(annotation) is not None


def _items(text: str) -> list[str]:
    """The items of a list with semicolons, or without any with commas, between."""
    parts = text.split(";") if ";" in text else _BETWEEN_ITEMS.split(text)
    return [part.strip() for part in parts if part.strip()]
