"""Pay first, claw back on failure: a core payment by month, a share of it repaid where the measured fall is too small.

All of the share is repaid (HMP Doncaster), or a part in proportion to how far the target is missed. Where the terms
have one, a bonus grows from nothing at the target to its full share of the core payment at a second point. Source:
HMP Doncaster, 10 % of the core contract's value against a fall of 5 percentage points in the share reconvicted, bonus
up to a fall of 10:
https://archive.northumbria-pcc.gov.uk/concern-at-failure-in-payment-by-results-model-at-doncaster-prison-so-serco-have-to-repay/,
https://www.thestar.co.uk/news/pay-by-results-deal-for-prison-1-3242540
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line
from sibmodel.measurement import MeasuredCohort
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.criterion import read_as
from sibmodel.payments.desk import Desk
from sibmodel.payments.timing import over_its_months, paid_later
from sibmodel.reading import Place, fault_at
from sibmodel.terms import Terms, choice, money, part, share


class Bonus(Terms):
    """What is added for more than the target."""

    full_at: float = share("Measured effect at which the bonus is paid in full; it grows from the target")
    share: float = share("The bonus in full, as a share of the core payment")


class ClawbackPayment(PaymentTerms):
    """A core payment, of which a share is repaid where the target is missed."""

    kind: Literal["clawback"] = "clawback"
    core: float = money("Core payment for a cohort", unit="£ a cohort")
    core_by_cohort: dict[str, float] = money("Where it differs by cohort", default={}, unit="£ a cohort")
    over: Literal["referrals", "service"] = choice(
        "Whether it is paid over the months of a cohort's referrals, or of its service", default="referrals"
    )
    test: Literal["difference", "reduction"] = choice(
        "Whether the difference in the measure's unit is tested (percentage points), or the relative reduction",
        default="difference",
    )
    target: float = share("Measured effect from which nothing is repaid", minimum=0.0001)
    at_risk: float = share("Share of the core payment that is repaid where the target is missed")
    repaid: Literal["in full", "in proportion"] = choice(
        "Whether all of it is repaid where the target is missed, or a part in proportion to how far", default="in full"
    )
    bonus: Bonus | None = part("What is added for more than the target", default=None)

    may_owe_back = True
    pays_for_effect = False

    @model_validator(mode="after")
    def _bonus_beyond_target(self) -> Self:
        if self.bonus is not None and self.bonus.full_at <= self.target:
            raise fault_at(
                ("bonus", "full_at"),
                f"{self.bonus.full_at:g} is not above the target, {self.target:g}.",
                "The bonus grows from the target to a second point above it.",
            )
        return self

    def cohorts_named(self) -> Iterator[tuple[Place, str]]:
        yield from super().cohorts_named()
        yield from ((("core_by_cohort", name), name) for name in self.core_by_cohort)

    def due(self, desk: Desk, title: str) -> list[Due]:
        """Each cohort's core payment over its months, then what is repaid or added at its decision."""
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        return [self._cohort(desk, title, one, lag) for one in desk.compared(self.metric).cohorts]

    def _core(self, desk: Desk, title: str, who: str) -> Line:
        if who in self.core_by_cohort:
            return desk.cells.item(self, "core_by_cohort", who, desk.path, f"{title}: core payment, {who}")
        return desk.cells.once(self, "core", desk.path, f"{title}: core payment of a cohort")

    def _cohort(self, desk: Desk, title: str, one: MeasuredCohort, lag: Line) -> Due:
        section, who, cohort = desk.section, one.name, one.truth.cohort
        core = self._core(desk, title, who)
        monthly = over_its_months(desk, f"{title}: months of core payment, {who}", cohort, self.over, core)
        paid = paid_later(desk, f"{title}: core payment, {who}", monthly, lag, "Evenly over its months.")
        at_risk = desk.cells.once(self, "at_risk", desk.path, f"{title}: share at risk")
        missed = self._missed(desk, title, one)
        change: Any = -core * at_risk * missed
        if self.bonus is not None:
            change = change + core * self._bonus(desk, title, one)
        result = section.line(
            f"{title}: repaid or added, {who}", change, unit="£", note="By the result; what is repaid is negative."
        )
        when = desk.pay_period(f"{title}: payment period, {who}", one.decision, lag)
        settled = desk.in_period(f"{title}: settled by the result, {who}", when, result)
        recognised = section.line(
            f"{title}: effect recognised, {who}",
            np.maximum(one.effect, 0.0) * (1 - missed),
            unit="share",
            note="As far as the target is taken to be reached.",
        )
        due = section.line(
            f"{title}: falls due, {who}",
            paid + settled,
            unit="£",
            note="The core payment, then what follows from the result.",
        )
        return Due(cohort, due, recognised)

    def _missed(self, desk: Desk, title: str, one: MeasuredCohort) -> Line:
        target = desk.cells.once(self, "target", desk.path, f"{title}: target")
        tested = read_as(self.test, one)
        reached = desk.reaches(tested, target)
        by: Any = 1 if self.repaid == "in full" else np.clip((target - tested) / target, 0.0, 1.0)
        return desk.section.line(
            f"{title}: target missed, {one.name}",
            np.where(reached, 0.0, by),
            unit="share",
            note="The part of the share at risk that is repaid: 0 where the target is reached.",
        )

    def _bonus(self, desk: Desk, title: str, one: MeasuredCohort) -> Line:
        assert self.bonus is not None
        path = f"{desk.path}.bonus"
        target = desk.cells.once(self, "target", desk.path, f"{title}: target")
        full_at = desk.cells.once(self.bonus, "full_at", path, f"{title}: effect of the full bonus")
        most = desk.cells.once(self.bonus, "share", path, f"{title}: full bonus, share of the core payment")
        return desk.section.line(
            f"{title}: bonus, {one.name}",
            most * np.clip((read_as(self.test, one) - target) / (full_at - target), 0.0, 1.0),
            unit="share",
            note="Of the core payment: from nothing at the target to all of it at the second point.",
        )
