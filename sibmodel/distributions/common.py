"""What every distribution has: a range, a mean, and a distribution function that can be read both ways."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from sibmodel.reading import SAME, SPREAD, fault_at
from sibmodel.terms import Terms, quantity_field

Floats = npt.NDArray[np.float64]

NARROWEST = 1e-6
"""Of the mean: a smaller standard deviation is a slip, and the inverse functions lose their precision."""
STEEPEST = 36.0
"""Where quadrature stops, as log odds: beyond it lies less than a share of 1e-15."""


def value_field(sentence: str, default: Any = ...) -> Any:
    """A parameter in the unit, and within the range, of the field where the distribution stands."""
    return quantity_field(SAME, sentence, default, "as the field", None, None)


def spread_field() -> Any:
    return quantity_field(SPREAD, "Standard deviation", ..., "as the field", 0.0, None)


def floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def check_ends(low: float, high: float) -> None:
    if low == high:
        raise fault_at(("high",), f"is the same as low, {low:g}.", "Write a plain number instead.")
    if low > high:
        raise fault_at(("high",), f"{high:g} is below low, {low:g}.", "Exchange them.")


class Distribution(Terms):
    """A distribution of one uncertain number."""

    @property
    def support(self) -> tuple[float, float]:
        """The lowest and the highest value it can take; infinite where there is no bound."""
        raise NotImplementedError

    @property
    def atoms(self) -> Floats:
        """The single values that it takes with a chance above nil, rising; empty where it is smooth."""
        return np.empty(0)

    def expected_value(self) -> float:
        """The mean."""
        raise NotImplementedError

    def quantile(self, u: npt.ArrayLike) -> Floats:
        """The inverse distribution function: the value below which a share `u` (0 to 1) of draws lies.

        `u` has any shape, and the result has the same.
        """
        raise NotImplementedError

    def share_below(self, x: npt.ArrayLike) -> Floats:
        """The distribution function: the chance of a value of `x` or less, in the shape of `x`."""
        raise NotImplementedError

    def share_under(self, x: float) -> float:
        """The chance of a value below `x`, `x` itself left out."""
        return float(self.share_below(x))

    def part_of_mean(self, low: float, high: float) -> float:
        """What values from `low` to `high` add to the mean, by quadrature of the quantiles.

        It goes by the log odds of the share, so that long tails are followed to a share of 1e-15.
        """
        from scipy.integrate import quad

        first, last = float(self.share_below(low)), float(self.share_below(high))

        def added(odds: float) -> float:
            share = 1 / (1 + math.exp(-odds))
            return float(self.quantile(share)) * share * (1 - share)

        ends = [min(max(_log_odds(one), -STEEPEST), STEEPEST) for one in (first, last)]
        return float(quad(added, *ends, limit=500, epsabs=1e-13, epsrel=1e-10)[0])

    @model_validator(mode="after")
    def _has_a_spread(self) -> Self:
        sd = getattr(self, "sd", None)
        if sd == 0:
            raise fault_at(("sd",), "is 0, so nothing is uncertain.", "Write a plain number instead.")
        if sd is not None and sd < NARROWEST * max(abs(getattr(self, "mean", 0.0)), NARROWEST):
            raise fault_at(("sd",), f"{sd:g} is next to nothing beside the mean.", "Write a plain number instead.")
        return self


def _log_odds(share: float) -> float:
    if share <= 0:
        return -math.inf
    return math.inf if share >= 1 else math.log(share / (1 - share))
