"""What is paid at each measured effect: the payment rule as a curve, with its steps where they are.

The true effect of every cohort is held at the same value, everything else at its base case, and counts and errors of
measurement at their middle, so that what is measured is not luck. A step is drawn as one: by two points that are
`FINEST` apart, found by halving.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sibmodel.analysis.error_rates import effect_cells, held_at
from sibmodel.lines import Plan
from sibmodel.model import Model

Floats = npt.NDArray[np.float64]

LOWEST, HIGHEST, POINTS = -0.05, 0.20, 51
"""Effects tried: every half a percentage point."""
FINEST = 1e-7
"""How near the two ends of a step stand."""
NEAR = 0.005
"""Half a penny."""
FEW = 2
STEEP = 3.0
"""So many times the median rise between two points is looked at more closely: it may be a step."""


@dataclass(frozen=True)
class Payoff:
    """The payments in all at a measured effect over all cohorts."""

    measured: float
    payment: float


def payoff(model: Model) -> tuple[Payoff, ...]:
    """The curve, from the lowest measured effect; nothing where payment hangs on no true effect."""
    if not effect_cells(model):
        return ()
    plan, effects = _plan(model), np.linspace(LOWEST, HIGHEST, POINTS)
    measured, paid = _at(model, plan, effects)
    measured, paid = _with(model, plan, (measured, paid), _reaches_most(model, plan, effects, paid))
    steps = _steps(paid[: effects.size])
    lower, upper = effects[steps], effects[steps + 1]
    below = paid[steps]
    while steps.size and float((upper - lower).max()) > FINEST:
        middle = (lower + upper) / 2
        _, found = _at(model, plan, middle)
        # Which half holds the larger part of the rise.
        ends = _at(model, plan, upper)[1]
        first = np.abs(found - below) > np.abs(ends - found)
        lower, upper = np.where(first, lower, middle), np.where(first, middle, upper)
        below = np.where(first, below, found)
    if steps.size:
        measured, paid = _with(model, plan, (measured, paid), np.concatenate([lower, upper]))
    order = np.lexsort((paid, measured))
    return tuple(Payoff(float(measured[place]), float(paid[place])) for place in order)


def _steps(paid: Floats) -> npt.NDArray[np.intp]:
    """The points after which the payment rises or falls by far more than elsewhere."""
    rise = np.abs(np.diff(paid))
    some = rise[rise > 0]
    if some.size <= FEW:  # no slope to tell a step from
        return np.flatnonzero(rise > 0)
    return np.flatnonzero(rise > STEEP * np.median(some))


def _reaches_most(model: Model, plan: Plan, effects: Floats, paid: Floats) -> Floats:
    """The lowest effect at which the most is paid: where a cap begins to bind, say."""
    first = int(np.argmax(paid >= paid.max() - NEAR))
    if first == 0:
        return np.array([])
    lower, upper = effects[first - 1], effects[first]
    while upper - lower > FINEST:
        middle = (lower + upper) / 2
        enough = _at(model, plan, np.array([middle]))[1][0] >= paid.max() - NEAR
        lower, upper = (lower, middle) if enough else (middle, upper)
    return np.array([upper])


def _with(model: Model, plan: Plan, points: tuple[Floats, Floats], effects: Floats) -> tuple[Floats, Floats]:
    """The points and those at more effects."""
    if not effects.size:
        return points
    measured, paid = _at(model, plan, effects)
    return np.concatenate([points[0], measured]), np.concatenate([points[1], paid])


def _plan(model: Model) -> Plan:
    wanted = [model.effects[0].pooled.measured, model.commissioning.paid_in_all]
    return Plan(wanted, keep=wanted)


def _at(model: Model, plan: Plan, effects: Floats) -> tuple[Floats, Floats]:
    """The measured effect over all cohorts and the payments in all, at each true effect."""
    values = plan.evaluate(model.book.periods, held_at(model, effects))
    measured, paid = (
        np.broadcast_to(values[line], effects.size)
        for line in (model.effects[0].pooled.measured, model.commissioning.paid_in_all)
    )
    return measured, paid
