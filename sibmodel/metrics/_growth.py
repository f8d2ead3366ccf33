"""Growth from one time to the next, by additions and multiplications alone: NumPy and compiled code then give the same
bits, which their own exponentials do not.
"""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FURTHEST = 0.35
"""The largest log rate for which the series below is as exact as a number can be."""
COEFFICIENTS = tuple(1.0 / factorial(power) for power in range(13, 1, -1))
"""Of the exponential series from x^13 down to x^2; what is left out is less than 1e-17 of the whole."""


def growth(log_rate: Floats) -> Floats:
    """exp(log_rate), to about a last bit; NumPy's own beyond `FURTHEST`."""
    series = log_rate * COEFFICIENTS[0]
    for coefficient in COEFFICIENTS[1:]:
        series += coefficient
        series *= log_rate
    series *= log_rate
    series += log_rate
    series += 1.0
    far = np.flatnonzero(~(np.abs(log_rate) <= FURTHEST))
    if far.size:
        series[far] = np.exp(log_rate[far])
    return series
