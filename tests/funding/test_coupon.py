"""Interest by agreed terms: figures by hand, and what must hold whatever the terms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deals import Case, base_case, data, deal_of, when

YEARLY = {1: 0, 13: 1, 25: 2, 37: 3, 49: 4}
LOAN = ["Loan"]


def loan(income: float = 10_000, months: int = 72, **terms: Any) -> Case:
    """£100,000 drawn in period 1; the Ministry brings `income` a month from period 2 on."""
    plain = data()
    plain["months"] = months
    plain["cohorts"] = [{"name": "First", "people": 100, "referrals": {"start": "2027-01", "months": 12}}]
    plain["metrics"] = [{"kind": "milestone", "name": "Done", "months_after_start": 1}]
    plain["assumptions"] = {"by_metric": {"Done": {"success_rate": 0.6}}}
    plain["measurement"] = []
    charge = {"kind": "standing charge", "name": "Charge", "per_month": income, "start": "2027-02"}
    plain["payments"] = [{**charge, "months": months - 1, "payers": [{"name": "Ministry"}]}]
    plain["providers"] = [{"name": "Charity", "mobilisation": {"cost": 100_000, "start": "2027-01", "months": 1}}]
    plain["funding"] = {
        "vehicle": "Vehicle",
        "tranches": [{"name": "Loan", "commitment": 100_000, **terms}],
        "waterfall": [
            {"kind": "costs"},
            {"kind": "interest", "tranches": LOAN},
            {"kind": "principal", "tranches": LOAN},
            {"kind": "surplus to", "party": "Ministry"},
        ],
    }
    return base_case(deal_of(plain))


def bullet(month: str = "2031-01") -> dict[str, Any]:
    return {"kind": "bullet", "month": month}


def got(case: Case) -> dict[int, float]:
    """Interest paid, by period."""
    (line,) = case.model.funding.tranches[0].interest_paid
    return when(case.row(line))


def test_simple_interest_is_the_same_every_year() -> None:
    case = loan(coupon=0.08, interest={"basis": "simple", "every": "year"}, repayment=bullet())
    assert got(case) == pytest.approx({13: 8000, 25: 8000, 37: 8000, 49: 8000})
    assert case.figure(case.model.returns.everyone.irr) == pytest.approx(0.08)


def test_compound_interest_that_is_rolled_up_grows_on_interest_dates() -> None:
    """By the half-year: 100,000 × (1.04⁸ − 1)."""
    terms = {"basis": "compound", "every": "half-year", "paid": "rolled up"}
    case = loan(coupon=0.08, interest=terms, repayment=bullet())
    assert got(case) == pytest.approx({49: 100_000 * (1.04**8 - 1)})
    accrued = case.row(case.model.funding.tranches[0].accrued)  # type: ignore[arg-type]
    assert accrued[1:7] == pytest.approx(100_000 * 0.08 / 12)
    assert accrued[7:13] == pytest.approx(104_000 * 0.08 / 12)


def test_simple_interest_that_is_rolled_up_bears_none() -> None:
    terms = {"basis": "simple", "every": "half-year", "paid": "rolled up"}
    assert got(loan(coupon=0.08, interest=terms, repayment=bullet())) == pytest.approx({49: 32_000})


def test_compounding_every_month_at_a_twelfth() -> None:
    terms = {"basis": "compound", "every": "month", "paid": "rolled up"}
    case = loan(coupon=0.12, interest=terms, repayment=bullet())
    assert got(case) == pytest.approx({49: 100_000 * (1.01**48 - 1)})


def test_compounding_every_year_is_the_effective_coupon() -> None:
    """At whole years it agrees with the plain coupon."""
    terms = {"basis": "compound", "every": "year", "paid": "rolled up"}
    case = loan(income=0, coupon=0.06, interest=terms, repayment=bullet("2032-12"))
    plain = loan(income=0, coupon=0.06)
    for one in (case, plain):
        owed = one.row(one.model.funding.tranches[0].interest_owed)  # type: ignore[arg-type]
        assert owed[[12, 24, 36]] == pytest.approx([6000, 12_360, 19_101.6])


def test_interest_dates_begin_where_they_are_told() -> None:
    terms = {"basis": "simple", "every": "quarter", "first_due": "2027-03"}
    paid = got(loan(coupon=0.12, interest=terms, repayment=bullet("2028-03")))
    assert paid == pytest.approx({3: 2000, 6: 3000, 9: 3000, 12: 3000, 15: 3000})


def test_a_coupon_that_changes() -> None:
    """6 % in the first two years, 9 % from February 2029, whose interest is that of period 26."""
    terms = {"basis": "simple", "steps": [{"start": "2029-02", "rate": 0.09}]}
    paid = got(loan(coupon=0.06, interest=terms, repayment=bullet()))
    assert paid == pytest.approx({13: 6000, 25: 6000, 37: 9000, 49: 9000})


def test_compound_interest_due_and_unpaid_bears_interest() -> None:
    """Nothing comes in: after two years 100,000 × 1.1² − 100,000 are owed, all of it due."""
    case = loan(income=0, coupon=0.1, interest={"every": "year"}, repayment=bullet())
    tranche = case.model.funding.tranches[0]
    assert case.row(tranche.interest_due)[24] == pytest.approx(21_000)  # type: ignore[arg-type]
    assert case.row(tranche.interest_due)[30] == pytest.approx(21_000)  # type: ignore[arg-type]
    assert case.row(tranche.interest_owed)[30] == pytest.approx(21_000 + 121_000 * 0.05)  # type: ignore[arg-type]


def test_interest_due_is_paid_as_cash_allows_and_the_rest_stays_due() -> None:
    """£500 a month, kept from the surplus: 6,000 of the 10,000 due after a year, then 500 a month."""
    paid = got(loan(income=500, coupon=0.1, interest={"basis": "simple"}, repayment=bullet()))
    assert {period: paid[period] for period in (13, 14, 20)} == pytest.approx({13: 6000, 14: 500, 20: 500})
    assert min(paid) == 13


# ── performance ────────────────────────────────────────────────────────────────────────────────

TABLE = [{"at": 0.5, "rate": 0.02}, {"at": 0.6, "rate": 0.05}, {"at": 0.7, "rate": 0.08}]


def test_the_coupon_holds_until_the_first_decision_and_performance_from_then_on() -> None:
    """The cohort is decided in period 13; 60 % reach it, so 5 % follow 3 %."""
    case = loan(
        coupon=0.03,
        interest={"basis": "simple"},
        performance={"metric": "Done", "table": TABLE},
        repayment=bullet(),
    )
    rate = case.row_of("Loan: coupon in force")
    assert rate[:12] == pytest.approx(0.03)
    assert rate[12:] == pytest.approx(0.05)
    assert got(case)[13] == pytest.approx(11 * 250 + 5000 / 12)
    assert got(case)[25] == pytest.approx(5000)


def test_in_arrears_the_whole_period_bears_the_rate_found_at_its_end() -> None:
    case = loan(
        coupon=0.03,
        interest={"basis": "simple"},
        performance={"metric": "Done", "table": TABLE, "holds": "for the period past"},
        repayment=bullet(),
    )
    assert got(case) == pytest.approx({13: 5000, 25: 5000, 37: 5000, 49: 5000})


@pytest.mark.parametrize(
    ("success", "reading", "rate"),
    [
        (0.4, "steps", 0.0),
        (0.5, "steps", 0.02),
        (0.65, "steps", 0.05),
        (0.9, "steps", 0.08),
        (0.4, "straight lines", 0.0),
        (0.65, "straight lines", 0.065),
        (0.9, "straight lines", 0.08),
    ],
)
def test_the_table_read_by_steps_and_by_straight_lines(success: float, reading: str, rate: float) -> None:
    case = loan(performance={"metric": "Done", "table": TABLE, "reading": reading}, repayment=bullet())
    changed = base_case(case.model.deal.replace("assumptions.by_metric[Done].success_rate", success))
    assert changed.row_of("Loan: coupon by performance")[-1] == pytest.approx(rate)


def test_all_so_far_are_weighted_by_people() -> None:
    """Done by 50 % of 100, known in period 13, and by 80 % of 200, known in period 25: 70 % of all."""
    case = loan(performance={"metric": "Done", "table": TABLE, "read": "all so far"}, repayment=bullet())
    plain = case.model.deal.plain()
    plain["cohorts"].append({"name": "Second", "people": 200, "referrals": {"start": "2028-01", "months": 12}})
    plain["assumptions"]["by_metric"]["Done"]["success_rate"] = {"by_cohort": {"First": 0.5, "Second": 0.8}}
    both = base_case(deal_of(plain))
    level = both.row_of("Loan: level known so far")
    assert level[[11, 12, 23, 24]] == pytest.approx([0, 0.5, 0.5, 0.7])
    assert both.row_of("Loan: coupon in force")[[11, 12, 24]] == pytest.approx([0, 0.02, 0.08])
    plain["funding"]["tranches"][0]["performance"]["read"] = "latest cohort"
    latest = base_case(deal_of(plain))
    assert latest.row_of("Loan: level known up to Second")[[12, 24]] == pytest.approx([0.5, 0.8])


def test_performance_may_begin_later_than_the_first_decision() -> None:
    case = loan(coupon=0.03, performance={"metric": "Done", "table": TABLE, "start": "2029-01"}, repayment=bullet())
    assert case.row_of("Loan: coupon in force")[[23, 24]] == pytest.approx([0.03, 0.05])


def test_surplus_is_kept_for_what_falls_due_later() -> None:
    """Nothing goes to the Ministry before all of the bullet and its interest lie ready."""
    case = loan(coupon=0.1, interest={"basis": "simple", "paid": "rolled up"}, repayment=bullet())
    cash = case.row(case.model.funding.cash.closing)
    ledger = case.model.ledger.received("Ministry", "Surplus")
    surplus = case.row(ledger[0])
    owed = 100_000 + 10_000 * np.arange(0, 72) / 12
    for period in range(1, 48):
        assert surplus[period] == pytest.approx(0) or cash[period] == pytest.approx(owed[period])
    assert case.row(case.model.funding.tranches[0].principal.closing)[48] == 0


BASES = st.sampled_from(["compound", "simple"])
COUNTS = st.sampled_from(["monthly", "Actual/365", "Actual/Actual", "30/360"])
EVERY = st.sampled_from(["month", "quarter", "half-year", "year", "whole term"])
PAID = st.sampled_from(["when due", "rolled up"])
REPAYMENTS = st.sampled_from(
    [
        bullet(),
        bullet("2029-08"),
        {"kind": "scheduled", "instalments": [{"month": "2028-06", "share": 0.4}, {"month": "2030-02", "share": 0.6}]},
        {
            "kind": "scheduled",
            "instalments": [{"month": "2028-06", "amount": 30_000}, {"month": "2030-02"}],
        },
        {
            "kind": "target balance",
            "targets": [{"month": "2028-01", "balance": 50_000}, {"month": "2029-01", "balance": 0}],
        },
    ]
)


@settings(max_examples=25)
@given(BASES, COUNTS, EVERY, PAID, REPAYMENTS, st.floats(0, 0.3), st.integers(0, 20_000), st.booleans())
def test_whatever_the_terms_balances_close_and_nobody_is_paid_too_much(
    basis: str,
    day_count: str,
    every: str,
    paid: str,
    repayment: dict[str, Any],
    coupon: float,
    income: int,
    performs: bool,
) -> None:
    terms: dict[str, Any] = {"basis": basis, "day_count": day_count, "every": every, "paid": paid}
    performance = {"metric": "Done", "table": TABLE, "holds": "for the period past"} if performs else None
    more = {} if performance is None else {"performance": performance}
    case = loan(income=income, coupon=coupon, interest=terms, repayment=repayment, **more)
    (tranche,) = case.model.funding.tranches
    assert tranche.interest is not None
    assert tranche.accrued is not None
    assert case.figure(case.model.checks.failing) == 0
    for balance in (tranche.principal, tranche.interest):
        opening, closing = case.row(balance.opening), case.row(balance.closing)
        assert np.array_equal(opening[1:], closing[:-1])
        assert closing.min() >= -1e-6
    repaid = sum(case.row(line).sum() for line in tranche.principal_paid)
    interest = sum(case.row(line).sum() for line in tranche.interest_paid)
    assert repaid <= 100_000 + 1e-6
    assert interest == pytest.approx(case.row(tranche.accrued).sum() - case.row(tranche.interest.closing)[-1], abs=1e-6)
    assert case.row(case.model.funding.cash.closing).min() >= -1e-6
