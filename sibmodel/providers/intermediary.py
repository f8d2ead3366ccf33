"""The intermediary that sets the bond up and manages it, and the assessor that measures the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.ledger import Bill
from sibmodel.lines import Line, Section, sum_of
from sibmodel.terms import Terms, money, months, text


class Intermediary(Terms):
    """Who sets up and manages the bond, and for what fee."""

    name: str = text("Name of the intermediary", default="Intermediary")
    set_up: float = money("Fee for setting the bond up, in the first month", default=0.0)
    per_month: float = money("Fee for managing it, a month", default=0.0, unit="£ a month")
    months: int | None = months("Months of management from the start; all unless told", default=None, minimum=1)

    def build(
        self, section: Section, cells: Cells, path: str, last_period: Line, managed_until: Line | None = None
    ) -> Bill:
        """The intermediary's bill over time; `managed_until` is the last period of a contract that may end early."""
        period = section.book.period
        cells.heading(f"Intermediary: {self.name}")
        section.heading = self.name
        set_up = cells.number(self, "set_up", path, f"{self.name}: set-up fee")
        monthly = cells.number(self, "per_month", path, f"{self.name}: fee a month")
        length = (
            last_period
            if self.months is None
            else cells.number(self, "months", path, f"{self.name}: months of management")
        )
        until: Any = length if managed_until is None else np.minimum(length, managed_until)
        bill = section.line(
            f"{self.name}: bill",
            np.where(period == 1, set_up, 0.0) + np.where(period <= until, monthly, 0.0),
            unit="£",
            note="Set-up in the first month, then management.",
        )
        return Bill(self.name, "Management fee", bill)


class Assessor(Terms):
    """Who measures the outcome, and for what fee."""

    name: str = text("Name of the assessor", default="Independent assessor")
    per_assessment: float = money(
        "Fee for each cohort's assessment, when it is decided", default=0.0, unit="£ an assessment"
    )

    def build(
        self,
        section: Section,
        cells: Cells,
        path: str,
        decisions: Sequence[tuple[Line, Line | None]],
        last_period: Line,
    ) -> Bill:
        """The assessor's bill over time. Beside each decision stand the people assessed, where there may be none."""
        period = section.book.period
        cells.heading(f"Assessor: {self.name}")
        section.heading = self.name
        fee = cells.number(self, "per_assessment", path, f"{self.name}: fee an assessment")
        decided = [
            section.line(
                f"{self.name}: assessment {number}",
                _decided(period == np.minimum(decision, last_period), people),
                unit="1 or 0",
                note="1 in the period in which the cohort's assessment is decided.",
            )
            for number, (decision, people) in enumerate(decisions, start=1)
        ]
        bill = section.line(f"{self.name}: bill", fee * sum_of(decided), unit="£", note="A fee for each assessment.")
        return Bill(self.name, "Assessment fee", bill)


def _decided(when: Any, people: Line | None) -> Any:
    return when if people is None else np.logical_and(when, people > 0)
