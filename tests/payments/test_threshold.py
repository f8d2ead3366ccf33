"""A threshold: cliff and excess, by cohort, by vintage and pooled; nothing paid twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sibmodel.errors import DealError
from tests.contract.bench import bench
from tests.deals import when
from tests.payments import small

PRICE = 10_000
PAY = {"kind": "threshold", "price": PRICE}


def paid(terms: dict[str, Any], effect: Any) -> dict[int, float]:
    case = small.case({**PAY, **terms}, effect)
    return when(case.row(case.model.payments[0].paid))


def test_a_cliff_pays_from_zero() -> None:
    assert paid({"threshold": "10%"}, {"First": 0.10, "Second": 0.0999}) == pytest.approx({38: 50 * PRICE})


def test_an_excess_pays_what_lies_beyond() -> None:
    found = paid({"threshold": "10%", "pays": "excess"}, {"First": 0.12, "Second": 0.10})
    assert found == pytest.approx({38: 0.02 * 500 * PRICE})


def test_percentage_points_are_told_from_a_reduction() -> None:
    """A fall of 12 % from 50 % is one of six points."""
    assert paid({"threshold": "7%", "test": "difference"}, 0.12) == {}
    assert paid({"threshold": "6%", "test": "difference"}, 0.12) == pytest.approx({38: 60 * PRICE, 50: 30 * PRICE})
    excess = {"threshold": "5%", "test": "difference", "pays": "excess"}
    assert paid(excess, 0.12) == pytest.approx({38: 0.01 * 1000 * PRICE, 50: 0.01 * 500 * PRICE})


def test_vintages() -> None:
    terms = {"thresholds": {"First": "8%", "Second": "12%"}}
    assert paid(terms, 0.10) == pytest.approx({38: 50 * PRICE})
    both = {"threshold": "15%", "thresholds": {"Second": "9%"}}
    assert paid(both, 0.10) == pytest.approx({50: 25 * PRICE})


def test_a_cohort_without_any_threshold_is_left_to_the_pool() -> None:
    terms = {"thresholds": {"First": "20%"}}
    assert paid(terms, 0.15) == {}
    assert paid({**terms, "fallback": {"pooled": "10%"}}, 0.15) == pytest.approx({50: 75 * 1.5 * PRICE})


def test_the_pool_is_weighted_by_people_and_pays_no_cohort_twice() -> None:
    """Peterborough's rule: 10 % a cohort, 7.5 % pooled."""
    rule = {"threshold": "10%", "fallback": {"pooled": "7.5%"}}
    assert paid(rule, {"First": 0.09, "Second": 0.06}) == pytest.approx({50: (45 + 15) * PRICE})
    assert paid(rule, {"First": 0.12, "Second": 0.06}) == pytest.approx({38: 60 * PRICE, 50: 15 * PRICE})
    assert paid(rule, {"First": 0.06, "Second": 0.09}) == {}  # the simple mean would pass
    assert paid(rule, {"First": 0.09, "Second": 0.10}) == pytest.approx({50: (45 + 25) * PRICE})


def test_cohorts_that_got_worse_count_against_the_pool() -> None:
    pool = {"fallback": {"pooled": "5%"}}
    assert paid(pool, {"First": 0.12, "Second": -0.06}) == pytest.approx({50: (60 - 15) * PRICE})


def test_a_pooled_excess_is_that_of_the_pool() -> None:
    """Also where one cohort has exactly no effect."""
    there = bench({**PAY, "fallback": {"pooled": "5%"}, "pays": "excess"})
    first = np.array([0.06, 0.09, 0.12, 0.30])
    pooled = (2 * first + 0.0) / 3
    assert there.net(there.at(first, 0.0)) == pytest.approx(np.maximum(pooled - 0.05, 0) * 750 * PRICE)


def test_the_paid_effect_is_what_the_price_is_for() -> None:
    rule = {"threshold": "10%", "fallback": {"pooled": "7.5%"}, "pays": "excess"}
    case = small.case({**PAY, **rule}, {"First": 0.12, "Second": 0.09})
    first, second = case.model.payments[0].cohorts
    assert first.effect is not None
    assert second.effect is not None
    assert case.figure(first.effect) == pytest.approx(0.02)
    assert case.figure(second.effect) == pytest.approx(0.015)
    assert case.figure(case.model.effects[0].pooled.paid) == pytest.approx((2 * 0.02 + 0.015) / 3)


def test_a_test_there_must_be() -> None:
    with pytest.raises(DealError, match="Give threshold, thresholds or fallback"):
        small.deal(PAY)


def test_an_unknown_cohort_is_refused() -> None:
    with pytest.raises(DealError, match='Did you mean "First"'):
        small.deal({**PAY, "thresholds": {"Frist": "10%"}})
