"""The incentives of a deal, all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sibmodel.analysis.error_rates import effect_cells
from sibmodel.analysis.incentives.bands import BANDS, Band, BandPay, band_pay
from sibmodel.analysis.incentives.early import EarlyPayment, early_payment
from sibmodel.analysis.incentives.marginal import EFFECTS, Margin, marginal_pay
from sibmodel.analysis.payoff import payoff
from sibmodel.deal import Deal
from sibmodel.errors import DealError, Problem
from sibmodel.lines import evaluate
from sibmodel.model import Model, build
from sibmodel.outcomes import Binary, Frequency
from sibmodel.outcomes.base_case import events_and_shape
from sibmodel.simulation import SEED

PATHS = 8_192
NEAR = 0.005
"""Half a penny."""


@dataclass(frozen=True)
class Incentives:
    """What a deal rewards. `price` is that of an outcome, nan where payments have no one price; `most_paid_from` is the
    effect from which the most is paid, with the luck of measurement left out."""

    deal: str
    paths: int
    seed: int
    price: float
    most_paid_from: float
    margins: tuple[Margin, ...]
    bands: tuple[BandPay, ...]
    own_bands: bool
    """Whether the bands are the deal's own people."""
    measure: str
    """Which measure is paid for: frequency, binary, or another."""
    early: tuple[EarlyPayment, ...]


def incentives(
    deal: Deal, effects: Sequence[float] = EFFECTS, paths: int = PATHS, seed: int = SEED, bands: Sequence[Band] = ()
) -> Incentives:
    """The incentives of a deal; of `bands` of risk, where they are given.

    Raises DealError where payment hangs on no true effect.
    """
    model = build(deal)
    if not effect_cells(model):
        fix = "Incentives need a measure with a comparison, and a belief about the effect."
        raise DealError(deal.name, [Problem("", "assumptions.effect", "There is no effect to vary.", fix)])
    price, most = price_of(deal), most_paid_from(model)
    metric = deal.metrics[0]
    measure = "frequency" if isinstance(metric, Frequency) else "binary" if isinstance(metric, Binary) else metric.kind
    known = isinstance(metric, Frequency | Binary) and np.isfinite(price)
    return Incentives(
        deal.name,
        paths,
        seed,
        price,
        most,
        marginal_pay(model, price, most, effects, paths, seed),
        _bands(deal, model, price, bands) if known else (),
        bool(bands),
        measure,
        early_payment(deal, paths, seed),
    )


def price_of(deal: Deal) -> float:
    """The price of an outcome, where all payments that have one have the same; otherwise nan."""
    found = [getattr(one, "price", None) for one in deal.payments]
    prices = {float(price) for price in found if isinstance(price, int | float)}
    return prices.pop() if len(prices) == 1 else float("nan")


def most_paid_from(model: Model) -> float:
    """The lowest effect, among those tried, at which the most is paid, luck left out; infinite where payment never
    stops rising."""
    curve = payoff(model)
    if not curve:
        return float("inf")
    highest = max(one.payment for one in curve)
    first = next(one.measured for one in curve if one.payment >= highest - NEAR)
    return first if first < max(one.measured for one in curve) else float("inf")


def _bands(deal: Deal, model: Model, price: float, given: Sequence[Band]) -> tuple[BandPay, ...]:
    """Each band's pay, at the deal's price. Where a band has no cost of its own, it is what the deal spends a start."""
    _, shape = events_and_shape(deal.assumptions, deal.metrics[0].name, deal.cohorts[0])
    each = cost_a_start(model)
    costed = [Band(one.name, one.events, one.cost if np.isfinite(one.cost) else each) for one in given or BANDS]
    return band_pay(costed, float(shape), price, price)


def cost_a_start(model: Model) -> float:
    """What providers' service costs in the base case, by those who start it; nan where nobody does."""
    starts = [line for section in model.book.sections for line in section.lines if line.name.startswith("Starts, ")]
    cost = [one.cost for one in model.provider_cash]
    values = evaluate([*starts, *cost], model.book.periods)
    people = sum(float(values.row(line).sum()) if line.timed else values.figure(line) for line in starts)
    return sum(values.figure(line) for line in cost) / people if people > 0 else float("nan")
