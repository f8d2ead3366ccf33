"""What is different among the paths in which something happens: means of beliefs and effects there and elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sibmodel.binding import Uncertain
from sibmodel.metrics import error_of_mean
from sibmodel.model import Model
from sibmodel.simulation import Estimate, Simulation
from sibmodel.simulation.events import events_of
from sibmodel.simulation.fans import first_paths
from sibmodel.simulation.paths import Floats, blocks, drivers

EFFECTS = (
    ("True effect, all cohorts", "true_reduction"),
    ("Measured effect, all cohorts", "measured_reduction"),
    ("Paid effect, all cohorts", "paid_reduction"),
)
"""Figures that are told beside what was drawn."""


@dataclass(frozen=True)
class Given:
    """The mean of a figure among the paths in which an event happens, and among the others."""

    name: str
    unit: str
    happens: Estimate
    otherwise: Estimate
    apart: float
    """The first less the second, in standard deviations of all paths; 0 where these are all alike."""


@dataclass(frozen=True)
class Condition:
    """What is different where an event happens."""

    event: str
    paths: int
    """In which it happens, of those looked at: the first `of`."""
    of: int
    effects: tuple[Given, ...]
    drawn: tuple[Given, ...]
    """Beliefs, those most apart first."""


def conditional_means(simulation: Simulation, event: str) -> Condition | None:
    """The means where an event happens (`sibmodel.simulation.events`) and where it does not, over the first paths
    (`sibmodel.simulation.fans.MOST_PATHS`); None where it happens in all of them, or in none.

    Each mean has its Monte Carlo error; by replicates, those of replicates in which the event happens at all.
    """
    paths, replicates = first_paths(simulation)
    figures = {name: values[:paths] for name, values in simulation.figures.items()}
    holds = events_of(simulation.model)[event](figures, simulation.rate_status[:paths])
    if holds.all() or not holds.any():
        return None
    unit = simulation.model.effects[0].pooled.true.unit
    effects = [_given(name, unit, figures[key], holds, replicates) for name, key in EFFECTS]
    drawn = [
        _given(name, unit, values, holds, replicates)
        for (name, unit), values in drawn_columns(simulation, paths).items()
    ]
    drawn.sort(key=lambda one: -abs(one.apart))
    return Condition(event, int(np.count_nonzero(holds)), holds.size, tuple(effects), tuple(drawn))


def _given(name: str, unit: str, values: Floats, holds: np.ndarray, replicates: int) -> Given:
    among, others = (np.where(side, values, np.nan) for side in (holds, ~holds))
    estimates = [Estimate(_mean(one), error_of_mean(one, replicates)) for one in (among, others)]
    known = values[~np.isnan(values)]
    spread = float(known.std()) if known.size else 0.0
    gap = estimates[0].value - estimates[1].value
    apart = gap / spread if spread > 0 and np.isfinite(gap) else 0.0
    return Given(name, unit, estimates[0], estimates[1], apart)


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def drawn_columns(simulation: Simulation, paths: int) -> Mapping[tuple[str, str], Floats]:
    """What was drawn for each belief in the first paths, `[path]`, by its name and unit. A belief that stands in
    several cells, for several cohorts, is one."""
    beliefs = dict(_beliefs(simulation.model))
    found = {key: np.empty(paths) for key in beliefs}
    done = 0
    for number, wanted in blocks(paths):
        luck = drivers(simulation.model, simulation.seed, number, simulation.spread)
        for key, one in beliefs.items():
            found[key][done : done + wanted] = one.column(luck[one.stream][:wanted])
        done += wanted
    return found


def _beliefs(model: Model) -> Iterator[tuple[tuple[str, str], Uncertain]]:
    """Each belief, by its name and unit."""
    by_stream: dict[str, list[Uncertain]] = {}
    for one in model.uncertain:
        by_stream.setdefault(one.stream, []).append(one)
    for cells in by_stream.values():
        first = cells[0]
        if len(cells) > 1 and all(one.distribution == first.distribution for one in cells):
            yield (first.cell.name.rpartition(", ")[0] or first.cell.name, first.cell.unit), first
        else:
            yield from (((one.cell.name, one.cell.unit), one) for one in cells)
