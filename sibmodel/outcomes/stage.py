"""The stage of true outcomes: how each cohort reoffends without and with the service, and what is true by each
measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sibmodel.actuals import Known
from sibmodel.binding import Cells
from sibmodel.cohorts import CohortLines, Service
from sibmodel.lines import Book, Line, Section, sum_of
from sibmodel.outcomes.achieved import AchievedCohort, AchievedMetric, Milestone
from sibmodel.outcomes.call_offs import CallOff
from sibmodel.outcomes.common import Metric, Reoffending, TrueCohort
from sibmodel.outcomes.lives import Lives
from sibmodel.terms import Terms


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What is true by each measure: of those compared, and of milestones."""

    true: dict[str, tuple[TrueCohort, ...]]
    lives: dict[str, tuple[Reoffending, ...]]
    achieved: dict[str, AchievedMetric]


def build(
    book: Book,
    cells: Cells,
    service: Service,
    metrics: Sequence[Metric],
    assumptions: Terms,
    call_offs: Sequence[CallOff] = (),
    known: Known | None = None,
) -> Outcomes:
    """The lines of true outcomes by every measure; `known` has what is known by now."""
    known = known or Known(cells)
    section = book.section("Outcomes", "What happens in truth: with and without the service.")
    true: dict[str, tuple[TrueCohort, ...]] = {}
    lives: dict[str, tuple[Reoffending, ...]] = {}
    achieved: dict[str, AchievedMetric] = {}
    living = Lives(section, cells, assumptions, call_offs)
    for number, metric in enumerate(metrics):
        path = f"metrics[{number}]"
        if isinstance(metric, Milestone):
            before = {one.name: one for one in achieved[metric.of].cohorts} if metric.of in achieved else {}
            achieved[metric.name] = AchievedMetric(metric, tuple(
                metric.achieve(section, cells, assumptions, path, cohort, before.get(cohort.name), known)
                for cohort in service.cohorts
            ))  # fmt: skip
            continue
        decided = {cohort.name: known.decision(cohort.name, metric.name) for cohort in service.cohorts}
        lags = metric.lags(cells, path) if any(one is None for one in decided.values()) else ()
        lives[metric.name] = tuple(living.of(metric, cohort) for cohort in service.cohorts)
        true[metric.name] = tuple(
            metric.truth(
                section,
                cells,
                assumptions,
                life,
                _decision(section, cells, assumptions, metric, life.cohort, lags, decided[life.cohort.name]),
            )
            for life in lives[metric.name]
        )
    return Outcomes(true, lives, achieved)


def _decision(
    section: Section,
    cells: Cells,
    assumptions: Terms,
    metric: Metric,
    cohort: CohortLines,
    lags: tuple[Line, ...],
    decided: Line | None,
) -> Line:
    if decided is not None:
        section.heading = f"{metric.name}, {cohort.name}"
        return section.line(
            f"{metric.name}: decision period, {cohort.name}", decided * 1, unit="period", note="As it was."
        )
    cells.heading(f"Cohort: {cohort.name}")
    key = ("assumptions", "delay_months", cohort.name)
    if key not in cells.bound:
        cells.bound[key] = cells.belief_of_cohort(
            assumptions, "delay_months", "assumptions", "Delay of the assessment", cohort.name, f"delay, {cohort.name}"
        )
    delay = cells.bound[key]
    section.heading = f"{metric.name}, {cohort.name}"
    return section.line(
        f"{metric.name}: decision period, {cohort.name}",
        cohort.last_release + sum_of(lags) + np.floor((2 * delay + 1) / 2),
        unit="period",
        note="Close of the cohort, window, courts, assessment and delay, in whole months.",
    )


__all__ = ["AchievedCohort", "Outcomes", "build"]
