"""The step that tops a reserve account up to its target."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from sibmodel.funding.steps.common import Desk, StepTerms
from sibmodel.lines import sum_of
from sibmodel.terms import text


class TopUpReserve(StepTerms):
    """Top a reserve account up to its target."""

    kind: Literal["reserve"] = "reserve"
    reserve: str = text("The reserve account")

    in_silos: ClassVar[bool] = False

    def build(self, number: int, desk: Desk) -> None:
        """The step's lines. It is no distribution, so it need not wait for those to open."""
        reserve = desk.reserves[self.reserve]
        title = f"Step {number}, reserve {self.reserve}"
        held = [reserve.kept, *reserve.additions]
        missing = np.maximum(reserve.target - sum_of(held), 0.0)
        step = desk.take(self, title, missing, distribution=False)
        reserve.additions.append(step.paid)
