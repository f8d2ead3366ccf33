"""The views of a comparison and of value for money: do sentences and tables say what was found?"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from sibmodel.analysis.transfer.contracts import Failure
from sibmodel.analysis.transfer.drivers import END, GROUPS
from sibmodel.analysis.transfer.forms import BOND, FEE, RESULTS
from sibmodel.deals import read
from sibmodel.results import Run, compared, comparison_document, paid, value_document, valued
from sibmodel.results import run as calculated
from sibmodel.simulation import Estimate, summary_of
from sibmodel.views import every_view
from sibmodel.views.common import Constant, Table, View, Words
from sibmodel.views.headlines import payers_headline
from sibmodel.views.risk_transfer import (
    COLOURS,
    DRIVERS,
    DRIVERS_EACH,
    FAILURES,
    SMALL,
    SUMS,
    TAIL,
    risk_transfer,
    shown,
)
from sibmodel.views.sentences import of_a_hundred
from sibmodel.views.transfer_screen import screen as transfer_screen
from sibmodel.views.transfer_words import findings
from sibmodel.views.value_for_money import BILL, OUTCOMES, WORTH, sentences
from sibmodel.views.value_for_money import value_for_money as value_view
from sibmodel.views.value_screen import screen as value_screen
from sibmodel.workbook.style import ORANGE, ROLES, TURQUOISE
from tests.workbook.test_parity_contracts import deal


@pytest.fixture(scope="module")
def run() -> Run:
    return compared(deal(), [("Dearer", deal().replace("payments[0].price", 12_000))], 400)


@pytest.fixture(scope="module")
def views(run: Run) -> dict[str, View]:
    return {view.name: view for view in every_view(run)}


def table(views: dict[str, View], title: str) -> Table:
    return next(one for view in views.values() for one in view.tables if one.title == title)


def figures(of: Table, column: int) -> list[float]:
    return [cell.value for cell in (cells[column] for cells in of.rows) if isinstance(cell, Constant)]


def test_both_views_are_there_and_begin_with_what_was_found(run: Run, views: dict[str, View]) -> None:
    assert {"Risk transfer", "Value for money"} <= views.keys()
    for name in ("Risk transfer", "Value for money"):
        first = views[name].blocks[0]
        assert isinstance(first, Words)
        assert re.search(r"bill.*£", first.sentences[0])
        assert all(chart.alternative and chart.title for chart in views[name].charts)
    titles = [one.title for view in views.values() for one in view.tables]
    assert len(set(titles)) == len(titles)


def test_what_one_gets_another_pays(views: dict[str, View]) -> None:
    sums = table(views, SUMS)
    assert sums.total
    for column in range(1, 5):
        *parts, whole = figures(sums, column)
        assert sum(parts) == pytest.approx(whole, abs=1) == pytest.approx(0.0, abs=1)


def test_shares_of_risk_add_up(views: dict[str, View]) -> None:
    for title in (DRIVERS, DRIVERS_EACH):
        for cells in table(views, title).rows:
            shares = [cell.value for cell in cells[2 : 2 + len(GROUPS)] if isinstance(cell, Constant)]
            assert sum(shares) == pytest.approx(1.0, abs=0.03)
            assert min(shares) >= 0.0


def test_losses_of_the_worst_paths_add_up(views: dict[str, View]) -> None:
    for column in range(1, 5):
        *parts, whole = figures(table(views, TAIL), column)
        assert sum(parts) == pytest.approx(whole, abs=len(parts))


def test_who_must_be_helped_is_named(views: dict[str, View]) -> None:
    assert [cells[0] for cells in table(views, FAILURES).rows] == [
        f"{form}: Charity" for form in (FEE, RESULTS, BOND, "Dearer")
    ]


def test_years_and_kinds(run: Run, views: dict[str, View]) -> None:
    *years, whole = figures(table(views, BILL), 2)
    assert sum(years) == pytest.approx(whole, abs=1)
    kinds = [cells[1] for cells in table(views, WORTH).rows]
    assert kinds == ["cashable", "social"]
    assert "added up" in table(views, WORTH).note


def test_screens_fit_their_figures(run: Run) -> None:
    assert run.comparison is not None
    assert run.value is not None
    text = transfer_screen(run.comparison)
    assert "Price of transfer" in text
    for contract in run.comparison.contracts:
        assert contract.name in text
        assert {one.name for one in shown(contract)} <= {one.name for one in contract.parties}
    assert "2027-28" in value_screen(run.value)
    assert "nan" not in text + value_screen(run.value)


def test_documents_hold_each_figure_with_its_error(run: Run) -> None:
    assert run.comparison is not None
    assert run.value is not None
    data = comparison_document(run.comparison)
    assert [one["name"] for one in data["contracts"]] == [FEE, RESULTS, BOND, "Dearer"]
    for one in data["contracts"]:
        assert one["largest_imbalance"] < 1e-6
        for party in one["parties"]:
            assert {"value", "error"} == party["mean"].keys()
        for risk in one["risk"]:
            assert risk["shares"].keys() == set(GROUPS)
    worth = value_document(run.value)
    assert [one["of"] for one in worth["net_present_value"]] == ["cashable", "social", "counted"]
    assert worth["bill"]["mean"] == pytest.approx(sum(one["mean"] for one in worth["bill_by_financial_year"].values()))


def test_the_bill_is_told_once() -> None:
    """The commissioner's view and value for money read the same paths, so each year's mean bill is the same figure."""
    made = calculated(deal(), 1_024)
    assert made.value is not None
    assert made.simulation.spread.sampler == "sobol"
    tables = [one for view in every_view(made) for one in view.tables]
    years = next(one for one in tables if one.rows and one.rows[-1][0] == "All years")
    value = next(one for one in tables if one.title == BILL)
    mean, high = (one.value for one in years.rows[-1][2:4] if isinstance(one, Constant))
    everything = summary_of(made.simulation, "payments")
    assert figures(value, 2)[-1] == pytest.approx(mean, rel=1e-12)
    assert figures(value, 3)[-1] == pytest.approx(everything.error, rel=1e-9)
    assert figures(value, 5)[-1] == pytest.approx(high, rel=1e-12)
    for year, ours in zip(years.rows[:-1], made.value.years, strict=True):
        assert isinstance(year[2], Constant)
        assert ours[1].mean.value == pytest.approx(year[2].value, rel=1e-12)


def test_the_chart_of_risk_draws_all_of_it(run: Run, views: dict[str, View]) -> None:
    """Each bar reaches 100 %, but for groups too small to see; each group has a look of its own."""
    chart = next(views["Risk transfer"].charts)
    drawn = [chart.table.header.index(one.column) for one in chart.series]
    for cells in chart.table.rows:
        shares = [cell.value for cell in (cells[place] for place in drawn) if isinstance(cell, Constant)]
        assert sum(shares) == pytest.approx(1.0, abs=SMALL * (len(GROUPS) - len(drawn)) + 1e-9)
    looks = [ROLES[role] for role in COLOURS]
    assert len(set(looks)) == len(looks) == len(GROUPS)
    assert not any({one, other} == {ORANGE, TURQUOISE} for one, other in pairwise(looks))


def test_an_early_end_is_drawn_too() -> None:
    """With all seven groups in a deal, the last is not left out."""
    made = compared(read("one-service"), paths=128)
    assert made.comparison is not None
    chart = next(risk_transfer(made.comparison).charts)
    assert [one.column for one in chart.series][-1] == END


def test_the_most_that_a_bill_can_be_is_its_cap_and_no_draw() -> None:
    made = valued(deal().replace("payments_cap", 12_345_678), paths=128)
    assert made.value is not None
    first = sentences(made.value)[0]
    assert "It cannot exceed £12.35 million, its cap; the highest of 128 paths is" in first
    assert "at most" not in first


def test_it_is_said_of_which_payments_an_outcome_costs_so_much() -> None:
    """Where fees are paid beside results, a true outcome's two costs are of different payments."""
    made = valued(read("transforming-rehabilitation"), paths=128)
    assert made.value is not None
    said = " ".join(sentences(made.value))
    assert f"of what is paid for {made.value.outcomes[0].measure}" in said
    assert "of everything that is paid, fees and charges included" in said
    assert "There is no cap: the highest of 128 paths" in said
    assert "of everything that is paid for each" in " ".join(sentences(valued(deal(), paths=128).value or made.value))


