"""What an input cell takes: the range of the deal's own field, and whole numbers where the deal takes only those."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sibmodel.deal import Deal
from sibmodel.fields import FieldNote, describe
from sibmodel.lines import Input
from sibmodel.quantities import LARGEST
from sibmodel.words import MINUS

WHOLE_QUANTITIES = ("months", "people", "count")
WHOLE_UNITS = ("period", "months since year 0", "months after January")
FEW = 12
"""A range of whole numbers no wider than this is chosen from a list."""
BELIEFS = "assumptions"
"""The part of a deal whose numbers need not be whole: a mean delay is not."""


@dataclass(frozen=True)
class Limits:
    """The lowest and the highest number that a cell takes, both included."""

    minimum: float
    maximum: float
    whole: bool

    @property
    def choices(self) -> list[int] | None:
        """The whole numbers that it takes, where they are few enough to choose from."""
        if not self.whole or self.maximum - self.minimum > FEW:
            return None
        return list(range(int(self.minimum), int(self.maximum) + 1))

    def range(self, number: str) -> str:
        """The range in a few words: `0 to 1`. `number` is "%" for shares."""
        low = "" if self.minimum == -LARGEST else _shown(self.minimum, number)
        high = "" if self.maximum == LARGEST else _shown(self.maximum, number)
        words = f"{low} to {high}" if low and high else f"{low} or more" if low else f"up to {high}" if high else "any"
        return f"{words}, whole" if self.whole else words

    def words(self) -> str:
        """What the cell says to whoever writes something else."""
        what = "a whole number" if self.whole else "a number"
        low = "" if self.minimum == -LARGEST else f" from {self.minimum:g}"
        high = "" if self.maximum == LARGEST else f" up to {self.maximum:g}"
        hint = " Write 10 % as 10% or 0.10." if self.maximum == 1.0 else ""
        return f"This cell takes {what}{low}{high}.{hint}"


def _shown(value: float, number: str) -> str:
    return (f"{value * 100:g}%" if number == "%" else f"{value:,g}").replace("-", MINUS)


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
