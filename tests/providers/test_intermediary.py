"""The intermediary's and the assessor's fees."""

from __future__ import annotations

from typing import Any

import pytest

from tests.deals import Case, base_case, data, deal_of, when


def with_fees(**fees: Any) -> Case:
    plain = data()
    plain.update(fees)
    return base_case(deal_of(plain))


def test_set_up_comes_in_the_first_month_and_management_in_each() -> None:
    case = with_fees(intermediary={"name": "Manager", "set_up": 50_000, "per_month": 2000, "months": 6})
    assert when(case.row_of("Manager: bill")) == pytest.approx({1: 52_000, **dict.fromkeys(range(2, 7), 2000)})


def test_management_lasts_for_the_whole_deal_unless_told() -> None:
    case = with_fees(intermediary={"name": "Manager", "per_month": 2000})
    assert case.row_of("Manager: bill").sum() == pytest.approx(72 * 2000)


def test_an_assessment_is_billed_when_it_is_decided() -> None:
    case = with_fees(assessor={"name": "University", "per_assessment": 30_000})
    assert when(case.row_of("University: bill")) == pytest.approx({35: 30_000, 47: 30_000})


def test_assessments_of_one_month_are_both_billed() -> None:
    plain = data()
    plain["cohorts"][1]["referrals"] = dict(plain["cohorts"][0]["referrals"])
    plain["assessor"] = {"name": "University", "per_assessment": 30_000}
    assert when(base_case(deal_of(plain)).row_of("University: bill")) == pytest.approx({35: 60_000})


def test_a_late_assessment_is_billed_late_and_after_the_end_in_the_last_month() -> None:
    plain = data()
    plain["assessor"] = {"name": "University", "per_assessment": 30_000}
    plain["assumptions"]["delay_months"] = {"by_cohort": {"First": 5, "Second": 40}}
    assert when(base_case(deal_of(plain)).row_of("University: bill")) == pytest.approx({40: 30_000, 72: 30_000})


@pytest.mark.parametrize(("delay", "period"), [(0.4, 35), (0.5, 36), (1.4, 36), (1.5, 37), (11.99, 47)])
def test_a_delay_counts_in_whole_months_half_up(delay: float, period: int) -> None:
    plain = data()
    plain["assumptions"]["delay_months"] = delay
    case = base_case(deal_of(plain))
    assert case.figure(case.measured.cohorts[0].decision) == period


def test_fees_are_paid_from_capital_and_reach_their_party() -> None:
    case = with_fees(
        intermediary={"name": "Manager", "set_up": 50_000, "per_month": 2000, "months": 48},
        assessor={"name": "University", "per_assessment": 30_000},
    )
    assert case.row(case.model.flows.of["Manager"]).sum() == pytest.approx(50_000 + 48 * 2000)
    assert case.row(case.model.flows.of["University"]).sum() == pytest.approx(60_000)
    assert case.row(case.model.funding.drawn)[0] == pytest.approx(20_000 + 52_000)
