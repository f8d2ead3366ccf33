"""Do views say what the run found? Figures are worked out again here, from the simulated paths."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from sibmodel.deals import read
from sibmodel.results import Run, run
from sibmodel.views import VIEWS
from sibmodel.views.common import Cell, Chart, Constant, Figure, Series, Table, View, Words
from sibmodel.views.distributions import edges
from sibmodel.views.effects import by_truth
from sibmodel.views.sentences import of_a_hundred, scale
from sibmodel.views.waterfall import waterfall
from tests.deals import data, deal_of

PATHS = 500


@pytest.fixture(scope="module")
def small() -> Run:
    deal = data()
    deal["payments"][0]["cap"] = 1_500_000
    deal["assumptions"]["effect"] = {"normal": {"mean": 0.08, "sd": 0.06}}
    deal["assumptions"]["matching_error"] = {"normal": {"mean": 0, "sd": 0.04}}
    return run(deal_of(deal), PATHS)


@pytest.fixture(scope="module")
def views(small: Run) -> dict[str, View]:
    return {view.name: view for view in (build(small) for build in VIEWS)}


def table(view: View, title: str) -> Table:
    return next(one for one in view.tables if one.title == title)


def row(of: Table, label: str) -> dict[str, Cell]:
    found = next(cells for cells in of.rows if cells[0] == label)
    return dict(zip(of.header, found, strict=True))


def value(cell: Cell) -> float:
    assert isinstance(cell, Constant)
    return cell.value


def column(of: Table, title: str) -> list[float]:
    place = of.header.index(title)
    return [value(cells[place]) for cells in of.rows]


def cells(views: dict[str, View]) -> Iterator[Cell]:
    for view in views.values():
        for one in view.tables:
            for found in one.rows:
                yield from found


def test_titles_of_tables_are_unique_and_charts_draw_tables_that_are_shown(views: dict[str, View]) -> None:
    titles = [one.title for view in views.values() for one in view.tables]
    assert len(set(titles)) == len(titles)
    assert {chart.table.title for view in views.values() for chart in view.charts} <= set(titles)


def test_every_figure_has_a_line_that_can_be_shown(small: Run, views: dict[str, View]) -> None:
    figures = [cell for cell in cells(views) if isinstance(cell, Figure)]
    assert len(figures) > 100
    for cell in figures:
        assert (cell.period is None) == (not cell.line.timed)
        assert cell.line in small.base


def test_the_headline_counts_paths(small: Run, views: dict[str, View]) -> None:
    figures = small.simulation.figures
    back = round(100 * float((figures["received"] > 0.005).mean()))
    lost = round(100 * float((figures["received"] < figures["invested"] - 0.005).mean()))
    words = views["Investor view"].blocks[0]
    assert isinstance(words, Words)
    assert words.sentences[0].startswith(
        f"In 100 repeats of this deal, {back} would pay investors anything; in {lost} they would lose money"
    )


def test_returns_have_their_range_and_error(small: Run, views: dict[str, View]) -> None:
    npv = small.simulation.figures["npv"]
    found = row(table(views["Investor view"], "Returns to all investors"), "Net present value")
    assert isinstance(found["Base case"], Figure)
    assert found["Base case"].line is small.model.returns.everyone.npv
    assert value(found["Mean"]) == pytest.approx(npv.mean())
    assert value(found["P5"]) == pytest.approx(np.quantile(npv, 0.05))
    assert value(found["P95"]) == pytest.approx(np.quantile(npv, 0.95))
    assert value(found["Error of mean"]) == pytest.approx(npv.std(ddof=1) / math.sqrt(PATHS))


def test_distributions_hold_every_path_once(views: dict[str, View]) -> None:
    simulation = views["Simulation"]
    rates = table(simulation, "Distribution of the rate of return")
    assert sum(sum(column(rates, title)) for title in rates.header[1:]) == pytest.approx(1.0)
    worth = table(simulation, "Distribution of net present value")
    assert sum(sum(column(worth, title)) for title in worth.header[1:]) == pytest.approx(1.0)
    for title in ("Payment by measured reduction", "Payment by true reduction"):
        assert sum(column(table(simulation, title), "Share of all paths")) == pytest.approx(1.0)


def test_the_bars_of_payment_hold_the_whole_bill(small: Run, views: dict[str, View]) -> None:
    bars = table(views["Simulation"], "Payment by measured reduction")
    mean = sum(np.array(column(bars, "Mean payment")) * column(bars, "Share of all paths"))
    assert mean == pytest.approx(small.simulation.figures["payments"].mean())


def test_total_loss_has_a_bar_of_its_own(small: Run, views: dict[str, View]) -> None:
    rates = table(views["Simulation"], "Distribution of the rate of return")
    lost = (small.simulation.figures["received"] <= 0.005).mean()
    assert rates.rows[0][0] == "all lost"
    assert value(rates.rows[0][1]) == pytest.approx(lost)
    assert column(rates, "All lost")[1:] == [0.0] * (len(rates.rows) - 1)


def test_the_fan_has_the_base_case_live(small: Run, views: dict[str, View]) -> None:
    fan = table(views["Simulation"], "Net position of all investors by month")
    assert len(fan.rows) == small.model.book.periods
    last = fan.rows[-1]
    assert isinstance(last[1], Figure)
    assert last[1].line is small.model.returns.everyone.position
    path = small.simulation.over_time["net_position"][-1]
    assert [value(cell) for cell in last[2:]] == pytest.approx(np.quantile(path, [0.05, 0.5, 0.95]))


def test_the_bill_by_payer_adds_up(views: dict[str, View]) -> None:
    bill = table(views["Commissioner view"], "The bill")
    means = column(bill, "Mean")
    assert means[0] / means[-1] == pytest.approx(0.6)
    assert sum(means[:-1]) == pytest.approx(means[-1])
    assert isinstance(bill.rows[-1][-1], Figure)
    assert bill.rows[-1][-1].line.name == "Tariff: cap"


def test_years_add_up_to_the_bill(views: dict[str, View]) -> None:
    means = column(table(views["Commissioner view"], "Payments by financial year"), "Simulated mean")
    assert sum(means[:-1]) == pytest.approx(means[-1])


def test_cost_of_an_event_is_a_ratio_of_means(small: Run, views: dict[str, View]) -> None:
    figures = small.simulation.figures
    found = row(table(views["Commissioner view"], "What an outcome costs"), "Cost of an event truly avoided")
    assert value(found["Simulated"]) == pytest.approx(figures["payments"].mean() / figures["true_avoided"].mean())
    halves = [
        figures["payments"][part].mean() / figures["true_avoided"][part].mean() for part in np.split(np.arange(500), 10)
    ]
    by_batches = np.std(halves, ddof=1) / math.sqrt(len(halves))
    assert value(found["Error"]) == pytest.approx(by_batches, rel=0.5)


def test_payment_and_truth(small: Run, views: dict[str, View]) -> None:
    figures = small.simulation.figures
    pays, true = figures["payments"] > 0.005, figures["true_reduction"]
    found = table(views["Commissioner view"], "Does payment follow the effect?")
    chances = column(found, "Simulated")
    assert chances[:3] == pytest.approx([pays.mean(), (pays & (true <= 0)).mean(), (~pays & (true >= 0.075)).mean()])
    assert chances[3] == pytest.approx((true[pays] >= 0.075).mean())


def test_where_something_is_paid_luck_has_helped(views: dict[str, View]) -> None:
    everyone = row(table(views["Commissioner view"], "Mean reduction where something is paid"), "All cohorts")
    assert value(everyone["Measured effect"]) > value(everyone["True effect"])


def test_a_deal_that_never_pays_and_has_no_cap_can_be_shown() -> None:
    deal = data()
    deal["assumptions"]["effect"] = -0.5
    made = run(deal_of(deal), 20)
    shown = {view.name: view for view in (build(made) for build in VIEWS)}
    words = shown["Commissioner view"].blocks[0]
    assert isinstance(words, Words)
    assert "0 would pay for outcomes" in words.sentences[0]
    assert "There is no cap." in words.sentences[1]
    assert math.isnan(value(table(shown["Commissioner view"], "What an outcome costs").rows[0][2]))


def test_one_path_can_be_shown() -> None:
    made = run(deal_of(data()), 1)
    assert all(build(made).blocks for build in VIEWS)


@pytest.mark.parametrize(
    ("chance", "words"), [(0.0, "0"), (0.001, "fewer than 1"), (0.5, "50"), (0.999, "more than 99"), (1.0, "100")]
)
def test_chances_are_counts_of_a_hundred(chance: float, words: str) -> None:
    assert of_a_hundred(chance) == words


def test_axes_of_large_sums_are_in_millions() -> None:
    assert scale(2.5e6) == ("£ million", "million")
    assert scale(25_000) == ("£", "money")


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-0.3, 0.24), (-2.4e6, 8e5), (5.0, 5.0), (0.0, 1e-4)])
def test_edges_are_round_and_few(low: float, high: float) -> None:
    limits = edges(np.linspace(low, high, 1001))
    assert 1 <= len(limits) - 1 <= 17
    assert limits[0] <= low + 0.02 * (high - low)
    assert limits[-1] >= high - 0.02 * (high - low)


def test_a_table_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="one cell a column"):
        Table("Wrong", ("A", "B"), (("a",),))


def test_a_chart_of_a_column_that_is_not_there_is_refused() -> None:
    of = Table("Small", ("A", "B"), (("a", Constant(1.0, "count")),))
    with pytest.raises(ValueError, match="columns that its table has not"):
        Chart("Title", of, (Series("C", "paid"),), "line", "A", "B", "count", "Words")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rikers", "In the base case the end leaves unpaid: step 2, principal (£9.60 million)."),
        ("yorkshire-and-humber", "In the base case every step is paid all that it asks for, by the end."),
    ],
)
def test_the_waterfall_says_first_what_is_left_unpaid(name: str, said: str) -> None:
    """Rikers lost its whole loan of 9.6 million (MDRC 2015)."""
    words = waterfall(run(read(name), 1)).blocks[0]
    assert isinstance(words, Words)
    assert words.sentences[0] == said


def test_harm_is_not_called_no_effect(small: Run) -> None:
    """Paths whose true effect is below nil are counted with those where it is nil, and the title says so."""
    pays, true = small.simulation.figures["for_results"] > 0, small.simulation.figures["true_reduction"]
    often = of_a_hundred(float(pays[true <= 0].mean()))
    assert by_truth(small).title == f"Where the true effect is nil or negative, {often} of 100 repeats still pay"
