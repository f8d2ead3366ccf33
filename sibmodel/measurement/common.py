"""What all designs share: what they compare with, and the lines of what is measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sibmodel.binding import Cells
from sibmodel.lines import Line, Section
from sibmodel.outcomes import Arm, Metric, Reoffending, TrueCohort
from sibmodel.outcomes.common import Counts
from sibmodel.terms import Terms, part


@dataclass(eq=False)
class Desk:
    """What the designs share: the section they write in, the beliefs, and the counts that are known already."""

    section: Section
    cells: Cells
    assumptions: Terms
    counts: dict[str, Counts] = field(default_factory=dict)
    bias: dict[str, Line] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Comparison:
    """What a cohort is compared with: the level as the assessor sees it, and the variance of its logarithm (of a score,
    of the level itself)."""

    level: Line
    variance: Any


class Design(Terms):
    """How the assessor finds what would have happened without the service."""

    metrics: tuple[str, ...] | None = part("Measures it is for; all unless named", default=None)
    cohorts: tuple[str, ...] | None = part("Cohorts it is for; all unless named", default=None)

    def covers(self, metric: str, cohort: str) -> bool:
        """Whether it is for this measure of this cohort."""
        return (self.metrics is None or metric in self.metrics) and (self.cohorts is None or cohort in self.cohorts)

    def needs(self, metric: Metric) -> tuple[str, ...]:
        """The beliefs, beside the measure's own, without which it cannot be modelled."""
        return ()

    def matched_share(self, desk: Desk, path: str) -> Line | None:
        """The share of people served who are measured; None where all are."""
        return None

    def compare(self, desk: Desk, path: str, truth: TrueCohort, life: Reoffending, served: Arm) -> Comparison:
        """The comparison for one cohort by one measure."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class MeasuredCohort:
    """What is measured of a cohort by one measure. All are figures."""

    truth: TrueCohort
    level: Line
    """The measure's level of those served, as counted."""
    comparison: Line
    """The level that the assessor takes for that without the service."""
    effect: Line
    """The measured reduction, relative (of a score, the gain in points)."""
    points: Line
    """Comparison less level, in the measure's unit (of a share: in shares of one, 0.05 is five percentage points)."""
    avoided: Line
    """Units avoided as measured, over all eligible people."""
    at_comparison: Line
    """Units at the comparison's level, for all eligible people."""
    z: Line
    """The effect in the assessor's standard errors."""
    matched: Line | None = None
    """The share of people served for whom a match is found; None where all are measured."""

    @property
    def name(self) -> str:
        return self.truth.cohort.name

    @property
    def people(self) -> Line:
        return self.truth.cohort.people

    @property
    def decision(self) -> Line:
        return self.truth.decision


@dataclass(frozen=True, eq=False)
class MeasuredMetric:
    """All cohorts by one measure, and the pool of them, weighted by people."""

    metric: Metric
    cohorts: tuple[MeasuredCohort, ...]
    true_effect: Line
    true_avoided: Line
    people: Line
    """People measured, in all cohorts."""
    effect: Line
    points: Line
    avoided: Line
    z: Line

    @property
    def name(self) -> str:
        return self.metric.name
