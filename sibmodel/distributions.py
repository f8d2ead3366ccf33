"""The distributions that a belief may have. Each is a few numbers, an expected value and a quantile
function, from which a simulation draws by inversion; a new one is one class and one line in `Belief`."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from sibmodel.reading import SAME, SPREAD, fault_at
from sibmodel.terms import Terms, number, quantity_field, share

Floats = npt.NDArray[np.float64]

PERT_WEIGHT = 4.0
"""How much more the mode of a PERT distribution weighs than each end (Malcolm et al. 1959)."""

NARROWEST = 1e-6
"""Of the mean: a smaller standard deviation is a slip, and the inverse functions lose their precision."""
WIDEST_RATIO = 100.0
"""Times the mean: beyond it a lognormal or gamma is all but zero, with a rare enormous value."""
WIDEST_LOG = 5.0
"""Log units: a rate 150 times higher or lower is not an effect of a service."""


def _value(sentence: str) -> Any:
    """A parameter in the unit, and within the range, of the field where the distribution stands."""
    return quantity_field(SAME, sentence, ..., "as the field", None, None)


def _spread() -> Any:
    return quantity_field(SPREAD, "Standard deviation", ..., "as the field", 0.0, None)


def _shares(u: npt.ArrayLike) -> Floats:
    return np.asarray(u, dtype=np.float64)


class Distribution(Terms):
    """A distribution of one uncertain number."""

    @property
    def support(self) -> tuple[float, float]:
        """The lowest and the highest value it can take; infinite where there is no bound."""
        raise NotImplementedError

    def expected_value(self) -> float:
        """The mean, in closed form."""
        raise NotImplementedError

    def quantile(self, u: npt.ArrayLike) -> Floats:
        """The inverse distribution function: the value below which a share `u` (0 to 1) of draws lies.

        `u` has any shape, and the result has the same.
        """
        raise NotImplementedError

    @model_validator(mode="after")
    def _has_a_spread(self) -> Self:
        sd = getattr(self, "sd", None)
        if sd == 0:
            raise fault_at(("sd",), "is 0, so nothing is uncertain.", "Write a plain number instead.")
        if sd is not None and sd < NARROWEST * max(abs(getattr(self, "mean", 0.0)), NARROWEST):
            raise fault_at(("sd",), f"{sd:g} is next to nothing beside the mean.", "Write a plain number instead.")
        return self


class Normal(Distribution):
    """Normal: symmetric, without bounds."""

    mean: float = _value("Expected value")
    sd: float = _spread()

    @property
    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def expected_value(self) -> float:
        return self.mean

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import ndtri

        return np.asarray(self.mean + self.sd * ndtri(_shares(u)))


class _Positive(Distribution):
    """Distributions of a number above zero, given by the mean and standard deviation of the number itself."""

    mean: float = _value("Expected value of the number itself (not of its logarithm)")
    sd: float = _spread()

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
        return np.asarray(self.mean * np.exp(math.sqrt(variance) * ndtri(_shares(u)) - variance / 2))


class Gamma(_Positive):
    """Gamma: above zero, skewed to the right, with a thinner tail than the lognormal."""

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import gammaincinv

        scale = self.sd**2 / self.mean
        with np.errstate(under="ignore"):  # a draw too small for a float is 0
            return np.asarray(scale * gammaincinv(self.mean / scale, _shares(u)))


class Beta(Distribution):
    """Beta: between 0 and 1, given by its mean and standard deviation."""

    mean: float = share("Expected value")
    sd: float = _spread()

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
        return np.asarray(betaincinv(self.mean * size, (1 - self.mean) * size, _shares(u)))


class Uniform(Distribution):
    """Uniform: any value between two is as likely as another."""

    low: float = _value("Lowest value")
    high: float = _value("Highest value")

    @property
    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def expected_value(self) -> float:
        return (self.low + self.high) / 2

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        _check_ends(self.low, self.high)
        return self

    def quantile(self, u: npt.ArrayLike) -> Floats:
        return np.asarray(self.low + (self.high - self.low) * _shares(u))


class _ThreePoints(Distribution):
    low: float = _value("Lowest value")
    mode: float = _value("Likeliest value")
    high: float = _value("Highest value")

    @property
    def support(self) -> tuple[float, float]:
        return self.low, self.high

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        _check_ends(self.low, self.high)
        if not self.low <= self.mode <= self.high:
            raise fault_at(("mode",), f"{self.mode:g} is not between low, {self.low:g}, and high, {self.high:g}.")
        return self


class Triangular(_ThreePoints):
    """Triangular: from a lowest to a highest value with a peak at the mode."""

    def expected_value(self) -> float:
        return (self.low + self.mode + self.high) / 3

    def quantile(self, u: npt.ArrayLike) -> Floats:
        shares = _shares(u)
        width, left = self.high - self.low, self.mode - self.low
        rising = self.low + np.sqrt(shares * width * left)
        falling = self.high - np.sqrt((1 - shares) * width * (self.high - self.mode))
        return np.asarray(np.where(shares * width < left, rising, falling))


class Pert(_ThreePoints):
    """PERT: as the triangular, but smooth and closer to the mode."""

    def expected_value(self) -> float:
        return (self.low + PERT_WEIGHT * self.mode + self.high) / (PERT_WEIGHT + 2)

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import betaincinv

        width = self.high - self.low
        first = 1 + PERT_WEIGHT * (self.mode - self.low) / width
        second = 1 + PERT_WEIGHT * (self.high - self.mode) / width
        return np.asarray(self.low + width * betaincinv(first, second, _shares(u)))


class Event(Distribution):
    """Event: 1 when it happens, otherwise 0; the highest draws are those in which it happens."""

    probability: float = share("Probability that it happens")

    @property
    def support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def expected_value(self) -> float:
        return self.probability

    def quantile(self, u: npt.ArrayLike) -> Floats:
        return np.where(_shares(u) > 1 - self.probability, 1.0, 0.0)


class Discrete(Distribution):
    """Discrete: one of a few values, each with its weight; the weights need not add up to 1."""

    values: tuple[float, ...] = _value("The values")
    weights: tuple[float, ...] = number("The weight of each value", minimum=0.0)

    @property
    def support(self) -> tuple[float, float]:
        possible = [value for value, weight in zip(self.values, self.weights, strict=True) if weight > 0]
        return min(possible), max(possible)

    def expected_value(self) -> float:
        total = math.fsum(self.weights)
        return math.fsum(v * (w / total) for v, w in zip(self.values, self.weights, strict=True))

    @model_validator(mode="after")
    def _matches(self) -> Self:
        if len(self.values) != len(self.weights):
            raise fault_at(
                ("weights",), f"has {len(self.weights)} weights for {len(self.values)} values.", "Give each its own."
            )
        if not self.values:
            raise fault_at(("values",), "is empty.", "Write at least one value.")
        if not sum(self.weights) > 0:
            raise fault_at(("weights",), "has no weight above 0.")
        return self

    def quantile(self, u: npt.ArrayLike) -> Floats:
        weights = np.asarray(self.weights)
        order = np.argsort(self.values, kind="stable")
        order = order[weights[order] > 0]
        reached = np.cumsum(weights[order])
        position = np.searchsorted(reached[:-1] / reached[-1], _shares(u), side="left")
        return np.asarray(self.values)[order][position]


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

        return np.asarray(-np.expm1(-(self.mean + self.sd * ndtri(_shares(u)))))


def _check_ends(low: float, high: float) -> None:
    if low == high:
        raise fault_at(("high",), f"is the same as low, {low:g}.", "Write a plain number instead.")
    if low > high:
        raise fault_at(("high",), f"{high:g} is below low, {low:g}.", "Exchange them.")
