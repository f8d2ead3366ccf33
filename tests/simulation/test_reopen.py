"""A path of a simulation, opened again: every line of it, with the figures that it had."""

from __future__ import annotations

import numpy as np
import pytest

from sibmodel.deals import examples, read
from sibmodel.errors import NotFoundError
from sibmodel.model import build
from sibmodel.simulation import BLOCK, reopen, simulate
from sibmodel.simulation.kept import headline_lines
from tests.deals import small

pytestmark = pytest.mark.no_cover  # other tests go these ways, and faster


@pytest.mark.parametrize("name", [one.name for one in examples()])
def test_a_path_opened_again_has_its_figures(name: str) -> None:
    model = build(read(name))
    simulation = simulate(model, 1500, seed=9)
    for path in (1, 2, 777, 1024, 1025, 1500):
        values = reopen(model, 9, path)
        for figure, line in headline_lines(model).items():
            assert np.array_equal(values.figure(line), simulation.figures[figure][path - 1], equal_nan=True), figure
        investors = model.returns.everyone
        assert np.array_equal(values.row(investors.position), simulation.over_time["net_position"][:, path - 1])
        # A rate is solved for together with its neighbours': its last bits may differ.
        assert values.figure(investors.irr) == pytest.approx(simulation.figures["irr"][path - 1], abs=1e-12)


def test_a_path_of_the_second_block() -> None:
    model = build(small({"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}))
    simulation = simulate(model, BLOCK + 2, seed=1)
    values = reopen(model, 1, BLOCK + 2)
    assert values.figure(model.effects[0].pooled.true) == simulation.figures["true_reduction"][-1]
    assert values.figure(model.commissioning.paid_in_all) == simulation.figures["payments"][-1]


def test_every_line_is_there() -> None:
    model = build(small())
    assert set(reopen(model, 1, 1)) >= set(model.book.lines)


@pytest.mark.parametrize("path", [0, -1])
def test_paths_are_counted_from_1(path: int) -> None:
    with pytest.raises(NotFoundError, match=f"Paths are counted from 1: there is no path {path}."):
        reopen(build(small()), 1, path)
