"""The simulation: a deal's headline figures over thousands of paths, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sibmodel.effects import Effects, MetricEffects
from sibmodel.lines import Line
from sibmodel.metrics import RateStatus, irr
from sibmodel.model import Model
from sibmodel.payments import caps_of
from sibmodel.simulation.engines import Engine, EngineName, engine_of
from sibmodel.simulation.paths import CALCULATED_AT_ONCE, INDEPENDENT, Floats, Luck, blocks
from sibmodel.simulation.samplers import Sampling, sampling

SEED = 1
"""The seed unless told: any other will do as well."""
PATHS_OF_A_FAN = 20_000
"""The first so many paths are kept over time, for fan charts."""
PATHS_OF_PROVIDERS = 2_048
"""As many of each provider's cash: there may be a dozen providers."""

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
    """`[time, path]` for the first `PATHS_OF_A_FAN` paths; providers' cash for `PATHS_OF_PROVIDERS`."""
    drivers: dict[str, Floats]
    """The uniform numbers `[path]` behind each driver that goes together with another, by its stream."""
    spread: Sampling = INDEPENDENT
    """How the drivers' luck is spread over the paths."""

    @property
    def replicates(self) -> int:
        """Independent replicates, from which errors are told; 1 where the paths themselves are independent."""
        return self.spread.replicates


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
        "for_results": bill.for_results,
        "true_reduction": first.pooled.true,
        "measured_reduction": first.pooled.measured,
        "paid_reduction": first.pooled.paid,
        "true_avoided": first.true_units,
        "measured_avoided": first.measured_units,
    }
    for measure in model.effects:
        for one in (*measure.cohorts, measure.pooled):
            names = effect_names(measure, one, leads=measure is first)
            lines.update(zip(names, (one.true, one.measured, one.paid), strict=True))
    for year in bill.years:
        lines[f"payments, {year.name}"] = year.paid
    if model.end is not None:
        end = {
            "ended_early": model.end.ended,
            "stopped": model.end.stopped,
            "compensation": model.end.compensation_in_all,
        }
        lines.update({name: line for name, line in end.items() if line is not None})
    for payer, line in bill.by_payer.items():
        lines[f"payments by payer, {payer}"] = line
    for cost in bill.costs:
        lines[f"paid for, {cost.metric}"] = cost.paid
        lines[f"true units, {cost.metric}"] = cost.true_units
        lines[f"measured units, {cost.metric}"] = cost.measured_units
    for name, cut in caps_of(model.payments):
        lines[f"cut off, {name}"] = cut.amount
    for one_of in model.funding.guarantees:
        lines[f"guarantee, {one_of.name}"] = one_of.paid_in_all
    for investor in model.returns.investors:
        if investor.target is not None:
            lines[f"target_reached, {investor.who}"] = investor.target.met
    for number, payment in enumerate(model.payments):
        if payment.beyond_the_end is not None:
            lines[f"beyond_the_end, {number}"] = payment.beyond_the_end
    for provider in model.provider_cash:
        kept = {
            "lowest_cash": provider.lowest,
            "shortfall": provider.worst,
            "peak_funding": provider.peak,
            "income": provider.income,
            "cost": provider.cost,
            "margin": provider.margin,
            "above_reserves": provider.headroom,
            "at_risk": provider.stake,
            "at_risk_lost": provider.lost,
        }
        lines |= {f"{name}, {provider.name}": line for name, line in kept.items() if line is not None}
    return lines


def effect_names(measure: MetricEffects, one: Effects, leads: bool) -> list[str]:
    """What the true, measured and paid effects of a cohort, or of all, are called among the figures. Those by the
    deal's first measure, which leads, go without its name."""
    of = "" if one is measure.pooled else f", {one.who}"
    by = "" if leads else f" by {measure.metric}"
    return [f"{which}_reduction{by}{of}" for which in ("true", "measured", "paid")]


