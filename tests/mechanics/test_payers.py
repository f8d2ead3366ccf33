"""Who pays: shares by outcome and by date, a payer's caps, which caps bind, and what an outcome by each measure costs.

The figures are worked out by hand in the first lines of `39-payers.yaml`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sibmodel.deal import Deal
from sibmodel.errors import DealError
from sibmodel.files import read_terms
from sibmodel.lines import Line
from sibmodel.payments import caps_of
from sibmodel.results import document, run
from sibmodel.views import VIEWS
from sibmodel.views.common import Constant, Figure
from sibmodel.views.summary import summary
from tests.deals import Case, base_case, deal_of, when
from tests.deals import paths as in_paths
from tests.workbook.exported import export_deal, shocked
from tests.workbook.judges import IroncalcBook

HERE = Path(__file__).parent
TERMINATION = HERE / "19-termination.yaml"
FILE = HERE / "39-payers.yaml"
JOBS = 1_000_000 / 12 * 0.4


def read() -> Deal:
    return read_terms(FILE, Deal)


@pytest.fixture(scope="module")
def case() -> Case:
    return base_case(read())


def changed(**parts: Any) -> Deal:
    return deal_of({**read().plain(), **parts})


def fault(**parts: Any) -> str:
    with pytest.raises(DealError) as error:
        changed(**parts)
    return str(error.value)


def payers_of_jobs(*payers: dict[str, Any]) -> list[dict[str, Any]]:
    payments: list[dict[str, Any]] = read().plain()["payments"]
    payments[0]["payers"] = list(payers)
    return payments


# ── what is paid ───────────────────────────────────────────────────────────────────────────────


def test_each_payer_pays_what_the_first_lines_say(case: Case) -> None:
    bill = {name: case.figure(line) for name, line in case.model.commissioning.by_payer.items()}
    assert bill == pytest.approx({"Council": 460_000, "Top-up fund": 195_000, "Ministry": 310_000 + 12_000})
    assert case.figure_of("Outcome payments in all") == pytest.approx(977_000)
    assert when(case.row(case.model.flows.net)) == {}


def test_a_share_changes_in_its_month(case: Case) -> None:
    """Period 8 is 2027-08, period 13 is 2028-01, period 20 is 2028-08, period 23 is 2028-11."""
    paid = when(case.row_of("Jobs: share of Top-up fund"))
    first, second = JOBS, JOBS / 2
    expected = {**dict.fromkeys(range(8, 13), first * 0.5), **dict.fromkeys(range(13, 20), first * 0.2)}
    assert paid == pytest.approx({**expected, **dict.fromkeys(range(20, 23), second * 0.2)})
    council = when(case.row_of("Jobs: paid by Council"))
    assert council[23] == pytest.approx(second)


def test_what_caps_cut_off(case: Case) -> None:
    cuts = {name: case.figure(cut.amount) for name, cut in caps_of(case.model.payments)}
    assert cuts == pytest.approx(
        {
            "Jobs: cap of Top-up fund": 10_000,
            "Jobs: cap of Top-up fund over all payments": 0,
            "Reoffending: cap of Top-up fund over all payments": 12_500,
        }
    )


def test_payments_in_one_month_share_a_payers_cap_in_their_order() -> None:
    """Of two charges of £1,000 in the same months, up to £15,500: the first gets 8, the second 7 and a half."""
    charge = {"kind": "standing charge", "payers": [{"name": "Ministry"}], "per_month": 1000}
    both = [{**charge, "name": name, "start": "2027-04", "months": 12} for name in ("One", "Two")]
    made = base_case(changed(payments=both, payer_caps={"Ministry": 15_500}))
    assert made.row_of("One: paid").sum() == pytest.approx(8_000)
    assert made.row_of("Two: paid").sum() == pytest.approx(7_500)
    assert list(when(made.row_of("Two: paid")).values()) == pytest.approx([1000] * 7 + [500])
    assert made.figure(made.model.checks.failing) == 0


def test_what_is_owed_back_is_owed_by_the_months_shares() -> None:
    """10 % worse: 50 and 25 reoffenders more, at £1,000, in the periods 38 (2030-02) and 50 (2031-02)."""
    payers = [
        {"name": "Ministry", "share": 1, "later_shares": [{"start": "2031-01", "share": "60%"}]},
        {"name": "Fund", "share": 0, "later_shares": [{"start": "2031-01", "share": "40%"}]},
    ]
    tariff = {"kind": "tariff", "name": "Two-way", "metric": "Reoffend", "price": 1000, "worse": "owed back"}
    worse = {**read().plain()["assumptions"], "effect": "-10%"}
    made = base_case(changed(payments=[{**tariff, "payers": payers}], payer_caps={}, assumptions=worse))
    assert when(made.row_of("Two-way: owed back to Ministry")) == pytest.approx({38: 50_000, 50: 15_000})
    assert when(made.row_of("Two-way: owed back to Fund")) == pytest.approx({50: 10_000})


# ── what it costs, and by which measure ────────────────────────────────────────────────────────


def test_the_cost_of_an_outcome_divides_payments_on_its_measure_only(case: Case) -> None:
    bill = case.model.commissioning
    costs = {one.metric: (case.figure(one.paid), case.figure(one.per_true)) for one in bill.costs}
    assert costs["Reoffend"] == pytest.approx((375_000, 375_000 / 77.5))
    assert costs["Job"] == pytest.approx((590_000, 590_000 / 600))
    assert bill.paid_without_measure is not None
    assert case.figure(bill.paid_without_measure) == pytest.approx(12_000)
    assert bill.costs[0].divides == "Payments on Reoffend by outcomes of Reoffend"


def test_each_milestone_of_a_card_has_its_own_paid_effect() -> None:
    """06-rate-card. The cap of £1,700 a person leaves 1,700,000 of 1,914,480, and 850,000 of 942,240, of every line
    alike; that on its line leaves 120,000 of 135,000 for those assessed: 90,000 and 30,000 of 45,000."""
    made = base_case(read_terms(HERE / "06-rate-card.yaml", Deal))
    first, second = 1_700_000 / 1_914_480, 850_000 / 942_240
    paid = {one.metric: [made.figure(cohort.paid) for cohort in one.cohorts] for one in made.model.effects}
    assert paid == {
        "Assessed": pytest.approx([first, second * 2 / 3]),
        "Housed": pytest.approx([0.6 * first, 0.6 * second]),
        **{f"Housed at {months} months": pytest.approx([0.8 * first, 0.8 * second]) for months in (6, 12, 18)},
    }
    costs = {one.metric: made.figure(one.paid) for one in made.model.commissioning.costs}
    assert costs["Assessed"] == pytest.approx(90_000 * first + 30_000 * second)
    assert costs["Housed at 12 months"] == pytest.approx(1500 * (384 * first + 192 * second))
    assert sum(costs.values()) == pytest.approx(1_700_000 + 850_000)


def test_money_is_for_one_measure_in_every_path() -> None:
    beliefs = {**read().plain()["assumptions"], "effect": {"normal": {"mean": 0.08, "sd": 0.08}}}
    made = in_paths(changed(assumptions=beliefs), 200)
    bill = made.model.commissioning
    assert bill.paid_without_measure is not None

    def in_all(line: Line) -> Any:
        return np.asarray(made.values[line])

    parts = sum(in_all(one.paid) for one in bill.costs)
    assert parts + 12_000 == pytest.approx(in_all(bill.paid_in_all))
    assert (in_all(bill.by_payer["Top-up fund"]) <= 195_000 + 1e-6).all()
    for check in made.model.checks.every:
        if "cap" in check.name or "bear" in check.name:
            assert in_all(check.holds).min() == 1, check.name


def test_a_deal_of_one_measure_keeps_its_headline() -> None:
    made = base_case(read_terms(HERE / "15-caps.yaml", Deal))
    (cost,) = made.model.commissioning.costs
    assert cost.per_true.name == "Cost of a true outcome"
    assert made.figure(cost.per_true) == pytest.approx(470_000 / 77.5)
    assert cost.divides == "All payments by outcomes of Reoffend"


# ── what a termination stops ───────────────────────────────────────────────────────────────────


def test_a_termination_stops_the_payments_that_it_names() -> None:
    """Worked out in the first lines of `19-termination.yaml`."""
    made = base_case(read_terms(TERMINATION, Deal))
    assert when(made.row_of("Outside the zone: owed back")) == pytest.approx({38: 50_000})
    charged = {**dict.fromkeys(range(31, 37), 1000), 37: 1100, 38: 1100}
    assert when(made.row_of("Charge: paid")) == pytest.approx(charged)
    assert when(made.row_of("Jobs: paid")) == pytest.approx(dict.fromkeys(range(33, 39), 10_000 / 3))
    assert made.figure_of("Outcome payments in all") == pytest.approx(28_200 - 50_000)
    assert [made.figure(one.paid) for one in made.model.effects[1].cohorts] == pytest.approx([0.2, 0])
    assert made.figure(made.model.checks.failing) == 0


def test_a_service_that_never_fails_stops_nothing() -> None:
    deal = read_terms(TERMINATION, Deal).replace('assumptions.effect.by_cohort["First"]', "10%")
    made = base_case(deal)
    assert made.row_of("Jobs: paid").sum() == pytest.approx(60_000)
    assert made.row_of("Charge: paid").sum() == pytest.approx(6 * 1000 + 12 * 1100 + 6 * 1210)


# ── checks ─────────────────────────────────────────────────────────────────────────────────────


def test_every_kind_of_cap_has_its_check(case: Case) -> None:
    names = {check.name for check in case.model.checks.every}
    assert {"Jobs: within the cap of Top-up fund", "Top-up fund: within its cap over all payments"} <= names
    caps = base_case(read_terms(HERE / "15-caps.yaml", Deal).replace("payments[0].cap_per_year", 450_000))
    names = {check.name for check in caps.model.checks.every}
    assert {
        "Tariff: within the cap",
        "Tariff: within the cap a financial year",
        "Tariff: within the cap of Ministry",
        "Tariff: cap a cohort, First, never passed",
        "Tariff: cap a person, Second, never passed",
        "All payments: within the contract's cap",
    } <= names
    card = base_case(read_terms(HERE / "06-rate-card.yaml", Deal))
    assert "Card: Assessed, cap, never passed" in {check.name for check in card.model.checks.every}
    for made in (case, caps, card):
        assert made.figure(made.model.checks.failing) == 0


# ── faults ─────────────────────────────────────────────────────────────────────────────────────


def test_shares_that_do_not_add_up_in_some_month() -> None:
    council = {"name": "Council", "share": "50%", "later_shares": [{"start": "2028-01", "share": "80%"}]}
    fund = {"name": "Top-up fund", "share": "50%", "later_shares": [{"start": "2028-02", "share": "20%"}]}
    said = fault(payments=payers_of_jobs(council, fund))
    assert "payments[0].payers" in said
    assert "The payers' shares in 2028-01 add up to 1.3, not to 1. Write shares that add up to 100 % in each" in said


@pytest.mark.parametrize(
    ("starts", "message"),
    [
        (["2033-01"], "2033-01 is after the deal ends, 2032-12. Leave it out, or give the deal more months."),
        (["2027-01"], "2027-01 is not after the deal's first month, 2027-01. Write that share as `share`."),
        (["2028-05", "2028-04"], "2028-04 is not after the change before it, 2028-05. List changes in the order"),
    ],
)
def test_changes_lie_inside_the_deal_in_order(starts: list[str], message: str) -> None:
    changes = [{"start": start, "share": 1} for start in starts]
    said = fault(payments=payers_of_jobs({"name": "Top-up fund", "later_shares": changes}))
    assert message in said
    assert "later_shares" in said


def test_a_cap_of_a_payer_who_is_not_there() -> None:
    said = fault(payer_caps={"Top up fund": 100_000})
    assert '"Top up fund" is not a payer of this deal. Did you mean "Top-up fund"?' in said


# ── what is shown ──────────────────────────────────────────────────────────────────────────────


def test_the_views_show_payers_and_caps() -> None:
    beliefs = {**read().plain()["assumptions"], "effect": {"normal": {"mean": 0.08, "sd": 0.08}}}
    made = run(changed(assumptions=beliefs), 400)
    tables = {table.title: table for build in VIEWS if (view := build(made)) is not None for table in view.tables}
    figures = made.simulation.figures
    bill = {row[0]: row for row in tables["The bill"].rows}
    means = [cell.value for row in list(bill.values()) if isinstance(cell := row[2], Constant)]
    assert len(means) == 4
    assert sum(means[:3]) == pytest.approx(means[3])
    assert isinstance(bill["Top-up fund"][-1], Figure)
    caps = {row[0]: row for row in tables["What caps cut off"].rows}
    row = caps["Reoffending: cap of Top-up fund over all payments"]
    values = figures["cut off, Reoffending: cap of Top-up fund over all payments"]
    share = (values > 0.005).mean()
    assert 0 < share < 1
    assert isinstance(row[1], Figure)
    shown = [cell.value for cell in row[2:] if isinstance(cell, Constant)]
    errors = [(share * (1 - share) / 400) ** 0.5, values.std(ddof=1) / 20]
    assert shown == pytest.approx([share, errors[0], values.mean(), errors[1]], rel=0.01)
    assert "How often caps bind" in tables
    costs = [row[0] for row in tables["What an outcome costs"].rows]
    assert costs[::2] == ["Cost of an outcome in truth: Reoffend", "Cost of an outcome in truth: Job"]
    said = summary(made)
    assert "Jobs: cap of Top-up fund binds: £10,000 cut off" in said
    assert "Payments on Job by outcomes of Job" in said
    plain = document(made)
    assert plain["base"]["commissioner"]["caps"][0] == {
        "cap": "Jobs: cap of Top-up fund",
        "cut_off": pytest.approx(10_000),
    }
    assert plain["simulation"]["commissioner"]["caps"][2]["probability_that_it_binds"] == pytest.approx(share)


# ── the workbook ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.no_cover
@pytest.mark.parametrize("file", [FILE, TERMINATION], ids=lambda file: file.stem)
def test_the_workbook_gives_the_same_figures_for_any_inputs(file: Path, tmp_path: Path) -> None:
    exported = export_deal(read_terms(file, Deal), file.stem, tmp_path)
    book = IroncalcBook(exported.path)
    wanted = ("payers", "payer_caps", "rungs", "effect", "success_rate", "price", "termination")
    shocks = [{cell: shocked(exported, cell)} for cell in exported.inputs if any(part in cell.path for part in wanted)]
    for changes in ({}, *shocks):
        python = exported.python(changes)
        found = book.values_with({exported.cell(cell): value for cell, value in changes.items()})
        left_out = exported.cells_of(exported.without_a_rate(python))  # a spreadsheet's IRR finds no or another rate
        wrong = [one for one in exported.differences(python, found) if one[0] not in left_out]
        assert wrong == [], [cell.name for cell in changes]


def test_every_term_of_a_payer_moves_something() -> None:
    made = base_case(read())
    model = made.model
    for cell in model.book.inputs:
        if "later_shares" in cell.path or "payer_caps" in cell.path or cell.path.endswith("].share"):
            assert any(cell is other for line in model.book.lines for other, _ in line.precedents()), cell.path
