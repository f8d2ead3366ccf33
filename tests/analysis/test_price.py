"""A term solved for a target: against closed forms, against the deal run again, and where there is no answer."""

from __future__ import annotations

import math
import re
from functools import cache

import numpy as np
import pytest
from scipy.stats import norm

from sibmodel import results
from sibmodel.analysis.asking import Trials, estimate, figures
from sibmodel.analysis.estimates import MEAN
from sibmodel.analysis.price import Solution, contract, frontier, solve
from sibmodel.analysis.price.response import ByCells, ByDeals, responding
from sibmodel.analysis.price.term import read_term
from sibmodel.deal import Deal
from sibmodel.deals import read
from sibmodel.errors import NotFoundError
from sibmodel.model import build
from sibmodel.simulation import Sampling, sampling
from tests.analysis.deals import UNITS, normal
from tests.deals import base_case, small, small_base

UNCERTAIN = {
    "assumptions.effect": {"normal": {"mean": 0.1, "sd": 0.06}},
    "assumptions.matching_error": {"normal": {"mean": 0, "sd": "4%"}},
    "payments[0].cap": 1_600_000,
}
PATHS = 1_000


@cache
def uncertain() -> Deal:
    return small(UNCERTAIN)


def npv_of(deal: Deal, paths: int = PATHS) -> float:
    return float(results.run(deal, paths).simulation.figures["npv"].mean())


# ── the base case ─────────────────────────────────────────────────────────────────────────────


def test_the_bill_of_the_base_case_is_its_price_times_what_it_buys() -> None:
    units = small_base().figure_of("Outcome payments in all") / 10_000
    found = solve(small(), "payments[0].price", "payments = £1.5m", parties=False)
    assert found.answer is not None
    assert found.answer.value == pytest.approx(1.5e6 / units, rel=1e-6)
    assert found.answer.error == 0
    assert found.answer.rising
    assert not found.answer.jumps


@pytest.mark.parametrize(
    ("term", "target", "line"),
    [
        ("payments[0].price", "irr = 12%", "All investors: rate of return"),
        ("payments[Tariff].price", "npv = £100,000", "All investors: net present value"),
        ("providers[0].per_start", "npv = 0", "All investors: net present value"),
        ("funding.tranches[Senior].coupon", "Senior moic = 1.3", "Senior: multiple of invested capital"),
        ("assumptions.effect", "npv = £1.5m", "All investors: net present value"),
    ],
)
def test_the_solved_deal_run_again_reaches_the_target(term: str, target: str, line: str) -> None:
    found = solve(small(), term, target, parties=False)
    assert found.solved is not None
    near = 1e-5 if abs(found.target.goal) < 2 and found.target.question.kind != "money" else 2.0
    assert base_case(found.solved).figure_of(line) == pytest.approx(found.target.goal, abs=near)


def test_a_threshold_makes_a_jump_that_is_told() -> None:
    """The base case measures 12%: a threshold above it pays nothing, with no fallback to fall back on."""
    deal = small({"payments[0].fallback": None})
    found = solve(deal, "payments[0].threshold", "payments >= £100,000", parties=False)
    assert found.answer is not None
    assert found.answer.value == pytest.approx(0.12, abs=1e-5)
    assert found.answer.jumps
    assert not found.answer.rising
    assert found.answer.across == 0
    assert found.met_as_signed


def test_whole_months_are_whole() -> None:
    found = solve(small(), "payments[0].payment_months", "npv >= £1.7m", parties=False)
    assert found.answer is not None
    before, after = (
        small_base({"payments[0].payment_months": found.answer.value + more}).figure_of(
            "All investors: net present value"
        )
        for more in (0, 1)
    )
    assert before >= 1_700_000 > after


def test_no_price_gives_what_a_cap_forbids() -> None:
    found = solve(small({"payments[0].cap": 1_200_000}), "payments[0].price", "irr = 95%")
    assert found.answer is None
    assert found.parties == ()
    assert found.nearest is not None
    assert found.nearest.reached.value == pytest.approx(found.reach[1], abs=1e-3)
    assert "cap" in found.why
    there = small_base({"payments[0].cap": 1_200_000, "payments[0].price": found.nearest.value})
    assert there.figure_of("All investors: rate of return") == pytest.approx(found.nearest.reached.value, abs=1e-6)


def test_a_term_that_does_not_matter_is_told() -> None:
    found = solve(small(), "payments[0].price", "true effect = 20%")
    assert found.answer is None
    assert "does not hang on payments[0].price" in found.why


