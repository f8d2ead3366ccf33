"""What is different where investors lose: means by hand, errors right for the sampler; on screen, sheet and as data."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from sibmodel import results
from sibmodel.analysis.conditional import conditional_means, drawn_columns
from sibmodel.metrics import error_of_mean
from sibmodel.model import build
from sibmodel.simulation import LOSS, Simulation, reopen, simulate
from sibmodel.views.losses import where_lost_table, where_lost_words
from sibmodel.views.summary import summary
from tests.deals import small

UNCERTAIN = {
    "assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}",
    "assumptions.matching_error": "{normal: {mean: 0, sd: 0.05}}",
    "assumptions.cost_overrun": "{normal: {mean: 0, sd: 0.05}}",
    "assumptions.volume": "{by_cohort: {First: {uniform: {low: 0.7, high: 1}}, Second: 0.9}}",
}


@pytest.fixture(scope="module", params=["random", "sobol"])
def simulation(request: pytest.FixtureRequest) -> Simulation:
    return simulate(build(small(UNCERTAIN)), 1_024, seed=6, sampler=request.param)


def test_what_is_drawn_is_what_the_paths_have(simulation: Simulation) -> None:
    drawn = drawn_columns(simulation, 1_024)
    assert set(drawn) == {
        ("True effect", "share"),
        ("Matching error", "log ratio"),
        ("Cost overrun", "share"),
        ("Volume against plan, First", "ratio to plan"),
    }
    cells = {one.cell.name: one.cell for one in simulation.model.uncertain}
    for path in (1, 600):
        opened = reopen(simulation.model, 6, path, simulation.spread)
        for name, cell in (("True effect", "True effect, First"), ("Matching error", "Matching error")):
            column = next(values for (one, _), values in drawn.items() if one == name)
            assert opened.figure(cells[cell]) == column[path - 1]


def test_means_and_errors_are_those_of_the_paths_on_either_side(simulation: Simulation) -> None:
    found = conditional_means(simulation, LOSS)
    assert found is not None
    figures = simulation.figures
    lost = figures["received"] < figures["invested"] - 0.005
    assert (found.paths, found.of) == (lost.sum(), 1_024)
    truth = found.effects[0]
    reduction = figures["true_reduction"]
    assert truth.happens.value == pytest.approx(reduction[lost].mean())
    assert truth.otherwise.value == pytest.approx(reduction[~lost].mean())
    assert truth.apart == pytest.approx((reduction[lost].mean() - reduction[~lost].mean()) / reduction.std())
    if simulation.replicates == 1:
        known = reduction[lost].std(ddof=1) / np.sqrt(lost.sum())
    else:
        each = [part[among].mean() for part, among in zip(reduction.reshape(16, -1), lost.reshape(16, -1), strict=True)]
        known = np.std(each, ddof=1) / 4
    assert truth.happens.error == pytest.approx(known)
    assert found.drawn[0].name == "True effect"
    assert [abs(one.apart) for one in found.drawn] == sorted((abs(one.apart) for one in found.drawn), reverse=True)
    assert error_of_mean(np.where(lost, reduction, np.nan), simulation.replicates) == truth.happens.error


def test_there_is_no_condition_where_all_or_none_lose(simulation: Simulation) -> None:
    for received in (0.0, 1e9):
        figures = {**simulation.figures, "received": np.full(1_024, received)}
        assert conditional_means(replace(simulation, figures=figures), LOSS) is None


def test_it_stands_on_the_screen_on_the_sheet_and_in_the_results() -> None:
    run = results.run(small(UNCERTAIN), paths=1_024)
    words = where_lost_words(run)
    assert words[0].startswith("true effect, all cohorts: ")
    assert words[0] in summary(run)
    assert not any(one.startswith("true effect:") for one in words)  # the same figure again
    (table,) = where_lost_table(run)
    assert [row[0] for row in table.rows][:3] == [
        "True effect, all cohorts",
        "Measured effect, all cohorts",
        "Paid effect, all cohorts",
    ]
    told = json.loads(json.dumps(results.document(run), allow_nan=False))["simulation"]["where_lost"]
    assert [one["name"] for one in told["figures"]] == [row[0] for row in table.rows]
    assert told["figures"][0]["lost"] < told["figures"][0]["otherwise"]
    never = replace(run, where_lost=None)
    assert (where_lost_words(never), where_lost_table(never)) == ([], ())
    assert "where_lost" not in results.document(never)["simulation"]
