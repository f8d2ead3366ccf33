"""What is believed of a cohort in the base case, as plain numbers: for closed forms."""

from __future__ import annotations

import numpy as np

from sibmodel.cohorts import Cohort
from sibmodel.distributions import Normal
from sibmodel.outcomes.beliefs import belief_about
from sibmodel.terms import Terms
from sibmodel.uncertain import Belief

POINTS = 4_096
"""Quantiles from which a standard deviation is found where a distribution does not state it."""


def events_and_shape(assumptions: Terms, metric: str, cohort: Cohort) -> tuple[float, float]:
    """Events a person and the shape of their count, over all of a cohort; with segments, the shape that keeps the
    variance of their sum."""
    kinds: list[tuple[str | None, float]] = [(one.name, one.share) for one in cohort.segments] or [(None, 1.0)]
    mean = spread = 0.0
    for kind, weight in kinds:
        rate = belief_about(assumptions, metric, "events_per_person", kind).for_cohort(cohort.name).base
        shape = belief_about(assumptions, metric, "dispersion", kind).base
        mean += weight * rate
        spread += weight * rate * rate / shape
    return mean, mean * mean / spread


def share_reoffending(assumptions: Terms, metric: str, cohort: Cohort) -> float:
    """The share of a cohort's people with any event."""
    kinds: list[tuple[str | None, float]] = [(one.name, one.share) for one in cohort.segments] or [(None, 1.0)]
    return float(
        sum(
            weight * belief_about(assumptions, metric, "share_reoffending", kind).for_cohort(cohort.name).base
            for kind, weight in kinds
        )
    )


def spread_of(belief: Belief) -> float:
    """The standard deviation of a belief; 0 where it is certain."""
    if belief.distribution is None:
        return 0.0
    if isinstance(belief.distribution, Normal):
        return belief.distribution.sd
    return float(np.std(belief.distribution.quantile((np.arange(POINTS) + 0.5) / POINTS)))
