"""A contract in a few figures, to set several beside each other (METHOD 4.4): what is paid, how surely, for what."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sibmodel.analysis.asking import Event, Figure, Trials, estimate, events, figures
from sibmodel.analysis.estimates import CHANCE, MEAN, Statistic
from sibmodel.deal import Deal
from sibmodel.metrics import summarise
from sibmodel.model import build
from sibmodel.simulation import Estimate, Sampling


@dataclass(frozen=True)
class Contract:
    """Over the simulated paths. Money in pounds of the day but for investors' present value."""

    mean_bill: Estimate
    p95_bill: Estimate
    most: float
    """The highest bill of any path: the cap, where one binds."""
    paid: Estimate
    """The chance that anything is paid for results."""
    investors_npv: Estimate
    investors_spread: Estimate
    """Standard deviation of investors' net present value."""
    paid_without_effect: Estimate
    """The mean bill where the true effect is nil or harmful; nan where it never is."""
    likeness: float
    """Correlation of the bill with the true effect; nan where one of them does not vary."""


def contract(deal: Deal, paths: int, seed: int, spread: Sampling) -> Contract:
    """The figures of a deal, by a simulation of its own with the same luck."""
    model = build(deal)
    known = figures(model)
    asked: list[Figure | Event] = [known["payments"], known["npv"], known["true effect"], events(model)["payment"]]
    found = Trials(model, asked, (), paths, seed, spread).at()
    bill, npv, true = found["payments"], found["npv"], found["true effect"]
    replicates = spread.replicates
    spread_of = summarise(npv, replicates)
    return Contract(
        estimate(MEAN, bill, replicates),
        estimate(Statistic("percentile", 0.95), bill, replicates),
        float(bill.max()),
        estimate(CHANCE, found["payment"], replicates),
        estimate(MEAN, npv, replicates),
        Estimate(spread_of.sd, spread_of.errors["sd"]),
        estimate(MEAN, bill[true <= 0]),
        float(np.corrcoef(bill, true)[0, 1]) if bill.std() > 0 and true.std() > 0 else math.nan,
    )
