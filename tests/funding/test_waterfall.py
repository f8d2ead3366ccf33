"""The waterfall: each step gets up to what it asks of what is left, in the order of the file."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.deals import Case, base_case, data, deal_of, when


def paid_out(payment: float, waterfall: list[dict[str, Any]] | None = None, **funding: Any) -> Case:
    """The small deal with one payment of `payment` in period 36, and 390,000 drawn from each of two tranches.

    Senior is owed its principal of 390,000 and interest at 5 %; Junior its principal.
    """
    plain = data()
    plain["cohorts"] = [{"name": "First", "people": 1000, "referrals": {"start": "2027-04", "months": 10}}]
    plain["providers"] = [{"name": "Charity", "mobilisation": {"cost": 780_000, "start": "2027-01", "months": 1}}]
    plain["payments"][0].update(price=payment / (1000 * 1.55 * 0.12), fallback=None)
    plain["funding"].update(drawdown="pro rata", **funding)
    if waterfall is not None:
        plain["funding"]["waterfall"] = waterfall
    return base_case(deal_of(plain))


OWED = 390_000 * 1.05 ** (35 / 12) - 390_000
"""Senior's interest in period 36."""
COSTS = {"kind": "costs"}


def step(kind: str, *tranches: str) -> dict[str, Any]:
    return {"kind": kind, "tranches": list(tranches)}


def got(case: Case) -> list[float]:
    """What the steps pay in period 36, in their order."""
    return [float(case.row(one.paid)[35]) for one in case.model.funding.log]


@pytest.mark.parametrize(
    ("payment", "interest", "senior", "junior", "surplus"),
    [
        (30_000, 30_000, 0, 0, 0),
        (OWED, OWED, 0, 0, 0),
        (300_000, OWED, 300_000 - OWED, 0, 0),
        (390_000 + OWED, OWED, 390_000, 0, 0),
        (600_000, OWED, 390_000, 600_000 - 390_000 - OWED, 0),
        (1_000_000, OWED, 390_000, 390_000, 220_000 - OWED),
    ],
)
def test_interest_before_principal_and_senior_before_junior(
    payment: float, interest: float, senior: float, junior: float, surplus: float
) -> None:
    case = paid_out(payment)
    assert got(case) == pytest.approx([0, interest, senior, junior, surplus], abs=1e-6)
    assert case.row(case.model.funding.cash.closing)[35] == pytest.approx(0, abs=1e-6)


def test_each_step_says_what_it_asked_got_and_left() -> None:
    case = paid_out(600_000)
    left = 600_000.0
    for one in case.model.funding.log:
        asked, paid, rest = (case.row(line)[35] for line in (one.asked, one.paid, one.left))
        assert paid == pytest.approx(min(asked, left))
        left -= paid
        assert rest == pytest.approx(left, abs=1e-6)


def test_the_order_is_the_files() -> None:
    """Junior's principal before Senior's interest: whatever is signed."""
    case = paid_out(
        400_000,
        [COSTS, step("principal", "Junior"), step("principal", "Senior"), step("interest", "Senior")],
    )
    assert got(case) == pytest.approx([0, 390_000, 10_000, 0])


def test_tranches_of_one_step_share_in_proportion_to_what_they_are_owed() -> None:
    case = paid_out(
        130_000,
        [COSTS, step("principal", "Senior", "Junior"), step("interest", "Senior")],
        tranches=[
            {"name": "Senior", "commitment": 900_000, "coupon": 0.05},
            {"name": "Junior", "commitment": 100_000},
        ],
    )
    senior, junior = case.model.returns.tranches
    assert case.figure(senior.received) == pytest.approx(117_000)
    assert case.figure(junior.received) == pytest.approx(13_000)


def test_interest_that_is_not_paid_is_paid_later_with_interest_on_it() -> None:
    case = paid_out(10_000)
    rolled = case.row(case.model.funding.tranches[0].interest.closing)
    assert rolled[35] == pytest.approx(OWED - 10_000)
    assert rolled[47] == pytest.approx((OWED - 10_000) + 0.05 * (390_000 + OWED - 10_000))


