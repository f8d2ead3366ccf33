"""Terms become cells: each number of a deal is bound to one input of the book, with its path, unit and source.

A belief that is uncertain is bound with its distribution and the stream of luck from which a simulation draws it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sibmodel.distributions import Distribution
from sibmodel.lines import Book, Input, Section
from sibmodel.month import Month
from sibmodel.reading import quantity_of
from sibmodel.terms import Terms
from sibmodel.uncertain import Belief, ByCohort

T = TypeVar("T")
UNITS = {"GBP": "£", "share": "share", "share a year": "share a year"}
"""Units of terms that a reader sees otherwise."""
FROM_THE_DEAL = "as signed"
ASSUMED = "assumed"
REPORTED = "as reported"
"""The source of a term, a belief or a fact for which the deal file names none."""


def nearest(by_path: Mapping[str, T], path: str) -> T | None:
    """What is said of a path, or of the nearest part of the deal around it; None where nothing is."""
    while path:
        if path in by_path:
            return by_path[path]
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut] if cut > 0 else ""
    return None


def status(source: str) -> str:
    """Where a number comes from, in a word or two."""
    words = source.casefold()
    if source in (FROM_THE_DEAL, REPORTED):
        return source
    if words.startswith("library/"):
        return "assumed"
    for word in ("assumed", "derived"):
        if words.startswith(word):
            return word
    return "published" if "http" in words else "convention"


@dataclass(frozen=True, eq=False)
class Uncertain:
    """An input that nobody knows: drawn from `distribution` by the luck of `stream`."""

    cell: Input
    distribution: Distribution
    stream: str
    lowest: float = -math.inf
    highest: float = math.inf
    """The range that the field allows: a draw beyond it is cut to its end."""

    def column(self, uniforms: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """The value at each cumulative probability."""
        return np.clip(self.distribution.quantile(uniforms), self.lowest, self.highest)


@dataclass(eq=False)
class Cells:
    """Binds numbers to inputs of the section `section`. `sources` names the sources of signed terms by path."""

    book: Book
    section: Section
    start: Month
    sources: Mapping[str, str] = field(default_factory=dict)
    uncertain: list[Uncertain] = field(default_factory=list)
    bound: dict[tuple[str, ...], Input] = field(default_factory=dict)
    """What has been bound already and may be asked for again, by path."""

    def heading(self, text: str) -> None:
        """The heading under which the next inputs stand."""
        self.section.heading = text

    def source_of(self, path: str) -> str:
        """The source of a signed term: its own entry, or that of the nearest part of the deal around it."""
        default = ASSUMED if path.startswith("assumptions.") else FROM_THE_DEAL
        default = REPORTED if path.startswith("actuals.") else default
        return nearest(self.sources, path) or default

    def number(self, terms: Terms, name: str, path: str, title: str) -> Input:
        """The number in the field `name` of `terms`, as an input called `title`. None is not a number: ask first."""
        quantity = quantity_of(type(terms).model_fields[name])
        assert quantity is not None
        description = type(terms).model_fields[name].description or ""
        full = f"{path}.{name}" if path else name
        unit = UNITS.get(quantity.unit, quantity.unit)
        return self.section.input(
            title, getattr(terms, name), unit=unit, path=full, source=self.source_of(full), note=f"{description}."
        )

    def once(self, terms: Terms, name: str, path: str, title: str) -> Input:
        """As `number`, but asked again gives the same input."""
        key = (path, name)
        if key not in self.bound:
            self.bound[key] = self.number(terms, name, path, title)
        return self.bound[key]

    def item(self, terms: Terms, name: str, key: str | int, path: str, title: str) -> Input:
        """The number under `key` of the mapping or list in the field `name`, as an input; asked again, the same."""
        full = f"{path}.{name}[{key}]" if path else f"{name}[{key}]"
        if (full,) not in self.bound:
            quantity = quantity_of(type(terms).model_fields[name])
            assert quantity is not None
            self.bound[full,] = self.section.input(
                title,
                getattr(terms, name)[key],
                unit=UNITS.get(quantity.unit, quantity.unit),
                path=full,
                source=self.source_of(full),
                note=f"{type(terms).model_fields[name].description}.",
            )
        return self.bound[full,]

    def slack(self) -> Input:
        """How little may be missing where something must be reached: crumbs of rounding, and no more."""
        key = ("slack",)
        if key not in self.bound:
            self.bound[key] = self.section.input(
                "Shortfall that is rounding",
                1e-9,
                unit="share",
                source="far below what any assessor reports",
                note="A measured effect this close to a threshold reaches it: 10 % measured passes a test of 10 %.",
            )
        return self.bound[key]

    def month(self, value: Month, path: str, title: str, note: str) -> Input:
        """A month as the number of its period, counted from 1 at the deal's start."""
        period = self.start.months_until(value) + 1
        return self.section.input(title, period, unit="period", path=path, source=self.source_of(path), note=note)

    def belief(self, terms: Terms, name: str, path: str, title: str, stream: str) -> Input:
        """The belief in the field `name` of `terms`: its base case, and its distribution where it is uncertain."""
        belief: Belief = getattr(terms, name)
        return self._believed(belief, terms, name, f"{path}.{name}", title, stream)

    def belief_of_cohort(self, terms: Terms, name: str, path: str, title: str, cohort: str, stream: str) -> Input:
        """The belief for one cohort. Beliefs of the same `stream` share their luck."""
        beliefs: ByCohort = getattr(terms, name)
        own = f'.by_cohort["{cohort}"]' if beliefs.cohorts else ""
        return self._believed(
            beliefs.for_cohort(cohort), terms, name, f"{path}.{name}{own}", f"{title}, {cohort}", stream
        )

    def belief_of(self, terms: Terms, name: str, key: str, path: str, title: str, stream: str) -> Input:
        """The belief under `key` of the mapping in the field `name`; asked again, the same."""
        full = f'{path}.{name}["{key}"]'
        if (full,) not in self.bound:
            belief: Belief = getattr(terms, name)[key]
            self.bound[full,] = self._believed(belief, terms, name, full, title, stream)
        return self.bound[full,]

    def _believed(self, belief: Belief, terms: Terms, name: str, path: str, title: str, stream: str) -> Input:
        quantity = quantity_of(type(terms).model_fields[name])
        assert quantity is not None
        description = type(terms).model_fields[name].description or ""
        note = f"{description}. {belief.note or ''}".strip()
        unit = UNITS.get(quantity.unit, quantity.unit)
        cell = self.section.input(title, belief.base, unit=unit, path=path, source=belief.source, note=note)
        if belief.distribution is not None:
            lowest = -math.inf if quantity.minimum is None else quantity.minimum
            highest = math.inf if quantity.maximum is None else quantity.maximum
            self.uncertain.append(Uncertain(cell, belief.distribution, stream, lowest, highest))
        return cell
