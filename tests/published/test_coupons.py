"""Coupons by result as published: Rikers Island's loan repaid in one bullet, and Newpin's bond.

Social Ventures: https://socialventures.com.au/case-studies/rikers-island-sib
Tomkinson 2013: https://emmatomkinson.com (3 June 2013)
Brisbane Times: https://brisbanetimes.com.au
"""

from __future__ import annotations

import numpy_financial
import pytest

from sibmodel.deals import read
from tests.deals import Case, base_case, deal_of, when

LOAN = 9_600_000
COUPONS = [
    {"at": at, "rate": rate} for at, rate in ((0.11, 0.0125), (0.12, 0.015), (0.13, 0.02), (0.16, 0.035), (0.2, 0.055))
]


def rikers(reduction: float) -> Case:
    """The example, its loan with terms of its own: a bullet after four years, simple interest found at the end."""
    plain = read("rikers").plain()
    tranche = plain["funding"]["tranches"][0]
    tranche["interest"] = {"basis": "simple", "every": "whole term"}
    tranche["performance"] = {"table": COUPONS, "holds": "for the period past"}
    tranche["repayment"] = {"kind": "bullet", "month": "2016-09"}
    plain["funding"]["waterfall"] = [
        {"kind": "costs"},
        {"kind": "interest", "tranches": ["Loan"]},
        {"kind": "principal", "tranches": ["Loan"]},
        {"kind": "surplus to", "party": "Manager"},
    ]
    plain["assumptions"]["effect"] = reduction
    return base_case(deal_of(plain))


@pytest.mark.parametrize(
    ("reduction", "rate", "printed"),
    [(0.11, 0.0125, 1.2), (0.12, 0.015, 1.5), (0.13, 0.02, 1.9), (0.16, 0.035, 3.3), (0.20, 0.055, 5.1)],
)
def test_P7_the_loan_is_repaid_in_one_bullet_with_interest_by_result(
    reduction: float, rate: float, printed: float
) -> None:
    """Social Ventures: after 4 years 9.6m × (1 + 4r); 1.2, 1.5, 1.9, 3.3, 5.1 % a year."""
    case = rikers(reduction)
    (loan,) = case.model.returns.tranches
    flow = case.row(loan.flow)
    assert when(flow) == pytest.approx({1: -LOAN, 49: LOAN * (1 + 4 * rate)})
    assert round(100 * case.figure(loan.irr), 1) == printed
    yearly = numpy_financial.irr([-LOAN, 0, 0, 0, LOAN * (1 + 4 * rate)])
    assert case.figure(loan.irr) == pytest.approx(yearly, abs=1e-9)
    assert case.figure(case.model.checks.failing) == 0


def test_P7_a_reduction_below_the_first_level_brings_no_interest() -> None:
    case = rikers(0.105)
    assert when(case.row(case.model.returns.tranches[0].flow)) == pytest.approx({1: -LOAN, 49: LOAN})


def newpin(**rates: float) -> Case:
    """The example, its coupon as a term of the bond: by the year's success rate, a year in arrears."""
    plain = read("newpin").plain()
    bond = plain["funding"]["tranches"][0]
    bond["interest"] = {"basis": "simple", "every": "year"}
    bond["performance"] = {
        "metric": "Restored",
        "reading": "straight lines",
        "table": [{"at": at, "rate": rate} for at, rate in ((0.55, 0.03), (0.6, 0.075), (0.65, 0.12), (0.7, 0.15))],
        "holds": "for the period past",
        "minimum": 0.05,
        "minimum_until": "2016-07",
    }
    bond["repayment"] = {"kind": "bullet", "month": "2018-07"}
    plain["funding"]["waterfall"].insert(1, {"kind": "interest", "tranches": ["Bond"]})
    success = {year: rates.get(year.replace(" ", "_"), 0.6) for year in (f"Year {number}" for number in range(1, 6))}
    plain["assumptions"]["by_metric"]["Restored"]["success_rate"] = {"by_cohort": success}
    return base_case(deal_of(plain))


def coupons(case: Case) -> dict[int, float]:
    """The coupon found on each interest date, on $7 million."""
    accrued = case.model.funding.tranches[0].accrued
    assert accrued is not None
    return {period: amount / 7e6 for period, amount in when(case.row(accrued)).items()}


def test_P10_the_coupon_by_success_rate() -> None:
    """Tomkinson 2013: 60 and 61.6 % are 7.50 and 8.94 % (Brisbane Times: 7.5 and 8.9 % were paid)."""
    found = coupons(newpin(Year_1=0.6, Year_2=0.616))
    assert round(100 * found[13], 2) == 7.50
    assert round(100 * found[25], 2) == 8.94


def test_P11_the_least_coupon_holds_in_the_early_years_only() -> None:
    """Tomkinson 2013: a success rate of 50 % is 5 % in year 2, and nothing in year 5. At least half of the principal is
    returned."""
    case = newpin(Year_2=0.5, Year_5=0.5)
    found = coupons(case)
    assert found[25] == pytest.approx(0.05)
    assert 61 not in found
    (line,) = case.model.funding.tranches[0].principal_paid
    assert case.row(line).sum() >= 3.5e6
