"""What a simulation says of a figure or an event, by name: over all its paths, kept one by one or tallied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, nan
from typing import Protocol

import numpy as np

from sibmodel.metrics import (
    Summary,
    error_by_replicates,
    error_of_expected_shortfall,
    error_of_mean,
    error_of_probability,
    error_of_share,
    expected_shortfall,
    summarise,
)
from sibmodel.model import Model
from sibmodel.simulation.events import Statuses, events_of, made_of
from sibmodel.simulation.paths import Floats
from sibmodel.simulation.tally import Tally

TAIL = 0.05
"""The worst paths over which an expected shortfall is taken."""


class Paths(Protocol):
    """Paths that are done: a simulation, or one under way."""

    @property
    def model(self) -> Model: ...
    @property
    def figures(self) -> Mapping[str, Floats]: ...
    @property
    def rate_status(self) -> Statuses: ...
    @property
    def replicates(self) -> int: ...
    @property
    def tally(self) -> Tally | None: ...


@dataclass(frozen=True)
class Estimate:
    """A simulated figure and its Monte Carlo standard error; nan where there is none."""

    value: float
    error: float


NONE = Estimate(nan, nan)


def summary_of(paths: Paths, figure: str) -> Summary:
    """Mean, spread and percentiles of a figure, each with its error."""
    if paths.tally is not None:
        return paths.tally.sketches[figure].summary()
    return summarise(_column(paths, figure), paths.replicates)


def chance_of(paths: Paths, event: str) -> Estimate:
    """The share of paths in which an event happens."""
    if paths.tally is not None:
        happened, count = paths.tally.happened[event], paths.tally.paths
        return Estimate(happened / count, error_of_share(happened, count))
    holds = events_of(paths.model)[event](paths.figures, paths.rate_status)
    return Estimate(float(np.mean(holds)), error_of_probability(holds, paths.replicates))


def shortfall_of(paths: Paths, figure: str) -> Estimate:
    """The mean of the worst 5 % of paths."""
    if paths.tally is not None:
        return Estimate(*paths.tally.sketches[figure].shortfall(TAIL))
    values = _column(paths, figure)
    return Estimate(
        expected_shortfall(values, TAIL), error_of_expected_shortfall(values, TAIL, replicates=paths.replicates)
    )


def mean_less_shortfall_of(paths: Paths, figure: str) -> Estimate:
    """The mean less that of the worst 5 % of paths, with the error of the difference: both come from the same paths."""
    if paths.tally is not None:
        return Estimate(*paths.tally.sketches[figure].mean_less_shortfall(TAIL))
    values = _column(paths, figure)
    value = summarise(values).mean - expected_shortfall(values, TAIL)
    if paths.replicates > 1:
        error = error_by_replicates(values, paths.replicates, lambda one: one.mean() - expected_shortfall(one, TAIL))
        return Estimate(value, float(error))
    if values.size * TAIL < 2:
        return Estimate(value, nan)
    boundary = np.sort(values)[ceil(values.size * TAIL) - 1]
    return Estimate(value, error_of_mean(values + np.maximum(boundary - values, 0.0) / TAIL))


def width_of(paths: Paths, figure: str) -> float:
    """The most by which a figure's percentiles may lie from those of the same paths kept one by one."""
    return 0.0 if paths.tally is None else paths.tally.sketches[figure].widths()


def _column(paths: Paths, figure: str) -> Floats:
    found = paths.figures.get(figure)
    return made_of(paths.figures)[figure] if found is None else found
