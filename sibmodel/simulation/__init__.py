"""Simulation: thousands of paths of a deal, seeded, with the error of every figure; any path can be opened again."""

from sibmodel.simulation.engines import ENGINES, EngineName
from sibmodel.simulation.frozen import TwoWorlds, held, streams_of
from sibmodel.simulation.paths import reopen
from sibmodel.simulation.realised import Realised, realised_correlations
from sibmodel.simulation.running import SEED, Simulation, rates_by_status, simulate
from sibmodel.simulation.samplers import PATHS, REPLICATES, SAMPLERS, Sampling, sampling
from sibmodel.simulation.streams import BLOCK, uniforms

__all__ = [
    "BLOCK",
    "ENGINES",
    "PATHS",
    "REPLICATES",
    "SAMPLERS",
    "SEED",
    "EngineName",
    "Realised",
    "Sampling",
    "Simulation",
    "TwoWorlds",
    "held",
    "rates_by_status",
    "realised_correlations",
    "reopen",
    "sampling",
    "simulate",
    "streams_of",
    "uniforms",
]
