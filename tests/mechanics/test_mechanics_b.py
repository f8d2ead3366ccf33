"""Contract mechanics written as deal files, without touching code: milestones, rate cards, fees, claw-back, hurdles.

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
PAID = {
    "05-milestone-ladder": 480 * 1000 + 336 * 1500 + 268.8 * 2000 + 241.92 * 2500,
    # 1,914,480 for the first cohort and 942,240 for the second, cut to £1,700 for each of 1,000 and 500 people
    "06-rate-card": 1_700_000 + 850_000,
    "07-all-or-nothing": 300 * 4000,
    "08-uplift-and-volume-cap": 500 * 1100 + 300 * 2200,
    "13-bonus-and-malus": 4 * 30_000 - 2 * 20_000,
    "14-standing-charge": 12 * 25_000 + 12 * 26_000 + 6 * 27_040 + 400_000 * 1.04**2 + 200_000 * 1.04**3,
    "18-engagement-floor": 750_000 * 45 / 60,
    "19-hurdle": 475 * 2000,
    "19-significance": 50 * 6000 - 25 * 6000,
    "20-clawback": 40_000_000 - 2_000_000,
    "20-foundation": 50 * 8000 + 10 * 8000,
    "20-quarterly-top-up": 40 * 20_000,
    "21-fee-for-service": 480_000 + 456_000 * (1 - 0.1375) + 120_000 + 75_000,
}
"""All outcome payments less what is paid back, in the base case."""


def read(name: str) -> Deal:
    return read_terms(HERE / f"{name}.yaml", Deal)


def case(name: str) -> Case:
    return base_case(read(name))


@pytest.mark.parametrize("name", PAID)
def test_the_file_says_what_its_first_lines_say(name: str) -> None:
    made = case(name)
    assert made.figure_of("Outcome payments in all") == pytest.approx(PAID[name])
    assert made.figure(made.model.checks.failing) == 0


def test_the_ladder_is_paid_after_6_24_36_and_54_months() -> None:
    """The first start in period 4, paid a month later: 11, 29, 41, 59."""
    paid = when(case("05-milestone-ladder").row_of("Ladder: paid"))
    assert list(paid) == [*range(11, 23), *range(29, 53), *range(59, 71)]


def test_the_rate_card_says_which_cap_binds() -> None:
    made = case("06-rate-card")
    cuts = {cut.cap: made.figure(cut.amount) for cut in made.model.payments[0].cuts}
    assert cuts == pytest.approx(
        {
            "Card: Assessed, cap": 15_000,
            "Card: cap a person, First": 1_914_480 - 1_700_000,
            "Card: cap a person, Second": 942_240 - 850_000,
        }
    )


@pytest.mark.parametrize(
    ("name", "payment", "owed"),
    [
        ("13-bonus-and-malus", "Bonus and malus", {50: 40_000}),
        ("19-significance", "Outside the zone", {}),  # in the month in which more is paid than deducted
        ("20-clawback", "Core contract", {50: 2_000_000}),
        ("20-foundation", "Foundation", {50: 20_000}),
        ("21-fee-for-service", "Fee", {28: 62_700 - 38_000}),  # less the month's instalment, a twelfth of 456,000
    ],
)
def test_what_is_owed_back_is_paid_back_by_the_vehicle(name: str, payment: str, owed: dict[int, float]) -> None:
    made = case(name)
    back = [one for one in made.model.ledger.transfers if one.label == f"{payment} owed back"]
    assert [(one.payer, one.payee) for one in back] == [("Vehicle", "Ministry")]
    assert when(made.row(back[0].line)) == pytest.approx(owed)
    assert when(made.row(made.model.flows.net)) == {}


def test_the_contract_may_be_ended_once_a_rise_is_settled() -> None:
    assert list(when(case("19-significance").row_of("Outside the zone: the contract may be ended"))) == [*range(38, 73)]


def test_the_pot_for_results_is_what_the_fee_leaves() -> None:
    made = case("21-fee-for-service")
    assert made.figure_of("Fee: pot for results, year 1") == pytest.approx(120_000)
    assert made.figure_of("Fee: pot for results, year 2") == pytest.approx(144_000)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "name", ["06-rate-card", "14-standing-charge", "19-hurdle", "20-foundation", "21-fee-for-service"]
)
def test_the_workbook_gives_the_same_figures(name: str, tmp_path: Path) -> None:
    """Every formula, recalculated by another program from poisoned results."""
    book = tmp_path / f"{name}.xlsx"
    write_workbook(run(read(name), paths=64), book)
    ours, theirs = stored_values(book), recalculate_ironcalc(book)
    formulas = formula_cells(book)
    assert len(formulas) > 5_000
    wrong = {
        cell: (ours.get(cell), theirs.get(cell)) for cell in formulas if not _same(ours.get(cell), theirs.get(cell))
    }
    assert not wrong


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return ours == pytest.approx(theirs, rel=1e-7, abs=1e-6)
    return ours == theirs or (ours in (None, "") and theirs in (None, ""))
