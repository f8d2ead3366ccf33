"""A foundation payment: a share of what is expected, monthly in advance of any result, trued up at the decision.

At a cohort's decision its entitlement is known, the price of the units avoided as measured. What was advanced is
taken off it: the rest is paid, and where more was advanced than earned, the difference is owed back. Source:
Transforming Rehabilitation, straw man of May 2013 (monthly "Foundation Payment", claw-back for under-performance):
https://publications.parliament.uk/pa/cm201314/cmselect/cmjust/1004/100406.htm
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from sibmodel.lines import Line, ratio, total
from sibmodel.measurement import MeasuredCohort
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.payments.timing import over_its_months, paid_later
from sibmodel.reading import Place
from sibmodel.terms import choice, money, share


class FoundationPayment(PaymentTerms):
    """Monthly advances on a price for each unit avoided, trued up at the decision."""

    kind: Literal["foundation"] = "foundation"
    price: float = money("Price of each unit avoided", unit="£ a unit")
    expected: float = money("Payment expected for a cohort, of which a share is advanced", unit="£ a cohort")
    expected_by_cohort: dict[str, float] = money("Where it differs by cohort", default={}, unit="£ a cohort")
    advance: float = share("Share of the expected payment that is advanced")
    over: Literal["referrals", "service"] = choice(
        "Whether it is advanced over the months of a cohort's referrals, or of its service", default="referrals"
    )

    may_owe_back = True

    def cohorts_named(self) -> Iterator[tuple[Place, str]]:
        yield from super().cohorts_named()
        yield from ((("expected_by_cohort", name), name) for name in self.expected_by_cohort)

    def due(self, desk: Desk, title: str) -> list[Due]:
        """Each cohort's advances, then its entitlement less what was advanced."""
        price = desk.cells.number(self, "price", desk.path, f"{title}: price a unit")
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        return [self._cohort(desk, title, one, price, lag) for one in desk.compared(self.metric).cohorts]

    def _expected(self, desk: Desk, title: str, who: str) -> Line:
        if who in self.expected_by_cohort:
            return desk.cells.item(self, "expected_by_cohort", who, desk.path, f"{title}: payment expected, {who}")
        return desk.cells.once(self, "expected", desk.path, f"{title}: payment expected")

    def _cohort(self, desk: Desk, title: str, one: MeasuredCohort, price: Line, lag: Line) -> Due:
        section, who, cohort = desk.section, one.name, one.truth.cohort
        part = desk.cells.once(self, "advance", desk.path, f"{title}: share advanced")
        in_all = section.line(
            f"{title}: advance, {who}",
            part * self._expected(desk, title, who),
            unit="£",
            note="Its share of the expected.",
        )
        monthly = over_its_months(desk, f"{title}: months of advance, {who}", cohort, self.over, in_all)
        advanced = paid_later(desk, f"{title}: advanced, {who}", monthly, lag, "Evenly over its months.")
        earned = section.line(
            f"{title}: entitlement, {who}", np.maximum(price * one.avoided, 0.0), unit="£", note="Never below nil."
        )
        rest = section.line(
            f"{title}: true-up, {who}",
            earned - total(advanced),
            unit="£",
            note="Less what was advanced; negative is owed back.",
        )
        when = desk.pay_period(f"{title}: payment period, {who}", one.decision, lag)
        recognised = section.line(
            f"{title}: effect recognised, {who}",
            ratio(np.maximum(one.avoided, 0.0), one.at_comparison),
            unit="share",
            note="What the price is for.",
        )
        trued_up = desk.in_period(f"{title}: trued up, {who}", when, rest)
        due = section.line(
            f"{title}: falls due, {who}",
            advanced + trued_up,
            unit="£",
            note="Advances, then the true-up at the decision.",
        )
        return Due(cohort, due, recognised)
