"""What was drawn in some paths of a simulation: uncertain inputs and counted draws, to put them through again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sibmodel.errors import NotFoundError
from sibmodel.lines import Line, Plan
from sibmodel.simulation.paths import Floats, Luck
from sibmodel.simulation.simulated import Simulation
from sibmodel.simulation.streams import BLOCK

AT_ONCE = 2_048
"""Paths calculated together."""


def drawn(simulation: Simulation, paths: Sequence[int]) -> dict[Line, Floats]:
    """For each uncertain input and each draw its values `[path]` in the paths of these numbers, counted from 1.

    Raises NotFoundError for a path that the simulation has not.
    """
    for path in paths:
        if not 1 <= path <= simulation.paths:
            raise NotFoundError(f"There are {simulation.paths:,} paths, counted from 1: there is no path {path:,}.")
    model, numbers = simulation.model, np.asarray(paths, dtype=np.intp) - 1
    plan = Plan(model.book.draws, model.book.draws)
    found: dict[Line, Floats] = {
        line: np.empty(len(paths)) for line in (*(one.cell for one in model.uncertain), *model.book.draws)
    }
    for block in sorted(set((numbers // BLOCK).tolist())):
        luck = Luck(model, simulation.seed, block, simulation.spread)
        (places,) = np.nonzero(numbers // BLOCK == block)
        for start in range(0, len(places), AT_ONCE):
            here = places[start : start + AT_ONCE]
            inside = numbers[here] % BLOCK
            columns = {cell: column[inside] for cell, column in luck.columns.items()}
            uniforms = {draw: numbers_of[:, inside] for draw, numbers_of in luck.draws.items()}
            for cell, column in columns.items():
                found[cell][here] = column
            values = plan.evaluate(model.book.periods, columns, uniforms)
            for draw in model.book.draws:
                found[draw][here] = values[draw]
    return found
