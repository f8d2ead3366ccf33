"""What was drawn in some paths: the very numbers of the simulation."""

from __future__ import annotations

import pytest

from sibmodel.deals import read
from sibmodel.errors import NotFoundError
from sibmodel.model import build
from sibmodel.simulation import reopen, simulate
from sibmodel.simulation.drawn import drawn


@pytest.mark.parametrize(("sampler", "paths"), [("random", 9_000), ("sobol", 1_024)])
def test_drawn_numbers_are_those_of_the_path(sampler: str, paths: int) -> None:
    simulation = simulate(build(read("peterborough")), paths, seed=3, sampler=sampler)
    wanted = [1, 17, paths]
    found = drawn(simulation, wanted)
    assert len(found) == len(simulation.model.uncertain) + len(simulation.model.book.draws)
    for place, path in enumerate(wanted):
        opened = reopen(simulation.model, 3, path, sampler, paths)
        assert {line: values[place] for line, values in found.items()} == {line: opened.figure(line) for line in found}


def test_a_path_that_is_not_there_is_refused() -> None:
    simulation = simulate(build(read("peterborough")), 50)
    for path in (0, 51):
        with pytest.raises(NotFoundError, match="There are 50 paths"):
            drawn(simulation, [path])
