"""Simulation: thousands of paths of a deal, seeded, with the error of every figure; any path can be opened again."""

from sibmodel.simulation.direction import NOWHERE, Direction
from sibmodel.simulation.engines import ENGINES, EngineName
from sibmodel.simulation.frozen import TwoWorlds, held, streams_of
from sibmodel.simulation.pilot import payoff_direction, sampling_of
from sibmodel.simulation.ranks import RANKS, paths_by_rank
from sibmodel.simulation.realised import Realised, realised_correlations
from sibmodel.simulation.reopening import reopen
from sibmodel.simulation.running import SEED, Execution, simulate
from sibmodel.simulation.samplers import PATHS, REPLICATES, SAMPLERS, Sampling, sampling, usual
from sibmodel.simulation.simulated import Simulation, rates_by_status
from sibmodel.simulation.streams import BLOCK, uniforms

__all__ = [
    "BLOCK",
    "ENGINES",
    "NOWHERE",
    "PATHS",
    "RANKS",
    "REPLICATES",
    "SAMPLERS",
    "SEED",
    "Direction",
    "EngineName",
    "Execution",
    "Realised",
    "Sampling",
    "Simulation",
    "TwoWorlds",
    "held",
    "paths_by_rank",
    "payoff_direction",
    "rates_by_status",
    "realised_correlations",
    "reopen",
    "sampling",
    "sampling_of",
    "simulate",
    "streams_of",
    "uniforms",
    "usual",
]
