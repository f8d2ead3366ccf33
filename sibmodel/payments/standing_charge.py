"""A standing charge: a fixed amount each month between two months, whatever is achieved.

Beside a payment for results it is the fixed part of a price; prices that rise between phases are its indexation.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sibmodel.month import Month
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.payments.timing import paid_later
from sibmodel.terms import money, month, months, text


class StandingCharge(PaymentTerms):
    """A fixed amount each month."""

    kind: Literal["standing charge"] = "standing charge"
    name: str = text("Name of the payment", default="Standing charge")
    per_month: float = money("Amount of each month", unit="£ a month")
    start: Month = month("First month that is charged")
    payment_months: int = months("Months from the month that is charged to payment", default=0)
    months: int = months("Number of months that are charged", minimum=1)

    pays_for_effect = False
    wants = "none"

    def span(self) -> tuple[Month, Month]:
        return self.start, self.start.plus(self.months - 1)

    def due(self, desk: Desk, title: str) -> list[Due]:
        """The amount, in each of its months."""
        cells, period = desk.cells, desk.section.book.period
        each = cells.number(self, "per_month", desk.path, f"{title}: amount a month")
        first = cells.month(self.start, f"{desk.path}.start", f"{title}: first period", "The first that is charged.")
        length = cells.number(self, "months", desk.path, f"{title}: months charged")
        lag = cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        charged = np.where(np.logical_and(period >= first, period < first + length), each, 0.0)
        return [Due(None, paid_later(desk, f"{title}: charge", charged, lag, "In each month that is charged."))]
