"""The binary rate: the share of people with any event. It hides how many each has."""

from __future__ import annotations

from typing import Any, Literal

from sibmodel.binding import Cells
from sibmodel.lines import Line, Section, ratio
from sibmodel.outcomes.beliefs import believed, has
from sibmodel.outcomes.common import Arm, Counts, Metric, Reoffending, TrueCohort, compared_truth
from sibmodel.terms import Terms, text


class Binary(Metric):
    """The share of people with any event."""

    kind: Literal["binary"] = "binary"
    name: str = text("Name of the measure", default="Reconvicted")

    unit = "reoffenders"
    needs = ("share_reoffending",)

    def truth(
        self, section: Section, cells: Cells, assumptions: Terms, life: Reoffending, decision: Line
    ) -> TrueCohort:
        assert life.share_without is not None
        assert life.share_with is not None
        return compared_truth(section, self, life, life.share_without, life.share_with, decision, "share")

    def counted(self, section: Section, cells: Cells, assumptions: Terms, arm: Arm, counts: Counts) -> Line:
        assert counts.reoffenders is not None
        return section.line(
            f"{self.name}: counted, {arm.title}",
            ratio(counts.reoffenders, arm.people),
            unit="share",
            note="As the courts count them.",
        )

    def variance(self, cells: Cells, assumptions: Terms, arm: Arm, level: Line) -> Any:
        """Var[log p] = (1 − p) ÷ (n p), times the design effect. METHOD 2.2."""
        spread = ratio(1 - level, arm.people * level)
        if not has(assumptions, self.name, "design_effect"):
            return spread
        return spread * believed(cells, assumptions, self.name, "design_effect", "Design effect")
