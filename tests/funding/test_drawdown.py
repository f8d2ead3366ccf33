"""Drawdown: as cash is needed, in order or pro rata, never more than is committed, and never called without need."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.deals import Case, base_case, data, deal_of, when


def capital(*commitments: float, effect: float = 0.0, cost: float = 10_000, **funding: Any) -> Case:
    """Tranches T1, T2, ... without coupons; a fixed cost in periods 4 to 30, £270,000 in all unless told."""
    plain = data()
    names = [f"T{place}" for place, _ in enumerate(commitments, start=1)]
    plain["providers"] = [{"name": "Charity", "fixed_per_month": cost}]
    plain["funding"] = {
        "vehicle": "Vehicle",
        "tranches": [{"name": name, "commitment": one} for name, one in zip(names, commitments, strict=True)],
        "waterfall": [{"kind": "costs"}, {"kind": "principal", "tranches": names}],
        **funding,
    }
    plain["assumptions"]["effect"] = effect
    return base_case(deal_of(plain))


def drawn(case: Case) -> list[np.ndarray]:
    return [case.row(tranche.drawn) for tranche in case.model.funding.tranches]


def test_capital_is_drawn_in_the_month_in_which_a_bill_needs_it() -> None:
    case = capital(1_000_000)
    (first,) = drawn(case)
    assert when(first) == pytest.approx(dict.fromkeys(range(4, 31), 10_000))
    assert not case.row(case.model.funding.cash.closing).any()


def test_what_is_not_needed_is_never_called() -> None:
    case = capital(1_000_000)
    assert case.figure(case.model.returns.everyone.invested) == pytest.approx(270_000)
    assert case.row(case.model.funding.tranches[0].available)[-1] == pytest.approx(730_000)


def test_in_order_the_second_tranche_waits_for_the_first_to_be_exhausted() -> None:
    first, second = drawn(capital(125_000, 1_000_000))
    assert first.sum() == pytest.approx(125_000)
    assert second.sum() == pytest.approx(145_000)
    assert when(first)[16] == pytest.approx(5000)  # the month in which the first runs out
    assert when(second)[16] == pytest.approx(5000)
    assert min(when(second)) == 16
    assert max(when(first)) == 16


def test_the_order_is_that_of_the_list_whatever_the_rank() -> None:
    first, second = drawn(
        capital(
            125_000,
            1_000_000,
            waterfall=[
                {"kind": "costs"},
                {"kind": "principal", "tranches": ["T2"]},
                {"kind": "principal", "tranches": ["T1"]},
            ],
        )
    )
    assert first.sum() == pytest.approx(125_000)
    assert min(when(second)) == 16


def test_pro_rata_tranches_are_drawn_by_commitment() -> None:
    first, second = drawn(capital(300_000, 100_000, drawdown="pro rata"))
    assert first == pytest.approx(3 * second)
    assert first.sum() + second.sum() == pytest.approx(270_000)
    together = drawn(capital(300_000, 100_000, drawdown="pro rata", cost=20_000))  # 540,000 needed
    assert [one.sum() for one in together] == pytest.approx([300_000, 100_000])


def test_bills_beyond_the_commitments_stay_owed() -> None:
    case = capital(100_000)
    assert drawn(case)[0].sum() == pytest.approx(100_000)
    assert case.row(case.model.funding.uncovered)[-1] == pytest.approx(170_000)
    assert case.row(case.model.flows.of["Charity"]).sum() == pytest.approx(-170_000)  # the provider bears it


def test_bills_owed_are_paid_when_outcomes_are() -> None:
    """Before anything is repaid. The tariff pays in period 36."""
    case = capital(100_000, effect=0.12)
    owed = case.row(case.model.funding.uncovered)
    assert owed[34] == pytest.approx(170_000)
    assert owed[35] == 0
    assert case.row(case.model.flows.of["Charity"])[35] == pytest.approx(170_000)
    assert case.row(case.model.flows.of["Charity"]).sum() == pytest.approx(0)
    assert case.figure(case.model.returns.everyone.received) == pytest.approx(100_000)


def test_owed_bills_rank_alike() -> None:
    plain = data()
    plain["providers"] = [
        {"name": "Large", "fixed_per_month": 9000},
        {"name": "Little", "fixed_per_month": 3000},
    ]
    plain["funding"]["tranches"][0]["commitment"] = 50_000
    plain["funding"]["tranches"][1]["commitment"] = 40_000
    case = base_case(deal_of(plain))
    large, little = (case.row(one.owed.closing) for one in case.model.funding.arrears)
    assert large[29] == pytest.approx(0.75 * (27 * 12_000 - 90_000))
    assert large == pytest.approx(3 * little)


def test_outcome_payments_spare_a_draw() -> None:
    """The first cohort is paid in period 36, when a third cohort still needs money: it is kept from that cash."""
    plain = data()
    plain["months"] = 96
    plain["cohorts"].append({"name": "Third", "people": 100, "referrals": {"start": "2029-12", "months": 10}})
    plain["providers"] = [{"name": "Charity", "fixed_per_month": 10_000}]
    plain["funding"]["distributions_from"] = "2034-01"
    case = base_case(deal_of(plain))
    bills = case.row(case.model.providers[0].bill.line)
    assert bills[35:56] == pytest.approx(10_000)
    assert not case.row(case.model.funding.drawn)[35:].any()
    assert not case.row(case.model.funding.uncovered).any()


def test_a_commitment_of_nothing_is_never_drawn() -> None:
    first, second = drawn(capital(0, 500_000))
    assert not first.any()
    assert second.sum() == pytest.approx(270_000)
    assert not drawn(capital(0, 0, drawdown="pro rata"))[0].any()
