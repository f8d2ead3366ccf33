"""What is told of a figure over the paths: its mean, a percentile, the mean of the worst, a chance; with its error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sibmodel.metrics import (
    error_of_expected_shortfall,
    error_of_mean,
    error_of_probability,
    error_of_quantile,
    expected_shortfall,
    quantiles,
)
from sibmodel.simulation import NONE, Estimate

StatisticName = Literal["base", "mean", "percentile", "worst", "chance"]


@dataclass(frozen=True)
class Statistic:
    """`level` is the share of a percentile (0.95) or of the worst paths (0.05)."""

    name: StatisticName
    level: float = math.nan


BASE, MEAN, CHANCE = Statistic("base"), Statistic("mean"), Statistic("chance")


def estimate(statistic: Statistic, values: Any, replicates: int = 1) -> Estimate:
    """A statistic of `values` `[path]`, true or false for a chance. Paths without the figure (nan) are left out."""
    if statistic.name == "chance":
        return Estimate(float(np.mean(values)), error_of_probability(values, replicates))
    figures = np.asarray(values, dtype=float)
    known = figures[np.isfinite(figures)]
    if statistic.name == "base":
        return Estimate(float(figures[0]), 0.0)
    if not known.size:
        return NONE
    if statistic.name == "mean":
        return Estimate(float(known.mean()), error_of_mean(figures, replicates))
    if statistic.name == "percentile":
        return Estimate(
            float(quantiles(figures, statistic.level)), float(error_of_quantile(figures, statistic.level, replicates))
        )
    return Estimate(
        expected_shortfall(figures, statistic.level), error_of_expected_shortfall(figures, statistic.level, replicates)
    )
