"""Distributions fitted to observed values, as wide as so few values leave them.

What is drawn is a further observation: from the predictive distribution, in which the parameters are as uncertain as
the values leave them.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from sibmodel.distributions.common import Distribution, Floats, floats, value_field
from sibmodel.distributions.predictive import Knots, beta_knots, gamma_knots
from sibmodel.reading import fault_at
from sibmodel.terms import choice

FEWEST = 4
"""Values: with fewer, the predictive distribution of a normal has no standard deviation."""
LEFT_OUT = 1e-4
"""Of the draws of a lognormal at each end: a t distribution's exponential has no mean."""

Shape = Literal["normal", "lognormal", "gamma", "beta"]


class Fitted(Distribution):
    """Fitted: a further observation from what the values observed were drawn from, whose parameters are uncertain too.

    Normal, with the prior 1 ÷ σ²: Student's t with n − 1 degrees of freedom about the mean of the values, scaled by
    s·√(1 + 1 ÷ n) (A. Gelman and others, Bayesian Data Analysis, 3rd edition, section 3.2). Lognormal: the same of the
    logarithms, without the outermost 1 in 10,000 at each end. Gamma and beta: `sibmodel/distributions/predictive.py`.
    """

    to: Shape = choice("Shape of the distribution")
    data: tuple[float, ...] = value_field("The values observed, one for each time that it was")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.data) < FEWEST:
            raise fault_at(
                ("data",), f"has {len(self.data)} values, too few to tell how far they spread.",
                f"Give at least {FEWEST}, or another distribution.",
            )  # fmt: skip
        low, high = self._range()
        outside = [one for one in self.data if not low < one < high]
        if outside:
            above = "above 0" if high == math.inf else "between 0 and 1, both excluded"
            raise fault_at(
                ("data",), f"{outside[0]:g} is not {above}, as {self.to} needs.",
                "Leave it out where it is a slip; otherwise write to: normal.",
            )  # fmt: skip
        if np.std(self._scaled()) <= 1e-6 * max(float(np.abs(self._scaled()).max()), 1e-6):
            raise fault_at(("data",), "has values that are all alike: nothing is uncertain.", "Write a plain number.")
        return self

    def _range(self) -> tuple[float, float]:
        if self.to == "normal":
            return -math.inf, math.inf
        return 0.0, (1.0 if self.to == "beta" else math.inf)

    def _scaled(self) -> Floats:
        """The values on the scale on which they are normal, where there is one."""
        return np.log(self.data) if self.to == "lognormal" else floats(self.data)

    @property
    def support(self) -> tuple[float, float]:
        if self.to == "lognormal":
            low, high = self.quantile([0.0, 1.0])
            return float(low), float(high)
        return self._range()

    def _knots(self) -> Knots:
        return gamma_knots(self.data) if self.to == "gamma" else beta_knots(self.data)

    def _t(self) -> tuple[float, float, int]:
        """Centre, scale and degrees of freedom of the t distribution of a further value, or of its logarithm."""
        scaled = self._scaled()
        count = scaled.size
        return float(scaled.mean()), float(scaled.std(ddof=1)) * math.sqrt(1 + 1 / count), count - 1

    def expected_value(self) -> float:
        """The mean of a further observation; by quadrature but for a normal."""
        if self.to == "normal":
            return self._t()[0]
        return _mean(self.to, self.data)

    def part_of_mean(self, low: float, high: float) -> float:
        if self.to in ("gamma", "beta"):
            return self._knots().part_of_mean(low, high)
        return super().part_of_mean(low, high)

    def quantile(self, u: npt.ArrayLike) -> Floats:
        shares = floats(u)
        if self.to in ("gamma", "beta"):
            return self._knots().quantile(shares)
        if self.to == "normal":
            return self._t_quantile(shares)
        return np.exp(self._t_quantile(LEFT_OUT + (1 - 2 * LEFT_OUT) * shares))

    def _t_quantile(self, shares: Floats) -> Floats:
        from scipy.special import stdtrit

        centre, scale, degrees = self._t()
        # The lower tail has the precision, and the function below wants no ends.
        lower = stdtrit(degrees, np.clip(np.minimum(shares, 1 - shares), 1e-300, None))
        tail = np.where((shares <= 0) | (shares >= 1), -math.inf, lower)
        return np.asarray(centre + scale * np.where(shares < 0.5, tail, -tail))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        from scipy.special import stdtr

        values = floats(x)
        if self.to in ("gamma", "beta"):
            return self._knots().share_below(values)
        centre, scale, degrees = self._t()
        if self.to == "normal":
            return np.asarray(stdtr(degrees, (values - centre) / scale))
        logs = np.log(np.where(values > 0, values, 1.0))
        below = np.where(values > 0, stdtr(degrees, (logs - centre) / scale), 0.0)
        return np.asarray(np.clip((below - LEFT_OUT) / (1 - 2 * LEFT_OUT), 0.0, 1.0))


@lru_cache(maxsize=256)
def _mean(to: Shape, data: tuple[float, ...]) -> float:
    return Fitted(to=to, data=data).part_of_mean(-math.inf, math.inf)
