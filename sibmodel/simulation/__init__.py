"""Simulation: thousands of paths of a deal, seeded, with the error of every figure; any path can be opened again."""

from sibmodel.simulation.crew import Crew, cluster, given, helpers, here, processes, threads
from sibmodel.simulation.direction import NOWHERE, Direction
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
from sibmodel.simulation.fans import Fan, fan
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
    "ALL_LOST",
    "ANYTHING_BACK",
    "BLOCK",
    "CRUMB",
    "ENGINES",
    "LOSS",
    "NONE",
    "NOTHING_BACK",
    "NOWHERE",
    "NPV_BELOW_NIL",
    "PATHS",
    "PAYMENT",
    "RANKS",
    "REPLICATES",
    "SAMPLERS",
    "SEED",
    "Crew",
    "Direction",
    "EngineName",
    "Estimate",
    "Execution",
    "Fan",
    "Realised",
    "Sampling",
    "Simulation",
    "TwoWorlds",
    "chance_of",
    "cluster",
    "fan",
    "given",
    "held",
    "helpers",
    "here",
    "mean_less_shortfall_of",
    "paths_by_rank",
    "payoff_direction",
    "processes",
    "rates_by_status",
    "realised_correlations",
    "reopen",
    "sampling",
    "sampling_of",
    "shortfall_of",
    "simulate",
    "streams_of",
    "summary_of",
    "threads",
    "uniforms",
    "usual",
    "width_of",
]
