"""A criterion: what a measured effect must reach, and by which reading of it."""

from __future__ import annotations

from typing import Any, Literal

from sibmodel.lines import Line
from sibmodel.measurement import MeasuredCohort, MeasuredMetric
from sibmodel.payments.desk import Desk
from sibmodel.terms import Terms, choice, number

Reading = Literal["reduction", "difference", "significance"]
"""The relative reduction; the difference in the measure's own unit (of a rate, 0.05 is five percentage points); or the
effect in the assessor's standard errors."""


def read_as(reading: str, one: MeasuredCohort | MeasuredMetric) -> Line:
    """A measured effect in one of its readings."""
    return {"reduction": one.effect, "difference": one.points, "significance": one.z}[reading]


class Criterion(Terms):
    """What a measured effect must reach."""

    by: Reading = choice(
        "Whether the relative reduction counts, the difference in the measure's unit (percentage points of a rate), "
        "or the effect in the assessor's standard errors",
        default="difference",
    )
    at: float = number(
        "What it must reach: 5% of a reduction, 5% for five points, 1.96 standard errors", unit="as it reads"
    )

    def met(self, desk: Desk, one: MeasuredCohort | MeasuredMetric, path: str, title: str) -> Any:
        """Whether a cohort, or a pool, meets it. `title` is what its cell is called."""
        return desk.reaches(read_as(self.by, one), desk.cells.once(self, "at", path, title))
