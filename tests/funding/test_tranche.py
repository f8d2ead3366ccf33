"""A tranche: interest rolled up at the coupon a year, effective, and balances that close."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deals import Case, base_case, data, deal_of


def one_draw(coupon: float, amount: float = 100_000, effect: float = 0.12) -> Case:
    """One tranche, drawn once in period 1 and repaid in period 36 by the first outcome payment."""
    plain = data()
    plain["cohorts"] = plain["cohorts"][:1]
    plain["providers"] = [{"name": "Charity", "mobilisation": {"cost": amount, "start": "2027-01", "months": 1}}]
    plain["funding"] = {
        "vehicle": "Vehicle",
        "tranches": [{"name": "Loan", "commitment": 500_000, "coupon": coupon}],
        "waterfall": [
            {"kind": "costs"},
            {"kind": "interest", "tranches": ["Loan"]},
            {"kind": "principal", "tranches": ["Loan"]},
        ],
    }
    plain["assumptions"]["effect"] = effect
    return base_case(deal_of(plain))


def test_interest_compounds_to_the_coupon_over_a_year() -> None:
    """£100,000 at 6 % is £106,000 owed after twelve months, and £112,360 after twenty-four."""
    case = one_draw(0.06)
    loan = case.model.funding.tranches[0]
    owed = case.row(loan.principal.closing) + case.row(loan.interest.closing)
    assert owed[0] == pytest.approx(100_000)  # no interest in the month of the draw
    assert owed[12] == pytest.approx(106_000)
    assert owed[24] == pytest.approx(112_360)


def test_interest_runs_on_interest_rolled_up() -> None:
    case = one_draw(0.06)
    accrued = case.row(case.model.funding.tranches[0].accrued)
    assert accrued[1] == pytest.approx(100_000 * (1.06 ** (1 / 12) - 1))
    assert accrued[13] == pytest.approx(1.06 * accrued[1])


@settings(max_examples=20)
@given(st.floats(0.001, 0.3), st.integers(1000, 400_000))
def test_a_loan_repaid_in_full_returns_its_coupon(coupon: float, amount: int) -> None:
    """The rate of return of monthly flows, a year, effective, is the coupon as it is written."""
    case = one_draw(coupon, amount)
    (loan,) = case.model.returns.tranches
    assert case.figure(loan.irr) == pytest.approx(coupon, abs=1e-9)
    assert case.figure(loan.received) == pytest.approx(amount * (1 + coupon) ** (35 / 12))


def test_without_a_coupon_capital_alone_comes_back() -> None:
    case = one_draw(0.0)
    (loan,) = case.model.returns.tranches
    assert case.figure(loan.irr) == pytest.approx(0, abs=1e-12)
    assert case.figure(loan.moic) == pytest.approx(1)


def test_a_loan_that_is_not_repaid_goes_on_accruing() -> None:
    case = one_draw(0.06, effect=0.0)
    loan = case.model.funding.tranches[0]
    assert case.row(loan.principal.closing)[-1] == pytest.approx(100_000)
    assert case.row(loan.interest.closing)[-1] == pytest.approx(100_000 * (1.06 ** (71 / 12) - 1))
    assert case.figure(case.model.returns.everyone.irr) == -1


def test_balances_open_where_they_closed() -> None:
    case = one_draw(0.06)
    loan = case.model.funding.tranches[0]
    for balance in (loan.principal, loan.interest, loan.drawn_before, case.model.funding.cash):
        opening, closing = case.row(balance.opening), case.row(balance.closing)
        assert opening[0] == 0
        assert np.array_equal(opening[1:], closing[:-1])


def test_the_holder_is_the_investor_and_otherwise_the_tranche() -> None:
    case = base_case(deal_of(data()))
    assert "Bank" in case.model.flows.of
    assert "Senior" not in case.model.flows.of
    assert case.row(case.model.flows.of["Bank"]) == pytest.approx(case.row(case.model.returns.tranches[0].flow))
    assert "Loan" in one_draw(0.06).model.flows.of
