"""Reserves, silos, triggers and guarantees beside each other: who holds cash, and when it moves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sibmodel.errors import DealError
from tests.deals import Case, base_case, data, deal_of, when

STEPS = [
    {"kind": "costs"},
    {"kind": "principal", "tranches": ["Capital"]},
    {"kind": "surplus to", "party": "Ministry"},
]


def plain(steps: list[dict[str, Any]] | None = None, **funding: Any) -> dict[str, Any]:
    """One cohort, £20,000 a month in periods 4 to 18 (bills of £300,000), and £200,000 paid early, in period 6."""
    made = data()
    made["cohorts"] = [
        {"name": "First", "people": 1000, "referrals": {"start": "2027-04", "months": 10}, "service_months": 6}
    ]
    made["providers"] = [{"name": "Charity", "fixed_per_month": 20_000}]
    made["payments"][0].update(price=0.01, fallback=None)
    early = {"kind": "standing charge", "name": "Early", "payers": [{"name": "Ministry"}], "start": "2027-06"}
    made["payments"].append({**early, "per_month": 200_000, "months": 1})
    made["funding"] = {
        "vehicle": "Vehicle",
        "tranches": [{"name": "Capital", "investor": "Bank", "commitment": 500_000}],
        "waterfall": STEPS if steps is None else steps,
        **funding,
    }
    return made


def case(steps: list[dict[str, Any]] | None = None, **funding: Any) -> Case:
    return base_case(deal_of(plain(steps, **funding)))


def pounds(row: Any) -> dict[int, float]:
    return {period: round(value) for period, value in when(row).items() if abs(value) >= 0.5}


BILLS = 20_000
WITH_RESERVE = [STEPS[0], {"kind": "reserve", "reserve": "Kept"}, *STEPS[1:]]


def test_without_a_reserve_what_comes_early_goes_out_and_is_drawn_again() -> None:
    """Receipts of 200,000 in period 6 repay the 40,000 drawn, the rest leaves; all later bills are drawn."""
    drawn = pounds(case().row_of("Drawn"))
    assert drawn == dict.fromkeys([4, 5, *range(7, 19)], BILLS)


def test_a_reserve_of_the_coming_bills_is_used_before_capital_is_drawn() -> None:
    """Period 6: 20,000 of bills; 180,000 for the reserve, which pays nine more months; 3 are drawn."""
    made = case(WITH_RESERVE, reserves=[{"name": "Kept", "months_of_bills": 12}])
    assert pounds(made.row_of("Kept: used for bills")) == dict.fromkeys(range(7, 16), BILLS)
    assert pounds(made.row_of("Drawn")) == dict.fromkeys([4, 5, 16, 17, 18], BILLS)
    assert made.figure(made.model.checks.failing) == 0


def test_a_reserve_looks_as_far_ahead_as_it_is_told_and_releases_the_rest() -> None:
    """Three months of bills, 60,000 from period 6: the rest repays 40,000 and leaves 80,000 for the Ministry."""
    made = case(WITH_RESERVE, reserves=[{"name": "Kept", "months_of_bills": 3}])
    assert pounds(made.row_of("Kept: balance, closing")) == {6: 60_000, 7: 40_000, 8: 20_000}
    assert pounds(made.row_of("Step 4, surplus to Ministry: paid"))[6] == 80_000


def test_near_the_end_the_target_is_what_is_still_to_come() -> None:
    made = case(WITH_RESERVE, reserves=[{"name": "Kept", "months_of_bills": 6}])
    target = made.row_of("Kept: target now")
    to_come = [sum(made.row_of("Bills of the month")[later : later + 6]) for later in range(1, 73)]
    assert target == pytest.approx(to_come)


def test_an_amount_is_kept_until_the_month_of_release() -> None:
    """Drawn bills keep being drawn only once the reserve is empty; what is left is released in period 30."""
    kept = {"name": "Kept", "target": 150_000, "from": "2027-05", "release": "2027-10"}
    made = case(WITH_RESERVE, reserves=[kept])
    balance = pounds(made.row_of("Kept: balance, closing"))
    assert balance == {6: 150_000, 7: 130_000, 8: 110_000, 9: 90_000}
    assert pounds(made.row_of("Kept: released")) == {10: 90_000}


def test_several_reserves_are_used_in_their_order() -> None:
    steps = [STEPS[0], {"kind": "reserve", "reserve": "A"}, {"kind": "reserve", "reserve": "B"}, *STEPS[1:]]
    made = case(steps, reserves=[{"name": "A", "target": 30_000}, {"name": "B", "target": 50_000}])
    assert pounds(made.row_of("A: used for bills")) == {7: 20_000, 8: 10_000}
    assert pounds(made.row_of("B: used for bills")) == {8: 10_000, 9: 20_000, 10: 20_000}


def test_a_silo_may_pay_into_the_main_account_in_time_for_the_months_bills() -> None:
    steps = [*STEPS, {"kind": "to main account", "silo": "Pot"}]
    made = case(steps, silos=[{"name": "Pot", "payments": ["Early"]}])
    assert pounds(made.row_of("Drawn")) == pounds(case().row_of("Drawn"))
    assert pounds(made.row_of("Vehicle: received")) == pounds(made.row_of("Tariff: paid"))
    assert made.figure(made.model.checks.failing) == 0


def test_a_silo_keeps_what_no_step_takes() -> None:
    steps = [*STEPS, {"kind": "surplus to", "silo": "Pot", "party": "Ministry", "from": "2028-01"}]
    made = case(steps, silos=[{"name": "Pot", "payments": ["Early"]}])
    assert pounds(made.row_of("Pot: cash, closing")) == dict.fromkeys(range(6, 13), 200_000)
    assert pounds(made.row_of("Step 4, surplus to Ministry: paid")) == {13: 200_000}
    assert sum(pounds(made.row_of("Drawn")).values()) == 300_000


@pytest.mark.parametrize(("first", "last", "paid"), [("2027-01", "2027-05", {}), ("2027-06", "2027-06", {6: 40_000})])
def test_a_step_is_on_from_one_month_until_another(first: str, last: str, paid: dict[int, float]) -> None:
    steps = [STEPS[0], {**STEPS[1], "from": first, "until": last}]
    assert pounds(case(steps).row_of("Step 2, principal: paid")) == paid


def test_a_step_after_a_tranche_is_repaid() -> None:
    """Junior waits for Senior's principal and interest; in period 6 it stands before Senior, who is still owed."""
    tranches = [
        {"name": "Senior", "investor": "Bank", "commitment": 20_000, "coupon": 0.1},
        {"name": "Junior", "investor": "Trust", "commitment": 400_000},
    ]
    steps = [
        STEPS[0],
        {"kind": "principal", "tranches": ["Junior"], "after": {"repaid": "Senior"}},
        {"kind": "principal", "tranches": ["Senior"]},
        {"kind": "interest", "tranches": ["Senior"]},
    ]
    made = case(steps, tranches=tranches)
    assert list(when(made.row_of("Step 2, principal: on"))) == list(range(7, 73))
    assert pounds(made.row_of("Step 3, principal: paid")) == {6: 20_000}
    assert pounds(made.row_of("Step 2, principal: paid"))[7] == 20_000  # all that had been drawn
    assert made.row_of("Vehicle: cash, closing")[5] > 0


