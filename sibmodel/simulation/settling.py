"""How an estimate settles as paths grow: the same simulation after fewer of its paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sibmodel.model import Model
from sibmodel.simulation.events import Statuses
from sibmodel.simulation.paths import Floats
from sibmodel.simulation.simulated import Point, Simulation
from sibmodel.simulation.tally import Tally
from sibmodel.simulation.watched import Watched

FIRST = 256
"""Paths at the first point; each further point has twice as many."""


@dataclass(frozen=True, eq=False)
class Earlier:
    """A simulation when it had fewer paths, all of them kept."""

    model: Model
    figures: Mapping[str, Floats]
    rate_status: Statuses
    replicates: int
    tally: Tally | None = None


def settling(simulation: Simulation, watched: Watched) -> list[Point]:
    """Its estimate and standard error after more and more paths, all of them at the end: after 256, 512 and so on;
    of a replicated sampler after 2, 3 and so on of its replicates."""
    points = []
    for paths, replicates in _stages(simulation):
        figures = {name: column[:paths] for name, column in simulation.figures.items()}
        estimate = watched.of(Earlier(simulation.model, figures, simulation.rate_status[:paths], replicates))
        points.append(Point(paths, estimate.value, estimate.error))
    points += [
        one for one in simulation.settling.get(watched.name, ()) if simulation.kept < one.paths < simulation.paths
    ]
    last = watched.of(simulation)
    return [*points, Point(simulation.paths, last.value, last.error)]


def _stages(simulation: Simulation) -> Iterator[tuple[int, int]]:
    """Paths and replicates before the last stage, as far as paths are kept."""
    if simulation.replicates > 1:
        size = simulation.paths // simulation.replicates
        yield from ((size * done, done) for done in range(2, simulation.replicates))
        return
    paths = FIRST
    while paths < simulation.paths and paths <= simulation.kept:
        yield paths, 1
        paths *= 2
