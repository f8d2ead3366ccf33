"""A deal made ready for both ways of calculating it: the array reading of the simulation, and the plain loop.

Both are given the same values of the uncertain inputs and the same counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.plain_loop import PlainLoop, plain_loop
from sibmodel.deal import Deal
from sibmodel.lines import Input, Line, Plan, evaluate
from sibmodel.metrics import RateStatus, irr
from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK
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
    headlines = headline_lines(given_model)
    wanted = [*headlines.values(), given_model.returns.everyone.flow]
    loop = plain_loop(given_model)
    columns = {line.key: given[line].tolist() for line in loop.given}
    return Trial(model, given_model, headlines, Plan(wanted, keep=wanted), loop, given, columns)


def luck(model: Model, seed: int = 1) -> tuple[dict[Input, Floats], dict[Line, Floats]]:
    """What is random in the seed's first block of paths: uncertain inputs, and counts. All `[path]`."""
    drawn = Luck(model, seed, 0)
    draws = model.book.draws
    counts = Plan(draws, keep=draws).evaluate(model.book.periods, drawn.columns, drawn.draws)
    return drawn.columns, {draw: np.broadcast_to(counts[draw], BLOCK) for draw in draws}


def array_reading(of: Trial, paths: int, at_once: int = CALCULATED_AT_ONCE) -> tuple[dict[str, Floats], Floats]:
    """The headline figures as `simulate` calculates them, each `[path]`, and the status of each path's rate."""
    periods, flow = of.given_model.book.periods, of.given_model.returns.everyone.flow
    inputs = [one.cell for one in of.given_model.uncertain]
    draws = of.given_model.book.draws
    figures = {name: np.empty(paths) for name in [*of.headlines, "irr"]}
    status = np.empty(paths)
    for start in range(0, paths, at_once):
        part = slice(start, min(start + at_once, paths))
        values = of.plan.evaluate(
            periods,
            {cell: of.given[cell][part] for cell in inputs},
            {draw: of.given[draw][None, part] for draw in draws},
        )
        for name, line in of.headlines.items():
            figures[name][part] = values[line]
        rates = irr(np.broadcast_to(values[flow], (periods, part.stop - start)))
        figures["irr"][part] = rates.rate
        status[part] = rates.status
    return figures, status


def loop_reading(of: Trial, paths: int) -> list[tuple[float, ...]]:
    """The headline figures as the plain loop calculates them: a tuple for each path."""
    return of.loop.run(of.columns, paths)


def differences(of: Trial, paths: int) -> list[str]:
    """What the two readings disagree about, in words; nothing where all figures are the same.

    Rates of return are compared where there is exactly one, or a total loss: where there are several, or none, the
    plain loop's few lines of Newton have no rule for what to say.
    """
    figures, status = array_reading(of, paths)
    compared = np.isin(status, (RateStatus.UNIQUE, RateStatus.TOTAL_LOSS))
    said = []
    for name, other in zip(of.loop.names, _columns(loop_reading(of, paths)), strict=True):
        mine = figures[name]
        among = compared if name == "irr" else np.ones(paths, dtype=bool)
        largest = float(np.nanmax(np.abs(mine), initial=0.0))
        wrong = among & ~np.isclose(other, mine, rtol=CLOSE, atol=CLOSE * largest, equal_nan=True)
        if wrong.any():
            path = int(np.flatnonzero(wrong)[0])
            said.append(
                f"{name} differs in {np.count_nonzero(wrong)} of {paths} paths, first in path {path + 1}: "
                f"{float(mine[path])!r} as arrays, {float(other[path])!r} in the loop"
            )
    return said


def _columns(paths: Sequence[tuple[float, ...]]) -> Floats:
    return np.array(paths, dtype=float).T