def test_what_every_value_reaches_has_no_why() -> None:
    found = solve(small(), "payments[0].price", "true effect >= 1%")
    assert (found.answer, found.nearest, found.why) == (None, None, "")


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("payments[0].prise", 'Did you mean "price"'),
        ("payments[0].name", "is not a number"),
        ("payments[0].cap", "is not set"),
        ("payments[0].price=£2", "is no range"),
        ("payments[0].price=£9,000..£5,000", "the first must be lower"),
    ],
)
def test_terms_that_cannot_be_solved_for(term: str, said: str) -> None:
    with pytest.raises(NotFoundError) as error:
        solve(small(), term, "irr = 5%")
    assert said in str(error.value)


# ── which way is right ────────────────────────────────────────────────────────────────────────


def test_a_cell_is_set_and_what_shapes_the_model_is_built_anew() -> None:
    deal = uncertain()
    cell, shape = (read_term(deal, path) for path in ("payments[0].price", "cohorts[0].referrals.months"))

    def ask(model):  # type: ignore[no-untyped-def]
        return [figures(model)["npv"]]

    fast = responding(deal, cell, (), ask, 400, 1, Sampling("random", 400))
    assert isinstance(fast, ByCells)
    slow = ByDeals(lambda value: deal.replace(cell.path, value), ask, 400, 1, Sampling("random", 400))
    tried = np.array([6_000.0, 14_000.0])
    np.testing.assert_allclose(fast.base(tried)["npv"], slow.base(tried)["npv"], rtol=1e-12)
    np.testing.assert_allclose(fast.simulated(14_000)["npv"], slow.simulated(14_000)["npv"], rtol=1e-9)
    assert (
        responding(deal, shape, (), ask, 400, 1, Sampling("random", 400)).base(np.array([3.0, 12.0]))["npv"].size == 2
    )


# ── simulated ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def fair() -> Solution:
    return solve(uncertain(), "payments[0].price", "mean npv = 0", paths=PATHS)


def test_a_fair_price_run_again_is_fair(fair: Solution) -> None:
    assert fair.answer is not None
    assert fair.solved is not None
    assert abs(npv_of(fair.solved)) < 2e-3 * fair.answer.reached.error
    assert abs(npv_of(fair.deal) - fair.now.value) < 1e-6 * abs(fair.now.value)


def test_what_it_costs_each_party_adds_up(fair: Solution) -> None:
    """What payers pay more, investors get more, and nobody else: the provider is paid by what it does."""
    assert fair.solved is not None
    changes = {one.party: one for one in fair.parties}
    assert set(changes) == {"Ministry", "Fund", "Bank", "Foundation"}
    assert sum(one.difference.value for one in fair.parties) == pytest.approx(0, abs=1)
    assert changes["Ministry"].difference.value == pytest.approx(1.5 * changes["Fund"].difference.value, rel=1e-6)
    paid = [results.run(deal, PATHS).simulation.figures["payments"].mean() for deal in (fair.deal, fair.solved)]
    assert changes["Fund"].difference.value == pytest.approx(-0.4 * (paid[1] - paid[0]), rel=1e-6)
    for one in fair.parties:
        assert 0 < one.difference.error < one.before.error + one.after.error


@pytest.mark.no_cover
def test_the_error_of_the_answer_is_that_of_other_seeds() -> None:
    """Ten seeds: their spread is within what the spread of ten may be of the error that each tells."""
    found = [
        solve(uncertain(), "payments[0].price=£2,000..£8,000", "mean npv = 0", paths=400, seed=seed, parties=False)
        for seed in range(1, 11)
    ]
    answers = np.array([one.answer.value for one in found if one.answer is not None])
    told = np.array([one.answer.error for one in found if one.answer is not None])
    assert answers.size == 10
    assert 0.44 < answers.std(ddof=1) / told.mean() < 1.62  # 99 in 100, by chi-squared of 9 degrees


def test_a_chance_is_reached_and_no_more_than_it_takes(fair: Solution) -> None:
    found = solve(
        uncertain(), "payments[0].price", "P(irr >= 5%) >= 55%", ["expected bill <= £700,000", "P(loss) <= 90%"],
        paths=PATHS, parties=False,
    )  # fmt: skip
    assert found.answer is not None
    assert found.solved is not None
    rates = results.run(found.solved, PATHS).simulation.figures["irr"]
    assert 0.55 <= np.mean(np.nan_to_num(rates, nan=-1) >= 0.05) <= 0.554
    bill, loss = found.constraints
    assert not bill.met
    assert bill.limit < found.answer.value
    assert estimate(MEAN, results.run(uncertain().replace("payments[0].price", bill.limit), PATHS)
                    .simulation.figures["payments"]).value == pytest.approx(700_000, rel=1e-3)  # fmt: skip
    assert loss.met
    assert math.isnan(loss.limit)


