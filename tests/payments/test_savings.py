"""Shares of savings: bands, threshold, ceiling, ratchet, and when savings arise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sibmodel.errors import DealError
from tests.contract.bench import bench
from tests.deals import when
from tests.payments import small

SAVING = 20_000
PAY = {"kind": "savings", "saving": SAVING}
A_POINT = 0.01 * 500 * SAVING
"""The savings of the first cohort by one point of reduction."""


def of_first(terms: dict[str, Any], effects: Any) -> Any:
    there = bench({**PAY, **terms})
    return there.net(there.at(np.asarray(effects), 0.0))


def test_two_readings_of_local_justice_reinvestment() -> None:
    """P6: a reduction of 12 %, a threshold of 5 %, a cap of 20 %; half up to the threshold and all above, or half."""
    effects = [0.049, 0.05, 0.12, 0.20, 0.30]
    half_then_all = {"threshold": "5%", "bands": [{"up_to": "5%", "share": "50%"}, {"up_to": "20%", "share": "100%"}]}
    half = {"threshold": "5%", "bands": [{"up_to": "20%", "share": "50%"}]}
    assert of_first(half_then_all, effects) / A_POINT == pytest.approx([0, 2.5, 2.5 + 7, 2.5 + 15, 2.5 + 15])
    assert of_first(half, effects) / A_POINT == pytest.approx([0, 2.5, 6, 10, 10])


def test_only_the_cashable_part_up_to_a_ceiling() -> None:
    terms = {"cashable": "40%", "share": "50%", "cap": 150_000}
    assert of_first(terms, [-0.1, 0.05, 0.1]) == pytest.approx([0, 0.2 * 5 * A_POINT, 150_000])


def test_the_share_changes_once_capital_and_interest_are_paid() -> None:
    """50 and 25 units: savings of £1,000,000 and £500,000; 80 % until £900,000, then 20 %."""
    case = small.case({**PAY, "share": "80%", "ratchet": {"paid": 900_000, "then": "20%"}})
    second = 100_000 + 0.2 * (500_000 - 125_000)
    assert when(case.row(case.model.payments[0].paid)) == pytest.approx({38: 800_000, 50: second})


def test_savings_may_arise_over_months() -> None:
    case = small.case({**PAY, "share": "50%", "arising_months": 10}, {"First": 0.1, "Second": 0})
    assert when(case.row(case.model.payments[0].paid)) == pytest.approx(dict.fromkeys(range(38, 48), 50_000))
    late = small.case({**PAY, "share": "50%", "arising_months": 30}, {"First": 0.1, "Second": 0})
    beyond = late.model.payments[0].beyond_the_end
    assert beyond is not None
    assert late.figure(beyond) == 1  # the second cohort's, from period 50 on, of 72


def test_a_milestones_savings_arise_as_it_is_reached() -> None:
    case = small.with_milestones(
        {"kind": "savings", "saving": 6_000, "share": "50%", "metric": "Job", "arising_months": 3}
    )
    row = case.row(case.model.payments[0].paid)
    assert row.sum() == pytest.approx(600 * 3_000)
    assert row[7:10] == pytest.approx(np.array([1, 2, 3]) * 400 / 12 * 1_000)


def test_a_milestone_with_a_threshold_waits_for_its_rate() -> None:
    terms = {"kind": "savings", "saving": 6_000, "share": "50%", "metric": "Job", "threshold": "40%"}
    case = small.with_milestones(terms)
    assert when(case.row(case.model.payments[0].paid)) == pytest.approx({19: 400 * 3_000, 31: 200 * 3_000})
    missed = small.with_milestones({**terms, "threshold": "41%"})
    assert not missed.row(missed.model.payments[0].paid).any()


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({}, "Savings need one of: share, bands"),
        ({"share": "50%", "bands": [{"share": "50%"}]}, "Savings need one of: share, bands"),
        ({"bands": [{"share": "50%"}], "ratchet": {"paid": 5, "then": 0}}, "Write `share`, and no bands"),
    ],
)
def test_what_savings_may_not_be(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(DealError, match=message):
        small.deal({**PAY, **terms})
