"""Bonus and malus: so much for each point of measured effect above or below a target, capped both ways.

As security for the malus, bills are retained until as much is held as the malus may be; when the last cohort is
decided, the retention is paid with the bonus, or less the malus. So nobody has to collect money from a provider.
"""

from __future__ import annotations

import numpy as np

from sibmodel.lines import Line, total
from sibmodel.providers.desk import Desk
from sibmodel.providers.pay.common import AtRisk, Kept
from sibmodel.terms import Terms, money, number, text


class ProviderBonusMalus(Terms):
    """What a provider gains above a target, and loses below it."""

    target: float = number("Measured effect over all cohorts that changes nothing", unit="as the measure's effect")
    per_point: float = money(
        "Pay for each percentage point above the target, and loss for each below (a score: for each hundredth)",
        unit="£ a point",
    )
    most_bonus: float = money("Most that is gained")
    most_malus: float = money("Most that is lost; so much is retained of the first bills", default=0.0)
    metric: str | None = text("Measure of the target; the first with a comparison unless named", default=None)

    def keep(self, desk: Desk, bill: Line) -> Kept:
        """What is retained of a bill, and what is paid on results, over time. `bill` is what is left to retain from."""
        where, name = f"{desk.path}.bonus_malus", desk.name
        metric = desk.compared(self.metric)
        target = desk.cells.number(self, "target", where, f"{name}: target of bonus and malus")
        per_point = desk.cells.number(self, "per_point", where, f"{name}: bonus or malus a point")
        most_bonus = desk.cells.number(self, "most_bonus", where, f"{name}: most bonus")
        most_malus = desk.cells.number(self, "most_malus", where, f"{name}: most malus")
        when = desk.decided("period of bonus or malus", metric)
        held = desk.section.corkscrew(f"{name}: retained so far", unit="£")
        kept = desk.line(
            "retained",
            np.where(desk.period < when, np.minimum(bill, np.maximum(most_malus - held.opening, 0.0)), 0.0),
            "Until as much is held as the malus may be.",
        )
        retained = desk.line("retained in all", total(kept), "As security for the malus.")
        points = desk.line("points above the target", (metric.effect - target) * 100, "Below it, negative.", "points")
        amount = desk.line(
            "bonus or malus", np.clip(points * per_point, -most_malus, most_bonus), "A malus is negative."
        )
        due = desk.line("retention, with bonus or malus", np.maximum(retained + amount, 0.0), "Never below nil.")
        back = desk.line("retention paid back", np.minimum(due, retained), "Without the bonus.")
        held.close(additions=[kept])
        paid = desk.in_period("paid with bonus or malus", when, due, "When the last cohort is decided.")
        lost = desk.line("lost by malus", retained - back, "Of what was retained.")
        return Kept(kept, paid, AtRisk(retained, lost))
