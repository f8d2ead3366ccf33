"""A hurdle: the share who reoffend must fall before fewer reoffences are paid for."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.errors import DealError
from tests.deals import Case, when
from tests.payments.small import case, deal

HURDLE: dict[str, Any] = {
    "kind": "hurdle",
    "metric": "Reoffences",
    "price": 1000,
    "hurdle": {"metric": "Reoffend", "by": "difference", "at": "2.5%"},
}


def with_frequency(payment: dict[str, Any], effect: Any, per: str = "person", later: int = 0) -> Case:
    """The small deal with reoffences as a second measure: 2.5 a person, 5 a reoffender."""
    baseline = 2.5 if per == "person" else 5
    return case(
        payment,
        effect,
        metrics=[{"kind": "frequency", "name": "Reoffences", "per": per, "assessment_months": 4 + later}],
        measurement=[{"kind": "historical", "baseline": baseline, "metrics": ["Reoffences"]}],
        assumptions={"events_per_person": 2.5, "dispersion": 0.7, "desistance": 0.5},
    )


def test_a_cohort_that_passes_is_paid_for_all_its_fewer_events() -> None:
    """1 − θ = 0.81: 0.9 of the reoffenders, 45 of 100, five points fewer; 0.19 × 2.5 × 1,000 = 475 events fewer."""
    made = with_frequency(HURDLE, {"First": 0.19, "Second": 0.05})
    assert made.figure_of("Pay: passes the hurdle, First") == 1
    assert made.figure_of("Pay: passes the hurdle, Second") == 0
    assert when(made.row_of("Pay: paid")) == pytest.approx({38: 475_000})
    assert [made.figure(one.paid) for one in made.model.effects[1].cohorts] == pytest.approx([0.19, 0])


def test_per_reoffender_events_are_those_of_the_reoffenders() -> None:
    """4.5 for each of 450 reoffenders of the first cohort where 5 were expected: 225 fewer, not 500."""
    made = with_frequency(HURDLE, 0.19, per="reoffender")
    assert when(made.row_of("Pay: paid")) == pytest.approx({38: 225_000, 50: 112_500})


def test_it_waits_for_the_later_of_the_two_decisions() -> None:
    assert list(when(with_frequency(HURDLE, 0.19, later=5).row_of("Pay: paid"))) == [43, 55]


def test_the_hurdle_may_be_significance() -> None:
    """Against a fixed baseline one binomial error: √((1 − 0.45) ÷ (0.45 × 1,000)) = 0.0350; ln(0.5 ÷ 0.45) is 3.01 of
    them, and of half as many people 2.13."""
    made = with_frequency({**HURDLE, "hurdle": {"metric": "Reoffend", "by": "significance", "at": 2.5}}, 0.19)
    assert [made.figure_of(f"Pay: passes the hurdle, {who}") for who in ("First", "Second")] == [1, 0]


def crc(payment: dict[str, Any]) -> Case:
    """P5: the binary rate 47.5 → 45.0 %, and reoffences per reoffender × 1.22, against baselines that were fixed
    before."""
    each = 4.0
    return case(
        payment,
        0.0,
        metrics=[{"kind": "frequency", "name": "Reoffences"}],
        measurement=[
            {"kind": "historical", "baseline": 0.475, "metrics": ["Reoffend"]},
            {"kind": "historical", "baseline": 0.475 * each, "metrics": ["Reoffences"]},
        ],
        assumptions={
            "share_reoffending": "47.5%",
            "events_per_person": 0.475 * each,
            "dispersion": 0.7,
            "by_metric": {
                "Reoffend": {"drift": 45.0 / 47.5 - 1},
                "Reoffences": {"drift": 45.0 * 1.22 / 47.5 - 1},
            },
        },
    )


def test_P5_the_binary_measure_passes_while_crime_rises() -> None:
    """From −2.5 points and +22 % reoffences per reoffender: reoffences per person + 15.6 %. Source of both changes:
    NAO 2019,
    https://www.cips.org/supply-management/news/2019/february/payment-by-results-not-well-suited-for-probation-contracts/"""
    made = crc({**HURDLE, "price": 1000})
    frequency = made.model.measured.compared["Reoffences"].cohorts[0]
    assert round(-made.figure(frequency.effect), 3) == 0.156
    assert made.figure_of("Pay: passes the hurdle, First") == 1
    assert when(made.row_of("Pay: paid")) == {}


def test_what_got_worse_may_be_owed_back_hurdle_or_not() -> None:
    """0.475 × 4 × 0.1558 = 0.296 more reoffences a person: 296 of them, and 148, at £1,000."""
    made = crc({**HURDLE, "worse": "owed back"})
    assert when(made.row_of("Pay: owed back")) == pytest.approx({38: 296_000, 50: 148_000})
    assert made.figure(made.model.checks.failing) == 0


def test_the_measure_of_the_hurdle_must_exist() -> None:
    with pytest.raises(DealError, match='"Reofend" is not a measure with a comparison of this deal'):
        deal({**HURDLE, "metric": "Reoffend", "hurdle": {"metric": "Reofend", "at": "1%"}})
