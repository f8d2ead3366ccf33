"""What stands in the cells of a form: values as people type them in Excel, such that reading gives them back whole."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

from sibmodel.distributions import SHAPES
from sibmodel.forms.row import Row
from sibmodel.forms.sheets import BASE, DISTRIBUTION, NOTE, OTHER_NUMBERS, PARAMETERS, PRIOR, SOURCE, VALUE
from sibmodel.quantities import LARGEST, number_text
from sibmodel.words import money, number

Content = float | str | bool | date
"""What a cell holds."""
MUST = "must be filled in"
_SIMPLE = re.compile(r"[^\s\[{;,\"'][^;,\n]*")


def contents(row: Row, value: Any) -> dict[str, Content]:
    """The content of a member's cells by their headings; those of a belief are several."""
    if row.form != "belief" or (isinstance(value, dict) and not _is_belief(value)):
        return {VALUE: content(row, value)}
    if not isinstance(value, dict):
        return {BASE: exact(value)}
    found: dict[str, Content] = {}
    for key, inside in value.items():
        if key in SHAPES:
            found |= {DISTRIBUTION: key, **_parameters(inside)}
        elif key in ("value", "base"):
            found[BASE] = exact(inside)
        elif key == "prior":
            found[DISTRIBUTION] = f"{PRIOR}{inside}"
        else:
            found[{"source": SOURCE, "note": NOTE}[key]] = str(inside)
    return found


def _is_belief(value: dict[str, Any]) -> bool:
    return set(value) <= {*SHAPES, "value", "base", "prior", "source", "note"}


def _parameters(numbers: dict[str, Any]) -> dict[str, Content]:
    own = {PARAMETERS[name]: exact(one) for name, one in numbers.items() if name in PARAMETERS}
    others = {name: one for name, one in numbers.items() if name not in PARAMETERS}
    if not others:
        return own
    return {**own, OTHER_NUMBERS: ", ".join(f"{name}: {as_json(one)}" for name, one in others.items())}


def content(row: Row, value: Any) -> Content:
    """The content of a single cell."""
    if value is None:
        return "none"
    if isinstance(value, dict):
        return as_json(value)
    if isinstance(value, list):
        return _list_text(row, value)
    if isinstance(value, bool):
        return ("yes" if value else "no") if row.form == "yes or no" else value
    if isinstance(value, int | float):
        return exact(value)
    if row.form == "month":
        year, month = map(int, value.split("-"))
        return date(year, month, 1)
    return str(value)


def exact(value: float) -> Content:
    """A number; as text where a cell, which holds sixteen digits, would change it."""
    return value if float(f"{value:.16G}") == value else repr(value)


def as_json(value: Any) -> str:
    """A list or a group in one cell, written as in a YAML file."""
    return json.dumps(value, ensure_ascii=False)


def _list_text(row: Row, items: list[Any]) -> str:
    texts = [_item_text(row, item) for item in items]
    if not texts or not all(_SIMPLE.fullmatch(text) for text in texts):
        return as_json(items)
    return "; ".join(texts)


def _item_text(row: Row, item: Any) -> str:
    if isinstance(item, str):
        return item
    if row.quantity is not None and row.quantity.unit.startswith("share"):
        return _percent(item)
    return number_text(item)


def _percent(share: float) -> str:
    return f"{format(Decimal(repr(share)).scaleb(2).normalize(), 'f')}%"


def takes(row: Row) -> str:
    """What a cell of the row takes, in a few words."""
    match row.form:
        case "choice":
            return f"{' or '.join(row.choices)}" if len(row.choices) <= 3 else "one of the list"
        case "month":
            return "month, as 2027-04"
        case "list":
            return f"{_number(row)}; {_number(row)}" if row.quantity else "names, with ; between"
        case "group":
            return "written as in a YAML file"
        case "number" | "belief":
            return _number(row)
    return row.form


def _number(row: Row) -> str:
    if row.quantity is None:
        return "number"
    whole = row.quantity.whole and row.form != "belief"
    unit = {"GBP": "£", "number": "number", "share": "share, as 10%"}.get(row.quantity.unit, row.quantity.unit)
    span = row.quantity.range_text() if (row.quantity.maximum or LARGEST) < LARGEST or row.quantity.minimum else ""
    return ", ".join(part for part in (unit, "whole" if whole else "", span) if part)


def if_blank(row: Row) -> str:
    """What holds where the cell is left blank."""
    default = row.default
    if row.required:
        return f"needed with {row.scope.within}" if row.scope.within else MUST
    if default is None or default in ([], {}):
        return "none"
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, int | float) and row.quantity is not None:
        if row.quantity.takes_pounds:
            return money(default)
        return _percent(default) if row.quantity.unit.startswith("share") else number_text(default)
    return number(default) if isinstance(default, int | float) else str(default)
