"""What a provider risks: against its own paths, and against what can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sibmodel.analysis.provider_risk import break_even_volumes, free_reserves
from sibmodel.model import build
from sibmodel.results import Run, document, run
from tests.providers.made import deal_with

PATHS = 2_000
MOST = {"normal": {"mean": 0, "sd": 0.1}}


@pytest.fixture(scope="module")
def made() -> Run:
    """Two providers: one bears its overrun, one is paid by outcomes alone."""
    fee = {"name": "Fee", "fixed_per_month": 10_000, "margin": 0.05, "opening_cash": 30_000, "reserves": 10_000}
    share = {"kind": "share of outcome payments", "share": 0.1}
    results = {"name": "Results", "fixed_per_month": 5_000, "pay": share, "opening_cash": 60_000, "reserves": 20_000}
    effect = {"normal": {"mean": 0.08, "sd": 0.06}}
    return run(deal_with(fee, results, cost_overrun=MOST, effect=effect), PATHS, seed=5)


def test_margins_are_those_of_the_overrun(made: Run) -> None:
    """£10,000 a month for 27 months, 5 % more paid: the margin is 13,500 less 270,000 x overrun."""
    margin = made.simulation.figures["margin, Fee"]
    assert margin.mean() == pytest.approx(13_500, abs=4 * 27_000 / math.sqrt(PATHS))
    risk = made.risks[0]
    # The mean of a normal's worst 5 % is 2.0627 standard deviations below its own.
    assert risk.margin_of_the_worst.value == pytest.approx(
        13_500 - 2.0627 * 27_000, abs=4 * risk.margin_of_the_worst.error
    )
    assert risk.margin_at_risk.value == pytest.approx(2.0627 * 27_000, abs=4 * risk.margin_at_risk.error)
    assert risk.margin_at_risk_by_income.value == pytest.approx(risk.margin_at_risk.value / 283_500)


def test_chances_are_shares_of_paths(made: Run) -> None:
    figures = made.simulation.figures
    for risk, reserves in zip(made.risks, (10_000, 20_000), strict=True):
        lowest = figures[f"lowest_cash, {risk.name}"]
        assert risk.below_zero.value == pytest.approx((lowest < -0.005).mean())
        assert risk.below_reserves.value == pytest.approx((lowest < reserves - 0.005).mean())
        assert 0 < risk.below_zero.error < 0.02


def test_the_stake_that_reserves_stand(made: Run) -> None:
    """Where nothing comes in the worst paths, every pound at risk is lost: the stake is the free reserves."""
    assert math.isnan(made.risks[0].largest_stake.value)
    assert free_reserves(made.model, 1) == pytest.approx(40_000)
    risk = made.risks[1]
    assert risk.lost_of_each_pound.value == pytest.approx(1, abs=1e-9)
    assert risk.largest_stake.value == pytest.approx(40_000)


@pytest.mark.no_cover
def test_the_error_of_a_margin_at_risk_is_what_runs_differ_by() -> None:
    deal = deal_with({"fixed_per_month": 10_000}, cost_overrun=MOST)
    risks = [run(deal, 400, seed=seed).risks[0] for seed in range(24)]
    spread = float(np.std([one.margin_at_risk.value for one in risks], ddof=1))
    assert np.mean([one.margin_at_risk.error for one in risks]) == pytest.approx(spread, rel=0.45)


def test_break_even_volume_by_hand() -> None:
    """£500 a start, of which £200 is its own cost; £270,000 fixed: 900 of 1,500 starts. A fee of £300,000: £30,000 are
    left for starts at £40, so 750 of 1,500. By cost plus there is none."""
    deal = deal_with(
        {"name": "A", "fixed_per_month": 10_000, "per_start": 200, "pay": {"kind": "unit price", "price": 500}},
        {
            "name": "B",
            "fixed_per_month": 10_000,
            "per_start": 40,
            "pay": {"kind": "fee", "total": 300_000, "start": "2027-04", "months": 24},
        },
        {"name": "C", "fixed_per_month": 10_000, "per_start": 40, "margin": 0.05},
    )
    found = break_even_volumes(build(deal))
    assert found[:2] == pytest.approx((0.6, 0.5), abs=1e-6)
    assert math.isnan(found[2])


def test_the_document_has_all_of_it(made: Run) -> None:
    told = document(made)
    base, simulated = told["base"]["providers"][1], told["simulation"]["providers"][1]
    assert base["month_of_lowest_cash"] == "2029-06"
    assert base["first_month_short"] == "2028-04"
    assert base["peak_funding_need"] == pytest.approx(135_000)
    assert base["cash_by_financial_year"]["2028-29"] == pytest.approx(60_000 - 24 * 5_000)
    assert simulated["margin"]["error"] > 0
    assert simulated["largest_stake_error"] >= 0
    assert told["simulation"]["providers"][0]["largest_stake"] is None
