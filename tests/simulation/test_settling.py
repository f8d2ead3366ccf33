"""How estimates settle: the same simulation after fewer of its paths, and its picture."""

from __future__ import annotations

import pytest

from sibmodel import results
from sibmodel.metrics import error_of_mean
from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK, Execution, simulate
from sibmodel.simulation.settling import settling
from sibmodel.simulation.watched import USUAL, Watched
from sibmodel.views.common import Pictures
from sibmodel.views.settling import settled
from tests.deals import small

UNCERTAIN = {"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}


@pytest.fixture(scope="module")
def model() -> Model:
    return build(small(UNCERTAIN))


def test_each_point_is_the_simulation_of_so_many_paths(model: Model) -> None:
    points = settling(simulate(model, 3_000), Watched("npv", "mean"))
    assert [one.paths for one in points] == [256, 512, 1_024, 2_048, 3_000]
    for one in points:
        npv = simulate(model, one.paths).figures["npv"]
        assert one.value == pytest.approx(npv.mean(), rel=1e-12)
        assert one.error == pytest.approx(error_of_mean(npv), rel=1e-12)


def test_replicates_are_added_one_by_one(model: Model) -> None:
    points = settling(simulate(model, 512, sampler="sobol"), USUAL[0])
    assert [one.paths for one in points] == [32 * replicates for replicates in range(2, 17)]


def test_beyond_the_paths_that_are_kept_it_goes_on_by_the_tally(model: Model) -> None:
    simulation = simulate(model, 5 * BLOCK + 3, execution=Execution(keep=BLOCK))
    points = settling(simulation, USUAL[0])
    assert [one.paths for one in points] == [*(2**power for power in range(8, 14)), 2 * BLOCK, 4 * BLOCK, 5 * BLOCK + 3]
    whole = settling(simulate(model, 4 * BLOCK), USUAL[0])[-1]
    assert (points[-2].value, points[-2].error) == (whole.value, whole.error)


def test_few_paths_have_one_point(model: Model) -> None:
    assert [one.paths for one in settling(simulate(model, 20), USUAL[1])] == [20]


def test_the_figure_asked_for_is_drawn_too() -> None:
    run = results.run(small(UNCERTAIN), 20_000, error="irr p5 ± 0.5%")
    pictures, *tables = settled(run)
    assert isinstance(pictures, Pictures)
    titles = [chart.title for chart in pictures.charts]
    assert [title.partition(":")[0] for title in titles] == [
        "Chance of losing money",
        "Mean net present value",
        "P5 rate of return a year",
    ]
    assert "after 16,384 paths" in titles[0]
    assert len(tables) == 3
