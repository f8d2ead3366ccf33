"""Milestones: what each person achieves, counted without any comparison (a job, a tenancy, days housed, no return
to custody).

What would have happened anyway is deadweight: it is paid for, and is not true effect.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sibmodel.actuals import Known
from sibmodel.binding import Cells
from sibmodel.cohorts import CohortLines, SegmentLines
from sibmodel.lines import Line, Section, delayed, ratio, sum_of, total
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
    by_segment: dict[str, Line] = field(default_factory=dict)
    """People counted by segment, where its segments are counted one by one."""

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
        known: Known | None = None,
    ) -> AchievedCohort:
        """The lines of a cohort; `before` is the milestone that one must have reached, where there is one; `known` has
        what is known by now."""
        name, who = self.name, cohort.name
        cells.heading(f"Measure: {name}")
        after = cells.once(self, "months_after_start", path, f"{name}: months after start")
        units = cells.once(self, "units", path, f"{name}: units each")
        validated = None if known is None else known.counted(who, name)
        if _by_kind(assumptions, cohort, before):
            base, rate, counted, by_segment = self._by_segment(section, cells, assumptions, cohort, before)
        else:
            by_segment = {}
            rate = believed(cells, assumptions, name, "success_rate", "Success rate", who)
            section.heading = f"{name}, {who}"
            people = before.counted if before is not None else self._who_may(cohort)
            base, counted = self._count(section, who, people, rate, validated)
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
        return AchievedCohort(
            self, cohort, base, counted, reached, effect, true_effect, truly, in_units, decision, by_segment
        )

    def _who_may(self, people: CohortLines | SegmentLines) -> Line:
        return people.people if self.of == "people" else people.starts

    def _count(
        self, section: Section, who: str, people: Line, rate: Line, validated: Line | None = None
    ) -> tuple[Line, Line]:
        """Who may reach it, and who does; `validated` where that is known."""
        name = self.name
        base = section.line(
            f"{name}: people who may, {who}", people, unit="people", note="Who may reach the milestone."
        )
        if validated is not None:
            return base, section.line(
                f"{name}: people counted, {who}",
                np.where(base > 0, validated, 0.0),
                unit="people",
                note="Who reached it, as validated.",
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
        return base, counted

    def _by_segment(
        self, section: Section, cells: Cells, assumptions: Terms, cohort: CohortLines, before: AchievedCohort | None
    ) -> tuple[Line, Line, Line, dict[str, Line]]:
        """Who may reach it, the mean rate at which they do, and who does: in all, and by segment."""
        name, who = self.name, cohort.name
        stated = believed(cells, assumptions, name, "success_rate", "Success rate", who)
        bases, expected, by_segment = [], [], {}
        for one in cohort.segments:
            section.heading = f"{name}, {one.title}"
            rate: Any = stated
            if has(assumptions, name, "success_factor", one.name):
                factor = believed(
                    cells, assumptions, name, "success_factor", "Success against the rate stated", who, one.name
                )
                rate = section.line(
                    f"{name}: success rate, {one.title}",
                    np.minimum(stated * factor, 1.0),
                    unit="share",
                    note="In truth.",
                )
            people = self._who_may(one) if before is None else before.by_segment[one.name]
            base, counted = self._count(section, one.title, people, rate)
            bases.append(base)
            expected.append(base * rate)
            by_segment[one.name] = counted
        section.heading = f"{name}, {who}"
        everyone = section.line(f"{name}: people who may, {who}", sum_of(bases), unit="people", note="In all segments.")
        mean = section.line(
            f"{name}: success rate, {who}", ratio(sum_of(expected), everyone), unit="share", note="In truth, of all."
        )
        in_all = section.line(
            f"{name}: people counted, {who}", sum_of(list(by_segment.values())), unit="people", note="In all segments."
        )
        return everyone, mean, in_all, by_segment


def _by_kind(assumptions: Terms, cohort: CohortLines, before: AchievedCohort | None) -> bool:
    """Whether a cohort's segments reach milestones at rates of their own, and are counted one by one."""
    if before is not None and before.by_segment:
        return True
    about = getattr(assumptions, "by_segment", {})
    return any(one.name in about and about[one.name].success_factor is not None for one in cohort.segments)
