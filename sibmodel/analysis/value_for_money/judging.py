"""Value for money over all paths: what the commissioner may have to pay and when, what a true outcome costs, what it is
worth and to whom, and the effect at which it is worth its cost. METHOD 4.6 (docs/method.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from sibmodel.analysis.error_rates import effect_cells, held_at
from sibmodel.analysis.estimates import chance_of, mean_of, ratio_of_means
from sibmodel.analysis.value_for_money.lines import ValueLines
from sibmodel.analysis.value_for_money.lines import build as build_value
from sibmodel.deal import Deal
from sibmodel.lines import Line
from sibmodel.metrics import error_of_quantile, quantiles
from sibmodel.model import Model, build
from sibmodel.simulation import NONE, SEED, Estimate, Sampling, Simulation, simulate
from sibmodel.simulation.figures import figures
from sibmodel.simulation.paths import Floats
from sibmodel.valuing import Benefit, Kind

PATHS = 16_384
"""Paths unless told."""
PATHS_OF_SWITCHING = 2_048
"""Paths for each effect that is tried for the switching value, all with the same luck."""
EFFECTS = tuple(np.round(np.arange(-0.05, 0.4001, 0.025), 3).tolist())
"""True effects that are tried: the switching value is sought between them."""
CRUMB = 0.005
"""Half a penny: an amount below it is none."""
COUNTED = "counted"
"""What kinds of benefit that are added up are called together."""


@dataclass(frozen=True)
class Spread:
    """A simulated figure: its mean, and the ends of its middle 90 %."""

    mean: Estimate
    p5: Estimate
    p95: Estimate
    highest: float
    """In any path."""


@dataclass(frozen=True)
class PerOutcome:
    """What outcomes by a measure cost: means by means, nominal."""

    measure: str
    true: Estimate
    measured: Estimate
    true_units: Estimate
    measured_units: Estimate


@dataclass(frozen=True)
class Worth:
    """A benefit: its worth in the prices of one year, and in all at present value."""

    terms: Benefit
    per_event: float
    present: Spread


@dataclass(frozen=True)
class Switching:
    """The effect at which the mean net present value turns from negative to positive. `always` says that it is on one
    side at every effect tried; there is then no such effect (nan)."""

    effect: Estimate
    always: Literal["", "positive", "negative"]


@dataclass(frozen=True)
class Net:
    """Benefits against cost. `of` is a kind, or `counted` for the kinds that the deal adds up."""

    of: str
    benefits: Spread
    net: Spread
    negative: Estimate
    """Chance that the net present value is below nil."""
    by_cost: Estimate
    """Mean benefits by mean cost."""
    switching: Switching


@dataclass(frozen=True, eq=False)
class ValueForMoney:
    """What a deal is worth to those who pay for it."""

    deal: Deal = field(repr=False)
    model: Model = field(repr=False)
    lines: ValueLines = field(repr=False)
    paths: int
    seed: int
    spread: Sampling
    """How the luck of these paths was drawn."""
    bill: Spread
    """Nominal, over the whole deal."""
    years: tuple[tuple[str, Spread], ...]
    """By financial year."""
    outcomes: tuple[PerOutcome, ...]
    cost: Spread
    """At present value, in one year's prices."""
    per_true_present: Estimate
    """Mean cost by mean true outcomes of the first measure, both at present value: what one must be worth at least."""
    benefits: tuple[Worth, ...]
    nets: tuple[Net, ...]
    """By kind; the kinds added up come last."""


def value_for_money(deal: Deal, paths: int = PATHS, seed: int = SEED) -> ValueForMoney:
    """A deal's value for money, built anew."""
    model = build(deal)
    lines = build_value(model)
    return judged(lines, simulate(model, paths, seed))


