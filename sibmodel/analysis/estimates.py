"""Simulated figures with their Monte Carlo standard errors, for paths drawn independently or in replicates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sibmodel.metrics import (
    error_of_expected_shortfall,
    error_of_mean,
    error_of_probability,
    expected_shortfall,
)
from sibmodel.simulation import NONE, Estimate

Floats = npt.NDArray[np.float64]


def mean_of(values: Floats, replicates: int = 1) -> Estimate:
    """The mean over paths; none where there are no paths."""
    return Estimate(float(values.mean()), error_of_mean(values, replicates)) if values.size else NONE


def chance_of(condition: npt.NDArray[np.bool_], replicates: int = 1) -> Estimate:
    """The share of paths for which a condition holds."""
    return Estimate(float(condition.mean()), error_of_probability(condition, replicates))


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
