"""Error rates: how often a deal pays for nothing, and how often it does not pay for something that works.

The deal is simulated with the true effect held at one value after another, everything else as it falls, every
value with the same luck; so a curve of the chance of payment is smooth where the truth is. Payment itself is the
deal's own, whatever it is. Source: METHOD 2.7 and 2.8.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from sibmodel.deal import Deal
from sibmodel.errors import DealError, Problem
from sibmodel.lines import Input, Line, evaluate
from sibmodel.metrics import error_of_mean, error_of_probability
from sibmodel.model import Model, build
from sibmodel.simulation import SEED
from sibmodel.simulation.engines import Engine, engine_of
from sibmodel.simulation.paths import Floats, Luck, blocks

CRUMB = 0.005
"""Half a penny: a payment below it is none."""
EFFECTS = (-0.05, 0.0, 0.025, 0.05, 0.075, 0.10, 0.125, 0.15, 0.20)
"""True effects tried unless told: METHOD 2.7's, with a harmful one."""
EFFECT_CELL = re.compile(r"assumptions(\.by_segment\[.*\])?\.effect(\.by_cohort|$)")
"""Where the true effect stands: for all, by cohort, by segment."""
PATHS = 8_192
"""Paths for each true effect unless told."""
BLOCKS_KEPT = 4
"""Blocks whose luck is kept from one true effect to the next."""

LuckOf = Callable[[int], Luck]
"""The luck of a block, by its number."""


@dataclass(frozen=True)
class AtEffect:
    """What happens at one true effect. Chances are shares of one; errors are Monte Carlo standard errors."""

    effect: float
    paid: float
    paid_error: float
    mean_payment: float
    """For results: fees and charges, which come whatever the effect, are in neither the chance nor this."""
    mean_payment_error: float
    cohorts_paid: tuple[float, ...]
    """The chance that each cohort is paid for, in the deal's order."""


@dataclass(frozen=True)
class Judgement:
    """How payment sorts truth, over the deal's own belief about the effect. nan where there is nothing to take a
    mean of."""

    target: float
    paid: float
    paid_error: float
    measured_if_paid: float
    true_if_paid: float
    true_if_paid_error: float
    meets_target_if_paid: float
    unpaid_if_meets_target: float
    paid_if_below_target: float
    paid_if_no_effect: float


@dataclass(frozen=True)
class ErrorRates:
    """The error rates of a deal."""

    deal: str
    paths: int
    seed: int
    cohorts: tuple[str, ...]
    curve: tuple[AtEffect, ...]
    paid_without_effect: AtEffect
    at_target: AtEffect
    as_planned: AtEffect
    """With every true effect as in the base case; its `effect` is that of all cohorts."""
    judgement: Judgement
    terms: Deal = field(repr=False)
    """The deal itself, of which `deal` is the name."""

    @property
    def unpaid_at_target(self) -> float:
        """The chance that a service whose true effect is the target is not paid."""
        return 1.0 - self.at_target.paid


def error_rates(
    deal: Deal, target: float | None = None, effects: Sequence[float] = EFFECTS, paths: int = PATHS, seed: int = SEED
) -> ErrorRates:
    """The error rates of a deal. `target` is the true effect that payment is meant for: the deal's lowest
    threshold unless told.

    Raises DealError where the deal has no uncertain or stated effect to vary.
    """
    aim = lowest_threshold(deal) if target is None else target
    model = build(deal)
    if not effect_cells(model):
        raise DealError(
            deal.name,
            [
                Problem(
                    "",
                    "assumptions.effect",
                    "There is no effect to vary.",
                    "Error rates need a measure with a comparison.",
                )
            ],
        )
    tried = sorted({*effects, 0.0, aim})
    calculated_by = engine_of(
        model, list(_lines(model).values()), paths * len(tried), uncertain=held_at(model, 0.0)
    )  # one plan for all effects
    luck_of = lru_cache(BLOCKS_KEPT)(lambda block: Luck(model, seed, block))
    points = {effect: _at(model, luck_of, calculated_by, effect, paths, held_at(model, effect)) for effect in tried}
    return ErrorRates(
        deal.name,
        paths,
        seed,
        tuple(cohort.name for cohort in deal.cohorts),
        tuple(points[effect] for effect in tried),
        points[0.0],
        points[aim],
        _as_planned(model, luck_of, calculated_by, paths),
        _judge(model, luck_of, aim, paths),
        deal,
    )


