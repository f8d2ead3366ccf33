"""A foundation payment: £1,000 a reoffender avoided, of £60,000 expected half is advanced over the months of
referral."""

from __future__ import annotations

from typing import Any

import pytest

from tests.deals import when
from tests.payments.small import case

FOUNDATION: dict[str, Any] = {"kind": "foundation", "price": 1000, "expected": 60_000, "advance": "50%"}


def test_it_is_advanced_monthly_and_trued_up_at_the_decision() -> None:
    """Half of 60,000 over 12 months is 2,500, in the month after each. First avoids 50: 50,000 less 30,000 is paid in
    period 38. Second avoids 25: 25,000 less 30,000 is owed back in period 50."""
    made = case(FOUNDATION)
    assert when(made.row_of("Pay: paid")) == pytest.approx({**dict.fromkeys(range(5, 29), 2500), 38: 20_000})
    assert when(made.row_of("Pay: owed back")) == pytest.approx({50: 5_000})


def test_in_the_end_the_entitlement_is_paid_and_no_more() -> None:
    made = case(FOUNDATION)
    amounts = [made.figure(one.amount) for one in made.model.payments[0].cohorts]
    assert amounts == pytest.approx([50_000, 25_000])
    assert made.figure_of("Outcome payments in all") == pytest.approx(75_000)
    assert made.figure(made.model.effects[0].pooled.paid) == pytest.approx(0.1)


def test_with_worse_results_all_that_was_advanced_is_owed_back() -> None:
    made = case(FOUNDATION, effect=-0.1)
    assert when(made.row_of("Pay: owed back")) == pytest.approx({38: 30_000, 50: 30_000})
    assert made.figure_of("Outcome payments in all") == pytest.approx(0)
    assert when(made.row(made.model.flows.net)) == {}
    assert made.figure(made.model.checks.failing) == 0


def test_the_expected_payment_may_differ_by_cohort_and_be_advanced_over_the_service() -> None:
    """Second expects 34,000: half of it over 12 + 6 − 1 = 17 months is 1,000 a month, periods 17 to 33."""
    made = case({**FOUNDATION, "expected_by_cohort": {"Second": 34_000}, "over": "service", "cohorts": ["Second"]})
    assert when(made.row_of("Pay: paid")) == pytest.approx({**dict.fromkeys(range(17, 34), 1000), 50: 8_000})
