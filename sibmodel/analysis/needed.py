"""The effect that is needed for a rate of return: the lowest true effect at which the base case brings it.

The true effect of every cohort is held at the same value, everything else at its base case, and counts and errors of
measurement at their middle. Many effects are calculated at once: a grid from none to all, then a finer grid between
the last effect that fails and the first that suffices, twice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sibmodel.analysis.error_rates import effect_cells, held_at
from sibmodel.lines import Plan
from sibmodel.metrics import error_of_probability, irr
from sibmodel.model import Model
from sibmodel.simulation import Estimate, Simulation
from sibmodel.simulation.estimates import NONE

Floats = npt.NDArray[np.float64]

TARGETS = (0.0, 0.05, 0.08)
"""Rates of return a year that investors ask about: money back, and two that are common in the field. Assumed."""
AT_ONCE = 201
"""Effects calculated together."""
REFINEMENTS = 2
NEAR = 1e-9
"""How little a rate may lack: rounding."""


@dataclass(frozen=True)
class Needed:
    """What a rate of return takes: `effect` is nan where no effect brings it, and `best` the highest rate of any."""

    target: float
    effect: float
    best: float

    @property
    def reachable(self) -> bool:
        """Whether any effect brings the rate."""
        return math.isfinite(self.effect)


def needed(model: Model, targets: tuple[float, ...] = TARGETS) -> tuple[Needed, ...]:
    """The lowest true effect for each rate of return a year of all investors together; nothing where payment hangs on
    no true effect.

    An effect of 0 means that the rate comes without any. Where more effect pays less (a cap on the return that ends
    sooner, say), it is the lowest effect that brings the rate on the grid of half a percentage point.
    """
    if not effect_cells(model):
        return ()
    plan = Plan([model.returns.everyone.flow], keep=[model.returns.everyone.flow])
    coarse = np.linspace(0.0, 1.0, AT_ONCE)
    rates = _rates(model, plan, coarse)
    known = rates[np.isfinite(rates)]
    best = float(known.max()) if known.size else math.nan
    lowest = _lowest(model, plan, np.array(targets), coarse, rates)
    return tuple(Needed(target, effect, best) for target, effect in zip(targets, lowest.tolist(), strict=True))


@dataclass(frozen=True)
class Reached:
    """How often a simulation reaches what a rate of return takes."""

    effect: Estimate
    """The share of paths in which the true effect of all cohorts is as high as needed; nan where none brings it."""
    rate: Estimate
    """The share of paths that bring the rate of return itself: with the luck of measurement, and all else as it
    falls."""


def reached(found: Sequence[Needed], simulation: Simulation) -> tuple[Reached, ...]:
    """How often the paths of a simulation reach each: of a very large one, the paths that are kept one by one."""
    true, rates = simulation.figures["true_reduction"], simulation.figures["irr"]
    replicates = simulation.replicates if simulation.kept == simulation.paths else 1
    return tuple(
        Reached(
            _share(true >= one.effect - NEAR, replicates) if one.reachable else NONE,
            _share(np.nan_to_num(rates, nan=-math.inf) >= one.target - NEAR, replicates),
        )
        for one in found
    )


def _share(holds: npt.NDArray[np.bool_], replicates: int) -> Estimate:
    return Estimate(float(holds.mean()), error_of_probability(holds, replicates))


def _lowest(model: Model, plan: Plan, targets: Floats, effects: Floats, rates: Floats) -> Floats:
    """For each target the lowest of the effects that brings it, refined: those of all targets calculated together."""
    each = np.arange(targets.size)
    grids, rates = np.tile(effects, (targets.size, 1)), np.tile(rates, (targets.size, 1))
    for refinement in range(REFINEMENTS + 1):
        if refinement:
            rates = _rates(model, plan, grids.ravel()).reshape(grids.shape)
        enough = np.nan_to_num(rates, nan=-math.inf) >= targets[:, None] - NEAR
        first = enough.argmax(axis=1)
        found = grids[each, first]
        grids = np.linspace(grids[each, np.maximum(first - 1, 0)], found, AT_ONCE, axis=1)
    return np.where(enough.any(axis=1), found, math.nan)


def _rates(model: Model, plan: Plan, effects: Floats) -> Floats:
    """The rate of return of all investors at each true effect."""
    columns = held_at(model, effects)
    flow = plan.evaluate(model.book.periods, columns)[model.returns.everyone.flow]
    wide = np.broadcast_to(flow, (flow.shape[0], effects.size))
    found: Floats = np.asarray(irr(np.ascontiguousarray(wide)).rate, dtype=float)
    return found
