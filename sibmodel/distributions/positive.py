"""Distributions of a number above zero, given by the mean and standard deviation of the number itself."""

from __future__ import annotations

import math
from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from sibmodel.distributions.common import Distribution, Floats, floats, spread_field, value_field
from sibmodel.reading import fault_at

WIDEST_RATIO = 100.0
"""Times the mean: beyond it a lognormal or gamma is all but zero, with a rare enormous value."""


class _Positive(Distribution):
    mean: float = value_field("Expected value of the number itself (not of its logarithm)")
    sd: float = spread_field()

    @property
    def support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def expected_value(self) -> float:
        return self.mean

    @model_validator(mode="after")
    def _is_positive(self) -> Self:
        if self.mean <= 0:
            raise fault_at(("mean",), f"{self.mean:g} is not above 0, as this distribution needs.")
        if self.sd > WIDEST_RATIO * self.mean:
            raise fault_at(("sd",), f"{self.sd:g} is more than {WIDEST_RATIO:g} times the mean.", "Check the digits.")
        return self


class Lognormal(_Positive):
    """Lognormal: above zero, skewed to the right; `mean` and `sd` are those of the number itself."""

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import ndtri

        variance = math.log1p((self.sd / self.mean) ** 2)  # of the logarithm
        return np.asarray(self.mean * np.exp(math.sqrt(variance) * ndtri(floats(u)) - variance / 2))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        from scipy.special import ndtr

        variance = math.log1p((self.sd / self.mean) ** 2)
        values = floats(x)
        logs = np.log(np.where(values > 0, values, 1.0) / self.mean)
        return np.asarray(np.where(values > 0, ndtr((logs + variance / 2) / math.sqrt(variance)), 0.0))


class Gamma(_Positive):
    """Gamma: above zero, skewed to the right, with a thinner tail than the lognormal."""

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import gammaincinv

        scale = self.sd**2 / self.mean
        with np.errstate(under="ignore"):  # a draw too small for a float is 0
            return np.asarray(scale * gammaincinv(self.mean / scale, floats(u)))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        from scipy.special import gammainc

        scale = self.sd**2 / self.mean
        return np.asarray(gammainc(self.mean / scale, np.maximum(floats(x), 0.0) / scale))
