"""The simulation: a deal's headline figures over thousands of paths, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sibmodel.lines import Line, Plan
from sibmodel.metrics import RateStatus, irr
from sibmodel.model import Model
from sibmodel.simulation.paths import CALCULATED_AT_ONCE, Floats, Luck, blocks

PATHS = 10_000
"""Paths of a simulation unless told."""
SEED = 1
"""The seed unless told: any other will do as well."""
PATHS_OF_A_FAN = 20_000
"""The first so many paths are kept over time, for fan charts."""

Progress = Callable[[int, int], None]
"""Called with paths done and paths in all."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """Figures by path. `figures` holds one column `[path]` for each headline figure, by name."""

    model: Model
    seed: int
    paths: int
    figures: dict[str, Floats]
    rate_status: np.ndarray
    """A `RateStatus` for each path: which rates of return are rates, and why others are not."""
    over_time: dict[str, Floats]
    """`[time, path]` for the first `PATHS_OF_A_FAN` paths."""


def headline_lines(model: Model) -> dict[str, Line]:
    """The figures without time that every simulation keeps, by name."""
    investors, bill, first = model.returns.everyone, model.commissioning, model.effects[0]
    lines = {
        "invested": investors.invested,
        "received": investors.received,
        "moic": investors.moic,
        "npv": investors.npv,
        "payback": investors.payback,
        "peak_capital": investors.peak,
        "payments": bill.paid_in_all,
        "true_reduction": first.pooled.true,
        "measured_reduction": first.pooled.measured,
        "paid_reduction": first.pooled.paid,
        "true_avoided": first.true_units,
        "measured_avoided": first.measured_units,
    }
    for one in first.cohorts:
        lines[f"true_reduction, {one.who}"] = one.true
        lines[f"measured_reduction, {one.who}"] = one.measured
        lines[f"paid_reduction, {one.who}"] = one.paid
    for year in bill.years:
        lines[f"payments, {year.name}"] = year.paid
    for investor in model.returns.investors:
        if investor.target is not None:
            lines[f"target_reached, {investor.who}"] = investor.target.met
    for number, payment in enumerate(model.payments):
        if payment.beyond_the_end is not None:
            lines[f"beyond_the_end, {number}"] = payment.beyond_the_end
    return lines


def simulate(model: Model, paths: int = PATHS, seed: int = SEED, progress: Progress | None = None) -> Simulation:
    """Run `paths` paths. The same seed gives the same figures, path by path, for any number of paths.

    Raises ValueError for fewer than one path or a negative seed.
    """
    if paths < 1 or seed < 0:
        raise ValueError("A simulation needs at least one path, and a seed of 0 or more.")
    headlines = headline_lines(model)
    fans = {"net_position": model.returns.everyone.position, "payments": model.commissioning.paid}
    flow = model.returns.everyone.flow
    keep = [*headlines.values(), *fans.values(), flow]
    plan = Plan(keep, keep=keep)
    periods = model.book.periods
    figures = {name: np.empty(paths) for name in [*headlines, "irr"]}
    status = np.empty(paths, dtype=np.int8)
    over_time = {name: np.empty((periods, min(paths, PATHS_OF_A_FAN))) for name in fans}
    done = 0
    for block, wanted in blocks(paths):
        luck = Luck(model, seed, block)
        for start in range(0, wanted, CALCULATED_AT_ONCE):
            # Always as many, even where fewer are wanted: the last bit of a rate of return depends on its company.
            columns, draws = luck.cut(slice(start, start + CALCULATED_AT_ONCE))
            values = plan.evaluate(periods, columns, draws)
            count = min(CALCULATED_AT_ONCE, wanted - start)
            for name, line in headlines.items():
                figures[name][done : done + count] = values[line][:count]
            rates = irr(_wide(values[flow], CALCULATED_AT_ONCE))
            figures["irr"][done : done + count] = rates.rate[:count]
            status[done : done + count] = rates.status[:count]
            room = max(0, min(count, PATHS_OF_A_FAN - done))
            for name, line in fans.items():
                over_time[name][:, done : done + room] = _wide(values[line], room)
            done += count
            if progress is not None:
                progress(done, paths)
    return Simulation(model, seed, paths, figures, status, over_time)


def _wide(values: Floats, paths: int) -> Floats:
    """The first paths of a line `[time, path]`; one that nothing uncertain reaches is the same in all."""
    return values[:, :paths] if values.shape[1] > 1 else np.repeat(values, paths, axis=1)


def rates_by_status(simulation: Simulation) -> dict[str, int]:
    """How many paths have each status of the rate of return, by its label; only those that occur."""
    counted = {status: int(np.count_nonzero(simulation.rate_status == status)) for status in RateStatus}
    return {status.name.lower(): count for status, count in counted.items() if count}
