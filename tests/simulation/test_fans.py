"""Fans of any line: the simulation's own paths, run again."""

from __future__ import annotations

import numpy as np
import pytest

from sibmodel.metrics import error_of_quantile
from sibmodel.model import build
from sibmodel.simulation import fan, simulate
from sibmodel.simulation.fans import first_paths, over_paths
from tests.deals import small

UNCERTAIN = {"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}


@pytest.mark.parametrize(("sampler", "paths"), [("random", 300), ("sobol", 512)])
def test_a_fan_is_over_the_simulations_own_paths(sampler: str, paths: int) -> None:
    simulation = simulate(build(small(UNCERTAIN)), paths, seed=4, sampler=sampler)
    line = simulation.model.commissioning.paid
    again = over_paths(simulation, line, paths)
    assert np.array_equal(again, simulation.over_time["payments"])
    found = fan(simulation, line, [0.1, 0.5])
    np.testing.assert_allclose(found.values, np.quantile(again, [0.1, 0.5], axis=1))
    replicates = simulation.replicates
    for period in range(again.shape[0]):
        errors = error_of_quantile(again[period], [0.1, 0.5], replicates)
        assert np.array_equal(found.errors[:, period], errors, equal_nan=True)


def test_a_line_that_nothing_uncertain_reaches_is_the_same_at_every_level() -> None:
    simulation = simulate(build(small(UNCERTAIN)), 100)
    certain = next(one for one in simulation.model.book.lines if one.timed and one.name.startswith("Month"))
    found = fan(simulation, certain)
    assert (np.ptp(found.values, axis=0) == 0).all()
    with pytest.raises(ValueError, match="has no time, so it has no fan"):
        fan(simulation, simulation.model.returns.everyone.npv)


def test_a_fan_of_many_paths_takes_whole_replicates() -> None:
    simulation = simulate(build(small(UNCERTAIN)), 1_024, sampler="sobol")
    assert first_paths(simulation) == (1_024, 16)
    assert first_paths(simulation, 200) == (192, 3)
    assert first_paths(simulation, 10) == (128, 2)
    assert first_paths(simulate(simulation.model, 1_000), 200) == (200, 1)
