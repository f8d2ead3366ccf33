"""Chances in words, for sentences that begin “In 100 repeats of this deal”."""

from __future__ import annotations

import numpy as np

from sibmodel.lines import Line
from sibmodel.results import Run
from sibmodel.simulation import Sampling, Simulation, summary_of
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


def spread(simulation: Simulation, figure: str, kind: Kind) -> tuple[Cell, ...]:
    """A simulated figure's mean, percentiles and Monte Carlo error, for the columns of `RANGE`."""
    one = summary_of(simulation, figure)
    return tuple(Constant(value, kind) for value in (one.mean, one.p5, one.p50, one.p95, one.error))


def sampler_words(simulation: Simulation) -> str:
    """How paths were drawn, after their number and seed."""
    return spread_words(simulation.spread, simulation.replicates)


def spread_words(spread: Sampling, replicates: int) -> str:
    """How paths were drawn, by their sampling and the replicates that are done."""
    how = {"random": ", pseudo-random", "latin": ", a Latin hypercube", "sobol": ", a scrambled Sobol' sequence"}[
        spread.sampler
    ]
    return how if spread.sampler == "random" else f"{how} in {replicates} replicates"


def direction_words(simulation: Simulation) -> str:
    """To what a Sobol' sequence is turned, as a sentence: nothing where it is not."""
    weights = simulation.spread.direction.weights
    if not weights:
        return ""
    largest = "; ".join(f"{stream} {number(weight, 2)}" for stream, weight in weights[:DRIVERS_NAMED])
    more = len(weights) - DRIVERS_NAMED
    rest = f"; and {more} more" if more > 0 else ""
    return f"The sequence is turned to where a pilot's net present value rises fastest: {largest}{rest}."


def kept_note(simulation: Simulation) -> str:
    """What a table of single paths says where not all are kept; nothing where they are."""
    if simulation.kept == simulation.paths:
        return ""
    return f" Over the first {number(simulation.kept)} of {number(simulation.paths)} paths, which are kept one by one."


def stopped_words(simulation: Simulation) -> str:
    """How the number of paths came about, where it is not just what was asked for."""
    done, stopped, until = number(simulation.paths), simulation.stopped, simulation.until
    by_hand = ""
    if stopped is not None and stopped.by == "hand":
        by_hand = f"Stopped early: {done} of {number(stopped.asked)} paths are done, and all figures are of these."
    if until is None:
        return by_hand
    error = until.watched.of(simulation).error
    if simulation.spread.sampler == "random":
        done = f"{done} pseudo-random"
    if simulation.reached:
        return f"Paths went on until {until.text}: reached after {done} paths, with an error of {error:.3g}."
    return f"Asked for {until.text}: not reached after {done} paths, where the error is {error:.3g}. {by_hand}".strip()


def extent_words(simulation: Simulation) -> tuple[str, ...]:
    """How the number of paths came about, and what is kept of them, in sentences; none where it is as one expects."""
    found = [stopped_words(simulation)] if stopped_words(simulation) else []
    if simulation.until is not None and simulation.replicates == 1:
        found.append(
            "Because paths end at the first look at which the estimated error is small enough, that error is a little "
            "too small on average."
        )
    if simulation.kept < simulation.paths:
        found.append(
            f"Means, spreads, chances and percentiles are over all {number(simulation.paths)} paths, percentiles "
            f"within a stated width. Only the first {number(simulation.kept)} paths are kept one by one: tables that "
            "need single paths are over these and say so."
        )
    return tuple(found)


def scale(largest: float) -> tuple[str, Kind]:
    """The unit and kind of an axis of money."""
    return ("£ million", "million") if largest >= 1e6 else ("£", "money")