def test_a_tranche_that_is_never_needed_holds_nobody_up_once_no_bills_are_to_come() -> None:
    tranches = [
        {"name": "Grant", "investor": "Trust", "commitment": 400_000},
        {"name": "Spare", "investor": "Bank", "commitment": 100_000},
    ]
    steps = [
        STEPS[0],
        {"kind": "principal", "tranches": ["Spare"]},
        {"kind": "principal", "tranches": ["Grant"], "after": {"repaid": "Spare"}},
    ]
    made = case(steps, tranches=tranches)
    assert next(iter(pounds(made.row_of("Step 3, principal: on")))) == 18


@pytest.mark.parametrize(("at_least", "pays"), [(0.12, True), (0.121, False)])
@pytest.mark.parametrize("cohort", [None, "First"])
def test_a_step_waits_for_a_measured_effect(at_least: float, pays: bool, cohort: str | None) -> None:
    """12 % is measured, decided in period 35."""
    when_ = {"at_least": at_least} if cohort is None else {"at_least": at_least, "cohort": cohort}
    made = case([STEPS[0], {**STEPS[1], "when": when_}])
    on = list(when(made.row_of("Step 2, principal: on")))
    assert on == (list(range(35, 73)) if pays else [])


def test_the_guarantors_fee_is_a_bill_on_the_opening_principal() -> None:
    given = {"kind": "full", "guarantor": "State", "tranches": ["Capital"], "fee": 0.012, "call": "2027-12"}
    made = case([STEPS[0], {**STEPS[1], "from": "2028-01"}], guarantees=[given])
    principal = made.row_of("Capital: principal, opening")
    expected = np.where(np.arange(1, 73) <= 12, principal * 0.001, 0)
    assert made.row_of("Guarantee: fee") == pytest.approx(expected)
    called = made.row_of("Guarantee: to Capital")
    assert list(when(called)) == [12]
    assert made.row_of("Capital: principal, closing")[11] == pytest.approx(0)
    assert made.figure(made.model.checks.failing) == 0


