"""Power: how many people a measure needs, and how the two errors move with cohort size, matching error and pooling.

Closed forms, for matched comparison groups and historical baselines: they say in a moment what a simulation says in
seconds. Source: METHOD 2.3, 2.5, 2.7.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sibmodel.deal import Deal
from sibmodel.measurement import Historical, Matched, pass_probability, standard_error
from sibmodel.outcomes import Binary, Frequency
from sibmodel.outcomes.base_case import events_and_shape, share_reoffending, spread_of
from sibmodel.outcomes.beliefs import belief_about
from sibmodel.payments import ThresholdPayment

DESIGN_EFFECT = 1.15
"""Variance of a published share against the binomial, where the deal believes nothing else. Source: METHOD 2.2."""
DRIFT_OF_A_YEAR = 0.045
"""Standard deviation of the drift of a rate in a year, relative; it grows with the root of time. Source: METHOD 2.5."""
YEARS_SINCE_BASELINE = 4.0
"""From a historical baseline to the people held against it, where the deal has none. Assumed: as at Doncaster."""
USUAL_CONTROLS = 10.0
"""Matched people for each person served, where the deal has none. Source: HMP Peterborough."""
NO_LUCK = 1e9
"""People compared for each person of a level that is taken as known: without luck of its own."""


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
    """A way to measure: so many people in so many tests, with an error common to all that more people do not lessen."""

    name: str
    people: float
    tests: int
    threshold: float
    matching_error: float
    """Standard deviation of that error: of the matching, or of the level against a historical baseline."""
    false_payment: float
    """The chance that a service without effect is paid for anything."""
    missed_payment: float
    """The chance that a service with the target effect is paid for nothing."""


@dataclass(frozen=True)
class _Comparison:
    """What people are held against, as far as a formula needs it."""

    people: float
    """Measured in a cohort."""
    controls: float
    """Compared, for each person measured."""
    error: float
    """Standard deviation of the logarithm of what is common to all tests."""
    drift: float = 0.0
    """Expected level against a historical baseline, relative: 0.02 is two per cent above."""
    given: bool = True
    """Whether the deal itself says what the error and the drift are."""


@dataclass(frozen=True)
class _Facts:
    """What the formulas need of a deal's first measure, of people alike."""

    threshold: float | None
    pooled: float | None
    rate: float
    """Events a person."""
    shape: float
    own: _Comparison
    matched: _Comparison
    historical: _Comparison
    is_historical: bool


def designs(deal: Deal, target: float) -> list[Design]:
    """The errors of the deal's first measure under other sizes, matching errors, against a historical baseline, and
    pooled against separate tests.

    Empty where the first measure is not a frequency held against a matched group or a historical baseline, or has no
    threshold. Tests of one deal share the matching error, or the drift.
    """
    facts = _facts(deal)
    if facts is None:
        return []
    cohorts = len(deal.cohorts)
    own = facts.threshold if facts.threshold is not None else facts.pooled
    joint = facts.pooled if facts.pooled is not None else own
    assert own is not None
    assert joint is not None
    # A deal that knows the pooled test only is judged as one test of everybody.
    one_by_one, together = (1, cohorts), (cohorts, 1)
    size, tests = together if facts.threshold is None else one_by_one
    if facts.threshold is None:
        this, other = "This deal: all cohorts in one test", ("Each cohort by itself", *one_by_one, own)
    else:
        this = "This deal's cohorts" if facts.pooled is None else "This deal, the first test alone"
        other = ("All cohorts pooled, one test", *together, joint)
    made = []
    for factor in (0.3, 0.5, 1.0, 2.0, 3.0):
        name = this if factor == 1.0 else f"Cohorts {factor:g} times as large"
        made.append(_design(name, size * factor, tests, own, facts.own, facts, target))
    made += [
        _design(
            f"Matched, error of {error:.0%}" if facts.is_historical else f"Matching error of {error:.0%}",
            *(size, tests, own, replace(facts.matched, error=error), facts, target),
        )
        for error in (0.0, 0.03, 0.05, 0.08)
    ]
    if not facts.is_historical:
        name = f"Historical baseline, drift of {facts.historical.error:.0%}"
        made.append(_design(name, size, tests, own, facts.historical, facts, target))
    made.append(_design(*other, facts.own, facts, target))
    return made


