"""Predictive distributions of a gamma and a beta whose two parameters are known from a few values alone.

The likelihood of the values is taken on a grid of both parameters, as logarithms, over which the prior is flat: it
reaches fourteen standard errors either side of the most likely ones, along the axes of their information matrix. A
further value is drawn from the mixture over that grid (A. Gelman and others, Bayesian Data Analysis, 3rd edition,
section 3.7).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

WIDE, STEPS = 14.0, 57
"""Standard errors either side of the most likely parameters, and points of the grid along each axis."""
NEGLIGIBLE = 1e-7
"""Weights below it, of the largest, are left out of the grid."""
SCORES = np.linspace(-9.0, 9.0, 361)
"""Normal scores, by the most likely parameters, of the values at which the mixture is tabled."""
ROUNDS = 100
STRIPS = 4_000
"""Into which the normal scores are cut for a mean: it is right to 1e-7."""
FARTHEST = 8.3
"""Normal score, beyond which lies less than a share of 1e-16."""


@dataclass(frozen=True, eq=False)
class Knots:
    """A distribution by its values at rising normal scores: between them the value on `scale` goes in a straight line
    with the score, and beyond the outermost as in the stretch beside."""

    scores: Floats
    values: Floats
    """On the scale."""
    onto: Callable[[Floats], Floats]
    """From a value to the scale, on which it has no bounds."""
    back: Callable[[Floats], Floats]

    def quantile(self, shares: Floats) -> Floats:
        """The value at each share."""
        from scipy.special import ndtri

        return self.back(_through(ndtri(shares), self.scores, self.values))

    def share_below(self, values: Floats) -> Floats:
        """The share below each value."""
        from scipy.special import ndtr

        return np.asarray(ndtr(_through(self.onto(values), self.values, self.scores)))

    def part_of_mean(self, low: float, high: float) -> float:
        """What values from `low` to `high` add to the mean, by the trapezoidal rule over normal scores."""
        ends = np.clip(_through(self.onto(np.array([low, high])), self.values, self.scores), -FARTHEST, FARTHEST)
        scores = np.linspace(ends[0], ends[1], STRIPS + 1)
        density = np.exp(-(scores**2) / 2) / np.sqrt(2 * np.pi)
        return float(np.trapezoid(self.back(_through(scores, self.scores, self.values)) * density, scores))


def _through(x: Floats, across: Floats, up: Floats) -> Floats:
    slopes = np.diff(up) / np.diff(across)
    place = np.clip(np.searchsorted(across, x) - 1, 0, slopes.size - 1)
    return np.asarray(up[place] + slopes[place] * (x - across[place]))


@lru_cache(maxsize=256)
def gamma_knots(data: tuple[float, ...]) -> Knots:
    """A gamma's, by its mean and shape a: what the values say of each is independent of the other."""
    from scipy.special import digamma, gammainc, gammaincinv, gammaln, ndtr, polygamma

    values = np.array(data)
    mean, mean_log = values.mean(), np.log(values).mean()
    wanted = np.log(mean) - mean_log
    shape = (3 - wanted + np.sqrt((wanted - 3) ** 2 + 24 * wanted)) / (12 * wanted)  # T. P. Minka, 2002
    for _ in range(ROUNDS):
        step = (np.log(shape) - digamma(shape) - wanted) / (1 - shape * polygamma(1, shape))
        shape *= np.exp(-np.clip(step, -1, 1))
        if abs(step) < 1e-12:
            break
    information = len(data) * np.diag([shape, shape**2 * (polygamma(1, shape) - 1 / shape)])
    log_means, log_shapes = _grid([np.log(mean), np.log(shape)], information)
    means, shapes = np.exp(log_means), np.exp(log_shapes)
    scales = means / shapes
    weights = _weights(
        len(data) * ((shapes - 1) * mean_log - mean / scales - shapes * np.log(scales) - gammaln(shapes))
    )
    at = gammaincinv(shape, ndtr(SCORES)) * mean / shape
    tabled = at[at > 0]
    below = _mixed(weights, lambda one: gammainc(shapes[one], tabled / scales[one]))
    return _knots(tabled, below, _log, np.exp)


@lru_cache(maxsize=256)
def beta_knots(data: tuple[float, ...]) -> Knots:
    """A beta's, by its two parameters."""
    from scipy.special import betainc, betaincinv, betaln, digamma, expit, ndtr, polygamma

    values = np.array(data)
    count, log_in, log_out = len(data), np.log(values).mean(), np.log1p(-values).mean()
    mean = values.mean()
    size = max(mean * (1 - mean) / values.var() - 1, 0.1)
    likely = np.array([mean * size, (1 - mean) * size])
    for _ in range(ROUNDS):
        slope = np.array([log_in, log_out]) - digamma(likely) + digamma(likely.sum())
        fisher = np.diag(polygamma(1, likely)) - polygamma(1, likely.sum())
        step = np.clip(np.linalg.solve(fisher, slope) / likely, -1, 1)
        likely = likely * np.exp(step)
        if np.abs(step).max() < 1e-12:
            break
    fisher = np.diag(polygamma(1, likely)) - polygamma(1, likely.sum())
    information = count * fisher * np.outer(likely, likely)
    first, second = (np.exp(one) for one in _grid(np.log(likely), information))
    weights = _weights(count * ((first - 1) * log_in + (second - 1) * log_out - betaln(first, second)))
    tabled = betaincinv(likely[0], likely[1], ndtr(SCORES))
    tabled = tabled[(tabled > 0) & (tabled < 1)]
    below = _mixed(weights, lambda one: betainc(first[one], second[one], tabled))
    return _knots(tabled, below, _log_odds, expit)


def _grid(centre: npt.ArrayLike, information: Floats) -> tuple[Floats, Floats]:
    """The two parameters `[point]`, on their scale."""
    steps = np.linspace(-WIDE, WIDE, STEPS)
    apart = np.linalg.cholesky(np.linalg.inv(information))
    both = np.array(np.meshgrid(steps, steps)).reshape(2, -1)
    found = np.asarray(centre)[:, None] + apart @ both
    return found[0], found[1]


def _weights(log_likelihood: Floats) -> Floats:
    weights = np.exp(np.maximum(log_likelihood - log_likelihood.max(), -100.0))
    weights[weights < NEGLIGIBLE] = 0.0
    return np.asarray(weights / weights.sum())


def _mixed(weights: Floats, share: Callable[[int], Floats]) -> Floats:
    return np.asarray(sum(weight * share(one) for one, weight in enumerate(weights) if weight > 0))


def _knots(values: Floats, below: Floats, onto: Callable[[Floats], Floats], back: Callable[[Floats], Floats]) -> Knots:
    """Without the outermost, where shares run out of digits."""
    from scipy.special import ndtri

    inside = (below > 1e-12) & (below < 1 - 1e-12)
    scores, on_scale = ndtri(below[inside]), onto(values[inside])
    rises = np.concatenate([[True], (np.diff(scores) > 1e-9) & (np.diff(on_scale) > 1e-12)])
    return Knots(scores[rises], on_scale[rises], onto, back)


def _log(values: Floats) -> Floats:
    return np.where(values > 0, np.log(np.where(values > 0, values, 1.0)), -np.inf)


def _log_odds(values: Floats) -> Floats:
    from scipy.special import logit

    return np.asarray(logit(np.clip(values, 0.0, 1.0)))