def test_two_guarantees_of_one_tranche_pay_the_loss_once() -> None:
    """300,000 drawn, 40,000 repaid of it. First loss of 10 %: 30,000. Topped up to 50 %: 150,000 - 70,000 = 80,000."""
    guarantees = [
        {"kind": "first loss", "name": "F", "guarantor": "State", "tranches": ["Capital"], "share": 0.1},
        {"kind": "top up", "name": "T", "guarantor": "City", "tranches": ["Capital"], "up_to": 0.5},
    ]
    made = case(guarantees=guarantees)
    assert sum(made.row_of("Drawn")) == pytest.approx(320_000 - 40_000)
    drawn = 280_000
    repaid = sum(made.row_of("Step 2, principal: paid"))
    first = min(drawn - repaid, 0.1 * drawn)
    assert made.figure_of("F: paid in all") == pytest.approx(first)
    assert made.figure_of("T: paid in all") == pytest.approx(max(0.5 * drawn - repaid - first, 0))


# ── what is refused ────────────────────────────────────────────────────────────────────────────


def refused(steps: list[dict[str, Any]] | None = None, **funding: Any) -> str:
    with pytest.raises(DealError) as error:
        case(steps, **funding)
    return str(error.value)


SILO = {"silos": [{"name": "Pot", "payments": ["Early"]}]}
POT = [*STEPS, {"kind": "surplus to", "silo": "Pot", "party": "Ministry"}]
GUARANTEE = {"kind": "full", "guarantor": "State", "tranches": ["Capital"]}


