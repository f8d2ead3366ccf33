"""What providers share while their lines are written: the section, the cells, time, the people, what is measured."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.cohorts import Service
from sibmodel.lines import Input, Line, Section, delayed, ratio, sum_of, total
from sibmodel.measurement import Measured, MeasuredMetric
from sibmodel.terms import Terms
from sibmodel.timeline import Timeline

DAYS_IN_A_MONTH = 30
"""How terms of payment are counted: 30 days are one month. Assumed, as trade terms do."""


@dataclass(eq=False)
class Desk:
    """Where a provider writes. `name` and `path` are those of the provider whose turn it is."""

    section: Section
    cells: Cells
    time: Timeline
    service: Service
    measured: Measured
    assumptions: Terms
    """With the belief `uptake`, by provider."""
    uptake_believed: Collection[str]
    """The providers about whose uptake something is believed."""
    overrun: Line
    """Real cost against budget, less 1."""
    outcome_payments: Sequence[Line]
    """What is paid for outcomes, over time, by payment."""
    name: str = ""
    path: str = ""
    lines_made: dict[tuple[str, str], Line] = field(default_factory=dict)
    """Lines that may be asked for again."""

    def turn_to(self, name: str, path: str) -> None:
        """Write for this provider from here on."""
        self.name, self.path = name, path
        self.cells.heading(f"Provider: {name}")
        self.section.heading = name

    @property
    def period(self) -> Line:
        return self.section.book.period

    def line(self, what: str, value: Any, note: str, unit: str = "£") -> Line:
        """A line of the provider whose turn it is."""
        return self.section.line(f"{self.name}: {what}", value, unit=unit, note=note)

    def for_all(self, what: str, value: Any, note: str, unit: str = "£") -> Line:
        """A line of all providers; asked again, the same."""
        key = ("", what)
        if key not in self.lines_made:
            heading, self.section.heading = self.section.heading, "All providers"
            self.lines_made[key] = self.section.line(what, value, unit=unit, note=note)
            self.section.heading = heading
        return self.lines_made[key]

    def uptake(self, terms: Terms) -> Line:
        """The share of starts that use the provider whose turn it is; asked again, the same."""
        key = (self.path, "uptake")
        if key not in self.lines_made:
            signed = self.cells.once(terms, "uptake", self.path, f"{self.name}: uptake")
            self.lines_made[key] = signed
            if self.name in self.uptake_believed:
                believed = self.cells.belief_of(
                    self.assumptions,
                    "uptake",
                    self.name,
                    "assumptions",
                    f"{self.name}: uptake against its terms",
                    f"uptake, {self.name}",
                )
                self.lines_made[key] = self.line(
                    "uptake that comes", np.minimum(signed * believed, 1), "At most everyone.", "share"
                )
        return self.lines_made[key]

    def outcome_receipts(self) -> Line:
        """What the vehicle receives for outcomes, over time."""
        return self.for_all(
            "Outcome payments that the vehicle receives", sum_of(self.outcome_payments) * 1, "From all outcome payers."
        )

    def days_in_a_month(self) -> Input:
        """How many days of a term of payment are a month."""
        key = ("days in a month",)
        if key not in self.cells.bound:
            heading, self.cells.section.heading = self.cells.section.heading, "Terms of payment"
            self.cells.bound[key] = self.cells.section.input(
                "Days in a month of payment terms",
                DAYS_IN_A_MONTH,
                unit="days",
                source="assumed",
                note="30 days are paid one month later; 45 days, half after one month and half after two.",
            )
            self.cells.section.heading = heading
        return self.cells.bound[key]

    def late(self, what: str, amount: Line, days: Line) -> Line:
        """An amount over time, paid so many days later, split between two months where they are no whole months.

        What would be paid beyond the timeline is paid in its last month.
        """
        months = self.line(
            f"{what}, months late", ratio(days, self.days_in_a_month()), "Days by days in a month.", "months"
        )
        whole = self.line(f"{what}, whole months late", np.floor(months), "Rounded down.", "months")
        rest = self.line(f"{what}, share a month later still", months - whole, "What is left of a month.", "share")
        last = self.time.last_period
        beyond = self.line(
            f"{what}, for the last month",
            amount * np.where(self.period > last - whole, 1, np.where(self.period > last - whole - 1, rest, 0.0)),
            "What would be paid beyond the timeline.",
        )
        in_time = delayed(amount, whole) * (1 - rest) + delayed(amount, whole + 1) * rest
        return self.line(
            what, in_time + np.where(self.period == last, total(beyond), 0.0), "In the month in which it is paid."
        )

    def in_period(self, what: str, when: Line, amount: Any, note: str) -> Line:
        """An amount in one period."""
        return self.line(what, np.where(self.period == when, amount, 0.0), note)

    def indexed(self, what: str, rate: Line) -> Line:
        """A price index: it rises by a yearly rate on each anniversary of the deal's first month."""
        return self.line(
            f"{what}, index", np.power(1 + rate, np.floor((self.period - 1) / 12)), "1 in the first year.", "ratio"
        )

    def compared(self, metric: str | None) -> MeasuredMetric:
        """The measure of that name that has a comparison; the first unless named."""
        return self.measured.compared[metric or next(iter(self.measured.compared))]

    def decided(self, what: str, metric: MeasuredMetric) -> Line:
        """The period in which the measure's last cohort is decided, at the latest the last one."""
        latest = metric.cohorts[0].decision
        for one in metric.cohorts[1:]:
            latest = self.line(
                f"{what}, up to {one.name}", np.maximum(latest, one.decision), "The latest so far.", "period"
            )
        return self.line(
            what, np.minimum(latest, self.time.last_period), "The last of the cohorts' decisions.", "period"
        )

    def steps(self, field_of: Any, name: str, path: str, what: str) -> tuple[list[Line], list[Line]]:
        """A list of the terms `field_of` as a table: numbers counted from 1, and the values, each an input."""
        values: list[Line] = [
            self.cells.item(field_of, name, place, path, f"{self.name}: {what} {place + 1}")
            for place in range(len(getattr(field_of, name)))
        ]
        numbers: list[Line] = []
        for place in range(len(values)):
            numbers.append(
                self.line(f"number of {what} {place + 1}", numbers[-1] + 1 if numbers else 1, "Counted.", "number")
            )
        return numbers, values
