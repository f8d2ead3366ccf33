"""Paths: the drawn inputs and counts of some paths, and the model calculated for them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sibmodel.errors import NotFoundError
from sibmodel.lines import Draw, Input, Values, evaluate
from sibmodel.model import Model
from sibmodel.simulation.samplers import Sampling, sampling
from sibmodel.simulation.streams import BLOCK, uniforms

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
        self.drivers = drivers(model, seed, block, spread)
        self.columns: dict[Input, Floats] = {one.cell: one.column(self.drivers[one.stream]) for one in model.uncertain}
        self.draws: dict[Draw, Floats] = {
            draw: uniforms(seed, draw.stream, block, draw.distribution.uniforms) for draw in model.book.draws
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
    luck = spread.luck(seed, list(dict.fromkeys(one.stream for one in model.uncertain)), block)
    for group in model.groups:
        scale = None if group.degrees is None else uniforms(seed, group.scale_stream, block)[0]
        together = group.together([luck[stream] for stream in group.streams], scale)
        luck |= zip(group.streams, together, strict=True)
    return luck


def blocks(paths: int) -> Iterator[tuple[int, int]]:
    """Each block's number and how many of its paths are wanted."""
    for block in range(-(-paths // BLOCK)):
        yield block, min(BLOCK, paths - block * BLOCK)


def reopen(model: Model, seed: int, path: int, sampler: str | None = None, paths: int | None = None) -> Values:
    """Every line of the model in one path of a simulation, counted from 1: the figures that it had there (a rate of
    return to its last bits). With another sampler than the pseudo-random, `paths` is how many there were in all: that
    sampler's own number unless told.

    Raises NotFoundError for a path below 1 or beyond them.
    """
    if path < 1:
        raise NotFoundError(f"Paths are counted from 1: there is no path {path}.")
    spread = sampling(sampler, paths)
    if spread.replicates > 1 and path > spread.paths:
        raise NotFoundError(f"There are {spread.paths:,} paths: there is no path {path}.")
    block, place = divmod(path - 1, BLOCK)
    columns, draws = Luck(model, seed, block, spread).cut(slice(place, place + 1))
    return evaluate(model.book.lines, model.book.periods, columns, draws)
