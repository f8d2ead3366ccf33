"""The step that pays what a silo has left into the main account."""

from __future__ import annotations

from typing import ClassVar, Literal

from sibmodel.funding.steps.common import Desk, StepTerms


class PayToMain(StepTerms):
    """Pay what a silo has left into the main account, in time for this month's bills."""

    kind: Literal["to main account"] = "to main account"

    leaves_nothing: ClassVar[bool] = True

    def build(self, number: int, desk: Desk) -> None:
        """The step's lines."""
        step = desk.take(self, f"Step {number}, to main account", desk.account.left)
        desk.account.swept.append(step.paid)