def test_surplus_is_shared_by_what_each_has_put_in() -> None:
    case = paid_out(
        1_000_000,
        [COSTS, step("principal", "Senior", "Junior"), step("surplus", "Senior", "Junior")],
        tranches=[{"name": "Senior", "commitment": 750_000}, {"name": "Junior", "commitment": 250_000}],
    )
    senior, junior = case.model.returns.tranches
    assert case.figure(senior.received) == pytest.approx(750_000)
    assert case.figure(junior.received) == pytest.approx(250_000)
    assert case.figure(senior.irr) == pytest.approx(case.figure(junior.irr))


def test_surplus_may_go_to_another_party() -> None:
    case = paid_out(
        1_000_000,
        [
            COSTS,
            step("interest", "Senior"),
            step("principal", "Senior", "Junior"),
            {"kind": "surplus to", "party": "Ministry"},
        ],
    )
    surplus = 220_000 - OWED
    assert case.row(case.model.flows.of["Ministry"])[35] == pytest.approx(-0.6 * 1_000_000 + surplus)
    assert case.figure(case.model.returns.everyone.received) == pytest.approx(780_000 + OWED)
    assert case.figure(case.model.commissioning.by_payer["Ministry"]) == pytest.approx(600_000)  # the bill is gross


def test_without_a_step_for_it_the_surplus_stays_in_the_vehicle() -> None:
    case = paid_out(1_000_000, [COSTS, step("interest", "Senior"), step("principal", "Senior", "Junior")])
    assert case.row(case.model.funding.cash.closing)[-1] == pytest.approx(220_000 - OWED)


def test_a_tranche_in_two_steps_is_paid_what_it_is_owed_once() -> None:
    """Senior first alone, then with Junior: the second step asks for what the first has left."""
    waterfall = [
        COSTS,
        step("interest", "Senior"),
        step("principal", "Senior"),
        step("interest", "Senior"),
        step("principal", "Senior", "Junior"),
        step("surplus", "Junior"),
    ]
    for payment in (100_000, 500_000, 1_000_000):
        case = paid_out(payment, waterfall)
        plain = paid_out(payment)
        for one, other in zip(case.model.returns.tranches, plain.model.returns.tranches, strict=True):
            assert case.row(one.flow) == pytest.approx(plain.row(other.flow), abs=1e-6)
        assert case.row(case.model.funding.tranches[0].principal.closing).min() >= 0


def test_before_distributions_open_receipts_are_kept_for_bills() -> None:
    """Paid in period 36, distributed from period 49, January 2031."""
    case = paid_out(1_000_000, distributions_from="2031-01")
    assert set(when(case.row(case.model.returns.everyone.back))) == {49}
    cash = case.row(case.model.funding.cash.closing)
    assert cash[34:48] == pytest.approx([0, *[1_000_000] * 13])
    assert cash[48] == pytest.approx(0)


def test_distributions_that_open_before_the_deal_are_open_at_once() -> None:
    early, at_once = paid_out(1_000_000, distributions_from="2020-01"), paid_out(1_000_000)
    for one in ("All investors: cash flow", "Vehicle: cash, closing"):
        assert np.array_equal(early.row_of(one), at_once.row_of(one))


def test_bills_come_before_investors_in_every_month() -> None:
    """A second cohort still served when the first is paid: nothing leaves for investors while a bill is open."""
    plain = data()
    plain["funding"]["tranches"][0]["commitment"] = 100_000
    plain["funding"]["tranches"][1]["commitment"] = 100_000
    plain["assumptions"]["effect"] = 0.101
    plain["payments"][0]["price"] = 3000
    case = base_case(deal_of(plain))
    owed = case.row(case.model.funding.uncovered)
    back = case.row(case.model.returns.everyone.back)
    assert owed.max() > 0
    assert not back[owed > 1e-6].any()


def test_in_the_ledger_all_parties_are_nil() -> None:
    case = paid_out(1_000_000)
    assert abs(case.row(case.model.flows.net)).max() < 1e-6
    assert set(case.model.flows.of) == {
        "Ministry", "Fund", "Vehicle", "Charity", "Staff and suppliers", "Bank", "Foundation",
    }  # fmt: skip
