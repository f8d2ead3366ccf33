"""Ranks: which path is the worst, the median or the best by a figure, so that it can be opened again."""

from __future__ import annotations

from difflib import get_close_matches
from math import ceil

import numpy as np

from sibmodel.errors import NotFoundError
from sibmodel.simulation.simulated import Simulation

RANKS = {"worst": 0.0, "p5": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95, "best": 1.0}
"""Each rank by name, and the share of paths below it."""


def paths_by_rank(simulation: Simulation, figure: str = "npv") -> dict[str, int]:
    """The number, counted from 1, of the path at each rank of `RANKS` when the paths stand in rising order of a figure.

    It is one of the paths, whole: the one nearest to the share (the lower of two as near), never between two. Paths
    that share a value stand in order of number; those that do not have the figure (nan) are left out. Of a simulation
    that does not keep all its paths, it ranks those that it keeps.

    Raises NotFoundError for a figure that the simulation does not have, or that no path has.
    """
    if figure not in simulation.figures:
        near = get_close_matches(figure, simulation.figures, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"There are: {'; '.join(simulation.figures)}."
        raise NotFoundError(f'The simulation has no figure "{figure}". {hint}')
    values = simulation.figures[figure]
    order = np.argsort(values, kind="stable")  # nan last
    count = values.size - int(np.isnan(values).sum())
    if not count:
        raise NotFoundError(f'No path has a figure "{figure}", so none can be ranked by it.')
    return {rank: int(order[ceil(share * (count - 1) - 0.5)]) + 1 for rank, share in RANKS.items()}
