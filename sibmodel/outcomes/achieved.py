"""Milestones: what each person achieves, counted without any comparison (a job, a tenancy, days housed, no return
to custody).

What would have happened anyway is deadweight: it is paid for, and is not true effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sibmodel.binding import Cells
from sibmodel.cohorts import CohortLines
from sibmodel.lines import Line, Section, delayed, ratio, total
from sibmodel.outcomes.beliefs import believed, has
from sibmodel.outcomes.common import Metric
from sibmodel.terms import Terms, choice, months, number, text


@dataclass(frozen=True)
class BinomialCount:
    """How many of a number of people: binomial, drawn exactly, by inversion."""

    name: str = "binomial count"
    uniforms: int = 1

    def sample(self, uniforms: Any, people: Any, share: Any) -> Any:
        """`uniforms` `[1, path]`, `people` and `share` `[path]`; whole numbers `[path]` of at most `people`."""
        from scipy.special import bdtrik

        people, share = np.maximum(people, 0.0), np.clip(share, 0.0, 1.0)
        inside = (people > 0) & (share > 0) & (share < 1)
        with np.errstate(all="ignore"):
            count = np.ceil(bdtrik(uniforms[0], np.where(inside, people, 1.0), np.where(inside, share, 0.5)))
        certain = np.where(share >= 1, people, 0.0)
        return np.where(inside, np.clip(np.where(np.isfinite(count), count, 0.0), 0.0, people), certain)


BINOMIAL = BinomialCount()


@dataclass(frozen=True, eq=False)
class AchievedCohort:
    """What a cohort achieves by one milestone. `achieved` runs over time; the others are figures."""

    metric: Milestone
    cohort: CohortLines
    base: Line
    """People who may reach it."""
    counted: Line
    achieved: Line
    """Units achieved in each month."""
    effect: Line
    """The share that achieves it, as counted: the measured effect."""
    true_effect: Line
    """That share in truth, less deadweight."""
    true_achieved: Line
    units_counted: Line
    decision: Line
    """The period in which the last person has reached it, or not."""

    @property
    def name(self) -> str:
        return self.cohort.name


@dataclass(frozen=True, eq=False)
class AchievedMetric:
    """A milestone of all cohorts."""

    metric: Milestone
    cohorts: tuple[AchievedCohort, ...]

    @property
    def name(self) -> str:
        return self.metric.name


class Milestone(Metric):
    """A milestone that a person reaches, or a number of units for each who does."""

    kind: Literal["milestone"] = "milestone"
    months_after_start: int = months("Months after the start of service", default=6)
    of: Literal["starts", "people"] | str = choice(
        "Who may reach it: those who start, all eligible people, or those who reached the milestone named",
        default="starts",
    )
    units: float = number("Units for each who reaches it (days housed, bed-days avoided)", default=1.0, minimum=0.0)
    counted_as: str = text("What a unit is", default="people")

    compared = False
    relative = False
    needs = ("success_rate",)

    def achieve(
        self,
        section: Section,
        cells: Cells,
        assumptions: Terms,
        path: str,
        cohort: CohortLines,
        before: AchievedCohort | None,
    ) -> AchievedCohort:
        """The lines of a cohort; `before` is the milestone that one must have reached, where there is one."""
        name, who = self.name, cohort.name
        cells.heading(f"Measure: {name}")
        after = cells.once(self, "months_after_start", path, f"{name}: months after start")
        units = cells.once(self, "units", path, f"{name}: units each")
        rate = believed(cells, assumptions, name, "success_rate", "Success rate", who)
        section.heading = f"{name}, {who}"
        if before is not None:
            base_value: Any = before.counted
        else:
            base_value = cohort.people if self.of == "people" else cohort.starts
        base = section.line(
            f"{name}: people who may, {who}", base_value, unit="people", note="Who may reach the milestone."
        )
        expected = section.line(f"{name}: expected, {who}", base * rate, unit="people", note="In truth, before luck.")
        counted = section.draw(
            f"{name}: people counted, {who}",
            expected,
            BINOMIAL,
            base,
            rate,
            unit="people",
            note="Who reaches it, as validated.",
            stream=f"{name} counted, {who}",
        )
        flow = cohort.referred if self.of == "people" else cohort.started
        in_all = section.line(
            f"{name}: flow in all, {who}", total(flow), unit="people", note="Starts, or releases, over all months."
        )
        reached = section.line(
            f"{name}: achieved, {who}",
            delayed(flow, after) * units * ratio(counted, in_all),
            unit=self.counted_as,
            note="In the month in which each person reaches it.",
        )
        effect = section.line(
            f"{name}: measured effect, {who}", ratio(counted, base), unit="share", note="The share that is counted."
        )
        dead: Any = 0
        if has(assumptions, name, "deadweight"):
            dead = believed(cells, assumptions, name, "deadweight", "Deadweight", who)
        true_effect = section.line(
            f"{name}: true effect, {who}",
            rate * (1 - dead),
            unit="share",
            note="In truth, less those who would anyway.",
        )
        truly = section.line(
            f"{name}: truly achieved, {who}", base * true_effect * units, unit=self.counted_as, note="Less deadweight."
        )
        in_units = section.line(
            f"{name}: achieved in all, {who}", counted * units, unit=self.counted_as, note="As counted."
        )
        decision = section.line(
            f"{name}: decision period, {who}",
            cohort.last_release + after,
            unit="period",
            note="When the last person has reached it, or not.",
        )
        return AchievedCohort(self, cohort, base, counted, reached, effect, true_effect, truly, in_units, decision)
