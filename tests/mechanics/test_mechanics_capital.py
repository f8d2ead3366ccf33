"""Contract mechanics of capital written as deal files: silos, guarantees, return caps, recycling.

Each file says in its first lines what it holds and how its figures come about; here they are typed in. The number of
a file is that of the mechanic, in the list of what signed contracts contain.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sibmodel.deal import Deal
from sibmodel.files import read_terms
from sibmodel.results import run
from sibmodel.workbook import write_workbook
from tests.deals import Case, base_case, when
from tests.workbook.judges import formula_cells, recalculate_ironcalc, stored_values

HERE = Path(__file__).parent
NAMES = ["30-silos", "31-guarantees", "32-return-cap", "35-recycling"]


def read(name: str) -> Deal:
    return read_terms(HERE / f"{name}.yaml", Deal)


def case(name: str) -> Case:
    return base_case(read(name))


def received(made: Case) -> dict[str, float]:
    return {one.who: made.figure(one.received) for one in made.model.returns.tranches}


@pytest.mark.parametrize("name", NAMES)
def test_every_check_holds(name: str) -> None:
    made = case(name)
    assert made.figure(made.model.checks.failing) == 0


def test_each_note_is_repaid_by_its_own_measure_alone() -> None:
    made = case("30-silos")
    assert received(made) == pytest.approx({"Events notes": 200_000, "Reoffending notes": 150_000})
    assert sum(made.row_of("Step 3, surplus to Charity: paid")) == pytest.approx(250_000)
    assert when(made.row_of("Step 2, principal: paid")) == pytest.approx({38: 200_000})
    assert when(made.row_of("Step 4, principal: paid")) == pytest.approx({38: 100_000, 50: 50_000})


def test_top_up_first_loss_and_protection_differ() -> None:
    made = case("31-guarantees")
    back = {"Topped up": 75_000, "With first loss": 40_000, "Protected": 100_000, "Exposed": 30_000}
    assert received(made) == pytest.approx(back)
    costs = {one.name: made.figure(one.paid_in_all) for one in made.model.funding.guarantees}
    assert costs == pytest.approx({"Top-up": 45_000, "First loss": 10_000, "Protection": 70_000})
    assert when(made.row(made.model.flows.of["State"])) == pytest.approx({72: -80_000})


def test_investors_are_paid_up_to_the_rate_and_no_more() -> None:
    made = case("32-return-cap")
    most = 400_000 * 1.08 ** (37 / 12)
    assert received(made)["Capital"] == pytest.approx(most)
    assert made.figure(made.model.returns.everyone.irr) == pytest.approx(0.08)
    assert sum(made.row_of("Step 5, surplus to Ministry: paid")) == pytest.approx(1_200_000 - most)


def test_once_the_stated_period_is_over_all_surplus_goes_on() -> None:
    """Paid in month 38, February 2030."""
    made = base_case(read("32-return-cap").replace("funding.waterfall[3].until", "2030-01"))
    assert received(made)["Capital"] == pytest.approx(400_000 * 1.03 ** (37 / 12))


def test_a_multiple_caps_as_well() -> None:
    deal = read("32-return-cap").replace("funding.waterfall[3].up_to", {"multiple": 1.5})
    assert received(base_case(deal))["Capital"] == pytest.approx(600_000)
    both = deal.replace("funding.waterfall[3].up_to", {"multiple": 1.5, "irr": 0.08})
    assert received(base_case(both))["Capital"] == pytest.approx(400_000 * 1.08 ** (37 / 12))


def test_receipts_and_trading_income_pay_bills_before_capital_does() -> None:
    made = case("35-recycling")
    assert sum(made.row_of("Drawn")) == pytest.approx(32_500)
    assert received(made)["Capital"] == pytest.approx(23_100)
    assert when(made.row_of("Shop")) == pytest.approx(
        {**dict.fromkeys(range(4, 16), 3_000), **dict.fromkeys(range(16, 28), 3_300)}
    )


@pytest.mark.no_cover
@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_agrees(name: str, tmp_path: Path) -> None:
    path = tmp_path / "deal.xlsx"
    write_workbook(run(read(name), paths=20), path)
    stored, again = stored_values(path), recalculate_ironcalc(path)
    for cell in formula_cells(path):
        if isinstance(stored[cell], float):
            assert again[cell] == pytest.approx(stored[cell], rel=1e-9, abs=0.005), cell
