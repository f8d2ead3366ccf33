"""Tornado and spider: what a figure is where one driver is low or high, and the others are as they fall.

Two ways. *Among the paths* of a simulation: the mean over those in which the driver happens to be near a percentile,
so that drivers that go with it are where they then are. *Held*: all paths again, the driver at the percentile in each
and the others as they were, so that nothing but the driver moves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.analysis.asking import Kind, Question, Trials, estimate
from sibmodel.analysis.sensitivity.drivers import Driver, Floats, beliefs_of, percentiles, shares_at
from sibmodel.lines import Input
from sibmodel.model import Model
from sibmodel.simulation import NONE, Estimate

LOW, HIGH = 0.10, 0.90
NEAR = 0.05
"""Among the paths, a driver is at P10 from P5 to P15."""
LEVELS = (0.10, 0.25, 0.50, 0.75, 0.90)
"""Percentiles of a spider: a tornado's two are among them."""
FEWEST = 20
"""Below so many paths near a percentile, nothing is told of them."""


@dataclass(frozen=True)
class Bar:
    """A figure with a driver low (P10) and high (P90)."""

    driver: Driver
    low: Estimate
    high: Estimate

    @property
    def swing(self) -> float:
        """How far the figure moves between the two; nan where it is not known."""
        return self.high.value - self.low.value


@dataclass(frozen=True)
class Tornado:
    """The bars of a figure, the longest first. `middle` is the figure over all paths."""

    asked: str
    kind: Kind
    middle: Estimate
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Spoke:
    """A figure with a driver held at each of `LEVELS`."""

    driver: Driver
    values: tuple[Estimate, ...]


@dataclass(frozen=True)
class Spider:
    """The spokes of a figure, the one that moves it most first."""

    asked: str
    kind: Kind
    middle: Estimate
    spokes: tuple[Spoke, ...]

    @property
    def tornado(self) -> Tornado:
        """Its ends at P10 and P90."""
        low, high = LEVELS.index(LOW), LEVELS.index(HIGH)
        bars = [Bar(one.driver, one.values[low], one.values[high]) for one in self.spokes]
        return Tornado(self.asked, self.kind, self.middle, _longest_first(bars))


def among_paths(
    model: Model, luck: Mapping[str, Floats], question: Question, values: Any, replicates: int = 1
) -> Tornado:
    """The tornado of a figure over paths that are there already: `values` `[path]`, true or false for an event.

    Errors are those of so many paths near a percentile; of replicates, as if they were independent, which is no less.
    """
    bars = []
    for driver in beliefs_of(model):
        place = percentiles(model, driver, luck)
        near = [_near(question, values[np.abs(place - level) <= NEAR]) for level in (LOW, HIGH)]
        bars.append(Bar(driver, *near))
    middle = estimate(question.statistic, values, replicates)
    return Tornado(question.text, question.kind, middle, _longest_first(bars))


def _near(question: Question, values: Any) -> Estimate:
    return estimate(question.statistic, values) if len(values) >= FEWEST else NONE


def spiders(model: Model, questions: Sequence[Question], trials: Trials) -> tuple[Spider, ...]:
    """The spider of each question, by holding every driver at every level in turn.

    Errors are those of the figure; the differences between levels are surer, for they have the same luck.
    """
    middle = trials.at()
    found: dict[str, list[Spoke]] = {one.text: [] for one in questions}
    for driver in beliefs_of(model):
        levels = [trials.at(held_cells(model, shares_at(model, driver, level))) for level in LEVELS]
        for question in questions:
            values = tuple(estimate(question.statistic, one[question.of.name], trials.replicates) for one in levels)
            found[question.text].append(Spoke(driver, values))
    return tuple(
        Spider(
            one.text,
            one.kind,
            estimate(one.statistic, middle[one.of.name], trials.replicates),
            tuple(sorted(found[one.text], key=lambda spoke: -_reach(spoke))),
        )
        for one in questions
    )


def held_cells(model: Model, shares: Mapping[str, float]) -> dict[Input, float]:
    """The inputs of beliefs at these shares of their distributions, by stream."""
    return {
        one.cell: float(one.column(np.array([shares[one.stream]]))[0])
        for one in model.uncertain
        if one.stream in shares
    }


def _reach(spoke: Spoke) -> float:
    known = [one.value for one in spoke.values if math.isfinite(one.value)]
    return max(known) - min(known) if known else -math.inf


def _longest_first(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    return tuple(sorted(bars, key=lambda one: -abs(one.swing) if math.isfinite(one.swing) else math.inf))
