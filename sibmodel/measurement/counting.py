"""Counting: what the courts count in an arm, drawn once and shared by all measures of the same people.

Where the share of people with any event is believed, people reoffend or not (binomial, with a design effect), and
each who does has one event and a negative binomial number of further ones, with the mean and variance that the
whole has: so that the binary rate and the frequency of one cohort agree. Source: METHOD 2.3, hurdle form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.lines import Line, ratio, sum_of
from sibmodel.measurement.common import Desk
from sibmodel.measurement.statistics import COUNT
from sibmodel.outcomes import Arm, Metric
from sibmodel.outcomes.beliefs import believed, has, owner
from sibmodel.outcomes.common import Counts


@dataclass(frozen=True)
class ClusteredCount:
    """How many of a number of people, with a variance of `design_effect` times the binomial: beta-binomial, exact."""

    name: str = "clustered count"
    uniforms: int = 2

    def sample(self, uniforms: Any, people: Any, share: Any, design_effect: Any) -> Any:
        """`uniforms` `[2, path]`; `people`, `share`, `design_effect` `[path]`; whole numbers `[path]`."""
        from scipy.special import betaincinv

        from sibmodel.outcomes.achieved import BINOMIAL

        people, share = np.maximum(people, 0.0), np.clip(share, 0.0, 1.0)
        likeness = np.clip((design_effect - 1.0) / np.maximum(people - 1.0, 1.0), 0.0, 0.999)
        clustered = (likeness > 0) & (share > 0) & (share < 1)
        strength = (1.0 - np.where(clustered, likeness, 0.5)) / np.where(clustered, likeness, 0.5)
        inner = np.where(clustered, share, 0.5)
        with np.errstate(all="ignore"):
            rate = betaincinv(inner * strength, (1.0 - inner) * strength, uniforms[0])
        return BINOMIAL.sample(uniforms[1:], people, np.where(clustered, rate, share))


@dataclass(frozen=True)
class EventsOfReoffenders:
    """The events of a number of reoffenders: one each, and a negative binomial number of further ones. Exact."""

    name: str = "events of reoffenders"
    uniforms: int = 1

    def sample(self, uniforms: Any, reoffenders: Any, further: Any, shape: Any) -> Any:
        """`further` events a reoffender beyond the first, with `shape`; all `[path]`."""
        return reoffenders + COUNT.sample(uniforms, reoffenders * further, np.maximum(reoffenders * shape, 1e-12))


WHAT_COUNTS_REST_ON = (
    "events_per_person",
    "share_reoffending",
    "dispersion",
    "design_effect",
    "drift",
    "drift_per_reoffender",
)
"""Beliefs that decide what is counted: a measure with one of its own is counted by itself."""
CLUSTERED = ClusteredCount()
EVENTS = EventsOfReoffenders()


def count(desk: Desk, metric: Metric, arm: Arm) -> Counts:
    """What is counted in an arm, segment by segment where it has any. Measures that rest on the same beliefs share the
    counts."""
    apart = any(owner(desk.assumptions, metric.name, name)[1] != "assumptions" for name in WHAT_COUNTS_REST_ON)
    of = f"{arm.title}, {metric.name}" if apart else arm.title
    if of not in desk.counts:
        alike = _alike(desk, arm, of)
        counted = [_count(desk, metric, people, title, kind) for people, title, kind in alike]
        desk.counts[of] = counted[0] if len(counted) == 1 else _together(desk, counted, of)
    return desk.counts[of]


def _alike(desk: Desk, arm: Arm, of: str) -> list[tuple[Arm, str, str | None]]:
    """An arm's people by segment: each as an arm of its own, with what its lines are called."""
    if not arm.parts:
        return [(arm, of, None)]
    found: list[tuple[Arm, str, str | None]] = []
    for part in arm.parts:
        title = f"{of}, {part.segment}"
        people = desk.section.line(
            f"People counted, {title}", arm.people * part.weight, unit="people", note="Its share of those counted."
        )
        found.append((Arm(title, people, part.rate, part.share, arm.cohort), title, part.segment))
    return found


def _count(desk: Desk, metric: Metric, arm: Arm, of: str, segment: str | None) -> Counts:
    reoffenders = _reoffenders(desk, metric, arm, of) if arm.share is not None else None
    return Counts(_events(desk, metric, arm, of, reoffenders, segment), reoffenders)


def _together(desk: Desk, counted: list[Counts], of: str) -> Counts:
    """The sum over segments."""
    events = [one.events for one in counted if one.events is not None]
    people = [one.reoffenders for one in counted if one.reoffenders is not None]
    both = []
    for name, lines, unit in (("Events", events, "events"), ("Reoffenders", people, "people")):
        both.append(
            desk.section.line(f"{name} counted, {of}", sum_of(lines), unit=unit, note="In all segments.")
            if len(lines) == len(counted)
            else None
        )
    return Counts(both[0], both[1])


def _reoffenders(desk: Desk, metric: Metric, arm: Arm, of: str) -> Line:
    assert arm.share is not None
    section = desk.section
    design: Any = 1
    if has(desk.assumptions, metric.name, "design_effect"):
        design = believed(desk.cells, desk.assumptions, metric.name, "design_effect", "Design effect")
    expected = section.line(f"Reoffenders expected, {of}", arm.people * arm.share, unit="people", note="In truth.")
    return section.draw(
        f"Reoffenders counted, {of}",
        expected,
        CLUSTERED,
        arm.people,
        arm.share,
        design,
        unit="people",
        note="People with any event, as the courts count them.",
        stream=f"reoffenders counted, {of}",
    )


def _events(
    desk: Desk, metric: Metric, arm: Arm, of: str, reoffenders: Line | None, segment: str | None
) -> Line | None:
    if arm.rate is None or not has(desk.assumptions, metric.name, "dispersion", segment):
        return None
    section = desk.section
    shape = believed(desk.cells, desk.assumptions, metric.name, "dispersion", "Shape of the counts", None, segment)
    if reoffenders is None:
        expected = section.line(
            f"Events expected, {of}", arm.people * arm.rate, unit="events", note="In truth, before luck."
        )
        return section.draw(
            f"Events counted, {of}",
            expected,
            COUNT,
            expected,
            arm.people * shape,
            unit="events",
            note="As the courts count them.",
            stream=f"events counted, {of}",
        )
    assert arm.share is not None
    each = section.line(
        f"Events a reoffender, {of}", ratio(arm.rate, arm.share), unit="events a reoffender", note="In truth."
    )
    spread = section.line(
        f"Variance of events a reoffender, {of}",
        ratio(arm.rate + arm.rate * arm.rate / shape + arm.rate * arm.rate, arm.share) - each * each,
        unit="events²",
        note="What the whole's variance leaves for those who reoffend: (σ² + μ²) ÷ p − (μ ÷ p)².",
    )
    further = section.line(
        f"Further events a reoffender, {of}", np.maximum(each - 1, 0.0), unit="events", note="Beyond the first."
    )
    of_further = section.line(
        f"Shape of further events, {of}",
        np.where(spread > further, ratio(further * further, spread - further), 1000),
        unit="shape",
        note="So that mean and variance are kept; where these leave no room, as good as Poisson.",
    )
    return section.draw(
        f"Events counted, {of}",
        reoffenders * np.maximum(each, 1),
        EVENTS,
        reoffenders,
        further,
        of_further,
        unit="events",
        note="Of the reoffenders counted.",
        stream=f"events counted, {of}",
    )