def two_errors(model: Model, paths: int = PATHS, seed: int = SEED) -> tuple[AtEffect, AtEffect]:
    """What happens without any true effect, and with every true effect as in the base case: all that the deal's two
    error rates need. The model must have an effect to hold (`effect_cells`)."""
    calculated_by = engine_of(model, list(_lines(model).values()), 2 * paths, uncertain=held_at(model, 0.0))
    luck_of = lru_cache(BLOCKS_KEPT)(lambda block: Luck(model, seed, block))
    return (
        _at(model, luck_of, calculated_by, 0.0, paths, held_at(model, 0.0)),
        _as_planned(model, luck_of, calculated_by, paths),
    )


def _as_planned(model: Model, luck_of: LuckOf, calculated_by: Engine, paths: int) -> AtEffect:
    true = model.effects[0].pooled.true
    planned = evaluate([true], model.book.periods).figure(true)
    held = {cell: cell.value for cell in held_at(model, 0.0)}
    return _at(model, luck_of, calculated_by, planned, paths, held)


def lowest_threshold(deal: Deal) -> float:
    """The smallest relative reduction from which the deal pays by a threshold; 0 where it has none."""
    found = []
    for payment in deal.payments:
        if getattr(payment, "test", "") == "difference":
            continue
        fallback = getattr(payment, "fallback", None)
        found += [
            value
            for value in (getattr(payment, "threshold", None), getattr(fallback, "pooled", None))
            if value is not None
        ]
        found += list(getattr(payment, "thresholds", {}).values())
    return min(found, default=0.0)


def held_at(model: Model, effect: Any) -> dict[Input, Any]:
    """The inputs that hold the whole true effect at a value: call-off services then add nothing."""
    added = [cell for cell in model.book.inputs if cell.path.startswith("assumptions.call_off_effects")]
    return {**dict.fromkeys(effect_cells(model), effect), **dict.fromkeys(added, 0 * effect)}


def effect_cells(model: Model) -> list[Input]:
    """The inputs that hold the true effect."""
    return [cell for cell in model.book.inputs if EFFECT_CELL.match(cell.path)]


def _figures(
    luck_of: LuckOf, calculated_by: Engine, lines: dict[str, Line], paths: int, held: dict[Input, float]
) -> dict[str, Floats]:
    """Figures by path, with some inputs held at a value whatever is believed about them."""
    found = {name: np.empty(paths) for name in lines}
    done = 0
    for block, wanted in blocks(paths):
        luck = luck_of(block)
        for start in range(0, wanted, calculated_by.at_once):
            count = min(calculated_by.at_once, wanted - start)
            columns, draws = luck.cut(slice(start, start + calculated_by.at_once))
            for cell, value in held.items():
                columns[cell] = np.full(calculated_by.at_once, value)
            values = calculated_by.calculate(columns, draws)
            for name, line in lines.items():
                found[name][done : done + count] = values[line][:count]
            done += count
    return found


def _lines(model: Model) -> dict[str, Line]:
    """What is needed at every true effect, by name."""
    return {"for_results": model.commissioning.for_results} | {one.who: one.paid for one in model.effects[0].cohorts}


def _at(
    model: Model, luck_of: LuckOf, calculated_by: Engine, effect: float, paths: int, held: dict[Input, float]
) -> AtEffect:
    figures = _figures(luck_of, calculated_by, _lines(model), paths, held)
    results = figures["for_results"]
    paid = results > CRUMB
    return AtEffect(
        effect,
        float(paid.mean()),
        error_of_probability(paid),
        float(results.mean()),
        error_of_mean(results),
        tuple(float((figures[one.who] != 0).mean()) for one in model.effects[0].cohorts),
    )


def _judge(model: Model, luck_of: LuckOf, target: float, paths: int) -> Judgement:
    pooled = model.effects[0].pooled
    lines = {"payments": model.commissioning.for_results, "true": pooled.true, "measured": pooled.measured}
    calculated_by = engine_of(model, list(lines.values()), paths)
    figures = _figures(luck_of, calculated_by, lines, paths, {})
    paid, true, measured = figures["payments"] > CRUMB, figures["true"], figures["measured"]
    meets = true >= target
    return Judgement(
        target,
        float(paid.mean()),
        error_of_probability(paid),
        _mean(measured, paid),
        _mean(true, paid),
        error_of_mean(true[paid]) if paid.sum() > 1 else float("nan"),
        _mean(meets, paid),
        _mean(~paid, meets),
        _mean(paid, ~meets),
        _mean(paid, true <= 0),
    )


def _mean(values: np.ndarray, where: np.ndarray) -> float:
    """The mean of `values` where a condition holds; nan where it never does."""
    return float(values[where].mean()) if where.any() else float("nan")
