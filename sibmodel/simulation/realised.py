"""How far drivers went together in a simulation, beside what the deal asked for."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from sibmodel.simulation.paths import Floats
from sibmodel.simulation.simulated import Simulation


@dataclass(frozen=True)
class Realised:
    """The rank correlation (Spearman's) of two drivers: as asked for, and as drawn, with its standard error."""

    between: tuple[str, str]
    asked: float
    realised: float
    error: float
    """Of paths drawn independently; nan below four. Latin hypercube and Sobol' points come closer than it says."""


def realised_correlations(simulation: Simulation) -> list[Realised]:
    """Each correlation that the deal names, as it came out over the paths."""
    found = []
    for group in simulation.model.groups:
        for (first, second), asked in group.ranks.items():
            luck = simulation.drivers
            rank = rank_correlation(luck[first], luck[second])
            found.append(Realised((first, second), asked, rank, error_of_rank_correlation(rank, simulation.paths)))
    return found


def rank_correlation(first: Floats, second: Floats) -> float:
    """Spearman's rank correlation of two figures by path that have no ties; nan below two paths."""
    count = first.size
    if count < 2:
        return nan
    apart = np.argsort(np.argsort(first)) - np.argsort(np.argsort(second))
    return 1 - 6 * float((apart.astype(np.float64) ** 2).sum()) / (count * (count**2 - 1))


def error_of_rank_correlation(rank: float, paths: int) -> float:
    """Its standard error over independent paths: (1 − r²)·√((1 + r² ÷ 2) ÷ (n − 3)), of Fisher's z turned back (D. G.
    Bonett and T. A. Wright, Psychometrika 65, 2000). nan below four paths."""
    return (1 - rank**2) * sqrt((1 + rank**2 / 2) / (paths - 3)) if paths > 3 else nan
