"""A block of paths, calculated by itself: luck, model, rates of return, and what is kept of them.

A block is a pure function of model, seed, number and sampling; engines differ in speed alone. So blocks may be
calculated in any order, anywhere, and again where one was lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sibmodel.model import Model
from sibmodel.simulation.engines import Engine
from sibmodel.simulation.kept import Kept
from sibmodel.simulation.paths import Floats, Luck
from sibmodel.simulation.samplers import Sampling
from sibmodel.simulation.streams import BLOCK


@dataclass(frozen=True, eq=False)
class Block:
    """What is kept of a block's paths."""

    number: int
    """Counted from 0."""
    paths: int
    """Fewer than `BLOCK` in the last alone."""
    figures: dict[str, Floats]
    """`[path]` of each headline figure and of `irr`, by name."""
    rate_status: npt.NDArray[np.int8]
    """A `RateStatus` for each path."""
    over_time: dict[str, Floats]
    """`[time, path]` of those paths that have room among the first."""
    drivers: dict[str, Floats]
    """The uniform numbers `[path]` behind each driver that goes together with another, by its stream."""


def calculate_block(model: Model, kept: Kept, seed: int, number: int, spread: Sampling, engine: Engine) -> Block:
    """The block of that number among those of `spread`'s paths, by an engine that calculates `kept.lines`."""
    first_of_all = number * BLOCK
    paths = min(BLOCK, spread.paths - first_of_all)
    luck = Luck(model, seed, number, spread)
    figures = {name: np.empty(paths) for name in [*kept.headlines, "irr"]}
    status = np.empty(paths, dtype=np.int8)
    rooms = {name: max(0, min(paths, room - first_of_all)) for name, room in kept.rooms.items()}
    over_time = {name: np.empty((model.book.periods, room)) for name, room in rooms.items()}
    for start in range(0, paths, engine.at_once):
        part = slice(start, min(start + engine.at_once, paths))
        count = part.stop - start
        wanted = {name: max(0, min(count, room - start)) for name, room in rooms.items()}
        columns, draws = luck.cut(slice(start, start + engine.at_once))
        values, rates = engine.with_rates(columns, draws, count, over_time=any(wanted.values()))
        for name, line in kept.headlines.items():
            figures[name][part] = _plain(values[line][:count])
        figures["irr"][part] = rates[kept.flow].rate
        status[part] = rates[kept.flow].status
        for name, line in kept.over_time.items():
            room = wanted[name]
            if room > 0:
                over_time[name][:, start : start + room] = _wide(values[line], slice(0, room))
    drivers = {stream: luck.drivers[stream][:paths] for group in model.groups for stream in group.streams}
    return Block(number, paths, figures, status, over_time, drivers)


def _plain(values: Floats) -> Floats:
    """The values without negative zeros, for engines differ in these."""
    return values + 0.0


def _wide(values: Floats, paths: slice) -> Floats:
    """Some paths of a line `[time, path]`; one that nothing uncertain reaches is the same in all."""
    if values.shape[1] > 1:
        return _plain(values[:, paths])
    return np.repeat(_plain(values), paths.stop - paths.start, axis=1)
