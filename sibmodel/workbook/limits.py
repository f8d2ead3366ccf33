"""What an input cell takes: the range of the deal's own field, and whole numbers where the deal takes only those."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sibmodel.deal import Deal
from sibmodel.fields import FieldNote, describe
from sibmodel.lines import Input
from sibmodel.quantities import LARGEST

WHOLE_QUANTITIES = ("months", "people", "count")
WHOLE_UNITS = ("period", "months since year 0", "months after January")
BELIEFS = "assumptions"
"""The part of a deal whose numbers need not be whole: a mean delay is not."""


@dataclass(frozen=True)
class Limits:
    """The lowest and the highest number that a cell takes, both included."""

    minimum: float
    maximum: float
    whole: bool

    def words(self) -> str:
        """What the cell says to whoever writes something else."""
        what = "a whole number" if self.whole else "a number"
        low = "" if self.minimum == -LARGEST else f" from {self.minimum:g}"
        high = "" if self.maximum == LARGEST else f" up to {self.maximum:g}"
        hint = " Write 10 % as 10% or 0.10." if self.maximum == 1.0 else ""
        return f"This cell takes {what}{low}{high}.{hint}"


def limits(cell: Input, periods: int) -> Limits:
    """The limits of an input; those of a number that is no term of the deal follow from its unit."""
    if cell.unit == "period":
        return Limits(1.0, float(periods), True)
    if cell.unit == "months after January":
        return Limits(0.0, 11.0, True)
    fields = _fields().get(_without_keys(cell.path), [])
    numbers = [field for field in fields if field.quantity]
    if not numbers:
        return Limits(0.0, LARGEST, cell.unit in WHOLE_UNITS)
    lowest = [-LARGEST if field.minimum is None else field.minimum for field in numbers]
    highest = [LARGEST if field.maximum is None else field.maximum for field in numbers]
    whole = all(field.quantity in WHOLE_QUANTITIES for field in numbers) and not cell.path.startswith(BELIEFS)
    return Limits(min(lowest), max(highest), whole)


def _without_keys(path: str) -> str:
    """The path as fields are listed by: `assumptions.by_metric[Events].drift` is `assumptions.by_metric[].drift`."""
    if path.startswith("actuals."):
        plain = re.sub(r'^actuals\.cohorts\[".*?"\]', "actuals.cohorts[]", path)
        return re.sub(r"\[\".*\"\]$", "", plain)
    plain = re.sub(r"\.by_cohort\[.*\]$", "", path)
    return re.sub(r"by_(metric|segment)\[.*?\](?=\.)", r"by_\1[]", re.sub(r"\[\d+\]", "[]", plain))


@cache
def _fields() -> dict[str, list[FieldNote]]:
    found: dict[str, list[FieldNote]] = {}
    for field in describe(Deal):
        found.setdefault(field.path, []).append(field)
    return found
