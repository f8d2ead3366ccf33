"""A hurdle: one measure must pass before another one pays.

As a rule the share who reoffend (binary) must fall before fewer events are paid for: otherwise a provider is paid for
the few who reoffend less often while more people reoffend. The other way round the binary measure alone may pass
while crime rises. Source: Transforming Rehabilitation, straw man of May 2013 (binary and frequency measure with a
binary hurdle): https://publications.parliament.uk/pa/cm201314/cmselect/cmjust/1004/100406.htm
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from sibmodel.lines import Line
from sibmodel.measurement import MeasuredCohort
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.criterion import Criterion
from sibmodel.payments.desk import Desk
from sibmodel.reading import Place
from sibmodel.terms import choice, money, part, text


class Hurdle(Criterion):
    """What the other measure of a cohort must reach."""

    metric: str = text("The measure that must pass")


class HurdlePayment(PaymentTerms):
    """A price for each unit avoided by one measure, once another has passed."""

    kind: Literal["hurdle"] = "hurdle"
    price: float = money("Price of each unit avoided", unit="£ a unit")
    hurdle: Hurdle = part("What must pass before anything is paid")
    worse: Literal["nothing", "owed back"] = choice(
        "Whether more events than the comparison's cost nothing, or are owed back at the same price, hurdle or not",
        default="nothing",
    )

    may_owe_back = True

    @property
    def owes_back(self) -> bool:
        return self.worse == "owed back"

    def further_measures(self) -> Iterator[tuple[Place, str, str]]:
        yield ("hurdle", "metric"), self.hurdle.metric, "compared"

    def due(self, desk: Desk, title: str) -> list[Due]:
        """Each cohort's units by the paying measure, where it passes by the other; once both are decided."""
        price = desk.cells.number(self, "price", desk.path, f"{title}: price a unit")
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        before = {one.name: one for one in desk.compared(self.hurdle.metric).cohorts}
        return [
            self._cohort(desk, title, one, before[one.name], price, lag) for one in desk.compared(self.metric).cohorts
        ]

    def _cohort(
        self, desk: Desk, title: str, one: MeasuredCohort, before: MeasuredCohort, price: Line, lag: Line
    ) -> Due:
        section, who = desk.section, one.name
        passes = section.line(
            f"{title}: passes the hurdle, {who}",
            self.hurdle.met(desk, before, f"{desk.path}.hurdle", f"{title}: hurdle"),
            unit="1 or 0",
            note=f"1 where it passes by {self.hurdle.metric}.",
        )
        units: Any = passes * np.maximum(one.avoided, 0.0)
        if self.worse == "owed back":
            units = units + np.minimum(one.avoided, 0.0)
        paid = section.line(
            f"{title}: units paid for, {who}", units, unit=one.avoided.unit, note="Avoided, where the hurdle is passed."
        )
        decided = section.line(
            f"{title}: decided, {who}",
            np.maximum(one.decision, before.decision),
            unit="period",
            note="By both measures.",
        )
        amount = section.line(f"{title}: due, {who}", price * paid, unit="£", note="Price by units.")
        recognised = section.line(
            f"{title}: effect recognised, {who}",
            passes * np.maximum(one.effect, 0.0),
            unit="share",
            note="What the price is for.",
        )
        when = desk.pay_period(f"{title}: payment period, {who}", decided, lag)
        return Due(one.truth.cohort, desk.in_period(f"{title}: falls due, {who}", when, amount), recognised)
