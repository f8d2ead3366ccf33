"""Rates of return a second, beside pyxirr and numpy-financial in a loop, on the flows of simulated deals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from benchmarks.plain_functions import rate_of_return
from benchmarks.race import NOT_INSTALLED
from benchmarks.readings import Floats, Trial
from benchmarks.rounds import in_turn, per_second, times_as_fast
from benchmarks.tables import Table
from sibmodel.lines import Draw, Input, Plan
from sibmodel.metrics import RateStatus, compiled_irr, irr
from sibmodel.simulation import BLOCK

SAME = 1e-9
"""Rates a year that differ by less are the same."""
MOST = 1_024
"""Paths that any other program is given in a round."""
COMPILED = "sibmodel, compiled"
"""As the engine `numba` finds rates: the same figures."""
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
    rows, shares = [], []
    for deal, of in trials.items():
        flows = flows_by_path(of)
        one_rate = np.ascontiguousarray(flows[:, irr(flows).status == RateStatus.UNIQUE])
        shares.append(f"{one_rate.shape[1] / flows.shape[1]:.0%} ({deal})")
        rows += [*_rows(deal, "all", flows, rounds), *_rows(deal, "one rate", one_rate, rounds)]
    return Table(
        "Rates of return a second",
        "Monthly cash flows of all investors and of each tranche. Paths with exactly one rate: "
        f"{', '.join(shares)}; the others are total losses, or have no rate or several, and sibmodel says which. The "
        "last column says how often the other program finds the one rate where there is one, to nine digits. "
        f"Median [lowest..highest] of {rounds} rounds; ratios are formed inside each round.",
        (
            "deal",
            "program",
            "paths",
            "rates a second",
            "sibmodel is so many times as fast",
            "compiled, so many times",
            "finds the one rate",
        ),
        rows,
    )


def flows_by_path(of: Trial) -> Floats:
    """The cash flows of all investors and of each tranche in a block of paths: `[time, path]`, beside each other."""
    flows = [*of.flows.values()]
    columns = {line: values for line, values in of.given.items() if isinstance(line, Input)}
    draws = {line: values[None] for line, values in of.given.items() if isinstance(line, Draw)}
    values = Plan(flows, keep=flows).evaluate(of.given_model.book.periods, columns, draws)
    return np.concatenate([np.broadcast_to(values[flow], (len(values[flow]), BLOCK)) for flow in flows], axis=1)


def _rows(deal: str, which: str, flows: Floats, rounds: int) -> list[tuple[str, ...]]:
    some = np.random.default_rng(1).permutation(flows.shape[1])
    paths = [np.ascontiguousarray(flows[:, path]) for path in some[:MOST]]
    programs = _programs()
    tasks: dict[str, Callable[[], object]] = {one.title: partial(_all, one, paths) for one in programs}
    ours_too: dict[str, Callable[[], object]] = {"sibmodel": partial(irr, flows)}
    if find_spec("numba") is not None:
        compiled_irr(flows)  # fetched from disk before anything is timed
        ours_too[COMPILED] = partial(compiled_irr, flows)
    taken = in_turn({**tasks, **ours_too}, rounds)
    ours = [seconds / flows.shape[1] for seconds in taken["sibmodel"]]
    compiled = [seconds / flows.shape[1] for seconds in taken.get(COMPILED, [])]

    def ratios(each: list[float]) -> tuple[str, str]:
        quicker = times_as_fast(compiled, each).text(",.1f") if compiled else NOT_INSTALLED
        return times_as_fast(ours, each).text(",.1f"), quicker

    rates = irr(np.ascontiguousarray(flows[:, some[:MOST]]))
    rows = []
    for one in programs:
        each = [seconds / one.paths for seconds in taken[one.title]]
        among = np.flatnonzero(rates.status == RateStatus.UNIQUE)[:COMPARED]
        found = np.array([one.solve(paths[path]) for path in among], dtype=float)
        right = np.mean(np.isclose(found, rates.rate[among], rtol=SAME, atol=SAME))
        rows.append((deal, one.title, which, per_second(each, 1).text(",.0f"), *ratios(each), f"{right:.1%}"))
    rows.append((deal, "sibmodel", which, per_second(ours, 1).text(",.0f"), *ratios(ours), ""))
    if compiled:
        rows.append((deal, COMPILED, which, per_second(compiled, 1).text(",.0f"), *ratios(compiled), ""))
    return rows


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
