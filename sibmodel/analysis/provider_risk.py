"""What a provider risks: how low its cash may fall, what its margin may be, what stake its reserves can stand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sibmodel.analysis.estimates import NONE, Estimate
from sibmodel.lines import Plan
from sibmodel.metrics import (
    error_by_replicates,
    error_of_expected_shortfall,
    error_of_mean,
    error_of_probability,
    expected_shortfall,
)
from sibmodel.model import Model
from sibmodel.simulation import Simulation

CRUMB = 0.005
"""Half a penny: an amount below it is none."""
TAIL = 0.05
"""The worst paths over which an expected shortfall is taken."""
WIDEST = 2.0
"""Break-even volume is sought between nobody and twice as many people."""
GRID = 40
"""Volumes that are tried at once."""
ROUNDS = 4
"""How often the stretch in which the margin turns is divided again: to a 25-millionth of the base case's people."""


@dataclass(frozen=True)
class ProviderRisk:
    """A provider's risks over all paths."""

    name: str
    below_zero: Estimate
    """Chance that its cash falls below nil at some month's end."""
    below_reserves: Estimate
    """Chance that it falls below its reserves policy; nan without one."""
    margin_of_the_worst: Estimate
    """Mean margin of the worst 5 % of paths."""
    margin_at_risk: Estimate
    """Mean margin less that of the worst 5 %."""
    margin_at_risk_by_income: Estimate
    """The same by mean income."""
    lost_of_each_pound: Estimate
    """Of each pound of pay at risk, what is lost on average in the worst 5 % of paths; nan without any."""
    largest_stake: Estimate
    """The largest pay at risk that its free reserves stand; nan without any at risk, or without reserves told."""


def provider_risk(simulation: Simulation, place: int) -> ProviderRisk:
    """The risks of the provider in that place of the deal's."""
    one, figures = simulation.model.provider_cash[place], simulation.figures
    name = one.name
    short = figures[f"shortfall, {name}"] > CRUMB
    below = NONE
    if one.headroom is not None:
        under = figures[f"above_reserves, {name}"] < -CRUMB
        below = Estimate(float(under.mean()), error_of_probability(under, simulation.replicates))
    margin, income = figures[f"margin, {name}"], float(figures[f"income, {name}"].mean())
    worst, at_risk = expected_shortfall(margin, TAIL), _margin_at_risk(margin, simulation.replicates)
    by_income = Estimate(at_risk.value / income, at_risk.error / income) if income > CRUMB else NONE
    each = _lost_of_each_pound(simulation, name)
    return ProviderRisk(
        name,
        Estimate(float(short.mean()), error_of_probability(short, simulation.replicates)),
        below,
        Estimate(worst, error_of_expected_shortfall(margin, TAIL, simulation.replicates)),
        at_risk,
        by_income,
        each,
        _largest_stake(simulation.model, place, each),
    )


def _margin_at_risk(margin: np.ndarray, replicates: int) -> Estimate:
    """Mean less expected shortfall, with the error of the difference: both come from the same paths."""
    value = float(margin.mean()) - expected_shortfall(margin, TAIL)
    if replicates > 1:
        error = error_by_replicates(margin, replicates, lambda one: one.mean() - expected_shortfall(one, TAIL))
        return Estimate(value, float(error))
    if margin.size * TAIL < 2:
        return Estimate(value, math.nan)
    boundary = np.sort(margin)[math.ceil(margin.size * TAIL) - 1]
    return Estimate(value, error_of_mean(margin + np.maximum(boundary - margin, 0.0) / TAIL))


def _lost_of_each_pound(simulation: Simulation, name: str) -> Estimate:
    lost = simulation.figures.get(f"at_risk_lost, {name}")
    if lost is None:
        return NONE
    stake = simulation.figures[f"at_risk, {name}"]
    share = np.where(stake > CRUMB, lost / np.where(stake > CRUMB, stake, 1.0), np.nan)
    return Estimate(-expected_shortfall(-share, TAIL), error_of_expected_shortfall(-share, TAIL, simulation.replicates))


def _largest_stake(model: Model, place: int, lost_of_each_pound: Estimate) -> Estimate:
    free = free_reserves(model, place)
    loss = lost_of_each_pound.value
    if not loss > 0 or not math.isfinite(free):
        return NONE
    return Estimate(free / loss, free / loss**2 * lost_of_each_pound.error)


def free_reserves(model: Model, place: int) -> float:
    """A provider's own cash and its members' capital, less what its reserves policy asks for, in the base case; nan
    where neither cash nor capital is told."""
    terms, one = model.deal.providers[place], model.provider_cash[place]
    if terms.opening_cash is None and terms.members is None:
        return math.nan
    own = (terms.opening_cash or 0.0) + (terms.members.capital if terms.members is not None else 0.0)
    if one.floor is None:
        return own
    values = Plan([one.floor], keep=[one.floor]).evaluate(model.book.periods, {})
    return max(own - values.figure(one.floor), 0.0)


def break_even_volumes(model: Model) -> tuple[float, ...]:
    """For each provider, the people, as a share of the base case's, at which its base-case margin is nil; nan where it
    is not nil anywhere between nobody and twice as many.

    The margin is calculated at 40 volumes; where its sign changes nearest to the base case, the stretch between two of
    them is divided into 40 again, four times over.
    """
    cells = [cell for cell in model.book.inputs if cell.path.startswith("assumptions.volume")]
    lines = [one.margin for one in model.provider_cash]
    plan = Plan(lines, keep=lines)

    def margins(factors: np.ndarray) -> np.ndarray:
        values = plan.evaluate(model.book.periods, {cell: cell.value * factors for cell in cells})
        found = np.array([np.broadcast_to(values[line], factors.shape) for line in lines])
        return np.where(np.abs(found) <= CRUMB, 0.0, found)

    volumes = (np.arange(GRID) + 0.5) * WIDEST / GRID
    signs = np.sign(margins(volumes))
    brackets: dict[int, tuple[float, float]] = {}
    for place, sign in enumerate(signs):
        changes = np.flatnonzero(sign[:-1] * sign[1:] < 0)
        if changes.size:
            nearest = changes[np.argmin(np.abs(volumes[changes] - 1))]
            brackets[place] = (float(volumes[nearest]), float(volumes[nearest + 1]))
    if not brackets:
        return tuple(math.nan for _ in lines)
    places = list(brackets)
    low, high = (np.array([brackets[place][end] for place in places]) for end in (0, 1))
    each = np.arange(len(places))
    for _ in range(ROUNDS):
        tried = low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, GRID + 1)
        found = np.sign(margins(tried.ravel()))[places].reshape(len(places), *tried.shape)[each, each]
        # Up to where the sign is still that of the stretch's beginning.
        last = np.argmax(found != found[:, :1], axis=1) - 1
        low, high = tried[each, last], tried[each, last + 1]
    nil = dict(zip(places, ((low + high) / 2).tolist(), strict=True))
    return tuple(nil.get(place, math.nan) for place in range(len(lines)))
