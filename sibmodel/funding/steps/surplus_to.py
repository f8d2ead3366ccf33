"""The step that pays what is left to a named party: commissioner, provider, charity."""

from __future__ import annotations

from typing import ClassVar, Literal

from sibmodel.funding.steps.common import Desk, StepTerms
from sibmodel.terms import text


class PaySurplusTo(StepTerms):
    """Pay all that is left to a named party."""

    kind: Literal["surplus to"] = "surplus to"
    party: str = text("Who gets what is left")

    leaves_nothing: ClassVar[bool] = True

    def build(self, number: int, desk: Desk) -> None:
        """The step's lines."""
        title = f"Step {number}, surplus to {self.party}"
        desk.section.heading = title
        step = desk.take(self, title, desk.free(title))
        desk.ledger.transfer(desk.vehicle, self.party, "Surplus", step.paid)
