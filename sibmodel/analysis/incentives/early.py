"""Early payment: what it is worth that each cohort may be paid on its own test, before all are pooled.

The deal beside itself with the pooled test alone, on the same luck: what the right costs payers, brings investors, and
adds to the chance of paying a service that does nothing. Source: METHOD 2.7 and 4.7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sibmodel.analysis.asking import Event, Figure, Trials, events, figures
from sibmodel.analysis.error_rates import effect_cells, held_at
from sibmodel.deal import Deal
from sibmodel.model import build
from sibmodel.payments.threshold import ThresholdPayment
from sibmodel.simulation import Estimate


@dataclass(frozen=True)
class EarlyPayment:
    """The difference that the cohorts' own tests make: as signed less the pooled test alone."""

    payment: str
    """The payment's path."""
    bill: Estimate
    investors: Estimate
    """Their mean net present value."""
    chance: Estimate
    """Of any payment."""
    chance_for_nothing: Estimate
    """Of any payment where the true effect is nil."""


def early_payment(deal: Deal, paths: int, seed: int) -> tuple[EarlyPayment, ...]:
    """For each payment with tests of cohorts and a pooled one."""
    found = []
    for number, payment in enumerate(deal.payments):
        if not isinstance(payment, ThresholdPayment) or payment.fallback is None:
            continue
        if payment.threshold is None and not payment.thresholds:
            continue
        plain = deal.alone().plain()
        for name in ("threshold", "thresholds"):
            plain["payments"][number].pop(name, None)
        waiting = Deal.model_validate(plain)
        found.append(_between(f"payments[{number}]", deal, waiting, paths, seed))
    return tuple(found)


def _between(path: str, signed: Deal, waiting: Deal, paths: int, seed: int) -> EarlyPayment:
    drawn, without = [], []
    for deal in (signed, waiting):
        model = build(deal)
        asked: list[Figure | Event] = [figures(model)["payments"], figures(model)["npv"], events(model)["payment"]]
        trials = Trials(model, asked, effect_cells(model), paths, seed)
        drawn.append(trials.at())
        without.append(trials.at(held_at(model, 0.0)))
    bill, investors, chance = (_difference(drawn[0][name], drawn[1][name]) for name in ("payments", "npv", "payment"))
    return EarlyPayment(path, bill, investors, chance, _difference(without[0]["payment"], without[1]["payment"]))


def _difference(one: object, other: object) -> Estimate:
    """The mean difference over the same paths, and its error."""
    apart = np.asarray(one, dtype=float) - np.asarray(other, dtype=float)
    return Estimate(float(apart.mean()), float(apart.std(ddof=1) / np.sqrt(apart.size)))
