"""Contract mechanics written as deal files, without touching code: tables, prices, savings, caps, thresholds, designs.

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
    "01-step-table": 300_000 + 100_000,
    "02-straight-lines": 200_000 + 2 * 60_000 + 2 * 40_000,
    "03-steps-or-lines": 200_000,
    "04-unit-price": 8_000 * (60 + 17.5),
    "09-share-of-savings": 5_000 * (25 / 2 + 35 + 12.5 / 2 + 5),
    "10-stream-and-stock": 2_452 * (60 + 17.5),
    "11-composite-index": 10_000_000 * (1_000 * 0.12 + 500 * 0.07) / 1_500 * 15 / 16,
    "12-sliding-scale": 400_000 * (0.76 + 0.36),
    "15-caps": 230_000 + 240_000,
    "16-vintages-and-pool": 8_000 * (60 + 17.5),
    "22-carry-forward": 8_000 * 20,
    "23-historical-then-randomised": 8_000 * (50 + 17.5),
    "24-blend": 8_000 * (60 + 22.5),
    "26-lags": 8_000 * (60 + 17.5),
    "27-measures": 100 * 427.5 + 1_000 * 75 + 10 * 855 + 10 * 202.5 + 5 * 3_000,
}
"""All outcome payments in the base case."""


def read(name: str) -> Deal:
    return read_terms(HERE / f"{name}.yaml", Deal)


def case(name: str) -> Case:
    return base_case(read(name))


@pytest.mark.parametrize("name", PAID)
def test_the_file_says_what_its_first_lines_say(name: str) -> None:
    made = case(name)
    assert made.figure_of("Outcome payments in all") == pytest.approx(PAID[name])
    assert made.figure(made.model.checks.failing) == 0


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "name", ["03-steps-or-lines", "11-composite-index", "15-caps", "24-blend", "27-measures", "27-segments"]
)
def test_the_workbook_agrees(name: str, tmp_path: Path) -> None:
    path = tmp_path / "deal.xlsx"
    write_workbook(run(read(name), paths=20), path)
    stored, again = stored_values(path), recalculate_ironcalc(path)
    for cell in formula_cells(path):
        if isinstance(stored[cell], float):
            assert again[cell] == pytest.approx(stored[cell], rel=1e-9, abs=0.005), cell


def test_the_switch_from_steps_to_lines() -> None:
    lines = read("03-steps-or-lines").replace("payments[0].reading", "straight lines")
    assert base_case(lines).figure_of("Outcome payments in all") == pytest.approx(PAID["02-straight-lines"])


def test_caps_say_which_binds() -> None:
    made = case("15-caps")
    cuts = {cut.cap: made.figure(cut.amount) for cut in made.model.payments[0].cuts}
    assert {name: round(amount) for name, amount in cuts.items() if amount > 0.005} == {
        "Tariff: cap a cohort, First": 80_000,
        "Tariff: cap a person, First": 50_000,
        "Contract's cap": 10_000,
        "Tariff: cap of Ministry": 10_000,
    }


def test_lags_add_up_to_the_month_of_payment() -> None:
    assert when(case("26-lags").row_of("Tariff: paid")) == pytest.approx({53: 480_000, 65: 140_000})


def test_the_pool_pays_once_and_at_its_own_time() -> None:
    assert sum(when(case("16-vintages-and-pool").row_of("Payment: paid")).values()) == pytest.approx(620_000)
