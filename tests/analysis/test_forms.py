"""The forms of a deal: who pays whom, what stands behind a provider, and that nothing is made or lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sibmodel.analysis.transfer import backing
from sibmodel.analysis.transfer.comparing import compare
from sibmodel.analysis.transfer.forms import BOND, FEE, RESULTS, Form, build
from sibmodel.analysis.transfer.ledgers import COMMISSIONER, INVESTORS
from sibmodel.deals import examples
from sibmodel.lines import Values, evaluate
from sibmodel.model import build as build_model
from sibmodel.simulation.paths import Luck
from tests.deals import data, deal_of

PATHS = 128


def made(changes: Mapping[str, Any] | None = None, **provider: Any) -> tuple[dict[str, Form], Values]:
    """The forms of the small deal, and every line of its base case."""
    plain = data() | dict(changes or {})
    plain["providers"][0] |= provider
    model = build_model(deal_of(plain))
    forms = {one.name: one for one in build(model)}
    return forms, evaluate(model.book.lines, model.book.periods)


def paid(forms: dict[str, Form], values: Values, form: str) -> dict[str, float]:
    """What was paid in all, by its name."""
    found: dict[str, float] = {}
    for one in forms[form].moved:
        found[one.label] = found.get(one.label, 0.0) + values.figure(one.in_all)
    return found


@pytest.mark.parametrize("name", [one.name for one in examples()])
def test_all_parties_are_nil_in_every_month_of_every_path(name: str) -> None:
    """To 1e-9 of what moves in the largest month."""
    model = build_model(next(one for one in examples() if one.name == name).deal())
    forms = build(model)
    columns, draws = Luck(model, 1, 0).cut(slice(0, PATHS))
    flows = [flow for one in forms for flow in one.flows.of.values()]
    values = evaluate([*flows, *(one.flows.net for one in forms)], model.book.periods, columns, draws)
    largest = max(float(np.abs(values[flow]).max()) for flow in flows)
    for one in forms:
        assert np.abs(values[one.flows.net]).max() <= 1e-9 * max(largest, 1.0)
        together = sum(values[flow] for flow in one.flows.of.values())
        assert np.abs(together).max() <= 1e-9 * max(largest, 1.0)


@pytest.mark.parametrize("name", [one.name for one in examples()])
def test_the_bond_is_the_deal_as_it_is_written(name: str) -> None:
    """But for step-ins, each group of parties has the flows of the deal's own ledger."""
    model = build_model(next(one for one in examples() if one.name == name).deal())
    (bond,) = build(model, (BOND,))
    values = evaluate(model.book.lines, model.book.periods)
    payers = {payer.name for payment in model.deal.payments for payer in payment.payers}
    own = sum(values.row(model.flows.of[payer]) for payer in payers)
    steps = [one for one in bond.moved if one.label in (backing.STEP_IN, backing.STEP_IN_COST, backing.STEP_IN_REPAID)]
    if sum(values.figure(one.in_all) for one in steps) == 0:
        assert values.row(bond.commissioner.flow) == pytest.approx(own, abs=1e-6)


def test_under_a_fee_the_commissioner_pays_what_is_earned_and_nobody_invests() -> None:
    forms, values = made(margin=0.1)
    fee = forms[FEE]
    assert fee.party(INVESTORS) is None
    earned = values.row(fee.model.providers[0].earned)
    assert values.row(fee.commissioner.flow) == pytest.approx(-earned)
    charity = fee.party("Charity")
    assert charity is not None
    assert values.figure(charity.in_all) == pytest.approx(earned.sum() / 11)
    assert values.figure(charity.peak) == 0.0


def test_what_hangs_on_results_is_paid_under_a_fee_as_if_they_were_reached() -> None:
    plain, values = made(holdback={"share": "20%", "target": "50%"})
    assert paid(plain, values, FEE)["Fee"] > paid(plain, values, BOND)["Service fee"] * 1.2
    all_at_risk = {"pay": {"kind": "share of outcome payments", "share": "100%"}}
    forms, values = made(**all_at_risk)
    cost = values.row(forms[FEE].model.providers[0].cost_paid)
    assert values.row(forms[FEE].commissioner.flow) == pytest.approx(-cost)


