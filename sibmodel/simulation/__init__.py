"""Simulation: thousands of paths of a deal, seeded, with the error of every figure; any path can be opened again."""

from sibmodel.simulation.engines import ENGINES, EngineName
from sibmodel.simulation.paths import reopen
from sibmodel.simulation.ranks import RANKS, paths_by_rank
from sibmodel.simulation.realised import Realised, realised_correlations
from sibmodel.simulation.running import SEED, Simulation, rates_by_status, simulate
from sibmodel.simulation.samplers import PATHS, REPLICATES, SAMPLERS, Sampling, sampling
from sibmodel.simulation.streams import BLOCK, uniforms

__all__ = [
    "BLOCK",
    "ENGINES",
    "PATHS",
    "RANKS",
    "REPLICATES",
    "SAMPLERS",
    "SEED",
    "EngineName",
    "Realised",
    "Sampling",
    "Simulation",
    "paths_by_rank",
    "rates_by_status",
    "realised_correlations",
    "reopen",
    "sampling",
    "simulate",
    "uniforms",
]
