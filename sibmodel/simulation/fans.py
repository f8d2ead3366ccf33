"""Fans: the percentiles of any line over time, period by period, by running its paths again for that line alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sibmodel.lines import Line
from sibmodel.metrics import error_of_quantile, quantiles
from sibmodel.simulation.engines import engine_of
from sibmodel.simulation.paths import Floats, Luck, blocks
from sibmodel.simulation.simulated import Simulation

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The percentiles of a fan unless told."""
MOST_PATHS = 32_768
"""Paths of a fan: of a larger simulation, the first so many, or its first two replicates."""


@dataclass(frozen=True, eq=False)
class Fan:
    """Percentiles of a line. In each period they are its own: no path need run along one of them."""

    line: Line
    levels: tuple[float, ...]
    """Shares of one."""
    values: Floats
    """`[level, period]`, in the line's unit."""
    errors: Floats
    """Their Monte Carlo standard errors; nan where there are too few paths."""
    paths: int


def fan(simulation: Simulation, line: Line, levels: Sequence[float] = LEVELS) -> Fan:
    """The fan of a line of the simulation's model, over the simulation's own paths.

    Raises ValueError for a line without time, and for levels that are no shares.
    """
    if not line.timed:
        raise ValueError(f"“{line.name}” has no time, so it has no fan: summarise it instead.")
    paths, replicates = first_paths(simulation)
    drawn = over_paths(simulation, line, paths)
    values = np.array([quantiles(row, levels) for row in drawn]).T
    errors = np.array([error_of_quantile(row, levels, replicates) for row in drawn]).T
    return Fan(line, tuple(levels), values, errors, paths)


def first_paths(simulation: Simulation, most: int = MOST_PATHS) -> tuple[int, int]:
    """About so many of a simulation's first paths, and the replicates that they are: whole ones, two at least."""
    spread = simulation.spread
    if spread.replicates == 1:
        return min(simulation.kept, most), 1
    size = spread.paths // spread.replicates
    replicates = min(simulation.replicates, max(2, most // size))
    return replicates * size, replicates


def over_paths(simulation: Simulation, line: Line, paths: int) -> Floats:
    """A line over time in the first paths of a simulation, `[period, path]`."""
    model = simulation.model
    engine = engine_of(model, [line], paths)
    found = np.empty((model.book.periods, paths))
    done = 0
    for number, wanted in blocks(paths):
        luck = Luck(model, simulation.seed, number, simulation.spread)
        for first in range(0, wanted, engine.at_once):
            count = min(engine.at_once, wanted - first)
            values = engine.calculate(*luck.cut(slice(first, first + engine.at_once)))[line]
            found[:, done + first : done + first + count] = values[:, :count] if values.shape[1] > 1 else values
        done += wanted
    return found
