"""Simulation: thousands of paths of a deal, seeded, with the error of every figure; any path can be opened again."""

from sibmodel.simulation.engines import ENGINES, EngineName
from sibmodel.simulation.paths import reopen
from sibmodel.simulation.running import PATHS, SEED, Simulation, rates_by_status, simulate
from sibmodel.simulation.streams import BLOCK, uniforms

__all__ = [
    "BLOCK",
    "ENGINES",
    "PATHS",
    "SEED",
    "EngineName",
    "Simulation",
    "rates_by_status",
    "reopen",
    "simulate",
    "uniforms",
]
