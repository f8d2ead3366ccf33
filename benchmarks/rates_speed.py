"""Rates of return a second, beside pyxirr and numpy-financial in a loop, on the flows of simulated deals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module

import numpy as np

from benchmarks.plain_functions import rate_of_return
from benchmarks.readings import Floats, Trial
from benchmarks.rounds import in_turn, per_second, times_as_fast
from benchmarks.tables import Table
from sibmodel.lines import Draw, Input, Plan
from sibmodel.metrics import RateStatus, irr
from sibmodel.simulation import BLOCK

SAME = 1e-8
"""Rates a year that differ by less are the same: the other programs stop at a precision of their own."""
COMPARED = 200
"""Paths whose rates are compared."""

Solve = Callable[[Floats], object]
"""The rate a year of one path's flows."""


@dataclass(frozen=True)
class Program:
    """A program that solves one path at a time, and how many paths it is given in a round."""

    title: str
    solve: Solve
    paths: int


def rates_a_second(trials: Mapping[str, Trial], rounds: int) -> Table:
    """Rates of the deals' flows, one after the other by other programs and all at once by ours."""
    flows = np.concatenate([flows_of(trial)[:, : BLOCK // len(trials)] for trial in trials.values()], axis=1)
    flows = flows[:, np.random.default_rng(1).permutation(flows.shape[1])]
    one_rate = flows[:, irr(flows).status == RateStatus.UNIQUE]
    share = one_rate.shape[1] / flows.shape[1]
    return Table(
        "Rates of return a second",
        f"Cash flows of all investors, {len(flows)} months, from the deals above. {share:.0%} of the paths have "
        "exactly one rate; the others are total losses, or have no rate or several, and sibmodel says which. The last "
        "column says how often the other program finds the one rate where there is one. "
        f"Median [lowest..highest] of {rounds} rounds; ratios are formed inside each round.",
        ("program", "paths", "rates a second", "sibmodel is so many times as fast", "finds the one rate"),
        [*_rows("all", flows, rounds), *_rows("one rate", one_rate, rounds)],
    )


def flows_of(trial: Trial) -> Floats:
    """The cash flows of all investors in a block of paths: `[time, path]`."""
    flow = trial.given_model.returns.everyone.flow
    columns = {line: values for line, values in trial.given.items() if isinstance(line, Input)}
    draws = {line: values[None] for line, values in trial.given.items() if isinstance(line, Draw)}
    values = Plan([flow], keep=[flow]).evaluate(trial.given_model.book.periods, columns, draws)[flow]
    return np.ascontiguousarray(np.broadcast_to(values, (len(values), BLOCK)))


def _rows(which: str, flows: Floats, rounds: int) -> list[tuple[str, ...]]:
    paths = [np.ascontiguousarray(flows[:, path]) for path in range(flows.shape[1])]
    programs = _programs()
    tasks: dict[str, Callable[[], object]] = {one.title: partial(_all, one, paths) for one in programs}
    taken = in_turn({**tasks, "sibmodel": partial(irr, flows)}, rounds)
    ours = [seconds / flows.shape[1] for seconds in taken["sibmodel"]]
    rates = irr(flows)
    rows = []
    for one in programs:
        each = [seconds / one.paths for seconds in taken[one.title]]
        among = np.flatnonzero(rates.status == RateStatus.UNIQUE)[:COMPARED]
        found = np.array([one.solve(paths[path]) for path in among], dtype=float)
        right = np.mean(np.isclose(found, rates.rate[among], rtol=SAME, atol=SAME))
        speed, ratio = per_second(each, 1).text(",.0f"), times_as_fast(ours, each).text(",.1f")
        rows.append((one.title, which, speed, ratio, f"{right:.1%}"))
    return [*rows, ("sibmodel", which, per_second(ours, 1).text(",.0f"), "", "")]


def _programs() -> list[Program]:
    found = [Program("plain Python, log ratio", lambda flows: rate_of_return(flows.tolist()), 512)]
    for title, module, options, paths in (
        ("pyxirr.irr", "pyxirr", {}, 1_024),
        ("pyxirr.irr, first guess 1 %", "pyxirr", {"guess": 0.01}, 1_024),
        ("numpy_financial.irr", "numpy_financial", {}, 128),
    ):
        try:
            monthly = partial(import_module(module).irr, **options)
        except ImportError:
            continue
        found.append(Program(title, partial(_yearly, monthly), paths))
    return found


def _yearly(monthly: Callable[[Floats], float | None], flows: Floats) -> float:
    """A rate a year by a program that gives one a month, or none, or raises where it finds none."""
    try:
        rate = monthly(flows)
    except Exception:  # each program has errors of its own
        return np.nan
    return np.nan if rate is None else (1.0 + rate) ** 12 - 1.0


def _all(program: Program, paths: list[Floats]) -> None:
    for flows in paths[: program.paths]:
        program.solve(flows)
