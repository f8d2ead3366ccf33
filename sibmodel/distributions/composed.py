"""Distributions made of others: a mixture of several, and one that is cut at bounds. `Shapes` lists all there are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import ValidationInfo, model_validator

from sibmodel.distributions.bell import LogReduction, Normal, StudentT
from sibmodel.distributions.bounded import Beta, Pert, Triangular, Uniform
from sibmodel.distributions.common import Distribution, Floats, check_ends, floats, value_field
from sibmodel.distributions.elicited import Between, Quantiles
from sibmodel.distributions.fitted import Fitted
from sibmodel.distributions.points import Discrete, Empirical, Event
from sibmodel.distributions.positive import Gamma, Lognormal
from sibmodel.quantities import fault
from sibmodel.reading import fault_at, quantity_around
from sibmodel.terms import Terms, number, part

LEAST_LEFT = 1e-4
"""A truncated distribution keeps at least so much of the other: less is a slip, and beyond the precision of draws."""
HALVINGS = 64
"""How often the stretch in which a mixture's quantile lies is halved: to the last bit of a float."""


class Shapes(Terms):
    """One field for each distribution, of which one is given."""

    normal: Normal | None = part("Symmetric, without bounds", default=None)
    lognormal: Lognormal | None = part("Above zero, skewed to the right", default=None)
    triangular: Triangular | None = part("From a lowest to a highest value, with a peak", default=None)
    pert: Pert | None = part("As triangular, but smooth and closer to the mode", default=None)
    uniform: Uniform | None = part("Any value between two is as likely as another", default=None)
    beta: Beta | None = part("Between 0 and 1", default=None)
    gamma: Gamma | None = part("Above zero, with a thinner tail than lognormal", default=None)
    event: Event | None = part("1 when it happens, otherwise 0", default=None)
    discrete: Discrete | None = part("One of a few values, each with a weight", default=None)
    log_reduction: LogReduction | None = part("A reduction whose log rate ratio is normal", default=None)
    student_t: StudentT | None = part("As normal, with longer tails", default=None)
    empirical: Empirical | None = part("One of the values observed, each as likely as another", default=None)
    between: Between | None = part("As good as sure to lie between two values: normal, or lognormal", default=None)
    quantiles: Quantiles | None = part("Through two to five quantiles, with normal tails", default=None)
    fitted: Fitted | None = part("A further value like those observed, which leave its spread uncertain", default=None)
    mixture: Mixture | None = part("One of several distributions or numbers, each with a weight", default=None)
    truncated: Truncated | None = part("Another distribution, drawn again where it lies outside bounds", default=None)

    @property
    def shape(self) -> Distribution | None:
        """The distribution that is given."""
        return next((one for name in SHAPES if (one := getattr(self, name)) is not None), None)


class Component(Shapes):
    """A part of another distribution: a distribution, or a plain number."""

    called = "distribution"

    value: float | None = value_field("A plain number", None)

    @model_validator(mode="before")
    @classmethod
    def _read_plain_number(cls, written: Any, info: ValidationInfo) -> Any:
        if isinstance(written, Mapping | Component):
            return written
        return {"value": quantity_around(info).read(written)}

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        given = [name for name in ("value", *SHAPES) if getattr(self, name) is not None]
        if not given:
            raise fault("has no distribution.", f"Write a number, or one of: {', '.join(SHAPES)}.")
        if len(given) > 1:
            raise fault(f"has {' and '.join(given)}.", "Keep one of them.")
        return self

    @property
    def distribution(self) -> Distribution:
        """The distribution; of a plain number, the one that always gives it."""
        if self.shape is not None:
            return self.shape
        assert self.value is not None
        return Discrete(values=(self.value,), weights=(1.0,))

    def plain(self) -> Any:
        """As a file would hold it: a plain number is just the number."""
        written = super().plain()
        return written.get("value", written)


