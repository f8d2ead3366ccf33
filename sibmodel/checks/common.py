"""What a check is, and how it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sibmodel.lines import (
    Input,
    Line,
    Section,
    highest,
    lowest,
    sum_of,
    total,
)


@dataclass(frozen=True, eq=False)
class Check:
    """A check: `value` is how far off it is, never below 0, and `holds` is 1 where that is within the tolerance."""

    name: str
    meaning: str
    value: Line
    tolerance: Input
    holds: Line


@dataclass(frozen=True, eq=False)
class Checks:
    """All checks, and how many of them fail."""

    every: tuple[Check, ...]
    failing: Line


@dataclass(eq=False)
class Desk:
    section: Section
    money: Input
    share: Input
    count: Input
    made: list[Check] = field(default_factory=list)

    def add(self, name: str, meaning: str, value: Any, tolerance: Input, unit: str = "£") -> None:
        """A check on a figure that should not be above nil."""
        self.section.heading = name
        off = self.section.line(f"{name}: off by", value, unit=unit, note=meaning)
        holds = self.section.line(
            f"{name}: holds", off <= tolerance, unit="1 or 0", note="1 where it is within the tolerance."
        )
        self.made.append(Check(name, meaning, off, tolerance, holds))

    def nil(self, name: str, meaning: str, gap: Any, note: str) -> None:
        """A check on a line over time that should be nil in every period."""
        self.section.heading = name
        line = self.section.line(f"{name}: difference", gap, unit="£", note=note)
        most = self.section.line(f"{name}: highest", highest(line), unit="£", note="Of any period.")
        least = self.section.line(f"{name}: lowest", lowest(line), unit="£", note="Of any period.")
        self.add(name, meaning, np.maximum(most, -least), self.money)

    def not_below_nil(self, name: str, meaning: str, line: Line) -> None:
        """A check on a line over time that should never be negative."""
        self.section.heading = name
        least = self.section.line(f"{name}: lowest", lowest(line), unit="£", note="Of any period.")
        self.add(name, meaning, np.maximum(-least, 0), self.money)

    def total(self, name: str, lines: Sequence[Line]) -> Line:
        """The sum over the whole deal of lines over time."""
        together = self.section.line(f"{name}, by month", sum_of(lines), unit="£", note="By the ledger.")
        return self.section.line(name, total(together), unit="£", note="Over the whole deal.")