def judged(lines: ValueLines, simulation: Simulation) -> ValueForMoney:
    """The value for money of a model that has been simulated, and to whose book the lines of value had been added
    before: over the same paths, so that a figure that both tell is the same."""
    model, paths, seed, replicates = simulation.model, simulation.paths, simulation.seed, simulation.replicates
    bill = model.commissioning
    wanted: dict[tuple[str, str], Line] = {
        ("bill", ""): bill.paid_in_all,
        ("cost", ""): lines.cost,
        ("true", ""): lines.true_present,
    }
    wanted |= {("year", one.name): one.paid for one in bill.years}
    for cost in bill.costs:
        wanted |= {
            ("paid", cost.metric): cost.paid,
            ("units", cost.metric): cost.true_units,
            ("seen", cost.metric): cost.measured_units,
        }
    wanted |= {("benefit", one.terms.name): one.present for one in lines.benefits}
    wanted |= {("worth", name): line for name, line in _against(lines).items()}
    found = figures(model, wanted, paths, seed, spread=simulation.spread)
    switching = _switching(model, lines, seed)
    cost_by_path = found["cost", ""]
    return ValueForMoney(
        model.deal,
        model,
        lines,
        paths,
        seed,
        simulation.spread,
        _spread(found["bill", ""], replicates),
        tuple((one.name, _spread(found["year", one.name], replicates)) for one in bill.years),
        tuple(
            PerOutcome(
                one.metric,
                ratio_of_means(found["paid", one.metric], found["units", one.metric], replicates),
                ratio_of_means(found["paid", one.metric], found["seen", one.metric], replicates),
                mean_of(found["units", one.metric], replicates),
                mean_of(found["seen", one.metric], replicates),
            )
            for one in bill.costs
        ),
        _spread(cost_by_path, replicates),
        ratio_of_means(cost_by_path, found["true", ""], replicates),
        tuple(
            Worth(one.terms, _certain(model, one.per_event), _spread(found["benefit", one.terms.name], replicates))
            for one in lines.benefits
        ),
        tuple(_net(name, found["worth", name], cost_by_path, switching[name], replicates) for name in _against(lines)),
    )


def _against(lines: ValueLines) -> dict[str, Line]:
    """The benefits that are held against cost: each kind by itself, then those that are counted together."""
    kinds: dict[str, Line] = {str(kind): line for kind, line in lines.by_kind.items()}
    several = lines.counted is not None and len(lines.terms.counts) > 1
    return {**kinds, COUNTED: lines.counted} if several and lines.counted is not None else kinds


def _net(name: str, worth: Floats, cost: Floats, switching: Switching, replicates: int) -> Net:
    net = worth - cost
    return Net(
        name,
        _spread(worth, replicates),
        _spread(net, replicates),
        chance_of(net < -CRUMB, replicates),
        ratio_of_means(worth, cost, replicates),
        switching,
    )


def _spread(values: Floats, replicates: int) -> Spread:
    levels = np.array([0.05, 0.95])
    (low, high), (low_error, high_error) = quantiles(values, levels), error_of_quantile(values, levels, replicates)
    return Spread(
        mean_of(values, replicates),
        Estimate(float(low), float(low_error)),
        Estimate(float(high), float(high_error)),
        float(values.max()),
    )


def _certain(model: Model, line: Line) -> float:
    """A figure that nothing uncertain reaches."""
    from sibmodel.lines import Plan

    return Plan([line], keep=[line]).evaluate(model.book.periods).figure(line)


def _switching(model: Model, lines: ValueLines, seed: int) -> dict[str, Switching]:
    """The switching value of each net value, from the mean at one effect after another, all with the same luck."""
    nets = {name: lines.net[name] for name in _against(lines)}
    if not effect_cells(model) or not nets:
        return {name: Switching(NONE, "") for name in nets}
    means: dict[str, list[Estimate]] = {name: [] for name in nets}
    for effect in EFFECTS:
        found = figures(model, nets, PATHS_OF_SWITCHING, seed, held_at(model, effect))
        for name, values in found.items():
            means[name].append(mean_of(values))
    return {name: _turns(each) for name, each in means.items()}


def _turns(means: list[Estimate]) -> Switching:
    values = [one.value for one in means]
    for place in range(1, len(values)):
        below, above = values[place - 1], values[place]
        if below < 0 <= above:
            slope = (above - below) / (EFFECTS[place] - EFFECTS[place - 1])
            error = max(means[place - 1].error, means[place].error) / slope
            return Switching(Estimate(EFFECTS[place - 1] - below / slope, error), "")
    if any(value >= 0 for value in values) and any(value < 0 for value in values):
        return Switching(NONE, "")
    return Switching(Estimate(math.nan, math.nan), "negative" if values[0] < 0 else "positive")


__all__ = ["Kind", "ValueForMoney", "judged", "value_for_money"]
