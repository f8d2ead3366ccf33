"""What mechanisms share while they write their lines: the section, the cells, time, the service, and what is measured.

A payment that is for some cohorts only sees no others: its pool is the pool of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.cohorts import CohortLines, Service
from sibmodel.lines import Line, Section
from sibmodel.measurement import Measured, MeasuredMetric, pooled
from sibmodel.outcomes import AchievedMetric
from sibmodel.payments.caps import Cut
from sibmodel.timeline import Timeline


@dataclass(eq=False)
class Desk:
    """Where a mechanism writes. `only` names the cohorts that the payment is for, None for all."""

    section: Section
    cells: Cells
    timeline: Timeline
    service: Service
    measured: Measured
    path: str = ""
    title: str = ""
    only: tuple[str, ...] | None = None
    late: list[Line] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    _pools: dict[tuple[str, str], MeasuredMetric] = field(default_factory=dict)

    @property
    def cohorts(self) -> list[CohortLines]:
        """The cohorts that the payment is for."""
        return [cohort for cohort in self.service.cohorts if self.only is None or cohort.name in self.only]

    def compared(self, name: str | None) -> MeasuredMetric:
        """The measure of that name that has a comparison; the first where none is named.

        Where the payment is for some cohorts, what is pooled is theirs; what is true stays that of all.
        """
        metric = self.measured.compared[name or next(iter(self.measured.compared))]
        if self.only is None:
            return metric
        key = (self.title, metric.name)
        if key not in self._pools:
            own = tuple(one for one in metric.cohorts if one.name in self.only)
            pool = pooled(self.section, f"{self.title}: {metric.name}", own)
            self._pools[key] = replace(metric, cohorts=own, **pool)  # type: ignore[arg-type]
        return self._pools[key]

    def achieved(self, name: str) -> AchievedMetric:
        """The milestone of that name."""
        metric = self.measured.achieved[name]
        if self.only is None:
            return metric
        return replace(metric, cohorts=tuple(one for one in metric.cohorts if one.name in self.only))

    def slack(self) -> Line:
        """How little may be missing where something must be reached: crumbs of rounding, and no more."""
        return self.cells.shortfall()

    def reaches(self, tested: Any, threshold: Any) -> Any:
        """Whether a measured effect reaches a threshold, crumbs of rounding apart."""
        return tested + self.slack() >= threshold

    def pay_period(self, title: str, decision: Line, lag: Line) -> Line:
        """The period of payment: decision and lag, the last period at the latest; what is cut to it is noted."""
        when = self.section.line(
            title,
            np.minimum(decision + lag, self.timeline.last_period),
            unit="period",
            note="Decision and months to payment.",
        )
        self.late.append(
            self.section.line(
                f"{title}, beyond the timeline",
                decision + lag > self.timeline.last_period,
                unit="1 or 0",
                note="1 where it is cut to the last period.",
            )
        )
        return when

    def in_period(self, title: str, when: Line, amount: Any, note: str = "In the period of payment.") -> Line:
        """An amount of money in one period."""
        return self.section.line(title, np.where(self.section.book.period == when, amount, 0.0), unit="£", note=note)

    def latest_decision(self, title: str, metric: MeasuredMetric | AchievedMetric) -> Line:
        """The last of the cohorts' decisions."""
        return self.latest(title, [(cohort.name, cohort.decision) for cohort in metric.cohorts])

    def latest(self, title: str, decisions: Sequence[tuple[str, Line]]) -> Line:
        """The last of some decisions, each with the name of what it decides."""
        latest = decisions[0][1]
        for name, decision in decisions[1:]:
            latest = self.section.line(
                f"{title}: decided up to {name}",
                np.maximum(latest, decision),
                unit="period",
                note="The latest decision so far.",
            )
        return latest
