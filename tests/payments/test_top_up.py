"""Quarterly cohorts with a yearly top-up. Four quarters of 250 people, released in the periods 4 to 15; half would
reoffend.

A fall of 10 % of a quarter is 5 points and 12.5 reoffenders. Quarter 1 closes in period 6 and is decided 22 months
later, in 28; the others in 31, 34 and 37.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.deals import Case, when
from tests.payments.small import case

QUARTERS = ["Q1", "Q2", "Q3", "Q4"]
TOP_UP: dict[str, Any] = {
    "kind": "top up",
    "price": 1000,
    "criterion": {"by": "difference", "at": "4%"},
    "years": {"2027-28": QUARTERS},
    "year_criterion": {"by": "difference", "at": "3%"},
}


def quarters(payment: dict[str, Any], *effects: float) -> Case:
    starts = ("2027-04", "2027-07", "2027-10", "2028-01")
    cohorts = [
        {"name": name, "people": 250, "referrals": {"start": start, "months": 3}, "service_months": 6}
        for name, start in zip(QUARTERS, starts, strict=True)
    ]
    return case(payment, dict(zip(QUARTERS, effects, strict=True)), cohorts=cohorts)


def test_each_quarter_is_paid_on_its_own_and_the_year_settles_the_rest() -> None:
    """Falls of 5, 1, 5 and 5 points: Q1, Q3 and Q4 pass 4 points and are paid 12,500 each. The year's mean, 4 points,
    passes 3: 40 avoided are 40,000, of which 37,500 are paid; the rest, 2,500, is topped up with the last decision."""
    made = quarters(TOP_UP, 0.1, 0.02, 0.1, 0.1)
    assert when(made.row_of("Pay: paid")) == pytest.approx({29: 12_500, 35: 12_500, 38: 12_500 + 2_500})


def test_a_year_that_misses_its_target_has_nothing_to_top_up() -> None:
    """Falls of 5, −1, 3 and 3 points: a mean of 2.5. Q1 keeps its 12,500."""
    made = quarters(TOP_UP, 0.1, -0.02, 0.06, 0.06)
    assert when(made.row_of("Pay: paid")) == pytest.approx({29: 12_500})
    assert made.figure_of("Pay: top-up, 2027-28") == 0


def test_or_what_was_paid_too_much_is_owed_back() -> None:
    made = quarters({**TOP_UP, "excess_owed_back": True}, 0.1, -0.02, 0.06, 0.06)
    assert when(made.row_of("Pay: owed back")) == pytest.approx({38: 12_500})
    assert made.figure_of("Outcome payments in all") == pytest.approx(0)
    assert made.figure(made.model.checks.failing) == 0


def test_worse_quarters_count_against_the_year() -> None:
    """5, 5, 5 and −1 points are 3.5 on average: 35,000 earned, 37,500 paid: nothing more, or 2,500 back."""
    assert when(quarters(TOP_UP, 0.1, 0.1, 0.1, -0.02).row_of("Pay: paid")) == pytest.approx(
        {29: 12_500, 32: 12_500, 35: 12_500}
    )
    back = quarters({**TOP_UP, "excess_owed_back": True}, 0.1, 0.1, 0.1, -0.02)
    assert when(back.row_of("Pay: owed back")) == pytest.approx({38: 2_500})


def test_the_year_may_have_a_price_of_its_own() -> None:
    """50 avoided at 1,200 are 60,000; 50,000 are paid by quarter."""
    made = quarters({**TOP_UP, "year_price": 1200}, 0.1, 0.1, 0.1, 0.1)
    assert made.figure_of("Pay: top-up, 2027-28") == pytest.approx(10_000)
    assert [made.figure(one.amount) for one in made.model.payments[0].cohorts] == pytest.approx([15_000] * 4)
    assert made.figure(made.model.effects[0].pooled.paid) == pytest.approx(0.1)


def test_a_cohort_of_no_year_is_paid_on_its_own_alone() -> None:
    made = quarters({**TOP_UP, "years": {"2027-28": QUARTERS[:3]}}, 0.1, 0.1, 0.1, 0.02)
    assert when(made.row_of("Pay: paid")) == pytest.approx({29: 12_500, 32: 12_500, 35: 12_500})
