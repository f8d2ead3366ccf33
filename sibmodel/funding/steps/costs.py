"""The step that pays the bills."""

from __future__ import annotations

from typing import ClassVar, Literal

from sibmodel.funding.steps.common import Desk, StepTerms
from sibmodel.lines import ratio, sum_of


class PayCosts(StepTerms):
    """Pay the bills: service, management, assessment. All rank alike; what cannot be paid stays owed."""

    kind: Literal["costs"] = "costs"

    in_silos: ClassVar[bool] = False

    def build(self, number: int, desk: Desk) -> None:
        """The step's lines."""
        asked = sum_of([one.asked for one in desk.arrears])
        step = desk.take(self, f"Step {number}, costs", asked, distribution=False)
        for one in desk.arrears:
            line = desk.section.line(
                f"{one.bill.payee}: {one.bill.label.lower()} paid",
                one.asked * ratio(step.paid, step.asked),
                unit="£",
                note="Its part of what the step pays.",
            )
            one.owed.close(additions=[one.bill.line], reductions=[line])
            desk.ledger.transfer(desk.vehicle, one.bill.payee, one.bill.label, line)
        for tranche in desk.tranches.values():
            tranche.collect_fees(desk.ledger)
