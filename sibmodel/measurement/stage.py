"""The stage of measurement: what the assessor sees of each cohort by each measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.actuals import Known
from sibmodel.binding import Cells
from sibmodel.lines import Book, Line, Section, ratio, sum_of
from sibmodel.measurement.common import Design, Desk, MeasuredCohort, MeasuredMetric
from sibmodel.measurement.counting import count
from sibmodel.outcomes import AchievedMetric, Metric, Reoffending, TrueCohort
from sibmodel.outcomes.stage import Outcomes
from sibmodel.terms import Terms


@dataclass(frozen=True, eq=False)
class Measured:
    """What is measured, by measure: those compared, and milestones, which are only counted."""

    compared: dict[str, MeasuredMetric]
    achieved: dict[str, AchievedMetric]


def build(
    book: Book,
    cells: Cells,
    outcomes: Outcomes,
    designs: Sequence[Design],
    assumptions: Terms,
    known: Known | None = None,
) -> Measured:
    """The lines of measurement; `known` has what is published by now."""
    section = book.section("Measurement", "What the assessor sees: counts, comparison, measured effect.")
    desk = Desk(section, cells, assumptions)
    compared = {}
    for name, cohorts in outcomes.true.items():
        measured = tuple(
            _cohort(desk, designs, truth, life, known or Known(cells))
            for truth, life in zip(cohorts, outcomes.lives[name], strict=True)
        )
        compared[name] = _pool(section, measured)
    return Measured(compared, outcomes.achieved)


def _cohort(
    desk: Desk, designs: Sequence[Design], truth: TrueCohort, life: Reoffending, known: Known
) -> MeasuredCohort:
    section, metric, who = desk.section, truth.metric, truth.name
    number, design = next((n, one) for n, one in enumerate(designs) if one.covers(metric.name, who))
    path = f"measurement[{number}]"
    section.heading = f"{metric.name}, {who}"
    people = truth.cohort.people
    matched = design.matched_share(desk, path)
    if matched is not None:
        key = f"People measured, {who}"
        people = next((line for line in section.lines if line.name == key), None) or section.line(
            key, people * matched, unit="people", note="For whom a match is found."
        )
    served = life.served(who, people, None if metric.relative else truth.with_service)
    counts = count(desk, metric, served)
    level = metric.counted(section, desk.cells, desk.assumptions, served, counts)
    against = design.compare(desk, path, truth, life, served)
    published = known.effect(who, metric.name, _unit_of_effect(metric))
    reported = known.comparison(who, metric.name, level.unit)
    comparison = against.level if reported is None else reported
    section.heading = f"{metric.name}, {who}"
    if published is None:
        effect, points = _seen(section, metric, who, people, level, comparison)
    else:
        effect, points, level = _published(section, metric, who, people, published, comparison)
    share: Any = 0 if counts.reoffenders is None else ratio(counts.reoffenders, served.people)
    bearers = metric.bearers(truth.cohort.people, share)
    avoided = section.line(
        f"{metric.name}: avoided as measured, {who}",
        points * bearers,
        unit=metric.unit,
        note="For all whom the level counts: everyone eligible, or of these those who reoffend.",
    )
    at_comparison = section.line(
        f"{metric.name}: at the comparison's level, {who}",
        comparison * bearers,
        unit=metric.unit,
        note="For as many.",
    )
    error = section.line(
        f"{metric.name}: assessor's standard error, {who}",
        np.sqrt(metric.variance(desk.cells, desk.assumptions, served, level) + against.variance),
        unit="log ratio" if metric.relative else metric.unit,
        note="Of the logarithm of level by comparison (of a score, of the difference), from the counts alone.",
    )
    z = section.line(
        f"{metric.name}: effect in standard errors, {who}",
        _z(level, comparison, points, error, metric.relative),
        unit="standard errors",
        note="How many standard errors the effect is from none.",
    )
    return MeasuredCohort(truth, level, comparison, effect, points, avoided, at_comparison, z, matched)


def _unit_of_effect(metric: Metric) -> str:
    return "share" if metric.relative else metric.unit


def _seen(section: Section, metric: Metric, who: str, people: Line, level: Line, comparison: Line) -> tuple[Line, Line]:
    """The effect and the difference that the assessor finds."""
    points = section.line(
        f"{metric.name}: measured difference, {who}",
        np.where(people > 0, comparison - level if metric.relative else level - comparison, 0.0),
        unit=level.unit,
        note="For the better: comparison less level (of a score, level less comparison); 0 where nobody is measured.",
    )
    effect = section.line(
        f"{metric.name}: measured effect, {who}",
        ratio(points, comparison) if metric.relative else points,
        unit=_unit_of_effect(metric),
        note="Relative to the comparison; negative where it is worse, 0 where there is nothing to compare.",
    )
    return effect, points


def _published(
    section: Section, metric: Metric, who: str, people: Line, published: Line, comparison: Line
) -> tuple[Line, Line, Line]:
    """The effect that was published, and the difference and the level that follow from it."""
    effect = section.line(
        f"{metric.name}: measured effect, {who}",
        np.where(people > 0, published, 0.0),
        unit=_unit_of_effect(metric),
        note="As published.",
    )
    points = section.line(
        f"{metric.name}: measured difference, {who}",
        effect * comparison if metric.relative else effect * 1,
        unit=comparison.unit,
        note="For the better: what was published, by the comparison's level (of a score, as published).",
    )
    level = section.line(
        f"{metric.name}: level as published, {who}",
        comparison - points if metric.relative else comparison + points,
        unit=comparison.unit,
        note="The comparison's level, and the difference from it.",
    )
    return effect, points, level


def _z(level: Line, comparison: Line, points: Line, error: Line, relative: bool) -> object:
    if not relative:
        return ratio(points, error)
    both = np.logical_and(level > 0, comparison > 0)
    return ratio(np.log(np.where(both, ratio(comparison, level), 1)), error)


def _pool(section: Section, cohorts: tuple[MeasuredCohort, ...]) -> MeasuredMetric:
    metric = cohorts[0].truth.metric
    name = metric.name
    section.heading = f"{name}, all cohorts"
    truth = [one.truth for one in cohorts]
    pool = pooled(section, name, cohorts)
    by_people = [
        section.line(
            f"{name}: true effect by people, {one.name}",
            one.effect * one.cohort.people,
            unit="people",
            note="For the pool.",
        )
        for one in truth
    ]
    true_effect = section.line(
        f"{name}: true effect, pooled",
        ratio(sum_of(by_people), pool["people"]),
        unit=truth[0].effect.unit,
        note="The cohorts', weighted by people.",
    )
    true_avoided = section.line(
        f"{name}: truly avoided", sum_of([one.avoided for one in truth]), unit=metric.unit, note="In all cohorts."
    )
    return MeasuredMetric(metric, cohorts, true_effect, true_avoided, **pool)


def pooled(section: Section, title: str, cohorts: Sequence[MeasuredCohort]) -> dict[str, Line]:
    """What is measured of several cohorts together: `effect`, `points`, `avoided` and `z`, the names of its lines begun
    with `title`."""
    everyone = section.line(
        f"{title}: people measured", sum_of([one.people for one in cohorts]), unit="people", note="In all its cohorts."
    )

    def weighted(what: str, of: list[Line]) -> Line:
        return section.line(
            f"{title}: {what}, pooled",
            ratio(sum_of([value * one.people for value, one in zip(of, cohorts, strict=True)]), everyone),
            unit=of[0].unit,
            note="The cohorts', weighted by people.",
        )

    weighed = [
        section.line(
            f"{title}: standard errors by the root of people, {one.name}",
            one.z * np.sqrt(one.people),
            unit="standard errors",
            note="For the pool.",
        )
        for one in cohorts
    ]
    return {
        "people": everyone,
        "effect": weighted("measured effect", [one.effect for one in cohorts]),
        "points": weighted("measured difference", [one.points for one in cohorts]),
        "avoided": section.line(
            f"{title}: avoided as measured",
            sum_of([one.avoided for one in cohorts]),
            unit=cohorts[0].truth.metric.unit,
            note="In all its cohorts.",
        ),
        "z": section.line(
            f"{title}: effect in standard errors, pooled",
            ratio(sum_of(weighed), np.sqrt(everyone)),
            unit="standard errors",
            note="The cohorts', weighted by the root of their people (Stouffer).",
        ),
    }
