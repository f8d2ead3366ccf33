"""A block of paths, calculated by itself: luck, model, rates of return, and what is kept of them.

A block is a pure function of model, seed, number and sampling; engines differ in speed alone. So blocks may be
calculated in any order, anywhere, and again where one was lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sibmodel.lines import Line
from sibmodel.metrics import irr
from sibmodel.model import Model
from sibmodel.simulation.engines import Engine
from sibmodel.simulation.kept import Kept
from sibmodel.simulation.paths import CALCULATED_AT_ONCE, Floats, Luck
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
    for first, values in _parts(engine, luck, paths):
        # Always as many, even where fewer are wanted: the last bit of a rate of return depends on its company.
        count = min(CALCULATED_AT_ONCE, paths - first)
        part = slice(first, first + count)
        for name, line in kept.headlines.items():
            figures[name][part] = values[line][:count]
        rates = irr(_wide(values[kept.flow], CALCULATED_AT_ONCE))
        figures["irr"][part] = rates.rate[:count]
        status[part] = rates.status[:count]
        for name, line in kept.over_time.items():
            room = max(0, min(count, rooms[name] - first))
            over_time[name][:, first : first + room] = _wide(values[line], room)
    drivers = {stream: luck.drivers[stream][:paths] for group in model.groups for stream in group.streams}
    return Block(number, paths, figures, status, over_time, drivers)


def _parts(engine: Engine, luck: Luck, wanted: int) -> Iterator[tuple[int, Mapping[Line, Floats]]]:
    """The block's values, `CALCULATED_AT_ONCE` paths at a time, each with its first path, however many the engine
    calculates at once."""
    for start in range(0, wanted, engine.at_once):
        values = engine.calculate(*luck.cut(slice(start, start + engine.at_once)))
        for place in range(0, min(engine.at_once, wanted - start), CALCULATED_AT_ONCE):
            part = slice(place, place + CALCULATED_AT_ONCE)
            yield (
                start + place,
                {line: _cut(array, part) for line, array in values.items()},
            )


def _cut(array: Floats, part: slice) -> Floats:
    """Some paths of a line; one that nothing uncertain reaches is one path wide. Laid out as if calculated alone, for
    the last bit of a rate of return depends on that too; and no zero is negative, for engines differ in that."""
    return (array[..., part] if array.shape[-1] > 1 else array) + 0.0


def _wide(values: Floats, paths: int) -> Floats:
    """The first paths of a line `[time, path]`; one that nothing uncertain reaches is the same in all."""
    return values[:, :paths] if values.shape[1] > 1 else np.repeat(values, paths, axis=1)
