"""Mechanics of capital written as deal files: draws, ranks, coupons, interest, investors.

Each file says in its first lines what it holds and how its figures come about; here they are typed in.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import pyxirr

from sibmodel.deal import Deal
from sibmodel.files import read_terms
from sibmodel.results import run
from sibmodel.workbook import write_workbook
from tests.deals import Case, base_case, when
from tests.workbook.judges import formula_cells, recalculate_ironcalc, stored_values

HERE = Path(__file__).parent
FILES = ("28-draws", "29-ranks", "32-performance-coupon", "34-interest", "36-investors")
ACTUAL_ACTUAL = pyxirr.DayCount.ACT_ACT_ISDA


def read(name: str) -> Deal:
    return read_terms(HERE / f"{name}.yaml", Deal)


def case(name: str) -> Case:
    return base_case(read(name))


def paid(made: Case, tranche: int, what: str) -> dict[int, float]:
    """What a tranche is paid of interest, principal or surplus, by period."""
    found: dict[int, float] = {}
    for line in getattr(made.model.funding.tranches[tranche], f"{what}_paid"):
        for period, amount in when(made.row(line)).items():
            found[period] = found.get(period, 0.0) + amount
    return found


@pytest.mark.parametrize("name", FILES)
def test_the_checks_hold(name: str) -> None:
    made = case(name)
    failing = [check.name for check in made.model.checks.every if not made.figure(check.holds)]
    assert failing == (["Bills are paid at once"] if name == "28-draws" else [])  # it says that Charity waits


@pytest.mark.no_cover
@pytest.mark.parametrize("name", FILES)
def test_the_workbook_agrees(name: str, tmp_path: Path) -> None:
    path = tmp_path / "deal.xlsx"
    write_workbook(run(read(name), paths=20), path)
    stored, again = stored_values(path), recalculate_ironcalc(path)
    for cell in formula_cells(path):
        if isinstance(stored[cell], float):
            assert again[cell] == pytest.approx(stored[cell], rel=1e-9, abs=0.005), cell


def test_28_draws_by_schedule_on_conditions_and_cancelled() -> None:
    made = case("28-draws")
    senior, reserve = made.model.funding.tranches
    assert when(made.row(senior.drawn)) == pytest.approx({1: 100_000, 13: 200_000, 30: 150_000})
    assert when(made.row(reserve.drawn)) == pytest.approx({30: 70_000})
    assert when(made.row_of("Senior: cancelled")) == pytest.approx({48: 450_000})
    assert made.row(made.model.funding.uncovered)[[17, 18, 28, 29]] == pytest.approx([0, 20_000, 220_000, 0])
    assert paid(made, 0, "principal") == pytest.approx({31: 450_000})
    assert paid(made, 1, "principal") == pytest.approx({31: 30_000, 43: 40_000})
    assert paid(made, 1, "surplus") == pytest.approx({43: 100_000})


def test_29_each_rank_has_its_own_coupon() -> None:
    made = case("29-ranks")
    back = [
        sum(paid(made, place, what).get(25, 0) for what in ("interest", "principal", "surplus")) for place in range(6)
    ]
    assert back == pytest.approx([0, 124_460, 50_000, 121_000, 104_040, 220_500])
    rates = {one.who: made.figure(one.irr) for one in made.model.returns.tranches}
    assert rates == pytest.approx(
        {"Equity": 1.2446**0.5 - 1, "Recyclable": 0, "Junior": 0.1, "Deferred": 0.02, "Senior": 0.05}, abs=1e-12
    )
    assert made.figure(made.model.returns.everyone.invested) == pytest.approx(550_000)


def test_32_the_least_coupon_then_performance() -> None:
    made = case("32-performance-coupon")
    assert paid(made, 0, "interest") == pytest.approx({13: 75_000, 25: 89_400, 37: 50_000, 49: 126_000})
    assert paid(made, 0, "principal") == pytest.approx({61: 1_000_000})
    (surplus,) = made.model.ledger.received("Ministry", "Surplus")
    assert made.row(surplus).sum() == pytest.approx(243_600)


def test_34_interest_on_true_dates() -> None:
    made = case("34-interest")
    notes, loan, bond = (made.model.returns.tranches[place] for place in range(3))
    assert made.figure(notes.invested) == pytest.approx(98_000)
    assert paid(made, 0, "interest")[7] == pytest.approx(100_000 * 0.08 * 181 / 365)
    assert sum(paid(made, 0, "interest").values()) == pytest.approx(100_000 * 0.08 * 731 / 365)
    ends = [date(2027, 1, 31), date(2027, 4, 30), date(2027, 7, 31), date(2027, 10, 31), date(2028, 1, 31)]
    ends += [date(2028, 4, 30), date(2028, 7, 31), date(2028, 10, 31), date(2029, 1, 31)]
    owed = 100_000.0
    for begun, ended in pairwise(ends):
        owed *= 1 + 0.06 * pyxirr.year_fraction(begun, ended, ACTUAL_ACTUAL)
    assert paid(made, 1, "interest") == pytest.approx({25: owed - 100_000})
    assert made.figure(loan.received) == pytest.approx(owed)
    assert paid(made, 2, "interest") == pytest.approx({13: 5000, 25: 5000})
    assert made.figure(bond.irr) == pytest.approx(0.05)


def test_36_investors_share_interim_repayment() -> None:
    made = case("36-investors")
    assert paid(made, 0, "interest") == pytest.approx({13: 24_000, 25: 18_000, 37: 12_000})
    assert paid(made, 0, "principal") == pytest.approx({13: 100_000, 25: 100_000, 37: 200_000})
    assert paid(made, 0, "fees") == pytest.approx({1: 4000})
    flows = made.model.flows.of
    assert made.row(flows["Bank"]) == pytest.approx(0.5 * made.row(made.model.returns.everyone.flow))
    reached = {one.who: made.figure(one.target.met) for one in made.model.returns.investors if one.target is not None}
    assert reached == {"Investor Bank": 1, "Investor Foundation": 1, "Investor Fund": 0}


def test_36_a_bullet_from_the_same_terms() -> None:
    """Only the repayment differs: then interest is £24,000 in each of three years."""
    plain = read("36-investors").plain()
    plain["funding"]["tranches"][0]["repayment"] = {"kind": "bullet", "month": "2030-01"}
    made = base_case(Deal.model_validate(plain))
    assert paid(made, 0, "interest") == pytest.approx({13: 24_000, 25: 24_000, 37: 24_000})
    assert paid(made, 0, "principal")[37] == pytest.approx(400_000)
