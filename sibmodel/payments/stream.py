"""The present value of a stream of benefits for years to come, plus a stock at once, for each unit avoided or
achieved.

The factor is that of an annuity at each year's end that fades: (1 + r)⁻¹ × (1 − qⁿ) ÷ (1 − q) with q = (1 − f) ÷ (1 +
r). It pays at the decision, or as a milestone is achieved. The effect recognised is the measured one, where it is
above nothing. Source: the annuity's closed form; discounting by HM Treasury, The Green Book, annex on discounting.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sibmodel.lines import Line, ratio
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.payments.seen import Seen, seen
from sibmodel.payments.timing import units_when_paid
from sibmodel.terms import count, money, share, yearly_rate


class StreamPayment(PaymentTerms):
    """A price for each unit that is the present value of what it brings."""

    kind: Literal["stream"] = "stream"
    benefit_a_year: float = money("Benefit that a unit brings in its first year", unit="£ a unit")
    years: int = count("Years for which it lasts", unit="years", minimum=1, maximum=100)
    fades: float = share("Part by which it is less each year than the year before", default=0.0)
    discount_rate: float = yearly_rate("Rate at which the benefits are discounted", minimum=-0.5)
    stock: float = money("Benefit that a unit brings at once", default=0.0, unit="£ a unit")
    share: float = share("Share of the benefits that is paid", default=1.0)

    wants = "either"

    def due(self, desk: Desk, title: str) -> list[Due]:
        """The present value of each cohort's units: at its decision where compared, as they happen where achieved."""
        price = self._price(desk, title)
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        return [self._of_cohort(desk, title, one, price, lag) for one in seen(desk, self.metric)]

    def _price(self, desk: Desk, title: str) -> Line:
        """What a unit is paid."""
        cells, path, section = desk.cells, desk.path, desk.section
        benefit = cells.number(self, "benefit_a_year", path, f"{title}: benefit a unit and year")
        years = cells.number(self, "years", path, f"{title}: years of benefit")
        fades = cells.number(self, "fades", path, f"{title}: fades by, a year")
        rate = cells.number(self, "discount_rate", path, f"{title}: discount rate")
        stock = cells.number(self, "stock", path, f"{title}: benefit at once")
        part_of = cells.number(self, "share", path, f"{title}: share of benefits")
        kept = section.line(
            f"{title}: a year's benefit by the year before's",
            (1 - fades) / (1 + rate),
            unit="ratio",
            note="What is left of it, discounted.",
        )
        factor = section.line(
            f"{title}: present value of £1 a year",
            np.where(kept == 1, years, ratio(1 - np.power(kept, years), 1 - kept)) / (1 + rate),
            unit="years",
            note="At each year's end, fading and discounted.",
        )
        worth = section.line(
            f"{title}: benefits of a unit",
            benefit * factor + stock,
            unit="£ a unit",
            note="The stream's present value and the stock.",
        )
        return section.line(f"{title}: price a unit", worth * part_of, unit="£ a unit", note="The share that is paid.")

    def _of_cohort(self, desk: Desk, title: str, one: Seen, price: Line, lag: Line) -> Due:
        section, name = desk.section, f"{title}: falls due, {one.name}"
        if one.achieved is not None:
            reached = units_when_paid(desk, f"{title}: units, {one.name}", one.achieved, lag)
            line = section.line(name, price * reached, unit="£", note="Price by units achieved, when they are paid.")
            return Due(one.cohort, line, one.effect)
        units: Any = one.units if self.carry_forward else np.maximum(one.units, 0.0)
        amount = section.line(f"{title}: due, {one.name}", price * units, unit="£", note="Price by units avoided.")
        when = desk.pay_period(f"{title}: payment period, {one.name}", one.decision, lag)
        recognised = section.line(
            f"{title}: effect recognised, {one.name}",
            units * one.effect_of_units,
            unit=one.effect.unit,
            note="What the price is for.",
        )
        return Due(one.cohort, desk.in_period(name, when, amount), recognised)
