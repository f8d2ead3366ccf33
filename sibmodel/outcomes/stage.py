"""The stage of true outcomes: how each cohort reoffends without and with the service, and what is true by each measure.

The true effect is a relative reduction in events a person. It comes about in two ways at once: desistance (fewer people
reoffend) and slowing (fewer events for each who does), 1 − θ = (1 − δp)(1 − δf), so that all measures of a cohort
agree. Source: METHOD 2.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sibmodel.binding import Cells
from sibmodel.cohorts import CohortLines, Service
from sibmodel.lines import Book, Line, Section, ratio, sum_of
from sibmodel.outcomes.achieved import AchievedCohort, AchievedMetric, Milestone
from sibmodel.outcomes.beliefs import believed, has
from sibmodel.outcomes.common import Metric, Reoffending, TrueCohort
from sibmodel.terms import Terms


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What is true by each measure: of those compared, and of milestones."""

    true: dict[str, tuple[TrueCohort, ...]]
    lives: dict[str, tuple[Reoffending, ...]]
    achieved: dict[str, AchievedMetric]


def build(book: Book, cells: Cells, service: Service, metrics: Sequence[Metric], assumptions: Terms) -> Outcomes:
    """The lines of true outcomes by every measure."""
    section = book.section("Outcomes", "What happens in truth: with and without the service.")
    true: dict[str, tuple[TrueCohort, ...]] = {}
    lives: dict[str, tuple[Reoffending, ...]] = {}
    achieved: dict[str, AchievedMetric] = {}
    known: dict[tuple[str, str], Reoffending] = {}
    for number, metric in enumerate(metrics):
        path = f"metrics[{number}]"
        if isinstance(metric, Milestone):
            before = {one.name: one for one in achieved[metric.of].cohorts} if metric.of in achieved else {}
            achieved[metric.name] = AchievedMetric(metric, tuple(
                metric.achieve(section, cells, assumptions, path, cohort, before.get(cohort.name))
                for cohort in service.cohorts
            ))  # fmt: skip
            continue
        lags = metric.lags(cells, path)
        lives[metric.name] = tuple(
            _life(section, cells, assumptions, metric, cohort, known) for cohort in service.cohorts
        )
        true[metric.name] = tuple(
            metric.truth(
                section, cells, assumptions, life, _decision(section, cells, assumptions, metric, life.cohort, lags)
            )
            for life in lives[metric.name]
        )
    return Outcomes(true, lives, achieved)


def _decision(
    section: Section, cells: Cells, assumptions: Terms, metric: Metric, cohort: CohortLines, lags: tuple[Line, ...]
) -> Line:
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


def _life(
    section: Section,
    cells: Cells,
    assumptions: Terms,
    metric: Metric,
    cohort: CohortLines,
    known: dict[tuple[str, str], Reoffending],
) -> Reoffending:
    """How a cohort reoffends. Measures that rest on the same beliefs share it."""
    own = getattr(assumptions, "by_metric", {}).get(metric.name)
    whose = metric.name if own is not None else ""
    if (whose, cohort.name) in known:
        return known[whose, cohort.name]
    of = f"{cohort.name}, {metric.name}" if own is not None else cohort.name
    name = cohort.name
    cells.heading(f"Cohort: {name}")
    section.heading = of
    effect = None
    if getattr(assumptions, "effect", None) is not None:
        key = ("assumptions", "effect", name)
        if key not in cells.bound:
            cells.bound[key] = cells.belief_of_cohort(
                assumptions, "effect", "assumptions", "True effect", name, "effect"
            )
        stated = cells.bound[key]
        engaged = getattr(assumptions, "effect_among", "everyone") == "engaged"
        effect = section.line(
            f"True effect, {of}",
            stated * ratio(cohort.starts, cohort.people) if engaged else stated,
            unit="share",
            note="The true fall in events a person, relative to none of the service, over everyone eligible.",
        )
    drift = None
    if has(assumptions, metric.name, "drift"):
        drift = believed(cells, assumptions, metric.name, "drift", "Drift since the baseline", name)
    rates = _rates(section, cells, assumptions, metric, name, of, effect, drift)
    shares = _shares(section, cells, assumptions, metric, name, of, effect, drift)
    known[whose, name] = Reoffending(cohort, effect, *rates, *shares)
    return known[whose, name]


def _rates(
    section: Section,
    cells: Cells,
    assumptions: Terms,
    metric: Metric,
    name: str,
    of: str,
    effect: Line | None,
    drift: Line | None,
) -> tuple[Line | None, Line | None]:
    if effect is None or not has(assumptions, metric.name, "events_per_person"):
        return None, None
    believed_rate = believed(
        cells, assumptions, metric.name, "events_per_person", "Events a person without the service", name
    )
    without = section.line(
        f"Events a person without the service, {of}",
        believed_rate if drift is None else believed_rate * (1 + drift),
        unit="events a person",
        note="In truth, drift included.",
    )
    with_service = section.line(
        f"Events a person with the service, {of}",
        np.maximum(without * (1 - effect), 0.0),
        unit="events a person",
        note="In truth.",
    )
    return without, with_service


def _shares(
    section: Section,
    cells: Cells,
    assumptions: Terms,
    metric: Metric,
    name: str,
    of: str,
    effect: Line | None,
    drift: Line | None,
) -> tuple[Line | None, Line | None]:
    if effect is None or not has(assumptions, metric.name, "share_reoffending"):
        return None, None
    believed_share = believed(
        cells, assumptions, metric.name, "share_reoffending", "Share reoffending without the service", name
    )
    key = ("assumptions", "desistance", "")
    if key not in cells.bound:
        cells.bound[key] = cells.belief(assumptions, "desistance", "assumptions", "Desistance", "desistance")
    without = section.line(
        f"Share reoffending without the service, {of}",
        np.minimum(believed_share if drift is None else believed_share * (1 + drift), 1.0),
        unit="share",
        note="In truth, drift included.",
    )
    with_service = section.line(
        f"Share reoffending with the service, {of}",
        np.minimum(without * np.power(np.maximum(1 - effect, 0.0), cells.bound[key]), 1.0),
        unit="share",
        note="Desistance is the part of the effect, in logarithms, that comes by fewer people reoffending.",
    )
    return without, with_service


__all__ = ["AchievedCohort", "Outcomes", "build"]