def simulate(
    model: Model,
    paths: int | None = None,
    seed: int = SEED,
    progress: Progress | None = None,
    engine: EngineName | None = None,
    sampler: str | None = None,
) -> Simulation:
    """Run `paths` paths, by the pseudo-random sampler unless told, and as many as the sampler has unless told.

    The same seed gives the same figures, by either engine; pseudo-random paths do so one by one, for any number of
    them. Unless told, the engine is the faster one for so many (`sibmodel.simulation.engines`).

    Raises ValueError for fewer than one path, a negative seed, or an engine that does not exist, and NotFoundError for
    a sampler that does not exist or cannot take so many paths.
    """
    spread = sampling(sampler, paths)
    paths = spread.paths
    if paths < 1 or seed < 0:
        raise ValueError("A simulation needs at least one path, and a seed of 0 or more.")
    headlines = headline_lines(model)
    fans = {"net_position": model.returns.everyone.position, "payments": model.commissioning.paid}
    room_of = dict.fromkeys(fans, PATHS_OF_A_FAN)
    for provider in model.provider_cash:
        fans[f"cash, {provider.name}"] = provider.cash.closing
        room_of[f"cash, {provider.name}"] = PATHS_OF_PROVIDERS
    flow = model.returns.everyone.flow
    keep = [*headlines.values(), *fans.values(), flow]
    calculated_by = engine_of(model, keep, paths, engine)
    periods = model.book.periods
    figures = {name: np.empty(paths) for name in [*headlines, "irr"]}
    status = np.empty(paths, dtype=np.int8)
    over_time = {name: np.empty((periods, min(paths, room_of[name]))) for name in fans}
    drivers = {stream: np.empty(paths) for group in model.groups for stream in group.streams}
    done = 0
    for block, wanted in blocks(paths):
        luck = Luck(model, seed, block, spread)
        for stream, numbers in drivers.items():
            numbers[done : done + wanted] = luck.drivers[stream][:wanted]
        for first, values in _parts(calculated_by, luck, wanted):
            # Always as many, even where fewer are wanted: the last bit of a rate of return depends on its company.
            count = min(CALCULATED_AT_ONCE, wanted - first)
            for name, line in headlines.items():
                figures[name][done : done + count] = values[line][:count]
            rates = irr(_wide(values[flow], CALCULATED_AT_ONCE))
            figures["irr"][done : done + count] = rates.rate[:count]
            status[done : done + count] = rates.status[:count]
            for name, line in fans.items():
                room = max(0, min(count, room_of[name] - done))
                over_time[name][:, done : done + room] = _wide(values[line], room)
            done += count
            if progress is not None:
                progress(done, paths)
    return Simulation(model, seed, paths, figures, status, over_time, drivers, spread)


def _parts(engine: Engine, luck: Luck, wanted: int) -> Iterator[tuple[int, Mapping[Line, Floats]]]:
    """The block's values, `CALCULATED_AT_ONCE` paths at a time, each with its first path, however many the engine
    calculates at once."""
    for start in range(0, wanted, engine.at_once):
        values = engine.calculate(*luck.cut(slice(start, start + engine.at_once)))
        for place in range(0, min(engine.at_once, wanted - start), CALCULATED_AT_ONCE):
            part = slice(place, place + CALCULATED_AT_ONCE)
            yield (
                start + place,
                {line: _cut(array, part) for line, array in values.items()},
            )


def _cut(array: Floats, part: slice) -> Floats:
    """Some paths of a line; one that nothing uncertain reaches is one path wide. Laid out as if calculated alone, for
    the last bit of a rate of return depends on that too; and no zero is negative, for engines differ in that."""
    return (array[..., part] if array.shape[-1] > 1 else array) + 0.0


def _wide(values: Floats, paths: int) -> Floats:
    """The first paths of a line `[time, path]`; one that nothing uncertain reaches is the same in all."""
    return values[:, :paths] if values.shape[1] > 1 else np.repeat(values, paths, axis=1)


def rates_by_status(simulation: Simulation) -> dict[str, int]:
    """How many paths have each status of the rate of return, by its label; only those that occur."""
    counted = {status: int(np.count_nonzero(simulation.rate_status == status)) for status in RateStatus}
    return {status.name.lower(): count for status, count in counted.items() if count}
