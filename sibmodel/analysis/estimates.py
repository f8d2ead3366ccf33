"""What is told of any figure over the paths: its mean, a percentile, the mean of the worst, a chance, a ratio of means;
each with its Monte Carlo standard error, for paths drawn independently or in replicates.

Paths without the figure (nan) are left out. What a simulation says of its own figures, by name and also when tallied,
is in `sibmodel/simulation/estimates.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from sibmodel.metrics import (
    error_of_expected_shortfall,
    error_of_mean,
    error_of_probability,
    error_of_quantile,
    expected_shortfall,
    quantiles,
)
from sibmodel.simulation import NONE, Estimate

Floats = npt.NDArray[np.float64]
StatisticName = Literal["base", "mean", "percentile", "worst", "chance"]


@dataclass(frozen=True)
class Statistic:
    """`level` is the share of a percentile (0.95) or of the worst paths (0.05)."""

    name: StatisticName
    level: float = math.nan


BASE, MEAN, CHANCE = Statistic("base"), Statistic("mean"), Statistic("chance")


def estimate(statistic: Statistic, values: Any, replicates: int = 1) -> Estimate:
    """A statistic of `values` `[path]`, true or false for a chance; none where no path has the figure."""
    if statistic.name == "chance":
        return chance_of(values, replicates)
    figures = np.asarray(values, dtype=float)
    if statistic.name == "base":
        return Estimate(float(figures[0]), 0.0)
    if not np.isfinite(figures).any():
        return NONE
    if statistic.name == "mean":
        return mean_of(figures, replicates)
    if statistic.name == "percentile":
        return percentile_of(figures, statistic.level, replicates)
    return shortfall_of(figures, statistic.level, replicates)


def mean_of(values: Floats, replicates: int = 1) -> Estimate:
    """The mean over paths; none where there are no paths."""
    known = values[np.isfinite(values)]
    return Estimate(float(known.mean()), error_of_mean(values, replicates)) if known.size else NONE


def percentile_of(values: Floats, share: float, replicates: int = 1) -> Estimate:
    """The figure below which that share of paths lies."""
    return Estimate(float(quantiles(values, share)), float(error_of_quantile(values, share, replicates)))


def chance_of(condition: npt.NDArray[np.bool_], replicates: int = 1) -> Estimate:
    """The share of paths for which a condition holds."""
    return Estimate(float(np.mean(condition)), error_of_probability(condition, replicates))


def shortfall_of(values: Floats, share: float, replicates: int = 1) -> Estimate:
    """The mean of the worst `share` of paths."""
    return Estimate(expected_shortfall(values, share), error_of_expected_shortfall(values, share, replicates))


def ratio_of_means(numerator: Floats, denominator: Floats, replicates: int = 1) -> Estimate:
    """Mean by mean over the same paths, which is not the mean of ratios; none where the denominator's mean is not above
    nil. The error is that of the numerator less the ratio times the denominator, by the mean of the latter (W. G.
    Cochran, Sampling Techniques, 3rd edition, section 2.11)."""
    below = float(denominator.mean())
    if not below > 0:
        return NONE
    value = float(numerator.mean()) / below
    return Estimate(value, error_of_mean(numerator - value * denominator, replicates) / below)
