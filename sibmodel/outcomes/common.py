"""What all measures share: when they are known, and the lines that say what is true of a cohort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sibmodel.binding import Cells
from sibmodel.cohorts import CohortLines
from sibmodel.lines import Line, Section, ratio
from sibmodel.outcomes.beliefs import believed
from sibmodel.terms import Terms, months, text


@dataclass(frozen=True, eq=False)
class Levels:
    """How people reoffend in truth, without and with the service. All are figures."""

    effect: Line | None
    """The true relative reduction in events, over everyone eligible; None where no measure of reoffending is used."""
    rate_without: Line | None
    """Events a person."""
    rate_with: Line | None
    share_without: Line | None
    """Share of people with any event."""
    share_with: Line | None


@dataclass(frozen=True, eq=False)
class SegmentLevels(Levels):
    """How a segment reoffends, and the share of its cohort's people that it is."""

    segment: str
    weight: Line


@dataclass(frozen=True, eq=False)
class Reoffending(Levels):
    """How a cohort reoffends, by any of the reoffending measures: where it has segments, their mean by people."""

    cohort: CohortLines
    segments: tuple[SegmentLevels, ...] = ()
    clustering_without: Line | None = None
    """With segments: 1 ÷ the shape of the count of all of them, where events are counted."""
    clustering_with: Line | None = None

    def served(self, title: str, people: Line, level: Line | None) -> Arm:
        """The people served; `level` is the measure's where that is no rate of events."""
        parts = tuple(Part(one.segment, one.weight, one.rate_with, one.share_with) for one in self.segments)
        rate = self.rate_with if level is None else level
        return Arm(title, people, rate, self.share_with, self.cohort, parts, self.clustering_with)

    def unserved(self, title: str, people: Line, level: Line | None) -> Arm:
        """People who live as the cohort would without the service."""
        parts = tuple(Part(one.segment, one.weight, one.rate_without, one.share_without) for one in self.segments)
        rate = self.rate_without if level is None else level
        return Arm(title, people, rate, self.share_without, self.cohort, parts, self.clustering_without)


@dataclass(frozen=True, eq=False)
class Part:
    """The people of one segment in an arm: their share of it, and how they reoffend in truth."""

    segment: str
    weight: Line
    rate: Line | None
    share: Line | None


@dataclass(frozen=True, eq=False)
class Arm:
    """People counted alike: those served, or those they are compared with. All are figures; `share` may be missing."""

    title: str
    people: Line
    rate: Line | None
    """Events a person, in truth."""
    share: Line | None
    """Share of people with any event, in truth."""
    cohort: CohortLines
    parts: tuple[Part, ...] = ()
    """Where the cohort has segments: they are counted one by one."""
    clustering: Line | None = None
    """1 ÷ the shape of their count, where the cohort has segments."""


@dataclass(frozen=True, eq=False)
class TrueCohort:
    """What is true of a cohort by one measure. All are figures."""

    metric: Metric
    cohort: CohortLines
    without: Line
    """The measure's level without the service, in its own unit."""
    with_service: Line
    effect: Line
    """The true relative reduction of the measure (of a score, its gain)."""
    avoided: Line
    """Events, reoffenders, or points over all people, truly avoided or gained."""
    decision: Line
    """The period in which the assessment is decided."""

    @property
    def name(self) -> str:
        return self.cohort.name


class Metric(Terms):
    """Something that is counted of every cohort."""

    name: str = text("Name of the measure")
    window_months: int = months("Months after release that count", default=12, minimum=1)
    court_months: int = months("Further months for the courts to convict", default=6)
    assessment_months: int = months("Months planned for the assessment after that", default=4)

    compared: ClassVar[bool] = True
    """Whether it is measured against a comparison; a milestone is only counted."""
    relative: ClassVar[bool] = True
    """Whether its effect is a relative reduction; otherwise it is a difference, in the measure's unit."""
    unit: ClassVar[str] = "events"
    needs: ClassVar[tuple[str, ...]] = ()
    """The beliefs without which it cannot be modelled."""

    def lags(self, cells: Cells, path: str) -> tuple[Line, ...]:
        """The months from a cohort's close to the decision, as inputs."""
        cells.heading(f"Measure: {self.name}")
        return (
            cells.number(self, "window_months", path, f"{self.name}: months that count"),
            cells.number(self, "court_months", path, f"{self.name}: further months for the courts"),
            cells.number(self, "assessment_months", path, f"{self.name}: months of assessment"),
        )

    def truth(
        self, section: Section, cells: Cells, assumptions: Terms, life: Reoffending, decision: Line
    ) -> TrueCohort:
        """What is true of a cohort by this measure."""
        raise NotImplementedError

    def counted(self, section: Section, cells: Cells, assumptions: Terms, arm: Arm, counts: Counts) -> Line:
        """The measure's level that an arm shows when it is counted, with the luck of the count."""
        raise NotImplementedError

    def bearers(self, people: Line, share: Any) -> Any:
        """How many of these people the level is a mean over; `share` of them has any event."""
        return people

    def variance(self, cells: Cells, assumptions: Terms, arm: Arm, level: Line) -> Any:
        """The assessor's variance of the logarithm of an arm's level (of a score, of the level), as an expression."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Counts:
    """What the courts count in an arm: shared by all measures of the same people."""

    events: Line | None
    reoffenders: Line | None


def clustering(cells: Cells, assumptions: Terms, metric: str, arm: Arm) -> Any:
    """1 ÷ k, with k the shape of an arm's counts, as an expression."""
    if arm.clustering is not None:
        return arm.clustering
    return 1 / believed(cells, assumptions, metric, "dispersion", "Shape of the counts")


def compared_truth(
    section: Section, metric: Metric, life: Reoffending, without: Any, with_service: Any, decision: Line, unit: str
) -> TrueCohort:
    """The true lines of a measure whose effect is a relative reduction."""
    name, cohort = metric.name, life.cohort
    section.heading = f"{name}, {cohort.name}"
    before = section.line(f"{name}: without the service, {cohort.name}", without, unit=unit, note="In truth.")
    after = section.line(f"{name}: with the service, {cohort.name}", with_service, unit=unit, note="In truth.")
    effect = section.line(
        f"{name}: true effect, {cohort.name}",
        np.where(before > 0, 1 - ratio(after, before), 0.0),
        unit="share",
        note="The true fall, relative to none of the service, over everyone eligible.",
    )
    avoided = section.line(
        f"{name}: truly avoided, {cohort.name}",
        (before - after) * metric.bearers(cohort.people, life.share_with),
        unit=metric.unit,
        note="Negative where there are more.",
    )
    return TrueCohort(metric, cohort, before, after, effect, avoided, decision)
