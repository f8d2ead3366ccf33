"""A deal made ready for both ways of calculating it: the array reading of the simulation, and the plain loop.

Both are given the same values of the uncertain inputs and the same counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.plain_loop import PlainLoop, flows_of, plain_loop
from sibmodel.deal import Deal
from sibmodel.lines import Input, Line, Plan, evaluate
from sibmodel.metrics import RateStatus
from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK
from sibmodel.simulation.engines import rates_of
from sibmodel.simulation.kept import headline_lines
from sibmodel.simulation.paths import CALCULATED_AT_ONCE, Luck

Floats = npt.NDArray[np.float64]

CLOSE = 1e-9
"""Two figures are the same where they differ by less than this share of themselves, or of the largest in any path."""


@dataclass(frozen=True)
class GivenCount:
    """In place of a draw's distribution: the count itself is given."""

    name: str = "given count"
    uniforms: int = 1

    def sample(self, uniforms: Any, *parameters: Any) -> Any:
        """`uniforms` `[1, path]` are the counts."""
        return uniforms[0]


@dataclass(frozen=True, eq=False)
class Trial:
    """A deal and a block of paths of it. `given` has a column `[path]` for each uncertain input and each count."""

    model: Model
    """As a simulation takes it: counts are drawn."""
    given_model: Model
    """The same with counts given."""
    headlines: Mapping[str, Line]
    flows: Mapping[str, Line]
    """Whose rates of return are asked for."""
    plan: Plan
    loop: PlainLoop
    given: Mapping[Line, Floats]
    """By lines of `given_model`."""
    columns: Mapping[str, list[float]]
    """The same as lists, by the line's key."""


def trial(deal: Deal, seed: int = 1) -> Trial:
    """The deal with the first block of the seed's paths."""
    model, given_model = build(deal), build(deal)
    columns, counts = luck(model, seed)
    given: dict[Line, Floats] = {
        other.cell: columns[one.cell] for one, other in zip(model.uncertain, given_model.uncertain, strict=True)
    }
    for draw, other in zip(model.book.draws, given_model.book.draws, strict=True):
        given[other] = counts[draw]
        other.distribution = GivenCount()
    return _trial(model, given_model, given)


def base_case(deal: Deal) -> Trial:
    """The deal with one path: the base case, in which each count is its mean."""
    model, given_model = build(deal), build(deal)
    base = evaluate(given_model.book.draws, given_model.book.periods)
    given: dict[Line, Floats] = {one.cell: np.array([one.cell.value]) for one in given_model.uncertain}
    for draw in given_model.book.draws:
        given[draw] = base[draw]
        draw.distribution = GivenCount()
    return _trial(model, given_model, given)


def _trial(model: Model, given_model: Model, given: dict[Line, Floats]) -> Trial:
    headlines, flows = headline_lines(given_model), flows_of(given_model)
    wanted = [*headlines.values(), *flows.values()]
    loop = plain_loop(given_model)
    columns = {line.key: given[line].tolist() for line in loop.given}
    return Trial(model, given_model, headlines, flows, Plan(wanted, keep=wanted), loop, given, columns)


def luck(model: Model, seed: int = 1) -> tuple[dict[Input, Floats], dict[Line, Floats]]:
    """What is random in the seed's first block of paths: uncertain inputs, and counts. All `[path]`."""
    drawn = Luck(model, seed, 0)
    draws = model.book.draws
    counts = Plan(draws, keep=draws).evaluate(model.book.periods, drawn.columns, drawn.draws)
    return drawn.columns, {draw: np.broadcast_to(counts[draw], BLOCK) for draw in draws}


def array_reading(
    of: Trial, paths: int, at_once: int = CALCULATED_AT_ONCE
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The headline figures and rates of return, each `[path]`, and the status of each rate."""
    plan, periods, flows = of.plan, of.given_model.book.periods, list(of.flows.values())

    def calculate(columns: Any, draws: Any, count: int, over_time: bool) -> Any:
        values = plan.evaluate(periods, columns, draws)
        return values, rates_of(values, flows, count)

    return engine_reading(of, paths, calculate, at_once)


def engine_reading(
    of: Trial, paths: int, calculate: Callable[..., Any], at_once: int
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The same, by whatever calculates `at_once` paths from columns and counts, and their rates of return."""
    inputs = [one.cell for one in of.given_model.uncertain]
    figures = {name: np.empty(paths) for name in [*of.headlines, *of.flows]}
    status = {name: np.empty(paths) for name in of.flows}
    for start in range(0, paths, at_once):
        part = slice(start, min(start + at_once, paths))
        columns = {cell: of.given[cell][part] for cell in inputs}
        draws = {draw: of.given[draw][None, part] for draw in of.given_model.book.draws}
        values, rates = calculate(columns, draws, part.stop - start, over_time=False)
        for name, line in of.headlines.items():
            figures[name][part] = values[line]
        for name, line in of.flows.items():
            figures[name][part] = rates[line].rate
            status[name][part] = rates[line].status
    return figures, status


def loop_reading(of: Trial, paths: int) -> list[tuple[float, ...]]:
    """The headline figures as the plain loop calculates them: a tuple for each path."""
    return of.loop.run(of.columns, paths)


def differences(of: Trial, paths: int) -> list[str]:
    """What the two readings disagree about, in words; nothing where all figures are the same."""
    loop = dict(zip(of.loop.names, np.array(loop_reading(of, paths), dtype=float).T, strict=True))
    return unlike(*array_reading(of, paths), loop, "in the loop")


def unlike(
    figures: Mapping[str, Floats], status: Mapping[str, Floats], others: Mapping[str, Floats], where: str
) -> list[str]:
    """Where figures calculated otherwise differ from the array reading's, in words.

    Rates of return are compared where there is exactly one, or a total loss: where there are several, or none, a few
    lines of Newton have no rule for what to say.
    """
    said = [f"{name} is missing {where}" for name in figures if name not in others]
    for name in [name for name in figures if name in others]:
        mine, other = figures[name], others[name]
        among = np.isin(status[name], (RateStatus.UNIQUE, RateStatus.TOTAL_LOSS)) if name in status else True
        largest = float(np.nanmax(np.abs(mine), initial=0.0))
        wrong = among & ~np.isclose(other, mine, rtol=CLOSE, atol=CLOSE * largest, equal_nan=True)
        if wrong.any():
            path = int(np.flatnonzero(wrong)[0])
            said.append(
                f"{name} differs in {np.count_nonzero(wrong)} of {len(mine)} paths, first in path {path + 1}: "
                f"{float(mine[path])!r} as arrays, {float(other[path])!r} {where}"
            )
    return said
