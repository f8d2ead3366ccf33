"""Repayment, drawing, kinds, fees, issue price, and several investors of a tranche: figures by hand."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from typing import Any

import jsonschema
import numpy as np
import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st

from sibmodel.results import document, run
from sibmodel.views.summary import summary
from tests.deals import Case, base_case, deal_of, paths, when
from tests.funding.test_coupon import bullet, loan


def repaid(case: Case) -> dict[int, float]:
    (line,) = case.model.funding.tranches[0].principal_paid
    return when(case.row(line))


# ── repayment ──────────────────────────────────────────────────────────────────────────────────


def test_a_sweep_takes_cash_as_it_comes() -> None:
    assert repaid(loan()) == pytest.approx(dict.fromkeys(range(2, 12), 10_000))


def test_a_bullet_waits_for_its_month() -> None:
    assert repaid(loan(repayment=bullet("2029-06"))) == pytest.approx({30: 100_000})


def test_a_bullet_that_cannot_be_paid_stays_due() -> None:
    """£2,000 a month are £58,000 by month 30; then £2,000 a month."""
    paid = repaid(loan(income=2000, repayment=bullet("2029-06")))
    assert paid == pytest.approx({30: 58_000, **dict.fromkeys(range(31, 52), 2000)})


def test_instalments_by_share_by_amount_and_the_rest() -> None:
    parts = [
        {"month": "2028-01", "share": 0.25},
        {"month": "2028-07", "amount": 30_000},
        {"month": "2029-01"},
    ]
    case = loan(repayment={"kind": "scheduled", "instalments": parts})
    assert repaid(case) == pytest.approx({13: 25_000, 19: 30_000, 25: 45_000})


def test_an_instalment_missed_is_made_up() -> None:
    parts = [{"month": "2027-03", "share": 0.5}, {"month": "2029-01", "share": 0.5}]
    paid = repaid(loan(repayment={"kind": "scheduled", "instalments": parts}))
    assert paid == pytest.approx({3: 20_000, 4: 10_000, 5: 10_000, 6: 10_000, 25: 50_000})


def test_down_to_a_target_balance_and_no_further() -> None:
    targets = [{"month": "2027-06", "balance": 40_000}, {"month": "2028-06", "balance": 0}]
    paid = repaid(loan(repayment={"kind": "target balance", "targets": targets}))
    assert paid == pytest.approx({6: 50_000, 7: 10_000, 18: 40_000})


# ── draws ──────────────────────────────────────────────────────────────────────────────────────


def drawn(case: Case, place: int = 0) -> dict[int, float]:
    return when(case.row(case.model.funding.tranches[place].drawn))


def test_nothing_is_drawn_before_and_after_availability() -> None:
    """Charity bills £100,000 in month 1; the loan is there from month 2 on."""
    case = loan(available_from="2027-02", income=0)
    assert drawn(case) == pytest.approx({2: 100_000})
    assert drawn(loan(available_until="2027-01")) == pytest.approx({1: 100_000})


def test_what_is_undrawn_at_the_end_of_availability_is_cancelled() -> None:
    case = loan(available_until="2028-01")
    plain = case.model.deal.plain()
    plain["funding"]["tranches"][0]["commitment"] = 260_000
    case = base_case(deal_of(plain))
    assert when(case.row_of("Loan: cancelled")) == pytest.approx({13: 160_000})
    assert not case.row(case.model.funding.tranches[0].available)[13:].any()


def test_a_scheduled_draw_is_kept_as_cash() -> None:
    plain = loan(repayment=bullet()).model.deal.plain()
    tranche = plain["funding"]["tranches"][0]
    tranche["commitment"] = 150_000
    tranche["draws"] = [{"month": "2027-01", "amount": 120_000}, {"month": "2027-03", "amount": 30_000}]
    case = base_case(deal_of(plain))
    assert drawn(case) == pytest.approx({1: 120_000, 3: 30_000})
    assert case.row(case.model.funding.cash.closing)[:3] == pytest.approx([20_000, 30_000, 70_000])


@pytest.mark.parametrize(("level", "first"), [(0.59, 13), (0.6, 13), (0.61, None)])
def test_a_condition_is_known_at_its_decision(level: float, first: int | None) -> None:
    """60 % are measured in period 13; the bill of period 1 waits for the money."""
    condition = {"cohort": "First", "metric": "Done", "reaches": level}
    case = loan(income=0, condition=condition)
    assert drawn(case) == ({} if first is None else pytest.approx({first: 100_000}))


def test_a_scheduled_draw_waits_for_its_condition() -> None:
    plain = loan(repayment=bullet()).model.deal.plain()
    condition = {"cohort": "First", "metric": "Done", "reaches": 0.5}
    later = {"month": "2027-06", "amount": 60_000, "condition": condition}
    never = {"month": "2027-06", "amount": 40_000, "condition": {**condition, "reaches": 0.9}}
    plain["funding"]["tranches"][0]["draws"] = [later, never]
    assert drawn(base_case(deal_of(plain))) == pytest.approx({13: 60_000})


def test_an_issue_discount_is_interest() -> None:
    """£100,000 in cash at 95 %: 105,263.16 are owed. After four years that is a rate of (1 ÷ 0.95)^¼ − 1."""
    plain = loan(repayment=bullet(), issue_price=0.95).model.deal.plain()
    plain["funding"]["tranches"][0]["commitment"] = 200_000
    case = base_case(deal_of(plain))
    (one,) = case.model.returns.tranches
    assert drawn(case) == pytest.approx({1: 100_000 / 0.95})
    assert repaid(case) == pytest.approx({49: 100_000 / 0.95})
    assert case.figure(one.invested) == pytest.approx(100_000)
    assert case.figure(one.irr) == pytest.approx((1 / 0.95) ** 0.25 - 1)


@settings(max_examples=15)
@given(st.integers(0, 150_000), st.integers(0, 50_000))
def test_a_larger_commitment_is_never_drawn_less(commitment: int, more: int) -> None:
    plain = loan(income=0).model.deal.plain()
    found = []
    for size in (commitment, commitment + more):
        plain["funding"]["tranches"][0]["commitment"] = size
        found.append(sum(drawn(base_case(deal_of(plain))).values()))
    assert found[0] <= found[1] <= 100_000 + 1e-6


# ── kinds ──────────────────────────────────────────────────────────────────────────────────────


def test_a_grant_is_no_investors_loss() -> None:
    """Lottery gives £40,000 and gets nothing; the loan lends the rest and loses nothing."""
    plain = loan().model.deal.plain()
    plain["funding"]["tranches"].insert(
        0, {"name": "Gift", "kind": "grant", "investor": "Lottery", "commitment": 40_000}
    )
    case = base_case(deal_of(plain))
    assert [one.who for one in case.model.returns.tranches] == ["Loan"]
    assert case.figure(case.model.returns.everyone.invested) == pytest.approx(60_000)
    assert case.row(case.model.flows.of["Lottery"]).sum() == pytest.approx(-40_000)
    assert case.figure(case.model.checks.failing) == 0


def test_deferred_fees_are_lent_out_of_the_providers_own_bill() -> None:
    """Charity bills £100,000 and waits for £30,000 of it."""
    plain = loan().model.deal.plain()
    deferred = {"name": "Waits", "kind": "deferred fees", "investor": "Charity", "commitment": 30_000}
    plain["funding"]["tranches"].insert(0, deferred)
    plain["funding"]["waterfall"].insert(3, {"kind": "principal", "tranches": ["Waits"]})
    case = base_case(deal_of(plain))
    assert drawn(case) == pytest.approx({1: 30_000})
    assert drawn(case, 1) == pytest.approx({1: 70_000})
    assert case.row(case.model.flows.of["Charity"])[0] == pytest.approx(70_000 - 100_000)
    assert repaid(case) == pytest.approx({9: 10_000, 10: 10_000, 11: 10_000})


def test_deferred_fees_are_no_more_than_the_bill() -> None:
    plain = loan().model.deal.plain()
    deferred = {"name": "Waits", "kind": "deferred fees", "investor": "Charity", "commitment": 500_000}
    plain["funding"]["tranches"].insert(0, deferred)
    plain["funding"]["waterfall"].insert(3, {"kind": "principal", "tranches": ["Waits"]})
    plain["intermediary"] = {"name": "Office", "set_up": 7000}
    case = base_case(deal_of(plain))
    assert drawn(case) == pytest.approx({1: 100_000})
    assert drawn(case, 1) == pytest.approx({1: 7000})


# ── fees ───────────────────────────────────────────────────────────────────────────────────────


def test_fees_by_hand_and_in_the_holders_return() -> None:
    """Of £200,000, 105,000 are drawn in month 1 with the arrangement fee of 2.5 %, £5,000. A commitment fee of 1.2 % a
    year on the rest, £95,000, is £95 a month to month 7. Management at 2.4 % a year is £210 a month to month 12."""
    plain = loan(repayment=bullet("2027-12")).model.deal.plain()
    tranche = plain["funding"]["tranches"][0]
    tranche |= {"commitment": 200_000, "available_until": "2027-07"}
    tranche["fees"] = {"arrangement": 0.025, "commitment": 0.012, "management": 0.024}
    case = base_case(deal_of(plain))
    (one,) = case.model.funding.tranches
    arrangement, commitment, management = (when(case.row(line)) for line in one.fees_paid)
    assert drawn(case) == pytest.approx({1: 105_000})
    assert arrangement == pytest.approx({1: 5000})
    assert commitment == pytest.approx(dict.fromkeys(range(2, 8), 95))
    assert management == pytest.approx(dict.fromkeys(range(2, 13), 210))
    flow = case.row(case.model.returns.tranches[0].flow)
    assert flow[0] == pytest.approx(-100_000)
    assert flow.sum() == pytest.approx(5000 + 6 * 95 + 11 * 210)


def test_an_agents_fees_are_no_return() -> None:
    plain = loan(fees={"management_a_month": 100, "agent": "Trustee"}).model.deal.plain()
    case = base_case(deal_of(plain))
    got = when(case.row(case.model.flows.of["Trustee"]))
    assert got == pytest.approx(dict.fromkeys(range(2, 13), 100))
    assert case.figure(case.model.returns.everyone.moic) == pytest.approx(1)


# ── several investors ──────────────────────────────────────────────────────────────────────────


def shared(**terms: Any) -> dict[str, Any]:
    plain = loan(coupon=0.06, interest={"basis": "simple"}, repayment=bullet(), **terms).model.deal.plain()
    plain["funding"]["tranches"][0]["investors"] = [
        {"name": "Bank", "share": 0.75, "target_return": 0.05},
        {"name": "Fund", "share": 0.25, "target_return": 0.07},
    ]
    return plain


def test_investors_share_all_flows() -> None:
    case = base_case(deal_of(shared(fees={"management": 0.012})))
    everyone = case.row(case.model.returns.everyone.flow)
    for name, part in (("Bank", 0.75), ("Fund", 0.25)):
        assert case.row(case.model.flows.of[name]) == pytest.approx(part * everyone, abs=1e-9)
    bank, fund = case.model.returns.investors
    assert bank.target is not None
    assert fund.target is not None
    assert case.figure(bank.target.met) == 1
    assert case.figure(fund.target.met) == (case.figure(fund.irr) >= 0.07)
    assert case.figure(case.model.checks.failing) == 0


def test_an_investor_of_two_tranches_has_one_return() -> None:
    plain = shared()
    plain["funding"]["tranches"].append({"name": "Second", "investor": "Bank", "commitment": 50_000})
    plain["funding"]["tranches"][0]["commitment"] = 60_000
    plain["funding"]["waterfall"].insert(3, {"kind": "principal", "tranches": ["Second"]})
    case = base_case(deal_of(plain))
    bank = case.model.returns.investors[0]
    assert case.row(bank.flow) == pytest.approx(case.row(case.model.flows.of["Bank"]))


def test_a_target_is_reached_where_the_rate_is_as_high() -> None:
    """In each simulated path, by the rates of numpy-financial's kin."""
    plain = shared()
    plain["assumptions"]["by_metric"]["Done"]["success_rate"] = {"beta": {"mean": 0.6, "sd": 0.1}}
    steps = [{"at": 0.5, "rate": 0.02}, {"at": 0.6, "rate": 0.065}, {"at": 0.7, "rate": 0.09}]
    plain["funding"]["tranches"][0]["performance"] = {"metric": "Done", "table": steps}
    case = paths(deal_of(plain), 200)
    for one in case.model.returns.investors:
        assert one.target is not None
        target = one.target.rate.value  # type: ignore[attr-defined]
        for path in range(0, 200, 7):
            rate = pyxirr.irr(case.row(one.flow, path))
            assert rate is not None
            assert case.figure(one.target.met, path) == ((1 + rate) ** 12 - 1 >= target - 1e-12)


