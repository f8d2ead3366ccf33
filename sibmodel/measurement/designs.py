"""The designs: a matched comparison group, a randomised control, a fixed baseline, and a blend of two of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from sibmodel.lines import Line
from sibmodel.measurement.common import Comparison, Design, Desk
from sibmodel.measurement.counting import count
from sibmodel.outcomes import Arm, Metric, Reoffending, TrueCohort
from sibmodel.outcomes.beliefs import believed, owner
from sibmodel.terms import Terms, number, part, people, share


def _level_in_truth(truth: TrueCohort, life: Reoffending, title: str, people_in: Line) -> Arm:
    """An arm that lives as the cohort would without the service."""
    return life.unserved(title, people_in, None if truth.metric.relative else truth.without)


class Matched(Design):
    """A matched comparison group, k people for each person served, alike in what is known of them."""

    kind: Literal["matched"] = "matched"
    controls_per_person: float = number("Matched people for each person served", default=10, unit="people", minimum=0.1)
    matched: float = share(
        "Share of people served for whom a match is found, and who are measured", default=1.0, minimum=0.01
    )

    def needs(self, metric: Metric) -> tuple[str, ...]:
        return ("matching_error",)

    def matched_share(self, desk: Desk, path: str) -> Line | None:
        return desk.cells.once(self, "matched", path, f"Share matched{_which(path)}") if self.matched < 1 else None

    def compare(self, desk: Desk, path: str, truth: TrueCohort, life: Reoffending, served: Arm) -> Comparison:
        metric, name, section = truth.metric, truth.metric.name, desk.section
        desk.cells.heading("Measurement")
        controls = desk.cells.once(
            self, "controls_per_person", path, f"People compared for each person served{_which(path)}"
        )
        compared = _people(desk, f"People compared, {truth.name}, {name}", served.people * controls)
        arm = _level_in_truth(truth, life, f"comparison group, {truth.name}", compared)
        level = metric.counted(section, desk.cells, desk.assumptions, arm, count(desk, metric, arm))
        factor = _matching(desk, metric)
        seen = section.line(
            f"{name}: comparison level, {truth.name}",
            level * factor if metric.relative else level + factor - 1,
            unit=level.unit,
            note="What the assessor takes for the level without the service.",
        )
        return Comparison(seen, metric.variance(desk.cells, desk.assumptions, arm, level))


class Randomised(Design):
    """A randomised control group: alike but for luck."""

    kind: Literal["randomised"] = "randomised"
    controls_per_person: float = number(
        "People in control for each person served", default=1, unit="people", minimum=0.01
    )

    def compare(self, desk: Desk, path: str, truth: TrueCohort, life: Reoffending, served: Arm) -> Comparison:
        metric, name = truth.metric, truth.metric.name
        desk.cells.heading("Measurement")
        controls = desk.cells.once(
            self, "controls_per_person", path, f"People in control for each person served{_which(path)}"
        )
        people_in = _people(desk, f"People in control, {truth.name}, {name}", served.people * controls)
        arm = _level_in_truth(truth, life, f"control group, {truth.name}", people_in)
        level = metric.counted(desk.section, desk.cells, desk.assumptions, arm, count(desk, metric, arm))
        return Comparison(level, metric.variance(desk.cells, desk.assumptions, arm, level))


class Historical(Design):
    """A fixed baseline: the level of an earlier year, adjusted for who the people are. The world may have drifted
    since."""

    kind: Literal["historical"] = "historical"
    baseline: float = number("The baseline level, in the measure's own unit", unit="level", minimum=0.0)
    baseline_people: int | None = people(
        "People behind the baseline, where the assessor counts its noise", default=None, minimum=1
    )
    case_mix: float = number("Adjustment of the baseline for case mix", default=1.0, unit="ratio", minimum=0.01)

    def compare(self, desk: Desk, path: str, truth: TrueCohort, life: Reoffending, served: Arm) -> Comparison:
        metric, name = truth.metric, truth.metric.name
        desk.cells.heading("Measurement")
        baseline = desk.cells.once(self, "baseline", path, f"{name}: baseline ({path})")
        mix = desk.cells.once(self, "case_mix", path, f"{name}: case-mix adjustment ({path})")
        level = desk.section.line(
            f"{name}: baseline level, {truth.name}", baseline * mix, unit=truth.without.unit, note="Fixed beforehand."
        )
        if self.baseline_people is None:
            return Comparison(level, 0)
        behind = desk.cells.once(self, "baseline_people", path, f"{name}: people behind the baseline ({path})")
        arm = replace(life.unserved("baseline", behind, level), share=None)
        return Comparison(level, metric.variance(desk.cells, desk.assumptions, arm, level))


Single = Annotated[Matched | Randomised | Historical, Field(discriminator="kind")]


class Blend(Design):
    """Two estimators, weighted: the second steps in as far as the people measured fall short."""

    kind: Literal["blend"] = "blend"
    first: Single = part("The estimator that counts in full where there are people enough")
    second: Single = part("The estimator behind it")
    full_at: int = people("People measured from which the first counts alone", minimum=1)

    def needs(self, metric: Metric) -> tuple[str, ...]:
        return (*self.first.needs(metric), *self.second.needs(metric))

    def compare(self, desk: Desk, path: str, truth: TrueCohort, life: Reoffending, served: Arm) -> Comparison:
        name = truth.metric.name
        full = desk.cells.once(
            self, "full_at", path, f"People from which the first estimator counts alone{_which(path)}"
        )
        one = self.first.compare(desk, f"{path}.first", truth, life, served)
        other = self.second.compare(desk, f"{path}.second", truth, life, served)
        weight = desk.section.line(
            f"{name}: weight of the first estimator, {truth.name}",
            np.minimum(served.people / full, 1.0),
            unit="share",
            note="People measured against those needed, at most 1.",
        )
        level = desk.section.line(
            f"{name}: blended level, {truth.name}",
            weight * one.level + (1 - weight) * other.level,
            unit=one.level.unit,
            note="The two estimators, weighted.",
        )
        return Comparison(level, weight * weight * one.variance + (1 - weight) * (1 - weight) * other.variance)


DESIGNS = (Matched, Randomised, Historical, Blend)
"""Every design; milestones need none, they are counted."""

AnyDesign = Annotated[Matched | Randomised | Historical | Blend, Field(discriminator="kind")]
"""A design in a deal file, told apart by `kind`."""


def _which(path: str) -> str:
    """What tells a design's inputs from those of the others: nothing for the first."""
    return "" if path == "measurement[0]" else f" ({path})"


def _people(desk: Desk, title: str, value: Any) -> Line:
    return desk.section.line(title, value, unit="people", note="For the estimate of what would have happened.")


def _matching(desk: Desk, metric: Metric) -> Line:
    """The comparison group's level against the truth: drawn once for all cohorts of a deal."""
    path = owner(desk.assumptions, metric.name, "matching_error")[1]
    if path not in desk.bias:
        error = believed(desk.cells, desk.assumptions, metric.name, "matching_error", "Matching error")
        of = "" if path == "assumptions" else f", {metric.name}"
        desk.section.heading = "Whole deal"
        desk.bias[path] = desk.section.line(
            f"Comparison group's level against the truth{of}",
            np.exp(error),
            unit="ratio",
            note="1 where the comparison group is like the cohort; the same for all cohorts.",
        )
    return desk.bias[path]


__all__ = ["DESIGNS", "AnyDesign", "Blend", "Historical", "Matched", "Randomised", "Terms"]
