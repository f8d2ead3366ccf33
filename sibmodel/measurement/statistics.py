"""The statistics of counts: how court-counted events scatter, and how sure an assessor can be of a reduction.

Counts are negative binomial: a sum of n people's counts with mean μ and shape k is negative binomial with mean n μ
and shape n k, so that nobody is ever simulated one by one. Source: METHOD 2.3, 2.4, 2.7, 2.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

STEPS_TRIED = 6
"""Steps by one that the search for a quantile takes before it asks for the whole inverse: nearly always enough."""
MOST = 2.0**53
"""The largest count that a number holds to the last one."""
ROUNDING = 1e-9
"""Cumulative probabilities that are further apart than this are so whatever the rounding."""


@dataclass(frozen=True)
class NegativeBinomialCount:
    """A count with the mean and shape given: variance = mean + mean² ÷ shape. Sampled exactly, by inversion."""

    name: str = "negative binomial count"
    uniforms: int = 1

    def sample(self, uniforms: Any, mean: Any, shape: Any) -> Any:
        """`uniforms` `[1, path]`, `mean` and `shape` `[path]`; whole numbers `[path]`."""
        numbers = np.asarray(uniforms[0], dtype=float)
        mean = np.broadcast_to(np.maximum(mean, 0.0), numbers.shape)
        shape = np.broadcast_to(np.maximum(shape, 1e-12), numbers.shape)
        some = mean > 0
        if some.all():
            return negative_binomial_quantile(numbers, mean, shape)
        count = np.zeros(numbers.shape)
        count[some] = negative_binomial_quantile(numbers[some], mean[some], shape[some])
        return count


def negative_binomial_quantile(probability: Any, mean: Any, shape: Any) -> Any:
    """The smallest count whose cumulative probability reaches `probability`; arrays `[path]` with `mean` above 0.

    A Cornish-Fisher guess is moved to the exact place by the cumulative distribution: its value at the guess, and from
    there the probability of one count more or less. Where rounding might decide, it is evaluated anew at every count;
    where more than a few steps are needed (small shapes, far tails), the inverse of SciPy is checked in the same way.
    """
    from scipy import special

    with np.errstate(all="ignore"):
        success = shape / (shape + mean)
        spread = np.sqrt(mean / success)
        skew = (2.0 - success) / np.sqrt(shape * (1.0 - success))
        excess = (6.0 + success * success / (1.0 - success)) / shape
        z = special.ndtri(probability)
        bent = (
            z
            + skew * (z * z - 1.0) / 6.0
            + excess * (z**3 - 3.0 * z) / 24.0
            - skew * skew * (2.0 * z**3 - 5.0 * z) / 36.0
        )
        count = np.maximum(np.floor(mean + spread * bent + 0.5), 0.0)
        count = np.where(np.isfinite(count), count, 0.0)
        left = _settle(count, probability, shape, success, _step(count, probability, shape, success))
        if left.size:
            inverse = np.ceil(special.nbdtrik(probability[left], shape[left], success[left]) - 1e-9)
            count[left] = np.maximum(np.where(np.isfinite(inverse), inverse, 0.0), 0.0)
            left = _settle(count, probability, shape, success, left)
            count[left] = _halved(probability[left], shape[left], success[left])
    return count


def _step(count: Any, probability: Any, shape: Any, success: Any) -> Any:
    """Move counts by one until each is the smallest that reaches its probability, adding or taking away single
    counts' probabilities; returns the places where it is not yet, or where rounding might decide."""
    from scipy import special

    single = np.exp(
        special.gammaln(count + shape)
        - special.gammaln(count + 1.0)
        - special.gammaln(shape)
        + shape * np.log(success)
        + count * np.log1p(-success)
    )
    reached = special.betainc(shape, count + 1.0, success)
    before = reached - single
    unclear = ~(np.abs(before - probability) > ROUNDING)
    left = np.flatnonzero(~unclear & ((reached < probability) | (before >= probability)))
    for _ in range(STEPS_TRIED):
        if not left.size:
            break
        here, size, failure = count[left], shape[left], 1.0 - success[left]
        up = reached[left] < probability[left]
        following = single[left] * (here + size) / (here + 1.0) * failure
        preceding = single[left] * here / ((here + size - 1.0) * failure)
        count[left] = here + np.where(up, 1.0, -1.0)
        single[left] = np.where(up, following, preceding)
        reached[left], before[left] = (
            np.where(up, reached[left] + following, before[left]),
            np.where(up, reached[left], before[left] - preceding),
        )
        wanted = probability[left]
        unclear[left] = ~(np.minimum(np.abs(reached[left] - wanted), np.abs(before[left] - wanted)) > ROUNDING)
        left = left[~unclear[left] & ((reached[left] < wanted) | (before[left] >= wanted))]
    unclear[left] = True
    return np.flatnonzero(unclear)


