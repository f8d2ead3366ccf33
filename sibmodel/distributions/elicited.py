"""Distributions from what an expert can say: a range that is nearly sure, or a few quantiles."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from sibmodel.distributions.common import Distribution, Floats, check_ends, floats, value_field
from sibmodel.reading import fault_at
from sibmodel.terms import choice, share

FEWEST, MOST = 2, 5
"""Quantiles that a person can be asked for."""


class Between(Distribution):
    """Between: a normal or lognormal that lies between two values with the chance `sure`, and as often below as above.

    Normal: the mean is halfway; the standard deviation is half the width ÷ z, with z the normal quantile of
    (1 + `sure`) ÷ 2. Lognormal: the same of the logarithms.
    """

    low: float = value_field("Lower value")
    high: float = value_field("Upper value")
    sure: float = share("Chance of a value between them", default=0.9)
    shape: Literal["normal", "lognormal"] = choice("Shape of the distribution", default="normal")

    @property
    def support(self) -> tuple[float, float]:
        return (0.0 if self.shape == "lognormal" else -math.inf), math.inf

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        check_ends(self.low, self.high)
        if self.shape == "lognormal" and self.low <= 0:
            raise fault_at(
                ("low",), f"{self.low:g} is not above 0, as a lognormal needs.", "Raise it, or write shape: normal."
            )
        if not 0.01 <= self.sure <= 0.9999:
            raise fault_at(("sure",), f"{self.sure:g} is not between 1% and 99.99%.", "Write it like 90%.")
        return self

    def _bell(self) -> tuple[float, float]:
        """Mean and standard deviation of the number, or of its logarithm."""
        from scipy.special import ndtri

        ends = (self.low, self.high) if self.shape == "normal" else (math.log(self.low), math.log(self.high))
        return (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2 / float(ndtri((1 + self.sure) / 2))

    def expected_value(self) -> float:
        mean, sd = self._bell()
        return mean if self.shape == "normal" else math.exp(mean + sd**2 / 2)

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import ndtri

        mean, sd = self._bell()
        drawn = mean + sd * ndtri(floats(u))
        return np.asarray(drawn if self.shape == "normal" else np.exp(drawn))

    def share_below(self, x: npt.ArrayLike) -> Floats:
        from scipy.special import ndtr

        mean, sd = self._bell()
        values = floats(x)
        if self.shape == "normal":
            return np.asarray(ndtr((values - mean) / sd))
        logs = np.log(np.where(values > 0, values, 1.0))
        return np.asarray(np.where(values > 0, ndtr((logs - mean) / sd), 0.0))


class Quantiles(Distribution):
    """Quantiles: two to five values, each with the chance of a value at or below it; all are met exactly.

    Between them the value rises in a straight line with the normal quantile of the chance, and beyond the outermost
    it goes on as in the stretch beside. So two quantiles give a normal distribution, and the tails are normal ones.
    """

    shares: tuple[float, ...] = share("Chances of a value at or below each, rising")
    values: tuple[float, ...] = value_field("The value at each chance, rising")

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not FEWEST <= len(self.shares) <= MOST:
            raise fault_at(("shares",), f"has {len(self.shares)} chances.", f"Give {FEWEST} to {MOST}.")
        if len(self.values) != len(self.shares):
            raise fault_at(
                ("values",), f"has {len(self.values)} values for {len(self.shares)} chances.", "Give each its own."
            )
        if self.shares[0] < 1e-4 or self.shares[-1] > 1 - 1e-4:
            raise fault_at(
                ("shares",), "has a chance that is next to 0 or 1.",
                "Nobody knows the very ends: begin with 1% or 5%, say, or cut with truncated.",
            )  # fmt: skip
        for name, steps in (("shares", self.shares), ("values", self.values)):
            for one, after in pairwise(steps):
                if after <= one:
                    raise fault_at((name,), f"{after:g} comes after {one:g}.", "Write them rising.")
        return self

    @property
    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def _stretches(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The inner knots as normal scores and as values, and each stretch's value at score 0 and its slope."""
        from scipy.special import ndtri

        scores, values = ndtri(floats(self.shares)), floats(self.values)
        slopes = np.diff(values) / np.diff(scores)
        return scores[1:-1], values[1:-1], values[:-1] - slopes * scores[:-1], slopes

    def expected_value(self) -> float:
        """The sum over stretches a + b·z of a·(Φ(z₂) − Φ(z₁)) + b·(φ(z₁) − φ(z₂))."""
        from scipy.special import ndtr

        inner, _, at_nil, slopes = self._stretches()
        ends = np.concatenate([[-40.0], inner, [40.0]])
        with np.errstate(under="ignore"):
            density = np.exp(-(ends**2) / 2) / math.sqrt(2 * math.pi)
        return float((at_nil * np.diff(ndtr(ends)) - slopes * np.diff(density)).sum())

    def quantile(self, u: npt.ArrayLike) -> Floats:
        from scipy.special import ndtri

        inner, _, at_nil, slopes = self._stretches()
        scores = ndtri(floats(u))
        place = np.searchsorted(inner, scores)
        return np.asarray(at_nil[place] + slopes[place] * scores)

    def share_below(self, x: npt.ArrayLike) -> Floats:
        from scipy.special import ndtr

        _, knots, at_nil, slopes = self._stretches()
        values = floats(x)
        place = np.searchsorted(knots, values)
        return np.asarray(ndtr((values - at_nil[place]) / slopes[place]))