def test_terms_in_proportion_move_together() -> None:
    found = solve(
        uncertain(), "payments[0].price", "mean npv = £100,000", in_proportion=["payments[0].cap"], paths=500,
        parties=False,
    )  # fmt: skip
    assert found.solved is not None
    assert found.answer is not None
    payment = found.solved.payments[0]
    assert payment.cap == pytest.approx(1_600_000 * found.answer.value / 10_000)  # type: ignore[union-attr]


# ── closed forms, METHOD 2.8 ──────────────────────────────────────────────────────────────────

THETA, SPREAD, CAP = 0.05, 0.069, 0.13
PUT_SPREAD = {"kind": "tiers", "bands": [{"up_to": CAP, "price": 1}]}
"""From nothing up to a cap: short a call at the cap, long one at nil."""


def bachelier(strike: float) -> float:
    d = (THETA - strike) / SPREAD
    return float((THETA - strike) * norm.cdf(d) + SPREAD * norm.pdf(d))


def test_a_floor_and_a_cap_are_a_spread_of_options_and_the_error_falls_as_it_should() -> None:
    """c(0) − c(C) = 0.05525 as printed; within three errors, which halve with four times the paths."""
    model = build(normal(PUT_SPREAD, THETA, SPREAD))
    wanted = bachelier(0) - bachelier(CAP)
    assert round(wanted, 5) == 0.05525
    errors = []
    for paths in (1_024, 4_096, 16_384):
        found = estimate(MEAN, Trials(model, [figures(model)["payments"]], (), paths, 9).at()["payments"] / UNITS)
        assert abs(found.value - wanted) < 3 * found.error
        errors.append(found.error)
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(2, rel=0.1)


def test_a_price_for_an_expected_bill_is_the_bill_by_the_options() -> None:
    deal = normal({"kind": "tariff", "price": 1, "cap_per_person": CAP / 2}, THETA, SPREAD)
    uncapped = deal.replace("payments[0].cap_per_person", None)
    budget = bachelier(0) * UNITS * 1.5
    found = solve(uncapped, "payments[0].price", f"mean bill = {budget:.0f}", paths=4_096, parties=False)
    assert found.answer is not None
    assert abs(found.answer.value - 1.5) < 3 * found.answer.error
    assert found.answer.error == pytest.approx(1.5 * found.answer.reached.error / budget, rel=0.01)


def test_a_frontier_solves_at_each_value() -> None:
    found = frontier(
        uncertain(), "payments[0].price=£2,000..£12,000", "mean npv = 0", "payments[0].cap=£1,200,000,£1,600,000",
        paths=500,
    )  # fmt: skip
    assert [one.along for one in found.points] == [1_200_000, 1_600_000]
    first, second = (one.solution.answer for one in found.points)
    assert first is not None
    assert second is not None
    assert first.value > second.value  # a lower cap takes a higher price
    for point in found.points:
        assert point.contract is not None
        assert point.contract.most <= point.along + 1
        assert abs(point.contract.investors_npv.value) < 1e-2 * point.contract.investors_npv.error


def test_a_contract_in_a_few_figures() -> None:
    deal = uncertain()
    found = contract(deal, 800, 1, sampling(None, 800))
    figures_of = results.run(deal, 800).simulation.figures
    bill, true = figures_of["payments"], figures_of["true_reduction"]
    assert found.mean_bill.value == pytest.approx(bill.mean())
    assert found.paid.value == pytest.approx((figures_of["for_results"] > 0.005).mean())
    assert found.paid_without_effect.value == pytest.approx(bill[true <= 0].mean())
    assert found.likeness == pytest.approx(np.corrcoef(bill, true)[0, 1])


def test_a_deal_with_a_pooled_test_only_is_told_where_its_threshold_stands() -> None:
    with pytest.raises(NotFoundError, match=re.escape("by payments[0].fallback.pooled. Name that.")):
        read_term(read("one-service"), "payments[0].threshold")


def test_where_a_cap_is_in_the_way_its_way_out_is_said() -> None:
    """The cap may move with the price; where it does, there is nothing to propose."""
    deal = uncertain()
    way = "--in-proportion payments[0].cap."
    found = solve(deal, "payments[0].price", "npv >= £9,000,000", paths=128)
    assert found.answer is None
    assert way in found.why
    tied = solve(deal, "payments[0].price=1..9000", "npv >= £9,000,000", in_proportion=["payments[0].cap"], paths=128)
    assert way not in tied.why
