"""Distributions over single values: an event, a few weighted values, values that were once observed."""

from __future__ import annotations

import math
from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from sibmodel.distributions.common import Distribution, Floats, floats, value_field
from sibmodel.reading import fault_at
from sibmodel.terms import number, share


class Event(Distribution):
    """Event: 1 when it happens, otherwise 0; the highest draws are those in which it happens."""

    probability: float = share("Probability that it happens")

    @property
    def support(self) -> tuple[float, float]:
        return 0.0, 1.0

    @property
    def atoms(self) -> Floats:
        return floats([0.0, 1.0])

    def expected_value(self) -> float:
        return self.probability

    def quantile(self, u: npt.ArrayLike) -> Floats:
        return np.where(floats(u) > 1 - self.probability, 1.0, 0.0)

    def share_below(self, x: npt.ArrayLike) -> Floats:
        values = floats(x)
        return np.where(values >= 1, 1.0, np.where(values >= 0, 1 - self.probability, 0.0))

    def share_under(self, x: float) -> float:
        return 1.0 if x > 1 else 1 - self.probability if x > 0 else 0.0

    def part_of_mean(self, low: float, high: float) -> float:
        return self.probability if low <= 1 <= high else 0.0


class _Points(Distribution):
    """Values with weights, rising."""

    def points(self) -> tuple[Floats, Floats]:
        """The values that can occur, rising, and the share of each."""
        raise NotImplementedError

    @property
    def support(self) -> tuple[float, float]:
        possible, _ = self.points()
        return float(possible[0]), float(possible[-1])

    @property
    def atoms(self) -> Floats:
        return self.points()[0]

    def quantile(self, u: npt.ArrayLike) -> Floats:
        values, weights = self.points()
        reached = np.cumsum(weights)
        return np.asarray(values[np.searchsorted(reached[:-1] / reached[-1], floats(u), side="left")])

    def share_below(self, x: npt.ArrayLike) -> Floats:
        return self._reached(np.searchsorted(self.points()[0], floats(x), side="right"))

    def share_under(self, x: float) -> float:
        return float(self._reached(np.searchsorted(self.points()[0], x, side="left")))

    def _reached(self, count: npt.NDArray[np.intp] | np.intp) -> Floats:
        """The share of the first `count` values."""
        weights = self.points()[1]
        reached = np.cumsum(weights)
        return np.asarray(np.concatenate([[0.0], reached / reached[-1]])[count])

    def part_of_mean(self, low: float, high: float) -> float:
        values, weights = self.points()
        inside = (values >= low) & (values <= high)
        return math.fsum(values[inside] * weights[inside]) / math.fsum(weights)


class Discrete(_Points):
    """Discrete: one of a few values, each with its weight; the weights need not add up to 1."""

    values: tuple[float, ...] = value_field("The values")
    weights: tuple[float, ...] = number("The weight of each value", minimum=0.0)

    def points(self) -> tuple[Floats, Floats]:
        weights = floats(self.weights)
        order = np.argsort(self.values, kind="stable")
        order = order[weights[order] > 0]
        return floats(self.values)[order], weights[order]

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


class Empirical(_Points):
    """Empirical: one of the values that were observed, each as likely as another; nothing between or beyond them."""

    values: tuple[float, ...] = value_field("The values observed, one for each time that it was")

    def points(self) -> tuple[Floats, Floats]:
        return np.sort(floats(self.values)), np.ones(len(self.values))

    def expected_value(self) -> float:
        return math.fsum(self.values) / len(self.values)

    @model_validator(mode="after")
    def _has_several(self) -> Self:
        if len(set(self.values)) < 2:
            raise fault_at(
                ("values",), "has fewer than two different values, so nothing is uncertain.",
                "Write more values, or a plain number instead.",
            )  # fmt: skip
        return self
