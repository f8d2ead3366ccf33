"""Beliefs about a measure. What stands directly under `assumptions` holds for every measure, `by_metric` for one."""

from __future__ import annotations

from typing import Any

from sibmodel.binding import Cells
from sibmodel.lines import Input
from sibmodel.terms import Terms
from sibmodel.uncertain import Belief, ByCohort, belief


class MetricBeliefs(Terms):
    """What nobody knows about how people reoffend, what the assessor compares them with, and what they achieve."""

    events_per_person: ByCohort | None = belief(
        "Events a person in the window, without the service",
        "number",
        unit="events a person",
        minimum=0.001,
        default=None,
    )
    share_reoffending: ByCohort | None = belief(
        "Share of people with any event in the window, without the service", "share", minimum=0.001, default=None
    )
    dispersion: Belief | None = belief(
        "Shape of the negative binomial count of events a person; the smaller, the noisier",
        "number",
        unit="shape",
        minimum=0.001,
        default=None,
    )
    design_effect: Belief | None = belief(
        "Variance of a share against that of independent people", "number", unit="ratio", minimum=1.0, default=None
    )
    severity: Belief | None = belief(
        "Mean severity weight of an event", "number", unit="weight", minimum=0.0, default=None
    )
    severity_spread: Belief | None = belief(
        "Standard deviation of severity weights, relative to their mean",
        "number",
        unit="ratio",
        minimum=0.01,
        default=None,
    )
    score_change: ByCohort | None = belief(
        "Mean change of the score without the service", "number", unit="points", default=None
    )
    score_gain: ByCohort | None = belief(
        "Mean change of the score that the service adds", "number", unit="points", default=None
    )
    score_spread: Belief | None = belief(
        "Standard deviation of the score's change between people", "number", unit="points", minimum=0.001, default=None
    )
    success_rate: ByCohort | None = belief("Share who reach the milestone", "share", default=None)
    deadweight: ByCohort | None = belief(
        "Share of those who reach it who would have done so anyway", "share", default=None
    )
    matching_error: Belief | None = belief(
        "Logarithm of the comparison group's rate against the truth: what matching leaves out",
        "number",
        unit="log ratio",
        minimum=-5.0,
        maximum=5.0,
        default=None,
    )
    drift_per_reoffender: ByCohort | None = belief(
        "Relative change of the events each reoffender has, beyond the drift, since the baseline was set",
        "share_of_any_sign",
        minimum=-0.99,
        default=None,
    )
    drift: ByCohort | None = belief(
        "Relative change of the rates without the service since the baseline was set",
        "share_of_any_sign",
        default=None,
    )


class SegmentBeliefs(Terms):
    """What is believed of one segment of the cohorts; what is left out is as for everybody."""

    effect: ByCohort | None = belief(
        "True relative reduction in events of the segment", "share_of_any_sign", minimum=-5.0, default=None
    )
    engagement: ByCohort | None = belief(
        "Share of the segment's eligible people who start the service", "share", default=None
    )
    events_per_person: ByCohort | None = belief(
        "Events a person of the segment in the window, without the service",
        "number",
        unit="events a person",
        minimum=0.001,
        default=None,
    )
    share_reoffending: ByCohort | None = belief(
        "Share of the segment's people with any event in the window, without the service",
        "share",
        minimum=0.001,
        default=None,
    )
    dispersion: Belief | None = belief(
        "Shape of the count of events a person of the segment", "number", unit="shape", minimum=0.001, default=None
    )
    success_factor: ByCohort | None = belief(
        "Chance of the segment to reach a milestone, relative to the success rate stated",
        "number",
        unit="ratio",
        minimum=0.0,
        default=None,
    )


def owner(assumptions: Terms, metric: str, name: str, segment: str | None = None) -> tuple[Terms, str]:
    """The terms that hold a belief about a measure, and their path: the segment's or the measure's own where they have
    one (never both), otherwise the deal's."""
    kind = None if segment is None else getattr(assumptions, "by_segment", {}).get(segment)
    if kind is not None and getattr(kind, name, None) is not None:
        return kind, f"assumptions.by_segment[{segment}]"
    own = getattr(assumptions, "by_metric", {}).get(metric)
    if own is not None and getattr(own, name, None) is not None:
        return own, f"assumptions.by_metric[{metric}]"
    return assumptions, "assumptions"


def belief_about(assumptions: Terms, metric: str, name: str, segment: str | None = None) -> Any:
    """A belief about a measure: a `Belief` or `ByCohort`, or None where there is none."""
    return getattr(owner(assumptions, metric, name, segment)[0], name, None)


def has(assumptions: Terms, metric: str, name: str, segment: str | None = None) -> bool:
    """Whether there is such a belief about the measure."""
    return belief_about(assumptions, metric, name, segment) is not None


def believed(
    cells: Cells,
    assumptions: Terms,
    metric: str,
    name: str,
    title: str,
    cohort: str | None = None,
    segment: str | None = None,
) -> Input:
    """The cell of a belief about a measure, of one cohort where the belief may differ by cohort.

    The luck of a belief is the same for all cohorts of a deal; two measures, or segments, share it where they share the
    belief.
    """
    terms, path = owner(assumptions, metric, name, segment)
    key = (path, name, cohort or "")
    if key not in cells.bound:
        whose = "" if path == "assumptions" else path.partition("[")[2].removesuffix("]")
        of = f", {whose}" if whose else ""
        stream = f"{name.replace('_', ' ')}{of}"
        if cohort is None:
            cells.bound[key] = cells.belief(terms, name, path, f"{title}{of}", stream)
        else:
            cells.bound[key] = cells.belief_of_cohort(terms, name, path, f"{title}{of}", cohort, stream)
    return cells.bound[key]
