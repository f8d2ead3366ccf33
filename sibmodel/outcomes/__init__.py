"""Outcomes: what is counted of a cohort, and what is true of it, with and without the service. One file for each
measure.

Everyone eligible is counted (intention to treat). `METRICS` is the list of measures: to add one, add a file and a
line here.
"""

from typing import Annotated

from pydantic import Field

from sibmodel.outcomes.achieved import AchievedCohort, AchievedMetric, Milestone
from sibmodel.outcomes.beliefs import MetricBeliefs, SegmentBeliefs
from sibmodel.outcomes.binary import Binary
from sibmodel.outcomes.common import Arm, Metric, Reoffending, TrueCohort
from sibmodel.outcomes.frequency import Frequency
from sibmodel.outcomes.score import Score
from sibmodel.outcomes.severity import Severity

METRICS = (Frequency, Binary, Severity, Score, Milestone)
"""Every kind of measure."""

AnyMetric = Annotated[Frequency | Binary | Severity | Score | Milestone, Field(discriminator="kind")]
"""A measure in a deal file, told apart by `kind`."""

__all__ = [
    "METRICS",
    "AchievedCohort",
    "AchievedMetric",
    "AnyMetric",
    "Arm",
    "Binary",
    "Frequency",
    "Metric",
    "MetricBeliefs",
    "Milestone",
    "Reoffending",
    "Score",
    "SegmentBeliefs",
    "Severity",
    "TrueCohort",
]
