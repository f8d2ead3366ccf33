"""Simulation: thousands of paths of a deal, seeded, with the error of every figure; any path can be opened again."""

from sibmodel.simulation.crew import Crew, cluster, given, processes, threads
from sibmodel.simulation.engines import ENGINES, EngineName
from sibmodel.simulation.estimates import (
    NONE,
    Estimate,
    chance_of,
    mean_less_shortfall_of,
    shortfall_of,
    summary_of,
    width_of,
)
from sibmodel.simulation.events import ALL_LOST, ANYTHING_BACK, CRUMB, LOSS, NOTHING_BACK, NPV_BELOW_NIL, PAYMENT
from sibmodel.simulation.paths import reopen
from sibmodel.simulation.realised import Realised, realised_correlations
from sibmodel.simulation.running import SEED, Execution, simulate
from sibmodel.simulation.samplers import PATHS, REPLICATES, SAMPLERS, Sampling, sampling
from sibmodel.simulation.simulated import Simulation, rates_by_status
from sibmodel.simulation.streams import BLOCK, uniforms

__all__ = [
    "ALL_LOST",
    "ANYTHING_BACK",
    "BLOCK",
    "CRUMB",
    "ENGINES",
    "LOSS",
    "NONE",
    "NOTHING_BACK",
    "NPV_BELOW_NIL",
    "PATHS",
    "PAYMENT",
    "REPLICATES",
    "SAMPLERS",
    "SEED",
    "Crew",
    "EngineName",
    "Estimate",
    "Execution",
    "Realised",
    "Sampling",
    "Simulation",
    "chance_of",
    "cluster",
    "given",
    "mean_less_shortfall_of",
    "processes",
    "rates_by_status",
    "realised_correlations",
    "reopen",
    "sampling",
    "shortfall_of",
    "simulate",
    "summary_of",
    "threads",
    "uniforms",
    "width_of",
]
