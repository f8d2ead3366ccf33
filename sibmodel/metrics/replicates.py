"""Errors of figures over paths that are not drawn independently, from independent replicates of the whole sample."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def error_by_replicates(values: ArrayLike, replicates: int, statistic: Callable[[Floats], ArrayLike]) -> Floats:
    """Standard error of a statistic of `values` [path]: its standard deviation between replicates ÷ √replicates.

    The paths of a replicate stand together, all replicates are of one size, and each is drawn for itself; within one
    the paths may depend on each other, as those of a Latin hypercube or a scrambled Sobol' sequence do (A. B. Owen,
    Monte Carlo theory, methods and examples, section 17.3). The statistic may give an array; the error is shaped as it.
    nan where a replicate has none. Raises ValueError for paths that cannot be divided so, or fewer than two replicates.
    """
    figures = np.asarray(values)
    if figures.ndim != 1 or replicates < 2 or figures.size == 0 or figures.size % replicates:
        raise ValueError(f"{figures.shape} values cannot be divided into {replicates} replicates of one size.")
    found = np.array([statistic(one) for one in figures.reshape(replicates, -1)], dtype=np.float64)
    return np.asarray(found.std(axis=0, ddof=1) / sqrt(replicates))
