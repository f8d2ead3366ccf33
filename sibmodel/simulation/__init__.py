"""Simulation: thousands of paths of a deal, seeded, with the error of every figure; any path can be opened again."""

from sibmodel.simulation.paths import reopen
from sibmodel.simulation.realised import Realised, realised_correlations
from sibmodel.simulation.running import PATHS, SEED, Simulation, rates_by_status, simulate
from sibmodel.simulation.streams import BLOCK, uniforms

__all__ = [
    "BLOCK",
    "PATHS",
    "SEED",
    "Realised",
    "Simulation",
    "rates_by_status",
    "realised_correlations",
    "reopen",
    "simulate",
    "uniforms",
]
