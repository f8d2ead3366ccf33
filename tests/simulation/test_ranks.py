"""Paths by rank: the path itself, whatever shares its value, and what has no figure left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sibmodel.errors import NotFoundError
from sibmodel.model import build
from sibmodel.simulation import RANKS, Simulation, paths_by_rank, reopen, simulate
from tests.deals import small

UNCERTAIN = {"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return simulate(build(small(UNCERTAIN)), 41)


def with_figure(simulation: Simulation, values: list[float]) -> Simulation:
    return replace(simulation, figures={"npv": np.array(values)})


def test_each_rank_is_the_path_with_so_many_below_it(simulation: Simulation) -> None:
    """Of 41 paths in the order 1, 2, ... of their values: the share of 40 that is below each."""
    made = with_figure(simulation, [float(path) for path in range(1, 42)])
    assert list(paths_by_rank(made).values()) == [1, 3, 11, 21, 31, 39, 41]
    turned = with_figure(simulation, [float(-path) for path in range(1, 42)])
    assert list(paths_by_rank(turned).values()) == [41, 39, 31, 21, 11, 3, 1]
    assert list(paths_by_rank(made)) == list(RANKS)


def test_paths_that_share_a_value_stand_by_number_and_those_without_are_left_out(simulation: Simulation) -> None:
    made = with_figure(simulation, [np.nan, 5.0, 5.0, np.nan, 5.0])
    assert paths_by_rank(made) == {"worst": 2, "p5": 2, "p25": 2, "median": 3, "p75": 3, "p95": 5, "best": 5}


def test_the_worst_path_opens_again_with_its_figure(simulation: Simulation) -> None:
    for figure in ("npv", "payments"):
        ranks = paths_by_rank(simulation, figure)
        values = simulation.figures[figure]
        assert values[ranks["worst"] - 1] == values.min()
        assert values[ranks["best"] - 1] == values.max()
        assert values[ranks["median"] - 1] == np.median(values)
    opened = reopen(simulation.model, 1, paths_by_rank(simulation)["p5"])
    assert opened.figure(simulation.model.returns.everyone.npv) == np.sort(simulation.figures["npv"])[2]


def test_a_figure_that_is_not_there_is_named(simulation: Simulation) -> None:
    with pytest.raises(NotFoundError, match='no figure "payment"\\. Did you mean "payments"'):
        paths_by_rank(simulation, "payment")
    with pytest.raises(NotFoundError, match='No path has a figure "npv"'):
        paths_by_rank(with_figure(simulation, [np.nan, np.nan]))
