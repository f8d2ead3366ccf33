"""Paths: the drawn inputs and counts of some paths, and the model calculated for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from sibmodel.lines import Draw, Input
from sibmodel.model import Model
from sibmodel.simulation.samplers import Sampling
from sibmodel.simulation.streams import BLOCK

Floats = npt.NDArray[np.float64]

CALCULATED_AT_ONCE = 1_024
"""Paths calculated together: what keeps a line of a deal within a processor's cache."""


INDEPENDENT = Sampling("random", 1)
"""Pseudo-random paths: the luck of one is the same for any number of them."""


class Luck:
    """The luck of one block: columns of uncertain inputs, and uniform numbers of draws, cut to any of its paths.

    `drivers` has the uniform numbers behind the columns, by stream.
    """

    def __init__(self, model: Model, seed: int, block: int, spread: Sampling = INDEPENDENT) -> None:
        drawn = spread.luck(seed, streams(model), block)
        self.drivers = together(model, drawn)
        self.columns: dict[Input, Floats] = {one.cell: one.column(self.drivers[one.stream]) for one in model.uncertain}
        self.draws: dict[Draw, Floats] = {
            draw: drawn[draw.stream][: draw.distribution.uniforms] for draw in model.book.draws
        }

    @classmethod
    def of(cls, drivers: dict[str, Floats], columns: dict[Input, Floats], draws: dict[Draw, Floats]) -> Luck:
        """Luck that has been drawn already, such as that of `sibmodel/simulation/frozen.py`."""
        luck = cls.__new__(cls)
        luck.drivers, luck.columns, luck.draws = drivers, columns, draws
        return luck

    def cut(self, paths: slice) -> tuple[dict[Input, Floats], dict[Draw, Floats]]:
        """Columns `[path]` and uniform numbers `[uniforms, path]` of the block's paths in `paths`."""
        return (
            {cell: column[paths] for cell, column in self.columns.items()},
            {draw: numbers[:, paths] for draw, numbers in self.draws.items()},
        )


def drivers(model: Model, seed: int, block: int, spread: Sampling = INDEPENDENT) -> dict[str, Floats]:
    """The uniform numbers `[path]` of each uncertain driver in a block, those that go together as they do."""
    return together(model, spread.luck(seed, streams(model), block))


def streams(model: Model) -> dict[str, int]:
    """How many uniform numbers a path draws from each stream: one for each driver, then those of draws."""
    found = {one.stream: 1 for one in model.uncertain}
    found |= {group.scale_stream: 1 for group in model.groups if group.degrees is not None}
    for draw in model.book.draws:
        found[draw.stream] = max(found.get(draw.stream, 0), draw.distribution.uniforms)
    return found


def together(model: Model, drawn: Mapping[str, Floats]) -> dict[str, Floats]:
    """The uniform numbers `[path]` of each uncertain driver, those that go together as they do."""
    luck = {one.stream: drawn[one.stream][0] for one in model.uncertain}
    for group in model.groups:
        scale = None if group.degrees is None else drawn[group.scale_stream][0]
        linked = group.together([luck[stream] for stream in group.streams], scale)
        luck |= zip(group.streams, linked, strict=True)
    return luck


def blocks(paths: int) -> Iterator[tuple[int, int]]:
    """Each block's number and how many of its paths are wanted."""
    for block in range(-(-paths // BLOCK)):
        yield block, min(BLOCK, paths - block * BLOCK)
