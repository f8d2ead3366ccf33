"""What a pilot of one's own adds to a prior, and what choosing the best of several pilots does. Source: METHOD 2.8."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sibmodel.errors import SibmodelError
from sibmodel.evidence.pooling import CONTROLS, EVENT_SHAPE
from sibmodel.evidence.priors import EffectBelief, log_fall
from sibmodel.measurement.statistics import standard_error

EVENTS = 1.55
"""Events a person in the comparison group, as at Peterborough."""
MATCHING_ERROR = 0.05
"""What matching leaves out, standard deviation [log units]; our judgement."""
DELIVERY_SPREAD = 0.15
"""Standard deviation of the share of an effect that is kept in delivery; our judgement."""


@dataclass(frozen=True)
class Pilot:
    """An effect that somebody measured: `people` served, relative `reduction` in events a person."""

    reduction: float
    people: int
    events_per_person: float = EVENTS
    dispersion: float = EVENT_SHAPE
    matching_error: float = MATCHING_ERROR
    controls_per_person: float = CONTROLS

    @property
    def fall(self) -> float:
        """The fall of the log rate that was measured."""
        return log_fall(self.reduction)

    @property
    def error(self) -> float:
        """Its standard error, what matching leaves out included."""
        if self.people < 1 or not (self.events_per_person > 0 and self.dispersion > 0 and self.controls_per_person > 0):
            raise SibmodelError("A pilot needs people, events a person, a dispersion and controls above 0.")
        log_fall(self.reduction)
        return float(
            standard_error(
                self.people,
                self.events_per_person,
                self.dispersion,
                self.controls_per_person,
                self.reduction,
                self.matching_error,
            )
        )


@dataclass(frozen=True)
class Updated:
    """A prior after a pilot."""

    prior: EffectBelief
    """Normal: as it was taken."""
    pilot: Pilot
    weight: float
    """The share B = t² ÷ (t² + s²) by which the belief moves from the prior's mean to the pilot's result."""
    posterior: EffectBelief


def update(prior: EffectBelief, pilot: Pilot) -> Updated:
    """The belief after a pilot: mean m + B(y − m), standard deviation t√(1 − B).

    A t prior is taken as the normal with the same central 90 %.
    """
    normal = prior.as_normal()
    weight = shrinkage(normal.spread, pilot.error)
    mean = normal.mean + weight * (pilot.fall - normal.mean)
    return Updated(normal, pilot, weight, EffectBelief(mean, normal.spread * math.sqrt(1 - weight)))


def shrinkage(spread: float, error: float) -> float:
    """B = t² ÷ (t² + s²): how much of a measured difference from expectation to believe."""
    return spread**2 / (spread**2 + error**2)


def delivered(belief: EffectBelief, kept: float, spread: float = DELIVERY_SPREAD) -> EffectBelief:
    """The belief about an effect of which a share is kept in delivery at scale: the share has mean `kept` and standard
    deviation `spread`, apart from the effect; mean and variance are those of the product."""
    normal = belief.as_normal()
    variance = kept**2 * normal.spread**2 + spread**2 * (normal.mean**2 + normal.spread**2)
    return EffectBelief(kept * normal.mean, math.sqrt(variance))


@dataclass(frozen=True)
class BestOf:
    """What to expect of the best of several pilots: falls of the log rate."""

    pilots: int
    claimed: float
    true: float


def best_of(pilots: int, prior: EffectBelief, error: float) -> BestOf:
    """The winner's curse: the mean result of the best of `pilots` alike, each with standard error `error`, and its true
    effect. Exact, by the mean of the largest of normal deviates."""
    if pilots < 1:
        raise SibmodelError("There is no best of no pilots: name one or more.")
    normal = prior.as_normal()
    claimed = normal.mean + math.hypot(normal.spread, error) * mean_of_largest(pilots)
    return BestOf(pilots, claimed, normal.mean + shrinkage(normal.spread, error) * (claimed - normal.mean))


def mean_of_largest(count: int) -> float:
    """The mean of the largest of `count` standard normal deviates: ∫ (1 − Φᶜ(x)) over x > 0 less ∫ Φᶜ(x) over x < 0."""
    from scipy.special import log_ndtr

    places = np.linspace(0.0, 12.0, 24_001)
    with np.errstate(under="ignore"):
        above = -np.expm1(count * log_ndtr(places))
        below = np.exp(count * log_ndtr(-places))
    gap = above - below
    return float((gap[:-1] + gap[1:]).sum() / 2 * (places[1] - places[0]))
