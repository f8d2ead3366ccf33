"""Payment outside a flat zone. Against a fixed baseline of one half, a share p of n people is z = ln(0.5 ÷ p) ÷ √((1
− p) ÷ (p n)) standard errors from it. Effects of 10, 6, 0 and −10 %: p = 0.45, 0.47, 0.5, 0.55; of 1,000 people z =
3.01, 1.84, 0, −3.33; of 500 people 2.13, 1.30, 0, −2.36."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sibmodel.errors import DealError
from tests.deals import Case, when
from tests.payments.small import case, deal

ZONE: dict[str, Any] = {"kind": "significance", "price": 1000}
BOTH = {"Year": ["First", "Second"]}


def z(p: float, n: float) -> float:
    return math.log(0.5 / p) / math.sqrt((1 - p) / (p * n))


def amounts(made: Case) -> list[float]:
    return [made.figure(one.amount) for one in made.model.payments[0].cohorts]


def test_what_may_be_luck_is_not_paid() -> None:
    """At 1.96 the first cohort's 6 % of 1,000 people is inside the zone; its 10 % is outside: 50 avoided at £1,000."""
    inside = case(ZONE, 0.06)
    assert inside.figure(inside.model.measured.compared["Reoffend"].cohorts[0].z) == pytest.approx(z(0.47, 1000))
    assert amounts(inside) == [0, 0]
    assert when(case(ZONE, 0.1).row_of("Pay: paid")) == pytest.approx({38: 50_000, 50: 25_000})


def test_the_zone_is_wider_for_a_smaller_cohort() -> None:
    """At 2.5 standard errors 3.01 of 1,000 people is outside, 2.13 of 500 is not."""
    assert amounts(case({**ZONE, "critical": 2.5})) == pytest.approx([50_000, 0])


def test_deductions_are_symmetric() -> None:
    made = case(ZONE, {"First": 0.1, "Second": -0.1})
    assert when(made.row_of("Pay: paid")) == pytest.approx({38: 50_000})
    assert when(made.row_of("Pay: owed back")) == pytest.approx({50: 25_000})
    assert [made.figure(one.paid) for one in made.model.effects[0].cohorts] == pytest.approx([0.1, -0.1])
    assert when(made.row(made.model.flows.net)) == {}
    assert made.figure(made.model.checks.failing) == 0


def test_unless_there_are_none() -> None:
    assert amounts(case({**ZONE, "deductions": False}, {"First": 0.1, "Second": -0.1})) == pytest.approx([50_000, 0])


def test_only_what_lies_beyond_the_zone_may_be_paid() -> None:
    """Of z = 3.01 the part beyond 1.96: (3.01 − 1.96) ÷ 3.01 of 50; and of −3.33 as much is deducted."""
    beyond = (z(0.45, 1000) - 1.96) / z(0.45, 1000)
    below = (-z(0.55, 1000) - 1.96) / -z(0.55, 1000)
    assert amounts(case({**ZONE, "pays": "excess", "cohorts": ["First"]})) == pytest.approx([50_000 * beyond])
    assert amounts(case({**ZONE, "pays": "excess", "cohorts": ["First"]}, -0.1)) == pytest.approx([-50_000 * below])


def test_percentage_points_may_be_paid() -> None:
    """Five points of either cohort at £1,000."""
    assert amounts(case({**ZONE, "pays_by": "point"})) == pytest.approx([5_000, 5_000])


def test_a_pool_is_judged_together_when_its_last_cohort_is_decided() -> None:
    """Each 6 % alone is inside, z = 1.84 and 1.30; together (1.84 √1000 + 1.30 √500) ÷ √1500 = 2.26 is outside."""
    together = (z(0.47, 1000) * math.sqrt(1000) + z(0.47, 500) * math.sqrt(500)) / math.sqrt(1500)
    made = case({**ZONE, "pools": BOTH}, 0.06)
    assert made.figure_of("Pay: Year: effect in standard errors, pooled") == pytest.approx(together)
    assert when(made.row_of("Pay: paid")) == pytest.approx({50: 30_000 + 15_000})


def test_a_pools_points_are_shared_by_people() -> None:
    """Points of 5 and 2, of 1,000 and 500 people: 4 for the pool, of which the first cohort has 5 × 2 ÷ 3."""
    made = case({**ZONE, "pays_by": "point", "pools": BOTH}, {"First": 0.1, "Second": 0.04})
    assert made.figure_of("Pay: Year: measured difference, pooled") == pytest.approx(0.04)
    assert amounts(made) == pytest.approx([10_000 / 3, 2_000 / 3])


def test_past_the_point_of_termination_the_contract_may_be_ended() -> None:
    """5 points worse, where the point is 3: from the month in which the first cohort's deduction is settled."""
    made = case({**ZONE, "termination": {"worse_by": "3%"}}, {"First": -0.1, "Second": 0.1})
    assert list(when(made.row_of("Pay: the contract may be ended"))) == list(range(38, 73))
    assert amounts(made) == pytest.approx([-50_000, 25_000])


def test_and_the_terms_may_stop_what_would_be_paid_after_it() -> None:
    terms = {**ZONE, "termination": {"worse_by": "3%", "stops_payment": True}}
    assert amounts(case(terms, {"First": -0.1, "Second": 0.1})) == pytest.approx([-50_000, 0])
    assert amounts(case(terms, {"First": -0.059, "Second": 0.1})) == pytest.approx(
        [0 if z(0.5295, 1000) > -1.96 else -29_500, 25_000]
    )


@pytest.mark.parametrize(
    ("also_stops", "message"),
    [
        (["Above"], '"Above" is listed above this payment. List it below.'),
        (["Zone"], '"Zone" is this payment itself. Write `stops_payment: true` for it.'),
        (["Belwo"], 'Did you mean "Below"?'),
        (["Below", "Below"], '"Below" is stopped by "Zone" already.'),
    ],
)
def test_what_is_stopped_is_another_payment_listed_below(also_stops: list[str], message: str) -> None:
    charge = {"kind": "standing charge", "payers": [{"name": "Ministry"}], "per_month": 100}
    charge = {**charge, "start": "2027-01", "months": 1}
    zone = {**ZONE, "name": "Zone", "payers": [{"name": "Ministry"}]}
    zone["termination"] = {"worse_by": "3%", "also_stops": also_stops}
    with pytest.raises(DealError) as error:
        deal(ZONE, payments=[{**charge, "name": "Above"}, zone, {**charge, "name": "Below"}])
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("pools", "message"),
    [
        ({"Year": []}, "There are no cohorts in it"),
        ({"Year": ["First"], "Other": ["First"]}, '"First" is in it 2 times'),
        ({"Year": ["Frist"]}, 'Did you mean "First"?'),
    ],
)
def test_pools_must_hold(pools: dict[str, list[str]], message: str) -> None:
    with pytest.raises(DealError) as error:
        deal({**ZONE, "pools": pools})
    assert message in str(error.value)