def test_outcomes_are_counted_in_their_own_unit() -> None:
    """Reconviction events are no people."""
    made = valued(read("one-service"), paths=128)
    assert made.value is not None
    (row,) = next(one for one in value_view(made.value).tables if one.title == OUTCOMES).rows
    assert "events" in str(row[5])
    assert [one.kind for one in row[6:] if isinstance(one, Constant)] == ["count", "count"]


def test_paying_without_effect_is_told_both_ways(run: Run, views: dict[str, View]) -> None:
    """How often there is no effect and payment, and how often payment where there is no effect: the latter is what the
    error rates say."""
    assert run.errors is not None
    said = next(one for one in payers_headline(run).sentences if "nil or negative" in one)
    given = of_a_hundred(run.errors.paid_without_effect.paid)
    assert f"where the effect is exactly nil, payment follows in {given} of 100 (see Error rates)" in said
    together = (run.simulation.figures["true_reduction"] <= 0) & paid(run.simulation)
    assert f"In {of_a_hundred(float(together.mean()))} of 100 the true effect is nil or negative and" in said


def test_ties_for_the_worst_are_all_named(run: Run, views: dict[str, View]) -> None:
    assert run.comparison is not None
    _, chart = views["Risk transfer"].charts
    same = replace(
        run.comparison, contracts=(*run.comparison.contracts, replace(run.comparison.contracts[-1], name="Again"))
    )
    _, tied = risk_transfer(same).charts
    assert chart.title.startswith("In the worst 5% of paths, ")
    assert "“Dearer” and “Again”" in tied.title
    assert "Again" not in chart.title


def test_stepping_in_is_told_in_all_and_for_the_largest(run: Run) -> None:
    assert run.comparison is not None
    results = run.comparison.contracts[1]
    failures = tuple(
        Failure(name, Estimate(0.2, 0.0), Estimate(cost, 1.0)) for name, cost in (("A", 100.0), ("B", 300.0))
    )
    changed = (run.comparison.contracts[0], replace(results, failures=failures), *run.comparison.contracts[2:])
    said = " ".join(findings(replace(run.comparison, contracts=changed)))
    assert "£400 on average in all" in said
    assert "B runs out of cash in 20 of 100 paths, which costs £300 (± £1)" in said


def test_both_present_values_name_their_rate_and_prices(run: Run) -> None:
    assert run.comparison is not None
    said = transfer_screen(run.comparison)
    assert "with what stepping in costs, is at real rates of 3.5% a year from year 0" in said
    assert "in prices of 2026-27; what each party may expect is at the investors' nominal rate of" in said
