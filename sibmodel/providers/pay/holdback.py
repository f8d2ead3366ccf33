"""Holdback: a share of each bill is kept, and released in a month, or once a measured effect reaches its target."""

from __future__ import annotations

from typing import Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, total
from sibmodel.month import Month
from sibmodel.providers.desk import Desk
from sibmodel.providers.pay.common import AtRisk, Kept
from sibmodel.reading import fault_at
from sibmodel.terms import Terms, month, number, share, text


class Holdback(Terms):
    """A share of each bill until its release. A target that is missed forfeits it."""

    month: Month | None = month("Month in which it is released", default=None)
    target: float | None = number(
        "Measured effect over all cohorts that releases it, when the last cohort is decided; otherwise it is lost",
        default=None,
        unit="as the measure's effect",
    )
    metric: str | None = text("Measure of the target; the first with a comparison unless named", default=None)
    share: float = share("Share of each bill that is held back")

    @model_validator(mode="after")
    def _one_release(self) -> Self:
        if (self.month is None) == (self.target is None):
            raise fault_at((), "needs a month or a target, and not both.", "Give one of them.")
        if self.metric is not None and self.target is None:
            raise fault_at(("metric",), "has no use without a target.", "Leave it out.")
        return self

    def keep(self, desk: Desk, bill: Line) -> Kept:
        """What is held back, and what is released, over time."""
        where, name = f"{desk.path}.holdback", desk.name
        rate = desk.cells.number(self, "share", where, f"{name}: share held back")
        if self.month is not None:
            when: Line = desk.cells.month(
                self.month, f"{where}.month", f"{name}: period of release", "When what is held back is paid."
            )
            return self._keep(desk, bill, rate, when, None)
        metric = desk.compared(self.metric)
        target = desk.cells.number(self, "target", where, f"{name}: effect that releases what is held back")
        when = desk.decided("period of release", metric)
        reached = desk.line(
            "target reached", metric.effect + desk.cells.slack() >= target, "1 where it releases.", "1 or 0"
        )
        return self._keep(desk, bill, rate, when, reached)

    def _keep(self, desk: Desk, bill: Line, rate: Line, when: Line, reached: Line | None) -> Kept:
        kept = desk.line(
            "held back", np.where(desk.period < when, bill * rate, 0.0), "Its share of each bill before the release."
        )
        held = desk.line("held back in all", total(kept), "Until the release.")
        due = held if reached is None else held * reached
        paid = desk.in_period("held back, released", when, due, "In the month of release.")
        if reached is None:
            return Kept(kept, paid, None)
        lost = desk.line("held back and lost", np.maximum(held - total(paid), 0.0), "The target was missed.")
        return Kept(kept, paid, AtRisk(held, lost))
