"""A unit tariff: a price for each unit avoided as measured, or achieved. Nothing is owed for less than nothing,
unless the payment is two-way: then what got worse is paid back; or it is carried forward, and set off against what
later cohorts avoid.

The effect recognised is the measured one, as far as it is priced.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sibmodel.lines import Line
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.payments.seen import Seen, seen
from sibmodel.payments.timing import units_when_paid
from sibmodel.terms import choice, money


class TariffPayment(PaymentTerms):
    """A price for each unit avoided or achieved."""

    kind: Literal["tariff"] = "tariff"
    price: float = money("Price of each unit", unit="£ a unit")
    worse: Literal["nothing", "owed back"] = choice(
        "Whether more events than the comparison's cost nothing, or are owed back at the same price", default="nothing"
    )

    may_owe_back = True
    wants = "either"

    @property
    def owes_back(self) -> bool:
        return self.worse == "owed back"

    def due(self, desk: Desk, title: str) -> list[Due]:
        """The price of each cohort's units: at its decision where compared, as they happen where achieved."""
        price = desk.cells.number(self, "price", desk.path, f"{title}: price a unit")
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        return [self._of_cohort(desk, title, one, price, lag) for one in seen(desk, self.metric)]

    def _of_cohort(self, desk: Desk, title: str, one: Seen, price: Line, lag: Line) -> Due:
        section, name = desk.section, f"{title}: falls due, {one.name}"
        if one.achieved is not None:
            reached = units_when_paid(desk, f"{title}: units, {one.name}", one.achieved, lag)
            line = section.line(name, price * reached, unit="£", note="Price by units achieved, when they are paid.")
            return Due(one.cohort, line, one.effect)
        signed = self.worse == "owed back" or self.carry_forward
        units: Any = one.units if signed else np.maximum(one.units, 0.0)
        amount = section.line(f"{title}: due, {one.name}", price * units, unit="£", note="Price by units avoided.")
        when = desk.pay_period(f"{title}: payment period, {one.name}", one.decision, lag)
        recognised = section.line(
            f"{title}: effect recognised, {one.name}",
            units * one.effect_of_units,
            unit=one.effect.unit,
            note="What the price is for.",
        )
        return Due(one.cohort, desk.in_period(name, when, amount), recognised)
