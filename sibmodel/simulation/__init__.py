"""Simulation: thousands of paths of a deal, seeded, with the error of every figure; any path can be opened again."""

from sibmodel.simulation.engines import ENGINES, EngineName
from sibmodel.simulation.paths import reopen
from sibmodel.simulation.realised import Realised, realised_correlations
from sibmodel.simulation.running import SEED, Execution, simulate
from sibmodel.simulation.samplers import PATHS, REPLICATES, SAMPLERS, Sampling, sampling
from sibmodel.simulation.simulated import Simulation, rates_by_status
from sibmodel.simulation.streams import BLOCK, uniforms

__all__ = [
    "BLOCK",
    "ENGINES",
    "PATHS",
    "REPLICATES",
    "SAMPLERS",
    "SEED",
    "EngineName",
    "Execution",
    "Realised",
    "Sampling",
    "Simulation",
    "rates_by_status",
    "realised_correlations",
    "reopen",
    "sampling",
    "simulate",
    "uniforms",
]
