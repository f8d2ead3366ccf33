"""The step that pays interest."""

from __future__ import annotations

from typing import Literal

from sibmodel.funding.steps.common import Desk
from sibmodel.funding.steps.debt import PayDebt


class PayInterest(PayDebt):
    """Pay the interest of tranches, in proportion to what each is owed."""

    kind: Literal["interest"] = "interest"

    def build(self, number: int, desk: Desk) -> None:
        """The step's lines."""
        tranches = desk.named(self.tranches)
        owed = [one.interest_asked for one in tranches]
        paid = [one.interest_paid for one in tranches]
        self.pay(desk, f"Step {number}, interest", "Interest", tranches, owed, paid)
