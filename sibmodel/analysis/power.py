"""Power: how many people a measure needs, and how the two errors move with cohort size, matching error and pooling.

Closed forms, for matched comparison groups: they say in a moment what a simulation says in seconds. Source: METHOD
2.3, 2.7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sibmodel.deal import Deal
from sibmodel.measurement import Matched, pass_probability, standard_error
from sibmodel.outcomes import Binary, Frequency
from sibmodel.outcomes.base_case import events_and_shape, share_reoffending, spread_of
from sibmodel.outcomes.beliefs import belief_about
from sibmodel.payments import ThresholdPayment

DESIGN_EFFECT = 1.15
"""Variance of a published share against the binomial, where the deal believes nothing else. Source: METHOD 2.2."""


def people_needed(
    reduction: float,
    events_per_person: float,
    shape: float,
    controls_per_person: float = 10.0,
    power: float = 0.8,
    significance: float = 0.05,
) -> float:
    """People to serve so that a true reduction in frequency is significant, one-sided, with the power wanted.

    n = (zα + zβ)² [(1/μt + 1/k) + (1/μc + 1/k) ÷ M] ÷ ln²(1 − R). Source: METHOD 2.7; a shape of infinity is a
    Poisson count.
    """
    from scipy.special import ndtri

    needed = float(ndtri(1.0 - significance) + ndtri(power))
    served = 1.0 / (events_per_person * (1.0 - reduction)) + 1.0 / shape
    compared = 1.0 / events_per_person + 1.0 / shape
    return needed**2 * (served + compared / controls_per_person) / float(np.log1p(-reduction)) ** 2


def people_needed_binary(
    reduction: float,
    share: float,
    controls_per_person: float = 10.0,
    power: float = 0.8,
    significance: float = 0.05,
    design_effect: float = DESIGN_EFFECT,
) -> float:
    """People to serve so that a true relative fall in the binary rate is significant, one-sided, with the power
    wanted."""
    from scipy.special import ndtri

    needed = float(ndtri(1.0 - significance) + ndtri(power))
    after = share * (1.0 - reduction)
    spread = after * (1.0 - after) + share * (1.0 - share) / controls_per_person
    return design_effect * needed**2 * spread / (share - after) ** 2


@dataclass(frozen=True)
class Design:
    """A way to measure: so many people in so many tests, with a matching error common to all."""

    name: str
    people: float
    tests: int
    threshold: float
    matching_error: float
    false_payment: float
    """The chance that a service without effect is paid for anything."""
    missed_payment: float
    """The chance that a service with the target effect is paid for nothing."""


def designs(deal: Deal, target: float) -> list[Design]:
    """The errors of the deal's first measure under other sizes, matching errors, and pooled against separate tests.

    Empty where the first measure is not a matched frequency or has no threshold. Tests of one deal share the
    matching error.
    """
    facts = _facts(deal)
    if facts is None:
        return []
    threshold, pooled, people, rate, shape, controls, matching = facts
    cohorts = len(deal.cohorts)
    one_by_one, together = (people, cohorts), (people * cohorts, 1)
    own = threshold if threshold is not None else pooled
    joint = pooled if pooled is not None else own
    assert own is not None
    assert joint is not None
    # A deal that knows the pooled test only is judged as one test of everybody.
    size, tests = together if threshold is None else one_by_one
    if threshold is None:
        this, other = "This deal: all cohorts in one test", ("Each cohort by itself", *one_by_one, own)
    else:
        this = "This deal's cohorts" if pooled is None else "This deal, the first test alone"
        other = ("All cohorts pooled, one test", *together, joint)
    made = []
    for factor in (0.3, 0.5, 1.0, 2.0, 3.0):
        name = this if factor == 1.0 else f"Cohorts {factor:g} times as large"
        made.append(_design(name, size * factor, tests, own, matching, rate, shape, controls, target))
    for error in (0.0, 0.03, 0.05, 0.08):
        name = f"Matching error of {error:.0%}"
        made += [_design(name, size, tests, own, error, rate, shape, controls, target)]
    made.append(_design(*other, matching, rate, shape, controls, target))
    return made


def what_designs_test(deal: Deal) -> str:
    """Which of the deal's tests `designs` calculates, in words."""
    facts = _facts(deal)
    if facts is None:
        return ""
    threshold, pooled, *_ = facts
    if threshold is None:
        return "all cohorts in one test"
    return "each cohort's own test" if pooled is None else "each cohort's own test alone, without the pooled fallback"


