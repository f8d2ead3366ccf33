"""What a mechanism sees of each cohort, alike for a measure with a comparison and for a milestone that is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sibmodel.cohorts import CohortLines
from sibmodel.lines import Line, ratio, sum_of
from sibmodel.outcomes import AchievedCohort
from sibmodel.payments.desk import Desk

Tested = Literal["reduction", "difference"]
"""What is read: the relative reduction, or the difference in the measure's unit. Of a milestone, either is its rate."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A cohort as it is measured. All are figures."""

    cohort: CohortLines
    position: Line
    """What is read: the reduction, the difference, or the share that reaches a milestone."""
    effect: Line
    """The measured effect: relative, or of a milestone its share."""
    people: Line
    units: Line
    """Units avoided, or achieved."""
    units_at_one: Any
    """Units that a `position` of 1 would be."""
    effect_of_units: Any
    """The effect that a unit is."""
    decision: Line
    achieved: AchievedCohort | None
    """Of a milestone, which is reached month by month; None where all is known at the decision only."""
    matched: Line | None = None
    """The share of people for whom a match is found; None where all are measured."""

    @property
    def name(self) -> str:
        return self.cohort.name

    @property
    def effect_at_one(self) -> Any:
        """The effect that a `position` of 1 is: 1 itself, but for a difference."""
        return 1 if self.effect is self.position else ratio(self.effect, self.position)


def seen(desk: Desk, measure: str | None, tested: Tested = "reduction") -> list[Seen]:
    """Each cohort by a measure of either kind."""
    if measure in desk.measured.achieved:
        assert measure is not None
        return [
            Seen(
                one.cohort,
                one.effect,
                one.effect,
                one.base,
                one.units_counted,
                one.base * ratio(one.units_counted, one.counted),
                ratio(one.effect, one.units_counted),
                one.decision,
                one,
            )
            for one in desk.achieved(measure).cohorts
        ]
    metric = desk.compared(measure)
    found = []
    for one in metric.cohorts:
        relative = metric.metric.relative
        whole = one.at_comparison if relative else one.people
        found.append(
            Seen(
                one.truth.cohort,
                one.effect if tested == "reduction" else one.points,
                one.effect,
                one.people,
                one.avoided,
                whole if tested == "reduction" else one.people,
                ratio(1, whole),
                one.decision,
                None,
                one.matched,
            )
        )
    return found


def position_of_pool(desk: Desk, title: str, measure: str | None, tested: Tested) -> Line:
    """What is read of all cohorts together."""
    if measure in desk.measured.achieved:
        assert measure is not None
        cohorts = desk.achieved(measure).cohorts
        return desk.section.line(
            f"{title}: share achieved, pooled",
            ratio(sum_of([one.counted for one in cohorts]), sum_of([one.base for one in cohorts])),
            unit="share",
            note="Of all who may, in all cohorts.",
        )
    metric = desk.compared(measure)
    return metric.effect if tested == "reduction" else metric.points


def last_decision(desk: Desk, title: str, cohorts: list[Seen]) -> Line:
    """The latest of the cohorts' decisions."""
    return desk.latest(title, [(one.name, one.decision) for one in cohorts])
