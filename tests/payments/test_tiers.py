"""Marginal bands, of effect and of units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sibmodel.errors import DealError
from tests.contract.bench import bench
from tests.deals import when
from tests.payments import small


def figures(terms: dict[str, Any], effects: Any) -> Any:
    there = bench({"kind": "tiers", **terms})
    return there.net(there.at(effects, 0.0))


def test_bands_of_effect_price_units() -> None:
    """The first 5 % at £4,000 a unit, the next 10 % at £9,000, nothing beyond: 500 units are an effect of 1."""
    bands = {"bands": [{"up_to": "5%", "price": 4_000}, {"up_to": "15%", "price": 9_000}]}
    expected = [0, 10 * 4_000, 25 * 4_000, 25 * 4_000 + 25 * 9_000, 25 * 4_000 + 50 * 9_000]
    assert figures(bands, np.array([-0.1, 0.02, 0.05, 0.10, 0.4])) == pytest.approx(expected)


def test_a_price_for_each_percentage_point_with_a_dead_zone() -> None:
    terms = {
        "by": "difference",
        "price_of": "a percentage point",
        "bands": [{"up_to": "2%", "price": 0}, {"up_to": "5%", "price": 50_000}, {"price": 20_000}],
    }
    assert figures(terms, np.array([0.04, 0.06, 0.10, 0.14])) == pytest.approx([0, 50_000, 150_000, 190_000], abs=1e-6)


def test_bands_of_units_fill_up_by_cohort_or_together() -> None:
    """50 and 25 units avoided: bands of 30."""
    bands = {"kind": "tiers", "by": "units", "bands": [{"units": 30, "price": 9_000}, {"price": 5_000}]}
    own = small.case(bands)
    assert when(own.row(own.model.payments[0].paid)) == pytest.approx({38: 30 * 9_000 + 20 * 5_000, 50: 25 * 9_000})
    together = small.case({**bands, "together": True})
    assert when(together.row(together.model.payments[0].paid)) == pytest.approx(
        {38: 30 * 9_000 + 20 * 5_000, 50: 25 * 5_000}
    )


def test_a_milestones_units_fill_the_bands_month_by_month() -> None:
    """400 and 200 jobs; where both cohorts' come in the same month they would share the band by units."""
    terms = {"kind": "tiers", "by": "units", "together": True, "metric": "Job"}
    case = small.with_milestones({**terms, "bands": [{"units": 100, "price": 2_000}, {"units": 500, "price": 1_000}]})
    payment = case.model.payments[0]
    assert case.row(payment.paid).sum() == pytest.approx(100 * 2_000 + 400 * 1_000)
    first, second = payment.cohorts
    assert case.figure(first.amount) == pytest.approx(100 * 2_000 + 300 * 1_000)
    assert case.figure(second.amount) == pytest.approx(100 * 1_000)
    assert second.effect is not None
    assert case.figure(second.effect) == pytest.approx(0.4 * 500 / 600)


def test_the_effect_paid_lies_in_bands_with_a_price() -> None:
    terms = {"kind": "tiers", "bands": [{"up_to": "5%", "price": 0}, {"up_to": "15%", "price": 9_000}]}
    case = small.case(terms, {"First": 0.2, "Second": 0.07})
    effects = [case.figure(one.effect) for one in case.model.payments[0].cohorts if one.effect is not None]
    assert effects == pytest.approx([0.10, 0.02])


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"bands": []}, "There are no bands"),
        ({"bands": [{"price": 1}, {"up_to": "5%", "price": 2}]}, "another band follows"),
        ({"bands": [{"up_to": "5%", "price": 1}, {"up_to": "5%", "price": 2}]}, "Let ends rise"),
        ({"bands": [{"units": 5, "price": 1}]}, "Write `up_to`"),
        ({"by": "units", "bands": [{"up_to": "5%", "price": 1}]}, "Write `units`"),
        ({"by": "units", "price_of": "a percentage point", "bands": [{"price": 1}]}, "have no percentage points"),
        ({"together": True, "bands": [{"price": 1}]}, "each cohort's own"),
    ],
)
def test_what_bands_may_not_be(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(DealError, match=message):
        small.deal({"kind": "tiers", **terms})