def _halved(probability: Any, shape: Any, success: Any) -> Any:
    """The smallest counts that reach their probabilities, by halving: for what no guess comes near."""
    from scipy import special

    low, high = np.full(probability.shape, -1.0), np.ones(probability.shape)
    while np.any(short := (special.betainc(shape, high + 1.0, success) < probability) & (high < MOST)):
        low, high = np.where(short, high, low), np.where(short, 2.0 * high, high)
    while np.any(high - low > 1.0):
        middle = np.floor((low + high) / 2.0)
        reaches = special.betainc(shape, middle + 1.0, success) >= probability
        low, high = np.where(reaches, low, middle), np.where(reaches, middle, high)
    return high


def _settle(count: Any, probability: Any, shape: Any, success: Any, places: Any) -> Any:
    """Move counts by one until each is the smallest that reaches its probability; returns the places where it is
    not yet."""
    from scipy import special

    for _ in range(STEPS_TRIED):
        here, wanted, size, chance = count[places], probability[places], shape[places], success[places]
        short = special.betainc(size, here + 1.0, chance) < wanted
        far = ~short & (here > 0) & (special.betainc(size, np.maximum(here, 1e-300), chance) >= wanted)
        count[places] = here + short - far
        places = places[short | far]
        if not places.size:
            break
    return places


COUNT = NegativeBinomialCount()


def dispersion(share_reconvicted: float, events_per_person: float) -> float:
    """The negative binomial's shape from the share of people with any event and the mean: 1 − p = (1 +
    mean/shape)^−shape.

    Raises ValueError where no shape fits: the share must be below 1 − e^−mean, what a Poisson count would give.
    Source: METHOD 2.3; at Peterborough p = 0.557 and mean = 1.55 give 0.693.
    """
    from scipy.optimize import brentq

    poisson = -np.expm1(-events_per_person)
    if not 0.0 < share_reconvicted < poisson:
        raise ValueError(
            f"A share of {share_reconvicted:g} with any event does not fit {events_per_person:g} events a person: "
            f"it must lie between 0 and {poisson:.3f}."
        )

    def gap(log_shape: float) -> float:
        shape = float(np.exp(log_shape))
        return float(np.exp(-shape * np.log1p(events_per_person / shape)) - (1.0 - share_reconvicted))

    return float(np.exp(brentq(gap, -12.0, 12.0, xtol=1e-13)))


def standard_error(
    people: Any,
    events_per_person: Any,
    shape: Any,
    controls_per_person: Any,
    true_reduction: Any = 0.0,
    matching_error: Any = 0.0,
) -> Any:
    """Standard error of the logarithm of (events a person served ÷ events a person in the comparison group).

    The delta method: (1/n)(1/μt + 1/k) + (1/(M n))(1/μc + 1/k) + τ². Source: METHOD 2.4.
    """
    served = (1.0 / (events_per_person * (1.0 - true_reduction)) + 1.0 / shape) / people
    compared = (1.0 / events_per_person + 1.0 / shape) / (people * controls_per_person)
    return np.sqrt(served + compared + np.square(matching_error))


def pass_probability(true_reduction: Any, threshold: Any, log_standard_error: Any) -> Any:
    """P(measured reduction ≥ threshold) = Φ((ln(1 − K) − ln(1 − θ)) ÷ s). Source: METHOD 2.7."""
    from scipy.special import ndtr

    return ndtr((np.log1p(-np.asarray(threshold)) - np.log1p(-np.asarray(true_reduction))) / log_standard_error)
