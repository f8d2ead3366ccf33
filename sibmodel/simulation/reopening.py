"""One path of a simulation opened again, with every line."""

from __future__ import annotations

from sibmodel.errors import NotFoundError
from sibmodel.lines import Values, evaluate
from sibmodel.model import Model
from sibmodel.simulation.paths import Luck
from sibmodel.simulation.pilot import sampling_of
from sibmodel.simulation.samplers import Sampling
from sibmodel.simulation.streams import BLOCK


def reopen(
    model: Model, seed: int, path: int, sampler: str | Sampling | None = None, paths: int | None = None
) -> Values:
    """Every line of the model in one path of a simulation, counted from 1: the figures that it had there (a rate of
    return to its last bits). With another sampler than the pseudo-random, `paths` is how many there were in all: that
    sampler's own number unless told.

    Raises NotFoundError for a path below 1 or beyond them.
    """
    if path < 1:
        raise NotFoundError(f"Paths are counted from 1: there is no path {path}.")
    spread = sampling_of(model, sampler, paths, seed)
    if spread.replicates > 1 and path > spread.paths:
        raise NotFoundError(f"There are {spread.paths:,} paths: there is no path {path}.")
    block, place = divmod(path - 1, BLOCK)
    columns, draws = Luck(model, seed, block, spread).cut(slice(place, place + 1))
    return evaluate(model.book.lines, model.book.periods, columns, draws)
