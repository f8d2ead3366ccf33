"""Distributions between two ends."""

from __future__ import annotations

import math
from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from sibmodel.distributions.common import Distribution, Floats, check_ends, floats, spread_field, value_field
from sibmodel.reading import fault_at
from sibmodel.terms import share

PERT_WEIGHT = 4.0
"""How much more the mode of a PERT distribution weighs than each end (Malcolm et al. 1959)."""


class Beta(Distribution):
    """Beta: between 0 and 1, given by its mean and standard deviation."""

    mean: float = share("Expected value")
    sd: float = spread_field()

    @property
    def support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def expected_value(self) -> float:
        return self.mean

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not 0 < self.mean < 1:
            raise fault_at(("mean",), f"{self.mean:g} is not between 0 and 1, both excluded.")
        widest = math.sqrt(self.mean * (1 - self.mean))
        if self.sd >= widest:
            raise fault_at(
                ("sd",), f"{self.sd:g} is too wide for a mean of {self.mean:g}.", f"Stay below {widest:.3g}."
            )
        return self

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import betaincinv

        size = self.mean * (1 - self.mean) / self.sd**2 - 1
        return np.asarray(betaincinv(self.mean * size, (1 - self.mean) * size, floats(u)))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        from scipy.special import betainc

        size = self.mean * (1 - self.mean) / self.sd**2 - 1
        return np.asarray(betainc(self.mean * size, (1 - self.mean) * size, np.clip(floats(x), 0.0, 1.0)))


class Uniform(Distribution):
    """Uniform: any value between two is as likely as another."""

    low: float = value_field("Lowest value")
    high: float = value_field("Highest value")

    @property
    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def expected_value(self) -> float:
        return (self.low + self.high) / 2

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        check_ends(self.low, self.high)
        return self

    def quantile(self, u: npt.ArrayLike) -> Floats:
        return np.asarray(self.low + (self.high - self.low) * floats(u))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        return np.asarray((np.clip(floats(x), self.low, self.high) - self.low) / (self.high - self.low))


class _ThreePoints(Distribution):
    low: float = value_field("Lowest value")
    mode: float = value_field("Likeliest value")
    high: float = value_field("Highest value")

    @property
    def support(self) -> tuple[float, float]:
        return self.low, self.high

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        check_ends(self.low, self.high)
        if not self.low <= self.mode <= self.high:
            raise fault_at(("mode",), f"{self.mode:g} is not between low, {self.low:g}, and high, {self.high:g}.")
        return self


class Triangular(_ThreePoints):
    """Triangular: from a lowest to a highest value with a peak at the mode."""

    def expected_value(self) -> float:
        return (self.low + self.mode + self.high) / 3

    def quantile(self, u: npt.ArrayLike) -> Floats:
        shares = floats(u)
        width, left = self.high - self.low, self.mode - self.low
        rising = self.low + np.sqrt(shares * width * left)
        falling = self.high - np.sqrt((1 - shares) * width * (self.high - self.mode))
        return np.asarray(np.where(shares * width < left, rising, falling))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        values = np.clip(floats(x), self.low, self.high)
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = (values - self.low) ** 2 / (width * (left or 1.0))
        falling = 1 - (self.high - values) ** 2 / (width * (right or 1.0))
        return np.asarray(np.where(values < self.mode, rising, falling))


class Pert(_ThreePoints):
    """PERT: as the triangular, but smooth and closer to the mode."""

    def expected_value(self) -> float:
        return (self.low + PERT_WEIGHT * self.mode + self.high) / (PERT_WEIGHT + 2)

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import betaincinv

        return np.asarray(self.low + (self.high - self.low) * betaincinv(*self._powers(), floats(u)))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        from scipy.special import betainc

        part = (np.clip(floats(x), self.low, self.high) - self.low) / (self.high - self.low)
        return np.asarray(betainc(*self._powers(), part))

    def _powers(self) -> tuple[float, float]:
        """The parameters of the beta distribution that it is, stretched from low to high."""
        width = self.high - self.low
        return 1 + PERT_WEIGHT * (self.mode - self.low) / width, 1 + PERT_WEIGHT * (self.high - self.mode) / width
