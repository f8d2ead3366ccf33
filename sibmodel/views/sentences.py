"""Chances in words, for sentences that begin “In 100 repeats of this deal”."""

from __future__ import annotations

import numpy as np

from sibmodel.lines import Line
from sibmodel.metrics import Summary, summarise
from sibmodel.results import CRUMB, Run
from sibmodel.simulation import Simulation
from sibmodel.views.common import Cell, Constant, Kind
from sibmodel.words import number

RANGE = ("Mean", "P5", "P50", "P95", "Error of mean")
"""The columns of a simulated figure's range."""
DRIVERS_NAMED = 6
"""As many of a direction's weights are told in words, the largest; results have them all."""
RANGE_NOTE = (
    "P5, P50, P95: 5, 50 and 95 in 100 paths are at or below this. Error of mean: Monte Carlo standard error, what "
    "more paths would make smaller."
)


def of_a_hundred(chance: float) -> str:
    """A chance as a count of 100: `38`; never 0 or 100 where it is not certain."""
    if 0 < chance < 0.005:
        return "fewer than 1"
    if 0.995 < chance < 1:
        return "more than 99"
    return number(chance * 100)


def month_of(run: Run, line: Line) -> str:
    """The month of a figure that is a date: `2030-09`."""
    ends = run.base.row(run.model.timeline.month_end)
    return str(run.model.timeline.month(int(np.argmin(np.abs(ends - run.figure(line)))) + 1))


def spread(values: np.ndarray, kind: Kind, replicates: int) -> tuple[Cell, ...]:
    """A simulated figure's mean, percentiles and Monte Carlo error, for the columns of `RANGE`."""
    one: Summary = summarise(values, replicates)
    return tuple(Constant(value, kind) for value in (one.mean, one.p5, one.p50, one.p95, one.error))


def sampler_words(simulation: Simulation) -> str:
    """How paths were drawn, after their number and seed."""
    how = {"random": ", pseudo-random", "latin": ", a Latin hypercube", "sobol": ", a scrambled Sobol' sequence"}[
        simulation.spread.sampler
    ]
    return how if simulation.spread.sampler == "random" else f"{how} in {simulation.replicates} replicates"


def direction_words(simulation: Simulation) -> str:
    """To what a Sobol' sequence is turned, as a sentence: nothing where it is not."""
    weights = simulation.spread.direction.weights
    if not weights:
        return ""
    largest = "; ".join(f"{stream} {number(weight, 2)}" for stream, weight in weights[:DRIVERS_NAMED])
    more = len(weights) - DRIVERS_NAMED
    rest = f"; and {more} more" if more > 0 else ""
    return f"The sequence is turned to where a pilot's net present value rises fastest: {largest}{rest}."


def anything_back(simulation: Simulation) -> np.ndarray:
    """For each path, whether investors got anything back."""
    found: np.ndarray = simulation.figures["received"] > CRUMB
    return found


def all_lost(simulation: Simulation) -> np.ndarray:
    """For each path, whether money went in and none came back."""
    found: np.ndarray = (simulation.figures["invested"] > CRUMB) & ~anything_back(simulation)
    return found


def scale(largest: float) -> tuple[str, Kind]:
    """The unit and kind of an axis of money."""
    return ("£ million", "million") if largest >= 1e6 else ("£", "money")
