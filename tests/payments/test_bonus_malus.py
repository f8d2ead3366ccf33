"""Bonus and malus around a target."""

from __future__ import annotations

from typing import Any

import pytest

from tests.deals import when
from tests.payments.small import case, with_milestones

TARGET: dict[str, Any] = {"kind": "bonus malus", "target": "8%", "bonus_per_point": 1000, "malus_per_point": 2000}


def test_points_above_the_target_are_paid_and_points_below_are_owed() -> None:
    """10 % is two points above 8 %: 2,000. 5 % is three below: 6,000 owed."""
    made = case(TARGET, {"First": 0.1, "Second": 0.05})
    assert when(made.row_of("Pay: paid")) == pytest.approx({38: 2_000})
    assert when(made.row_of("Pay: owed back")) == pytest.approx({50: 6_000})
    assert [made.figure(one.paid) for one in made.model.effects[0].cohorts] == pytest.approx([0.1, 0])
    assert when(made.row(made.model.flows.net)) == {}
    assert made.figure(made.model.checks.failing) == 0


def test_on_the_target_nothing_moves() -> None:
    assert when(case(TARGET, 0.08).row_of("Pay: falls due")) == {}


def test_both_have_a_most() -> None:
    made = case({**TARGET, "most_bonus": 1_500, "most_malus": 5_000}, {"First": 0.1, "Second": 0.05})
    assert when(made.row_of("Pay: falls due")) == pytest.approx({38: 1_500, 50: -5_000})


def test_it_may_count_percentage_points_of_the_measure() -> None:
    """A fall of 10 % of a half is five points; three are below 8 %."""
    made = case({**TARGET, "test": "difference"}, 0.1)
    assert when(made.row_of("Pay: falls due")) == pytest.approx({38: -6_000, 50: -6_000})


def test_or_the_share_that_reaches_a_milestone() -> None:
    """40 % have a job three months after their start, against 35 %: five points. The last start in the periods 15 and
    27."""
    made = with_milestones({**TARGET, "metric": "Job", "target": "35%"})
    assert when(made.row_of("Pay: paid")) == pytest.approx({19: 5_000, 31: 5_000})


def test_carried_forward_a_malus_is_set_off_against_a_later_bonus() -> None:
    """One point below costs 2,000; five above earn 5,000: 3,000 is paid."""
    made = case({**TARGET, "carry_forward": True}, {"First": 0.07, "Second": 0.13})
    assert when(made.row_of("Pay: paid")) == pytest.approx({50: 3_000})


@pytest.mark.parametrize(("engaged", "paid"), [("100%", 2_000), ("60%", 2_000), ("45%", 1_500), ("0%", 0)])
def test_too_little_service_shrinks_what_falls_due(engaged: str, paid: float) -> None:
    """Below a floor of 60 % in proportion: 45 ÷ 60 of 2,000. Any payment may have such a floor."""
    made = case({**TARGET, "engagement_floor": "60%"}, 0.1, assumptions={"engagement": engaged})
    assert made.figure(made.model.payments[0].cohorts[0].amount) == pytest.approx(paid)
    assert made.figure(made.model.effects[0].cohorts[0].paid) == pytest.approx(0.1 * paid / 2_000)


def test_but_not_what_is_owed_back() -> None:
    made = case({**TARGET, "engagement_floor": "60%"}, 0.05, assumptions={"engagement": "30%"})
    assert when(made.row_of("Pay: owed back")) == pytest.approx({38: 6_000, 50: 6_000})
