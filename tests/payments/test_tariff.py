"""A unit tariff: one way, two ways, carried forward."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.bench import bench
from tests.deals import when
from tests.payments import small

PAY = {"kind": "tariff", "price": 1_000}
WORSE_FIRST = {"First": -0.04, "Second": 0.12}
LINEAR: dict[str, dict[str, Any]] = {
    "tariff": PAY,
    "stream": {"kind": "stream", "benefit_a_year": 600, "years": 2, "discount_rate": 0, "share": "50%", "stock": 800},
    "savings": {"kind": "savings", "saving": 2_000, "share": "50%"},
    "tiers": {"kind": "tiers", "bands": [{"price": 1_000}]},
    "table": {
        "kind": "table",
        "amounts": "a person",
        "reading": "straight lines",
        "below": "first amount",
        "table": [{"at": "-100%", "amount": -500}, {"at": "100%", "amount": 500}],
    },
}
"""£1,000 a unit, said in five ways."""


def test_a_price_by_units_a_month_after_the_decision() -> None:
    case = small.case(PAY, 0.1)
    assert when(case.row(case.model.payments[0].paid)) == pytest.approx({38: 50_000, 50: 25_000})


def test_one_way_nothing_is_owed_for_worse() -> None:
    case = small.case(PAY, WORSE_FIRST)
    assert when(case.row(case.model.payments[0].paid)) == pytest.approx({50: 30_000})
    assert case.model.payments[0].lines.owed_back is None


def test_two_ways_worse_is_paid_back() -> None:
    case = small.case({**PAY, "worse": "owed back"}, WORSE_FIRST)
    payment = case.model.payments[0]
    assert payment.lines.owed_back is not None
    assert when(case.row(payment.lines.owed_back)) == pytest.approx({38: 20_000})
    assert when(case.row(payment.paid)) == pytest.approx({50: 30_000})
    first, second = payment.cohorts
    assert first.effect is not None
    assert case.figure(first.effect) == pytest.approx(-0.04)
    assert case.figure(first.amount) == pytest.approx(-20_000)
    assert case.figure(second.amount) == pytest.approx(30_000)


def test_carried_forward_worse_is_set_off() -> None:
    case = small.case({**PAY, "carry_forward": True}, WORSE_FIRST)
    assert when(case.row(case.model.payments[0].paid)) == pytest.approx({50: 10_000})


@pytest.mark.parametrize("terms", LINEAR.values(), ids=LINEAR)
@given(pooled=st.floats(0.0, 0.3), spread=st.floats(0.0, 0.3))
def test_linear_pay_carried_forward_does_not_hang_on_the_split(
    terms: dict[str, Any], pooled: float, spread: float
) -> None:
    """The same pool, split into a worse first and a better second cohort, is paid the same (METHOD 8)."""
    there = bench({**terms, "carry_forward": True})
    first, second = np.array([pooled, pooled - spread]), np.array([pooled, pooled + 2 * spread])
    whole, split = there.net(there.at(first, second))
    assert whole == pytest.approx(1_000 * 750 * pooled, abs=1e-6)
    assert split == pytest.approx(whole, abs=1e-6)


def test_without_carry_forward_the_split_is_paid_for() -> None:
    there = bench(PAY)
    whole, split = there.net(there.at(np.array([0.0, -0.1]), np.array([0.0, 0.2])))
    assert whole == pytest.approx(0)
    assert split == pytest.approx(50_000)


def test_milestones_are_paid_as_they_are_reached() -> None:
    case = small.with_milestones({**PAY, "metric": "Job"})
    row = case.row(case.model.payments[0].paid)
    assert row.sum() == pytest.approx(600 * 1_000)
    assert when(row)[8] == pytest.approx(400 / 12 * 1_000)  # started in 4, in work 3 months later, paid a month after
