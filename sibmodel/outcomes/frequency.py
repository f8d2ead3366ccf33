"""Frequency: how many events there are, for each person or for each person with any. Never mixed.

Per person is what Peterborough paid on; per reoffender is the second measure of Transforming Rehabilitation, which
can rise while fewer people reoffend.
"""

from __future__ import annotations

from typing import Any, Literal

from sibmodel.binding import Cells
from sibmodel.lines import Line, Section, ratio
from sibmodel.outcomes.common import Arm, Counts, Metric, Reoffending, TrueCohort, clustering, compared_truth
from sibmodel.terms import Terms, choice, text


class Frequency(Metric):
    """Events a person, or events a reoffender."""

    kind: Literal["frequency"] = "frequency"
    name: str = text("Name of the measure", default="Reconviction events")
    per: Literal["person", "reoffender"] = choice(
        "Whether events are divided by all people or by reoffenders", default="person"
    )

    needs = ("events_per_person", "dispersion")

    def truth(
        self, section: Section, cells: Cells, assumptions: Terms, life: Reoffending, decision: Line
    ) -> TrueCohort:
        assert life.rate_without is not None
        assert life.rate_with is not None
        if self.per == "person":
            return compared_truth(section, self, life, life.rate_without, life.rate_with, decision, "events a person")
        assert life.share_without is not None
        assert life.share_with is not None
        return compared_truth(
            section,
            self,
            life,
            ratio(life.rate_without, life.share_without),
            ratio(life.rate_with, life.share_with),
            decision,
            "events a reoffender",
        )

    def bearers(self, people: Line, share: Any) -> Any:
        return people if self.per == "person" else people * share

    def counted(self, section: Section, cells: Cells, assumptions: Terms, arm: Arm, counts: Counts) -> Line:
        over = arm.people if self.per == "person" else counts.reoffenders
        assert counts.events is not None
        assert over is not None
        return section.line(
            f"{self.name}: counted, {arm.title}",
            ratio(counts.events, over),
            unit=f"events a {self.per}",
            note="As the courts count them.",
        )

    def variance(self, cells: Cells, assumptions: Terms, arm: Arm, level: Line) -> Any:
        """Delta method: (1/n)(1/μ + 1/k) per person; per reoffender the people are the reoffenders expected.
        METHOD 2.4."""
        over: Any = arm.people if self.per == "person" or arm.share is None else arm.people * arm.share
        return ratio(ratio(1, level) + clustering(cells, assumptions, self.name, arm), over)
