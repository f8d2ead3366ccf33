"""A bench for payment mechanisms: cohorts' measured results as plain numbers or as one array a path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from sibmodel.binding import Cells
from sibmodel.lines import Book, Line, evaluate, ratio, sum_of
from sibmodel.month import Month
from sibmodel.payments import PaymentLines

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Result:
    """What was measured of a cohort: events for as many people at the comparison rate, and events avoided."""

    comparison: float
    avoided: Any
    decision: float
    people: float = 1000.0


@dataclass(frozen=True, eq=False)
class Paid:
    """What a mechanism makes of cohorts' results."""

    lines: PaymentLines
    values: Mapping[Line, Floats]
    book: Book

    @property
    def over_time(self) -> Floats:
        """Paid, `[time, path]`."""
        return self.values[self.lines.paid]

    @property
    def by_period(self) -> dict[int, float]:
        """What is paid, by period, in a single path."""
        row = self.over_time[:, 0]
        return {int(place) + 1: float(row[place]) for place in np.flatnonzero(np.abs(row) > 1e-9)}

    @property
    def total(self) -> Floats:
        """Paid in all, by path."""
        return np.asarray(self.over_time.sum(axis=0))

    def to(self, cohort: str) -> Floats:
        """Paid for a cohort in all, by path."""
        (one,) = [found for found in self.lines.cohorts if found.cohort == cohort]
        return self.values[one.amount]

    def reduction(self, cohort: str) -> Floats:
        """The reduction that a cohort was paid for, by path."""
        (one,) = [found for found in self.lines.cohorts if found.cohort == cohort]
        return self.values[one.reduction]

    @property
    def late(self) -> float:
        """Payments that fall beyond the timeline."""
        return float(self.values[self.lines.beyond_the_end][0])

    def line(self, name: str) -> Floats:
        (found,) = self.book.find(name)
        return self.values[found]


def pay(terms: Any, results: Sequence[Result], periods: int = 60) -> Paid:
    """The mechanism `terms` on cohorts A, B, ... with those results."""
    book = Book(periods)
    inputs = book.section("Inputs")
    cells = Cells(book, inputs, Month(2027, 1))
    last = inputs.input("Last period", periods, unit="period")
    columns: dict[Line, Floats] = {}
    cohorts = []
    measured = book.section("Measured")
    for name, result in zip("ABCDEFGH", results, strict=False):

        def given(what: str, value: Any, of: str = name) -> Line:
            cell = inputs.input(f"{what}, {of}", float(np.ravel(value)[0]), unit="number")
            if np.ndim(value):
                columns[cell] = np.asarray(value, dtype=float)
            return cell

        comparison, avoided = given("comparison", result.comparison), given("avoided", result.avoided)
        reduction = measured.line(f"reduction, {name}", ratio(avoided, comparison), unit="share")
        cohorts.append(
            SimpleNamespace(
                name=name,
                people=given("people", result.people),
                decision=given("decision", result.decision),
                comparison_events=comparison,
                avoided=avoided,
                reduction=reduction,
            )
        )
    pooled = measured.line(
        "pooled",
        ratio(sum_of([one.reduction * one.people for one in cohorts]), sum_of([one.people for one in cohorts])),
        unit="share",
    )
    lines = terms.build(
        book.section("Payments"),
        cells,
        "payments[0]",
        SimpleNamespace(cohorts=tuple(cohorts), pooled=pooled),
        SimpleNamespace(last_period=last),
    )
    return Paid(lines, evaluate(book.lines, periods, columns), book)