def what_designs_test(deal: Deal) -> str:
    """Which of the deal's tests `designs` calculates, in words."""
    facts = _facts(deal)
    if facts is None:
        return ""
    if facts.threshold is None:
        return "all cohorts in one test"
    return (
        "each cohort's own test"
        if facts.pooled is None
        else "each cohort's own test alone, without the pooled fallback"
    )


def what_drifts(deal: Deal) -> str:
    """Whose drift the historical baseline of `designs` has, as a sentence; nothing where there is none such."""
    facts = _facts(deal)
    if facts is None:
        return ""
    if facts.historical.given:
        return "The drift since a historical baseline is the deal's own."
    return (
        f"The drift since a historical baseline is {DRIFT_OF_A_YEAR:.1%} in a year, growing with the root of time, "
        f"over {YEARS_SINCE_BASELINE:.0f} years (assumed; the deal has none)."
    )


def _facts(deal: Deal) -> _Facts | None:
    """What the formulas need; None where they do not fit."""
    metric, first = deal.metrics[0], deal.cohorts[0]
    design = next((one for one in deal.measurement if one.covers(metric.name, first.name)), None)
    if not isinstance(metric, Frequency) or not isinstance(design, Matched | Historical):
        return None
    if isinstance(design, Historical) and not design.baseline > 0:
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
    people = float(np.mean([one.people * deal.assumptions.volume.for_cohort(one.name).base for one in deal.cohorts]))
    historical = _historical(deal, metric.name, people, rate, design if isinstance(design, Historical) else None)
    if isinstance(design, Matched):
        error = spread_of(belief_about(deal.assumptions, metric.name, "matching_error"))
        matched = _Comparison(people * design.matched, design.controls_per_person, error)
        return _Facts(threshold, pooled, rate, shape, matched, matched, historical, is_historical=False)
    matched = _Comparison(people, USUAL_CONTROLS, 0.0)
    return _Facts(threshold, pooled, rate, shape, historical, matched, historical, is_historical=True)


def _historical(deal: Deal, metric: str, people: float, rate: float, design: Historical | None) -> _Comparison:
    """The baseline of an earlier year: the deal's own, or else what METHOD 2.5 finds over some years.

    The deal's own stays where it is while events a person are as they are: what is believed of them is an error too.
    """
    first = deal.cohorts[0].name
    believed = belief_about(deal.assumptions, metric, "drift")
    drift = None if believed is None else believed.for_cohort(first)
    if design is None:
        if drift is None or not drift.uncertain:
            return _Comparison(people, NO_LUCK, DRIFT_OF_A_YEAR * YEARS_SINCE_BASELINE**0.5, given=False)
        return _Comparison(people, NO_LUCK, spread_of(drift), drift.base)
    controls = NO_LUCK if design.baseline_people is None else design.baseline_people / people
    every = belief_about(deal.assumptions, metric, "events_per_person")
    unsure = 0.0 if every is None else spread_of(every.for_cohort(first)) / every.for_cohort(first).base
    moved, spread = (0.0, 0.0) if drift is None else (drift.base, spread_of(drift))
    level = rate * (1.0 + moved) / (design.baseline * design.case_mix)
    return _Comparison(people, controls, float(np.hypot(spread, unsure)), level - 1.0)


def _design(
    name: str, size: float, tests: int, threshold: float, held: _Comparison, facts: _Facts, target: float
) -> Design:
    people = held.people * size
    none = _any_passes(people, tests, threshold, held, facts, 0.0)
    at_target = _any_passes(people, tests, threshold, held, facts, target)
    return Design(name, people, tests, threshold, held.error, none, 1.0 - at_target)


def _any_passes(
    people: float, tests: int, threshold: float, held: _Comparison, facts: _Facts, true_effect: float
) -> float:
    """The chance that any of several tests passes, over the error that they share (Gauss-Hermite)."""
    effect = 1.0 - (1.0 - true_effect) * (1.0 + held.drift)
    own = float(standard_error(people, facts.rate, facts.shape, held.controls, effect))
    if held.error == 0:
        return float(1.0 - (1.0 - pass_probability(effect, threshold, own)) ** tests)
    points, weights = np.polynomial.hermite_e.hermegauss(41)
    shifted = 1.0 - (1.0 - effect) * np.exp(-held.error * points)
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
    controls = float(getattr(design, "controls_per_person", NO_LUCK))
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
