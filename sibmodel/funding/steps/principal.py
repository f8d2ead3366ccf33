"""The step that repays principal."""

from __future__ import annotations

from typing import Literal

from sibmodel.funding.steps.common import Desk
from sibmodel.funding.steps.debt import PayDebt


class RepayPrincipal(PayDebt):
    """Repay the principal of tranches, in proportion to what each is owed."""

    kind: Literal["principal"] = "principal"

    def build(self, number: int, desk: Desk) -> None:
        """The step's lines. From a silo, what is owed is that at the month's start: this month's draw comes later."""
        tranches = desk.named(self.tranches)
        owed = [one.principal_due if self.silo is None else one.principal.opening for one in tranches]
        paid = [one.principal_paid for one in tranches]
        self.pay(desk, f"Step {number}, principal", "Repayment", tranches, owed, paid)