def test_by_results_the_provider_gets_what_the_bond_gets_and_borrows_until_then() -> None:
    forms, values = made()
    results = forms[RESULTS]
    flow = values.row(results.commissioner.flow)
    assert flow == pytest.approx(values.row(forms[BOND].commissioner.flow), abs=1e-6)
    amounts, cost = paid(forms, values, RESULTS), values.row(results.model.providers[0].cost_paid)
    # By hand: debt grows by 8 % a year, compounded each month; receipts repay it in months 36 and 48.
    debt, lent, repaid, cash = 0.0, 0.0, 0.0, 0.0
    growth = 1.08 ** (1 / 12)
    for month, (spent, received) in enumerate(zip(cost, -flow, strict=True), start=1):
        debt *= growth
        cash += received - spent
        if month < 47:  # the last cohort is decided
            loan = max(-cash, 0.0)
            back = min(debt, max(cash, 0.0))
        else:
            loan, back = 0.0, debt
        lent, repaid, cash, debt = lent + loan, repaid + back, cash + loan - back, debt + loan - back
    assert amounts[backing.LOAN] == pytest.approx(lent)
    assert amounts[backing.LOAN_REPAID] == pytest.approx(repaid)
    assert repaid > lent > 0


def test_the_commissioner_steps_in_for_a_provider_that_runs_out() -> None:
    """Own cash of £50,000 and no credit: what is missing beyond it is paid by the commissioner, with a tenth for its
    trouble, and paid back from outcome payments before the provider keeps any."""
    forms, values = made(opening_cash=50_000)
    amounts = paid(forms, values, RESULTS)
    (stood,) = forms[RESULTS].backing
    cost = values.row(forms[RESULTS].model.providers[0].cost_paid)
    received = -values.row(forms[BOND].commissioner.flow)
    missing, owed, back, cash = 0.0, 0.0, 0.0, 50_000.0
    for spent, came in zip(cost, received, strict=True):
        cash += came - spent
        step, returned = max(-cash, 0.0), min(owed, max(cash, 0.0))
        missing, back = missing + step, back + returned
        owed, cash = owed + step - returned, cash + step - returned
    assert values.figure(stood.failed) == 1.0
    assert amounts[backing.STEP_IN] == pytest.approx(missing)
    assert amounts[backing.STEP_IN_REPAID] == pytest.approx(back)
    assert amounts[backing.STEP_IN_COST] == pytest.approx(0.1 * missing)
    assert values.figure(stood.cost) == pytest.approx(1.1 * missing - back)
    assert backing.LOAN not in amounts
    assert values.figure(forms[FEE].backing[0].failed) == 0.0


def test_a_provider_with_credit_borrows_before_anybody_steps_in() -> None:
    changes = {"comparison": {"credit": 100_000}}
    forms, values = made(changes, opening_cash=50_000)
    poor, poorer = paid(forms, values, RESULTS), paid(*made(opening_cash=50_000), RESULTS)
    assert poor[backing.LOAN] > 0
    assert poor[backing.STEP_IN] < poorer[backing.STEP_IN] - 100_000 + 20_000  # interest takes some of the credit
    rich, figures = made(opening_cash=10_000_000)
    assert figures.figure(rich[RESULTS].backing[0].failed) == 0.0


def test_shares_of_the_bills_that_are_still_paid() -> None:
    bills = {
        "intermediary": {"set_up": 10_000, "per_month": 1_000},
        "assessor": {"per_assessment": 5_000},
    }
    forms, values = made(bills)
    assert "Bills" in paid(forms, values, FEE)
    assert paid(forms, values, FEE)["Bills"] == pytest.approx(10_000 + 72 * 1_000)
    assert paid(forms, values, RESULTS)["Bills"] == pytest.approx(2 * 5_000)
    half = {"comparison": {"management_under_fee": 0.5, "assessment_under_fee": 1}}
    assert paid(*made(bills | half), FEE)["Bills"] == pytest.approx(41_000 + 10_000)


def test_other_deals_stand_beside_it_on_the_same_paths() -> None:
    plain = data()
    plain["assumptions"] |= {
        "effect": {"normal": {"mean": 0.1, "sd": 0.05}},
        "cost_overrun": {"normal": {"mean": 0, "sd": 0.1}},
    }
    deal = deal_of(plain)
    dearer = deal.replace("payments[0].price", 20_000)
    found = compare(deal, [("As it is", deal), ("Twice the price", dearer)], paths=512, paths_of_shares=256)
    names = [one.name for one in found.contracts]
    assert names == [FEE, RESULTS, BOND, "As it is", "Twice the price"]
    bond, same, twice = found.contracts[2:]
    assert all(np.array_equal(bond.npv[name], same.npv[name]) for name in bond.npv)
    assert twice.npv[COMMISSIONER] == pytest.approx(2 * bond.npv[COMMISSIONER])
    assert same.price_of_transfer.value == pytest.approx(bond.price_of_transfer.value)
    assert [one.share("Measurement", COMMISSIONER) for one in (same, twice)] == pytest.approx(
        [bond.share("Measurement", COMMISSIONER)] * 2
    )
    with pytest.raises(ValueError, match="two paths"):
        compare(deal, paths=1)
