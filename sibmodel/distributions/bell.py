"""Distributions without bounds, symmetric about their mean; and the reduction that a normal log rate ratio makes."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sibmodel.distributions.common import Distribution, Floats, floats, spread_field, value_field
from sibmodel.terms import number

WIDEST_LOG = 5.0
"""Log units: a rate 150 times higher or lower is not an effect of a service."""
FEWEST_DEGREES = 2.1
"""Degrees of freedom: with 2 or fewer there is no standard deviation, and near 2 it says little."""
MOST_DEGREES = 1000.0
"""Degrees of freedom: beyond them it is the normal."""


class Normal(Distribution):
    """Normal: symmetric, without bounds."""

    mean: float = value_field("Expected value")
    sd: float = spread_field()

    @property
    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def expected_value(self) -> float:
        return self.mean

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import ndtri

        return np.asarray(self.mean + self.sd * ndtri(floats(u)))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        from scipy.special import ndtr

        return np.asarray(ndtr((floats(x) - self.mean) / self.sd))


class StudentT(Distribution):
    """Student's t: as the normal, with longer tails; `sd` is the standard deviation of the number itself."""

    mean: float = value_field("Expected value")
    sd: float = spread_field()
    degrees: float = number("Degrees of freedom: the fewer, the longer the tails", minimum=FEWEST_DEGREES,
                            maximum=MOST_DEGREES)  # fmt: skip

    @property
    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    @property
    def scale(self) -> float:
        """What multiplies a standard t, whose variance is n ÷ (n − 2), to the standard deviation asked for."""
        return self.sd * math.sqrt((self.degrees - 2) / self.degrees)

    def expected_value(self) -> float:
        return self.mean

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import stdtrit

        shares = floats(u)
        # The lower tail has the precision, and the function below wants no ends.
        lower = stdtrit(self.degrees, np.clip(np.minimum(shares, 1 - shares), 1e-300, None))
        tail = np.where((shares <= 0) | (shares >= 1), -math.inf, lower)
        return np.asarray(self.mean + self.scale * np.where(shares < 0.5, tail, -tail))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        from scipy.special import stdtr

        return np.asarray(stdtr(self.degrees, (floats(x) - self.mean) / self.scale))


class LogReduction(Distribution):
    """A relative reduction r = 1 − exp(−x) with x normal: the log rate ratio is normal with mean −`mean`.

    So `{mean: 0.05, sd: 0.07}` is a log rate ratio of N(−0.05, 0.07²), and its median reduction is
    1 − exp(−0.05) = 4.9 %. It cannot exceed 100 %, and is negative where reoffending rises.
    """

    mean: float = number("Expected fall of the log rate", unit="log units", minimum=-WIDEST_LOG, maximum=WIDEST_LOG)
    sd: float = number("Standard deviation of the log rate ratio", unit="log units", minimum=0.0, maximum=WIDEST_LOG)

    @property
    def support(self) -> tuple[float, float]:
        return -math.inf, 1.0

    def expected_value(self) -> float:
        return -math.expm1(-self.mean + self.sd**2 / 2)

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import ndtri

        return np.asarray(-np.expm1(-(self.mean + self.sd * ndtri(floats(u)))))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        from scipy.special import ndtr

        values = floats(x)
        fall = -np.log1p(-np.minimum(values, 1 - 2.0**-53))
        return np.asarray(np.where(values >= 1, 1.0, ndtr((fall - self.mean) / self.sd)))
