"""A change in a score, of risk or need: the mean over all people of how far it moved for the better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sibmodel.binding import Cells
from sibmodel.lines import Line, Section, ratio
from sibmodel.outcomes.beliefs import believed
from sibmodel.outcomes.common import Arm, Counts, Metric, Reoffending, TrueCohort
from sibmodel.terms import Terms, text


@dataclass(frozen=True)
class NormalFigure:
    """A normal figure with the mean and standard deviation given."""

    name: str = "normal figure"
    uniforms: int = 1

    def sample(self, uniforms: Any, mean: Any, spread: Any) -> Any:
        """`uniforms` `[1, path]`, `mean` and `spread` `[path]`."""
        from scipy.special import ndtri

        return mean + spread * ndtri(uniforms[0])


NORMAL = NormalFigure()


class Score(Metric):
    """The mean change of a score; better is higher."""

    kind: Literal["score"] = "score"
    name: str = text("Name of the measure", default="Change of score")

    relative = False
    unit = "points"
    needs = ("score_change", "score_gain", "score_spread")

    def truth(
        self, section: Section, cells: Cells, assumptions: Terms, life: Reoffending, decision: Line
    ) -> TrueCohort:
        name, cohort = self.name, life.cohort
        section.heading = f"{name}, {cohort.name}"
        change = believed(cells, assumptions, name, "score_change", "Change of score without the service", cohort.name)
        gain = believed(cells, assumptions, name, "score_gain", "Gain of score", cohort.name)
        without = section.line(f"{name}: without the service, {cohort.name}", change, unit="points", note="In truth.")
        with_service = section.line(
            f"{name}: with the service, {cohort.name}", change + gain, unit="points", note="In truth."
        )
        effect = section.line(
            f"{name}: true effect, {cohort.name}", with_service - without, unit="points", note="The gain."
        )
        gained = section.line(
            f"{name}: truly gained, {cohort.name}", effect * cohort.people, unit="points", note="Over all people."
        )
        return TrueCohort(self, cohort, without, with_service, effect, gained, decision)

    def counted(self, section: Section, cells: Cells, assumptions: Terms, arm: Arm, counts: Counts) -> Line:
        assert arm.rate is not None
        spread = believed(cells, assumptions, self.name, "score_spread", "Spread of the score's change")
        error = section.line(
            f"{self.name}: error of the mean, {arm.title}",
            spread * np.sqrt(ratio(1, arm.people)),
            unit="points",
            note="The spread between people by the square root of their number.",
        )
        return section.draw(
            f"{self.name}: counted, {arm.title}",
            arm.rate,
            NORMAL,
            arm.rate,
            error,
            unit="points",
            note="The mean change as observed.",
            stream=f"{self.name} counted, {arm.title}",
        )

    def variance(self, cells: Cells, assumptions: Terms, arm: Arm, level: Line) -> Any:
        """Of the mean change: the spread between people squared, by their number."""
        spread = believed(cells, assumptions, self.name, "score_spread", "Spread of the score's change")
        return ratio(spread * spread, arm.people)