def _facts(deal: Deal) -> tuple[float | None, float | None, float, float, float, float, float] | None:
    """Thresholds, people a cohort, events a person, shape, controls a person, matching error; of a matched
    frequency."""
    metric, first = deal.metrics[0], deal.cohorts[0]
    design = next((one for one in deal.measurement if one.covers(metric.name, first.name)), None)
    if not isinstance(metric, Frequency) or not isinstance(design, Matched):
        return None
    payment = next(
        (one for one in deal.payments if isinstance(one, ThresholdPayment) and one.metric in (None, metric.name)), None
    )
    if payment is None or payment.test == "difference":
        return None
    threshold, pooled = payment.threshold, None if payment.fallback is None else payment.fallback.pooled
    if threshold is None and pooled is None:
        return None
    rate, shape = events_and_shape(deal.assumptions, metric.name, first)
    matching = belief_about(deal.assumptions, metric.name, "matching_error")
    people = float(np.mean([one.people * deal.assumptions.volume.for_cohort(one.name).base for one in deal.cohorts]))
    return (
        threshold,
        pooled,
        people * design.matched,
        rate,
        shape,
        design.controls_per_person,
        spread_of(matching),
    )


def _design(
    name: str,
    people: float,
    tests: int,
    threshold: float,
    matching: float,
    rate: float,
    shape: float,
    controls: float,
    target: float,
) -> Design:
    none = _any_passes(people, tests, threshold, matching, rate, shape, controls, 0.0)
    at_target = _any_passes(people, tests, threshold, matching, rate, shape, controls, target)
    return Design(name, people, tests, threshold, matching, none, 1.0 - at_target)


def _any_passes(
    people: float,
    tests: int,
    threshold: float,
    matching: float,
    rate: float,
    shape: float,
    controls: float,
    effect: float,
) -> float:
    """The chance that any of several tests passes, over the matching error that they share (Gauss-Hermite)."""
    own = float(standard_error(people, rate, shape, controls, effect))
    if matching == 0:
        return float(1.0 - (1.0 - pass_probability(effect, threshold, own)) ** tests)
    points, weights = np.polynomial.hermite_e.hermegauss(41)
    shifted = 1.0 - (1.0 - effect) * np.exp(-matching * points)
    passes = pass_probability(shifted, threshold, own)
    return float(np.sum(weights * (1.0 - (1.0 - passes) ** tests)) / np.sum(weights))


@dataclass(frozen=True)
class SampleSize:
    """People needed to see a true reduction."""

    reduction: float
    people: float
    poisson: float
    """What a Poisson count would say: too few, since people differ."""


def sample_sizes(deal: Deal, power: float = 0.8, significance: float = 0.05) -> list[SampleSize]:
    """People needed for the deal's first measure to see reductions of 5, 7.5, 10, 15 and 20 %; empty for other
    measures."""
    metric, first = deal.metrics[0], deal.cohorts[0]
    design = next((one for one in deal.measurement if one.covers(metric.name, first.name)), None)
    controls = float(getattr(design, "controls_per_person", 1e9))
    sizes = (0.05, 0.075, 0.10, 0.15, 0.20)
    if isinstance(metric, Frequency):
        mean, k = events_and_shape(deal.assumptions, metric.name, first)
        return [
            SampleSize(
                size,
                people_needed(size, mean, k, controls, power, significance),
                people_needed(size, mean, 1e12, controls, power, significance),
            )
            for size in sizes
        ]
    if isinstance(metric, Binary):
        p = share_reoffending(deal.assumptions, metric.name, first)
        needed = [people_needed_binary(size, p, controls, power, significance) for size in sizes]
        return [SampleSize(size, people, people) for size, people in zip(sizes, needed, strict=True)]
    return []
