"""Trading income: what the vehicle earns beside outcome payments, a month at a time."""

from __future__ import annotations

import numpy as np

from sibmodel.binding import Cells
from sibmodel.ledger import Ledger
from sibmodel.lines import Line, Section
from sibmodel.month import Month
from sibmodel.terms import Terms, money, month, months, text, yearly_rate


class Income(Terms):
    """Income from one payer, the same each month but for a yearly rise."""

    name: str = text("Name of the income")
    payer: str = text("Who pays it")
    per_month: float = money("Amount a month", unit="£ a month")
    start: Month = month("First month")
    months: int | None = months("Months for which it comes; to the end unless told", default=None, minimum=1)
    growth: float = yearly_rate("Rise a year, in steps, a year after the first month", default=0.0, minimum=-0.99)

    def build(self, section: Section, cells: Cells, path: str, vehicle: str, ledger: Ledger, last: Line) -> Line:
        """The income over time, entered in the ledger."""
        name, period = self.name, section.book.period
        cells.heading(f"Income: {name}")
        section.heading = f"Income: {name}"
        amount = cells.number(self, "per_month", path, f"{name}: amount a month")
        first = cells.month(self.start, f"{path}.start", f"{name}: first period", "When it begins to come.")
        growth = cells.number(self, "growth", path, f"{name}: rise a year")
        length = last if self.months is None else cells.number(self, "months", path, f"{name}: months")
        passed = section.line(
            f"{name}: years passed",
            np.maximum(np.floor((period - first) / 12), 0.0),
            unit="years",
            note="Whole years since the first month.",
        )
        comes = section.line(
            f"{name}: comes",
            np.logical_and(period >= first, period < first + length),
            unit="1 or 0",
            note="1 in the months in which it is received.",
        )
        index = section.line(
            f"{name}: index", np.exp(np.log(1 + growth) * passed), unit="ratio", note="Against the first month."
        )
        line = section.line(name, amount * index * comes, unit="£", note="Received by the vehicle.")
        ledger.transfer(self.payer, vehicle, name, line)
        return line
