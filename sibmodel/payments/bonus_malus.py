"""Bonus and malus around a target: each percentage point above it is paid, each point below it is owed back.

The effect is a relative reduction, a difference in the measure's unit, or the share that reaches a milestone.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sibmodel.lines import Line
from sibmodel.measurement import MeasuredCohort
from sibmodel.outcomes import AchievedCohort
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.terms import choice, money, share_of_any_sign


class BonusMalus(PaymentTerms):
    """A bonus for each point above a target, a malus for each point below it."""

    kind: Literal["bonus malus"] = "bonus malus"
    test: Literal["reduction", "difference"] = choice(
        "Of a measure with a comparison: whether the relative reduction counts, or the difference in its unit "
        "(percentage points of a rate). Of a milestone the share that reaches it counts",
        default="reduction",
    )
    target: float = share_of_any_sign("Effect at which nothing is paid and nothing owed")
    bonus_per_point: float = money("Bonus for each percentage point above the target", unit="£ a point")
    malus_per_point: float = money("Malus for each percentage point below it", unit="£ a point")
    most_bonus: float | None = money("Most that a cohort's bonus is", default=None)
    most_malus: float | None = money("Most that a cohort's malus is", default=None)

    may_owe_back = True
    wants = "either"

    def due(self, desk: Desk, title: str) -> list[Due]:
        """Each cohort's bonus, or its malus as a negative amount, at its decision."""
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        if self.metric in desk.measured.achieved:
            assert self.metric is not None
            return [self._cohort(desk, title, one, one.effect, lag) for one in desk.achieved(self.metric).cohorts]
        return [
            self._cohort(desk, title, one, one.effect if self.test == "reduction" else one.points, lag)
            for one in desk.compared(self.metric).cohorts
        ]

    def _cohort(self, desk: Desk, title: str, one: MeasuredCohort | AchievedCohort, tested: Line, lag: Line) -> Due:
        section, cells, path, who = desk.section, desk.cells, desk.path, one.name
        cohort = one.truth.cohort if isinstance(one, MeasuredCohort) else one.cohort
        target = cells.once(self, "target", path, f"{title}: target")
        gap = section.line(
            f"{title}: points above the target, {who}",
            np.where(cohort.people > 0, 100 * (tested - target), 0.0),
            unit="points",
            note="Below it, negative; none where there is nobody.",
        )
        each = cells.once(self, "bonus_per_point", path, f"{title}: bonus a point")
        bonus: Any = each * np.maximum(gap, 0.0)
        if self.most_bonus is not None:
            bonus = np.minimum(bonus, cells.once(self, "most_bonus", path, f"{title}: most bonus of a cohort"))
        bonus = section.line(f"{title}: bonus, {who}", bonus, unit="£", note="For each point above the target.")
        each = cells.once(self, "malus_per_point", path, f"{title}: malus a point")
        malus: Any = each * np.maximum(-gap, 0.0)
        if self.most_malus is not None:
            malus = np.minimum(malus, cells.once(self, "most_malus", path, f"{title}: most malus of a cohort"))
        malus = section.line(f"{title}: malus, {who}", malus, unit="£", note="For each point below the target.")
        when = desk.pay_period(f"{title}: payment period, {who}", one.decision, lag)
        line = desk.in_period(
            f"{title}: falls due, {who}", when, bonus - malus, "Bonus, or malus as a negative amount."
        )
        recognised = section.line(
            f"{title}: effect recognised, {who}",
            np.where(gap > 0, one.effect, 0.0),
            unit=one.effect.unit,
            note="Above the target.",
        )
        return Due(cohort, line, recognised)
