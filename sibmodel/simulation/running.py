"""The simulation: a deal's headline figures over thousands of paths, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sibmodel.metrics import RateStatus
from sibmodel.model import Model
from sibmodel.simulation.block import Block, calculate_block
from sibmodel.simulation.engines import EngineName, engine_of
from sibmodel.simulation.kept import kept_of
from sibmodel.simulation.paths import INDEPENDENT, Floats, blocks
from sibmodel.simulation.pilot import sampling_of
from sibmodel.simulation.samplers import Sampling

SEED = 1
"""The seed unless told: any other will do as well."""

Progress = Callable[[int, int], None]
"""Called with paths done and paths in all."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """Figures by path. `figures` holds one column `[path]` for each headline figure, by name."""

    model: Model
    seed: int
    paths: int
    figures: dict[str, Floats]
    rate_status: np.ndarray
    """A `RateStatus` for each path: which rates of return are rates, and why others are not."""
    over_time: dict[str, Floats]
    """`[time, path]` for the first `PATHS_OF_A_FAN` paths; providers' cash for `PATHS_OF_PROVIDERS`."""
    drivers: dict[str, Floats]
    """The uniform numbers `[path]` behind each driver that goes together with another, by its stream."""
    spread: Sampling = INDEPENDENT
    """How the drivers' luck is spread over the paths."""

    @property
    def replicates(self) -> int:
        """Independent replicates, from which errors are told; 1 where the paths themselves are independent."""
        return self.spread.replicates


def simulate(
    model: Model,
    paths: int | None = None,
    seed: int = SEED,
    progress: Progress | None = None,
    engine: EngineName | None = None,
    sampler: str | Sampling | None = None,
) -> Simulation:
    """Run `paths` paths, by the pseudo-random sampler unless told, and as many as the sampler has unless told.

    `sobol` is turned to this model's payoff (`sibmodel.simulation.pilot`). So that two deals meet the same luck by it,
    give both the same sampling: `simulate(other, sampler=one.spread)`.

    The same seed gives the same figures, by either engine; pseudo-random paths do so one by one, for any number of
    them. Unless told, the engine is the faster one for so many (`sibmodel.simulation.engines`).

    Raises ValueError for fewer than one path, a negative seed, an engine that does not exist, or a sampling of other
    paths, and NotFoundError for a sampler that does not exist or cannot take so many paths.
    """
    if (paths is not None and paths < 1) or seed < 0:
        raise ValueError("A simulation needs at least one path, and a seed of 0 or more.")
    spread = sampling_of(model, sampler, paths, seed)
    paths = spread.paths
    kept = kept_of(model)
    calculated_by = engine_of(model, kept.lines, paths, engine)
    done: list[Block] = []
    for number, _ in blocks(paths):
        done.append(calculate_block(model, kept, seed, number, spread, calculated_by))
        if progress is not None:
            progress(sum(one.paths for one in done), paths)
    return _joined(model, seed, spread, done)


def _joined(model: Model, seed: int, spread: Sampling, blocks: list[Block]) -> Simulation:
    """One simulation of blocks in their order."""
    first = blocks[0]
    return Simulation(
        model,
        seed,
        spread.paths,
        {name: np.concatenate([one.figures[name] for one in blocks]) for name in first.figures},
        np.concatenate([one.rate_status for one in blocks]),
        {name: np.concatenate([one.over_time[name] for one in blocks], axis=1) for name in first.over_time},
        {name: np.concatenate([one.drivers[name] for one in blocks]) for name in first.drivers},
        spread,
    )


def rates_by_status(simulation: Simulation) -> dict[str, int]:
    """How many paths have each status of the rate of return, by its label; only those that occur."""
    counted = {status: int(np.count_nonzero(simulation.rate_status == status)) for status in RateStatus}
    return {status.name.lower(): count for status, count in counted.items() if count}