@pytest.mark.parametrize(
    ("steps", "funding", "said"),
    [
        ([{**STEPS[0], "silo": "Pot"}, *STEPS[1:]], SILO, "A step of kind costs pays from the main account."),
        ([*STEPS, {**STEPS[1], "silo": "Pott"}], SILO, '"Pott" is not a silo of this deal. Did you mean "Pot"?'),
        ([*STEPS, {**STEPS[1], "silo": "Pot"}], {}, "There are no silos. List it under `silos`"),
        ([*STEPS, {"kind": "to main account"}], SILO, "It names no silo."),
        (STEPS, SILO, 'No step of the waterfall pays from "Pot".'),
        (POT, {"silos": [{"name": "Pot", "payments": ["Erly"]}]}, 'Did you mean "Early"?'),
        (POT, {"silos": [{"name": "Pot", "payments": []}]}, "There are no payments."),
        (POT, {"silos": [{"name": "Capital", "payments": ["Early"]}]}, "is what another account, a tranche"),
        (POT, {"silos": [{"name": "Pot", "payments": ["Early", "Early"]}]}, '"Early" goes to "Pot" already.'),
        ([{**STEPS[0], "from": "2027-05"}], {}, "Bills cannot wait for a trigger."),
        ([*WITH_RESERVE], {}, "There are no reserves."),
        (STEPS, {"reserves": [{"name": "Kept", "target": 1}]}, 'No step of the waterfall fills "Kept".'),
        (WITH_RESERVE, {"reserves": [{"name": "Kept"}]}, "needs one of: target, months_of_bills."),
        (WITH_RESERVE, {"reserves": [{"name": "Keptt", "target": 1}]}, 'Did you mean "Keptt"?'),
        ([STEPS[0], {**STEPS[1], "after": {"repaid": "Capitol"}}], {}, 'Did you mean "Capital"?'),
        ([*STEPS[:2], {**STEPS[2], "from": "2028-01", "until": "2027-01"}], {}, "2027-01 is before 2028-01."),
        ([*STEPS[:2], {**STEPS[2], "when": {"at_least": 0.1, "cohort": "Frist"}}], {}, 'Did you mean "First"?'),
        ([*STEPS[:2], {**STEPS[2], "when": {"at_least": 0.1, "metric": "X"}}], {}, '"X" is not a measure'),
        ([*STEPS, STEPS[1]], {}, "comes after the surplus, which leaves nothing."),
        ([*STEPS[:2], {"kind": "surplus", "tranches": ["Capital"], "up_to": {}}], {}, "needs one of: irr, multiple."),
        (STEPS, {"guarantees": [{**GUARANTEE, "tranches": []}]}, "There are no tranches."),
        (STEPS, {"guarantees": [{**GUARANTEE, "tranches": ["Capitl"]}]}, 'Did you mean "Capital"?'),
        (STEPS, {"guarantees": [{**GUARANTEE, "guarantor": "Bank"}]}, '"Bank" holds "Capital" itself.'),
        (STEPS, {"guarantees": [{**GUARANTEE, "guarantor": "Vehicle"}]}, '"Vehicle" is what the vehicle'),
        (STEPS, {"guarantees": [{**GUARANTEE, "call": "2040-01"}]}, "2040-01 is after the last month."),
        (STEPS, {"guarantees": [GUARANTEE, GUARANTEE]}, 'are named "Guarantee"'),
        (STEPS, {"guarantees": [{**GUARANTEE, "name": "Early"}]}, '"Early" is what payments are called'),
        (STEPS, {"guarantees": [{**GUARANTEE, "name": "Capital"}]}, '"Capital" is what tranches are called'),
        (WITH_RESERVE, {"reserves": [{"name": "Kept", "target": 1, "release": "2040-01"}]}, "never be released."),
        ([STEPS[0], {**STEPS[1], "from": "2040-01"}], {}, "2040-01 is after the last month."),
        (
            STEPS,
            {"income": [{"name": "Sales", "payer": "Shop", "per_month": 1, "start": "2040-01"}]},
            "2040-01 is after the last month.",
        ),
        (
            STEPS,
            {"income": [{"name": "Early", "payer": "Shop", "per_month": 1, "start": "2027-01"}]},
            '"Early" is what payments',
        ),
        (
            STEPS,
            {"income": [{"name": "Sales", "payer": "Vehicle", "per_month": 1, "start": "2027-01"}]},
            '"Vehicle" is what the vehicle',
        ),
    ],
)
def test_what_does_not_hang_together(steps: list[dict[str, Any]], funding: dict[str, Any], said: str) -> None:
    assert said in refused(steps, **funding)


def test_after_a_capped_surplus_or_one_that_may_be_off_other_steps_may_follow() -> None:
    surplus = {"kind": "surplus", "tranches": ["Capital"]}
    case([*STEPS[:2], {**surplus, "up_to": {"irr": 0.05}}, {**surplus, "until": "2028-01"}, STEPS[2]])