def test_the_chance_of_a_target_stands_in_the_results_with_its_error() -> None:
    plain = shared()
    plain["assumptions"]["by_metric"]["Done"]["success_rate"] = {"beta": {"mean": 0.6, "sd": 0.1}}
    plain["funding"]["tranches"][0]["performance"] = {"metric": "Done", "table": [{"at": 0.6, "rate": 0.08}]}
    made = run(deal_of(plain), paths=400)
    found = document(made)
    schema = json.loads(resources.files("sibmodel").joinpath("result_schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(json.dumps(found)), schema)
    assert any("Fund gets 7.0%" in line for line in summary(made).splitlines())
    _, fund = found["simulation"]["investor"]["targets"]
    assert fund["investor"] == "Fund"
    assert 0.2 < fund["probability"] < 0.8
    assert fund["error"] == pytest.approx(np.sqrt(fund["probability"] * (1 - fund["probability"]) / 400), rel=0.01)
    assert [one["name"] for one in found["base"]["investor"]["investors"]] == ["Bank", "Fund"]


# ── dates ──────────────────────────────────────────────────────────────────────────────────────


def test_the_return_on_dates_is_pyxirrs() -> None:
    case = base_case(deal_of(shared(available_from="2027-02")))
    dates = [date.fromordinal(int(day) + date(1899, 12, 30).toordinal()) for day in case.row_of("Month ending")]
    assert dates[0] == date(2027, 1, 31)
    for one in (case.model.returns.everyone, *case.model.returns.tranches, *case.model.returns.investors):
        assert case.figure(one.xirr) == pytest.approx(pyxirr.xirr(dates, case.row(one.flow)), abs=1e-9)
        assert case.figure(one.xirr) != pytest.approx(case.figure(one.irr), abs=1e-7)
