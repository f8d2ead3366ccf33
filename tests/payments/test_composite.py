"""A composite index: weights, targets, the share treated, people without a match, a shortfall of referrals."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.errors import DealError
from tests.deals import base_case, deal_of, when
from tests.payments import small

TABLE = [{"at": 0, "share": 0}, {"at": "100%", "share": "100%"}]
PAY: dict[str, Any] = {
    "kind": "composite",
    "reading": "straight lines",
    "whole": 1_000_000,
    "table": TABLE,
    "measures": [{"metric": "Reoffend", "weight": "100%"}],
}
"""A pound for each millionth of the index."""
MIXED = {"First": 0.12, "Second": 0.06}


def index(terms: dict[str, Any], effect: Any = MIXED, **changes: Any) -> float:
    case = small.with_milestones({**PAY, **terms}, effect=effect, **changes)
    paid = when(case.row(case.model.payments[0].paid))
    assert set(paid) <= {50}  # once, a month after the last decision
    return sum(paid.values()) / 1_000_000


def test_cohorts_weigh_by_people_or_as_told() -> None:
    assert index({}) == pytest.approx(0.10)
    assert index({"weights": {"First": "25%", "Second": "75%"}}) == pytest.approx(0.075)


def test_measures_weigh_as_told_against_their_targets() -> None:
    """The reduction of 10 % is half of its target of 20 %; 40 % in work is all of its."""
    measures = [
        {"metric": "Reoffend", "weight": "70%", "target": "20%"},
        {"metric": "Job", "weight": "30%", "target": "40%"},
    ]
    assert index({"measures": measures}) == pytest.approx(0.7 * 0.5 + 0.3)
    points = [{"metric": "Reoffend", "weight": "100%", "measured": "difference"}]
    assert index({"measures": points}) == pytest.approx(0.05)


def test_the_share_treated() -> None:
    first, second = 0.12, 0.06
    assert _half_treated({}) == pytest.approx(0.10)
    assert _half_treated({"treated": "divided by the share treated"}) == pytest.approx(
        (2 * first / 0.5 + second / 0.8) / 3
    )
    assert _half_treated({"treated": "times the share treated"}) == pytest.approx((2 * first * 0.5 + second * 0.8) / 3)


def _half_treated(terms: dict[str, Any]) -> float:
    started = {"engagement": {"by_cohort": {"First": "50%", "Second": "80%"}}}
    case = small.case({**PAY, **terms}, MIXED, assumptions=started)
    return float(case.row(case.model.payments[0].paid).sum()) / 1_000_000


def test_people_without_a_match_count_at_a_deemed_effect() -> None:
    plain = small.plain({**PAY, "unmatched": "2%"}, assumptions={"effect": 0.10, "matching_error": 0})
    plain["measurement"] = [{"kind": "matched", "matched": "80%", "controls_per_person": 10}]
    case = base_case(deal_of(plain))
    paid = case.row(case.model.payments[0].paid).sum() / 1_000_000
    assert paid == pytest.approx(0.8 * 0.10 + 0.2 * 0.02)


def test_a_shortfall_of_guaranteed_referrals_counts_at_a_deemed_index() -> None:
    """1,500 of 2,000 came: a quarter counts as 20 %."""
    guaranteed = {"people": 2_000, "deemed": "20%"}
    assert index({"guaranteed": guaranteed}) == pytest.approx(0.75 * 0.10 + 0.25 * 0.20)
    assert index({"guaranteed": {"people": 1_200, "deemed": "20%"}}) == pytest.approx(0.10)


def test_the_effect_paid_is_the_leading_measures() -> None:
    """Steps at 5 % and 8 %: an index of 10 % is paid as 8 %, and so are four fifths of each cohort's effect."""
    table = [{"at": "5%", "amount": 60_000}, {"at": "8%", "amount": 90_000}]
    case = small.case({**PAY, "reading": "steps", "whole": None, "table": table}, MIXED)
    first, second = case.model.payments[0].cohorts
    assert case.figure(first.amount) == pytest.approx(60_000)
    assert first.effect is not None
    assert second.effect is not None
    assert case.figure(first.effect) == pytest.approx(0.8 * 0.12)
    assert case.figure(second.effect) == pytest.approx(0.8 * 0.06)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"measures": []}, "There are no measures"),
        ({"measures": [{"metric": "Reoffend", "weight": "90%"}]}, "add up to 0.9, not to 1"),
        ({"weights": {"First": "60%"}}, "add up to 0.6, not to 1"),
        ({"measures": [{"metric": "Reofend", "weight": 1}]}, 'Did you mean "Reoffend"'),
        ({"metric": "Reoffend"}, "List them under `measures`"),
        ({"measures": [{"metric": "Reoffend", "weight": 0.5}] * 2}, "A measure is listed twice"),
    ],
)
def test_what_an_index_may_not_be(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(DealError, match=message):
        small.deal({**PAY, **terms})