class Mixture(Distribution):
    """Mixture: each draw comes from one of several distributions, in proportion to their weights.

    Its quantile is found by halving the stretch between its parts' quantiles, so a higher share always gives a
    higher value.
    """

    of: tuple[Component, ...] = part("The distributions or plain numbers")
    weights: tuple[float, ...] = number("The weight of each", minimum=0.0)

    @model_validator(mode="after")
    def _matches(self) -> Self:
        if len(self.weights) != len(self.of):
            raise fault_at(
                ("weights",), f"has {len(self.weights)} weights for {len(self.of)} distributions.", "Give each its own."
            )
        if len(self.of) < 2:
            raise fault_at(("of",), "has fewer than two distributions.", "Write more, or that one alone.")
        if not sum(self.weights) > 0:
            raise fault_at(("weights",), "has no weight above 0.")
        return self

    def _parts(self) -> list[tuple[float, Distribution]]:
        total = math.fsum(self.weights)
        pairs = zip(self.weights, self.of, strict=True)
        return [(weight / total, one.distribution) for weight, one in pairs if weight > 0]

    @property
    def support(self) -> tuple[float, float]:
        ends = [one.support for _, one in self._parts()]
        return min(low for low, _ in ends), max(high for _, high in ends)

    @property
    def atoms(self) -> Floats:
        return np.unique(np.concatenate([one.atoms for _, one in self._parts()]))

    def expected_value(self) -> float:
        return math.fsum(weight * one.expected_value() for weight, one in self._parts())

    def share_below(self, x: npt.ArrayLike) -> Floats:
        return np.asarray(sum(weight * one.share_below(x) for weight, one in self._parts()))

    def share_under(self, x: float) -> float:
        return math.fsum(weight * one.share_under(x) for weight, one in self._parts())

    def part_of_mean(self, low: float, high: float) -> float:
        return math.fsum(weight * one.part_of_mean(low, high) for weight, one in self._parts())

    def quantile(self, u: npt.ArrayLike) -> Floats:
        shares = floats(u)
        each = [one.quantile(shares) for _, one in self._parts()]
        low, high = np.minimum.reduce(each), np.maximum.reduce(each)
        ends = ~np.isfinite(low) | ~np.isfinite(high)
        outermost = np.where(shares < 0.5, low, high)
        low, high = np.where(ends, 0.0, low), np.where(ends, 0.0, high)
        width = high - low
        for _ in range(HALVINGS):
            middle = low + (high - low) / 2
            reached = self.share_below(middle) >= shares
            low, high = np.where(reached, low, middle), np.where(reached, middle, high)
        return np.where(ends, outermost, self._on_an_atom(high, width))

    def _on_an_atom(self, values: Floats, width: Floats) -> Floats:
        """The values, with those that halving has brought to an atom exactly on it."""
        atoms = self.atoms
        if not atoms.size:
            return values
        after = np.clip(np.searchsorted(atoms, values), 1, max(atoms.size - 1, 1))
        below, above = atoms[after - 1], atoms[np.minimum(after, atoms.size - 1)]
        nearest = np.where(np.abs(values - below) <= np.abs(values - above), below, above)
        close = np.abs(values - nearest) <= 1e-14 * (width + np.abs(nearest))
        return np.where(close, nearest, values)


class Truncated(Distribution):
    """Truncated: another distribution on condition that it lies within bounds."""

    of: Component = part("The distribution that is cut")
    low: float | None = value_field("Lowest value; no bound unless told", None)
    high: float | None = value_field("Highest value; no bound unless told", None)

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        if self.low is None and self.high is None:
            raise fault_at(("low",), "There is no bound.", "Give low or high, or write the distribution alone.")
        if self.of.value is not None:
            raise fault_at(("of",), "is a plain number.", "Write a distribution, or the number alone.")
        if self.low is not None and self.high is not None:
            check_ends(self.low, self.high)
        first, last = self._kept()
        if last - first < LEAST_LEFT:
            raise fault_at(
                ("of",), f"has next to nothing within the bounds: {last - first:.2g} of its draws.",
                "Move the bounds, or write another distribution.",
            )  # fmt: skip
        return self

    def _bounds(self) -> tuple[float, float]:
        return (-math.inf if self.low is None else self.low), (math.inf if self.high is None else self.high)

    def _kept(self) -> tuple[float, float]:
        """The shares of the other distribution between which what is kept lies."""
        inside = self.of.distribution
        first = 0.0 if self.low is None else inside.share_under(self.low)
        return first, 1.0 if self.high is None else float(inside.share_below(self.high))

    @property
    def support(self) -> tuple[float, float]:
        (low, high), (lowest, highest) = self._bounds(), self.of.distribution.support
        return max(low, lowest), min(high, highest)

    @property
    def atoms(self) -> Floats:
        low, high = self._bounds()
        atoms = self.of.distribution.atoms
        return atoms[(atoms >= low) & (atoms <= high)]

    def expected_value(self) -> float:
        """By quadrature where the other distribution has no closed form of it."""
        return self.part_of_mean(-math.inf, math.inf)

    def part_of_mean(self, low: float, high: float) -> float:
        lowest, highest = self._bounds()
        first, last = self._kept()
        if max(low, lowest) > min(high, highest):
            return 0.0
        return self.of.distribution.part_of_mean(max(low, lowest), min(high, highest)) / (last - first)

    def quantile(self, u: npt.ArrayLike) -> Floats:
        first, last = self._kept()
        drawn = self.of.distribution.quantile(np.clip(first + (last - first) * floats(u), first, last))
        return np.clip(drawn, *self.support)

    def share_below(self, x: npt.ArrayLike) -> Floats:
        first, last = self._kept()
        return np.asarray(np.clip((self.of.distribution.share_below(x) - first) / (last - first), 0.0, 1.0))

    def share_under(self, x: float) -> float:
        first, last = self._kept()
        return min(max((self.of.distribution.share_under(x) - first) / (last - first), 0.0), 1.0)


SHAPES = tuple(Shapes.model_fields)
"""The names of the distributions."""

for _terms in (Shapes, Component, Mixture, Truncated):
    _terms.model_rebuild()
