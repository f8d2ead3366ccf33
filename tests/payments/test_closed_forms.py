"""Expected payments against closed forms, METHOD 2.8: what noise in the measured effect is worth under each contract.

With x ~ N(θ, s²), d = (θ − K) ÷ s and c(K) = (θ − K) Φ(d) + s φ(d) (Bachelier), in units of effect:
from nothing up to a cap C, c(0) − c(C); only the excess over K, c(K) − c(C); all of it once K is passed,
K Φ(d) + c(K) − c(C).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from sibmodel.model import build
from sibmodel.simulation import simulate
from tests.contract.bench import bench
from tests.payments import small

THRESHOLD, CAP, SPREAD = 0.075, 0.13, 0.069
PRINTED = {0.05: (0.05525, 0.01261, 0.03950), 0.10: (0.08718, 0.02673, 0.07483)}
AT_ONE = {"First": 500, "Second": 250}
"""Reoffenders avoided by an effect of 1."""

LINEAR: dict[str, dict[str, Any]] = {
    "table": {
        "kind": "table",
        "reading": "straight lines",
        "whole": 1,
        "table": [{"at": 0, "share": 0}, {"at": CAP, "share": CAP}],
    },
    "tiers": {"kind": "tiers", "bands": [{"up_to": CAP, "price": 1}]},
    "savings": {"kind": "savings", "saving": 1, "bands": [{"up_to": CAP, "share": 1}]},
    "tariff": {"kind": "tariff", "price": 1, "cap_per_person": CAP / 2},
}
EXCESS: dict[str, dict[str, Any]] = {
    "threshold": {
        "kind": "threshold",
        "threshold": THRESHOLD,
        "price": 1,
        "pays": "excess",
        "cap_per_person": (CAP - THRESHOLD) / 2,
    },
    "tiers": {"kind": "tiers", "bands": [{"up_to": THRESHOLD, "price": 0}, {"up_to": CAP, "price": 1}]},
    "table": {
        "kind": "table",
        "reading": "straight lines",
        "whole": 1,
        "table": [{"at": THRESHOLD, "share": 0}, {"at": CAP, "share": CAP - THRESHOLD}],
    },
}
CLIFF: dict[str, dict[str, Any]] = {
    "threshold": {"kind": "threshold", "threshold": THRESHOLD, "price": 1, "cap_per_person": CAP / 2},
    "savings": {
        "kind": "savings",
        "saving": 1,
        "threshold": THRESHOLD,
        "bands": [{"up_to": CAP, "share": 1}],
    },
    "table": {
        "kind": "table",
        "reading": "straight lines",
        "whole": 1,
        "table": [{"at": THRESHOLD, "share": THRESHOLD}, {"at": CAP, "share": CAP}],
    },
}
FORMS = [
    pytest.param(place, terms, id=f"{form}: {name}")
    for place, (form, members) in enumerate([("linear", LINEAR), ("excess", EXCESS), ("cliff", CLIFF)])
    for name, terms in members.items()
]


def bachelier(theta: float, strike: float) -> float:
    d = (theta - strike) / SPREAD
    return float((theta - strike) * norm.cdf(d) + SPREAD * norm.pdf(d))


def closed_form(place: int, theta: float) -> float:
    passing = THRESHOLD * norm.cdf((theta - THRESHOLD) / SPREAD)
    return (
        bachelier(theta, 0) - bachelier(theta, CAP),
        bachelier(theta, THRESHOLD) - bachelier(theta, CAP),
        float(passing) + bachelier(theta, THRESHOLD) - bachelier(theta, CAP),
    )[place]


def units(terms: dict[str, Any]) -> float:
    """What a payment of an effect of 1 comes to: lump sums, or a pound for each unit of both cohorts."""
    return 2.0 if terms["kind"] == "table" else float(sum(AT_ONE.values()))


@pytest.mark.parametrize("theta", PRINTED)
@pytest.mark.parametrize("place", range(3))
def test_closed_forms_are_as_printed(place: int, theta: float) -> None:
    assert round(closed_form(place, theta), 5) == PRINTED[theta][place]


@pytest.mark.parametrize("theta", PRINTED)
@pytest.mark.parametrize(("place", "terms"), FORMS)
def test_over_every_measured_effect(place: int, terms: dict[str, Any], theta: float) -> None:
    """The mechanism's payment at each quantile of the measured effect once: no luck in it."""
    there = bench(terms)
    quantiles = norm.ppf((np.arange(20_000) + 0.5) / 20_000, theta, SPREAD)
    sums = [there.net(there.at(effects, effects)) for effects in np.split(quantiles, 10)]
    assert np.mean(sums) / units(terms) == pytest.approx(PRINTED[theta][place], abs=5e-5)


@pytest.mark.parametrize("theta", PRINTED)
@pytest.mark.parametrize("place", range(3))
def test_in_a_simulation(place: int, theta: float) -> None:
    """A measured effect that is normal in truth, of so many people that counting adds no noise."""
    terms = (LINEAR, EXCESS, CLIFF)[place]["threshold" if place else "tiers"]
    cohorts = [{"name": "All", "people": 10**9, "referrals": {"start": "2027-04", "months": 12}}]
    effect = {"normal": {"mean": theta, "sd": SPREAD}}
    model = build(small.deal(terms, cohorts=cohorts, assumptions={"effect": effect}))
    paid = simulate(model, 8_192, seed=5).figures["payments"] / (10**9 / 2)
    assert abs(paid.mean() - PRINTED[theta][place]) < 4 * paid.std() / np.sqrt(paid.size)


def test_a_null_service_is_paid_for_noise() -> None:
    """0.399 s of the effect: the commissioner has written a free option (METHOD 2.8)."""
    there = bench({"kind": "tariff", "price": 1})
    effects = norm.ppf((np.arange(4_000) + 0.5) / 4_000, 0, SPREAD)
    assert there.net(there.at(effects, effects)).mean() / 750 == pytest.approx(0.399 * SPREAD, abs=2e-5)
