"""Figures and rates of return together, as each engine gives them to a block."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from benchmarks.plain_loop import flows_of
from sibmodel.deals import read
from sibmodel.metrics import Rates
from sibmodel.model import Model, build
from sibmodel.simulation.engines import ENGINES, EngineName, engine_of
from sibmodel.simulation.kept import headline_lines
from sibmodel.simulation.paths import Luck

WIDTH = 700


@pytest.fixture(scope="module")
def model() -> Model:
    return build(read("through-the-gate"))


def same(one: Rates, other: Rates) -> bool:
    return one.rate.tobytes() == other.rate.tobytes() and one.status.tobytes() == other.status.tobytes()


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_gives_the_same_rates(model: Model, name: EngineName) -> None:
    keep, flows = list(headline_lines(model).values()), list(flows_of(model).values())
    block = Luck(model, 5, 0).cut(slice(0, WIDTH))
    reference = engine_of(model, [*keep, *flows], WIDTH, "arrays", flows=flows)
    values, rates = reference.with_rates(*block, WIDTH)
    engine = engine_of(model, [*keep, *flows], WIDTH, name, flows=flows)
    for over_time in (True, False, True):
        found, its = engine.with_rates(*block, WIDTH - 3, over_time=over_time)
        for line in keep:
            assert (found[line] + 0.0).tobytes() == (values[line] + 0.0).tobytes()
        for flow in flows if over_time else ():
            assert (found[flow] + 0.0).tobytes() == (np.broadcast_to(values[flow], found[flow].shape) + 0.0).tobytes()
        assert list(its) == flows
        for flow in flows:
            assert same(its[flow], Rates(rates[flow].rate[: WIDTH - 3], rates[flow].status[: WIDTH - 3]))


def test_flows_that_nothing_uncertain_reaches_have_one_rate_in_all_paths(model: Model) -> None:
    section = model.book.lines[0].section
    half = section.input("Half the time", 40.0, unit="months")
    certain = section.line("Certain", model.book.period - half, unit="£", note="Paid in, and paid back.")
    flows = [certain, model.returns.everyone.flow]
    engine = engine_of(model, flows, WIDTH, "numba", flows=flows)
    found, rates = engine.with_rates(*Luck(model, 5, 0).cut(slice(0, WIDTH)), WIDTH, over_time=False)
    assert rates[certain].rate.shape == (WIDTH,)
    assert len(np.unique(rates[certain].rate)) == 1
    assert certain in found


def test_threads_share_it(model: Model) -> None:
    flows = list(flows_of(model).values())
    engine = engine_of(model, flows, 10_000_000, "numba", flows=flows)
    luck = Luck(model, 5, 0)
    blocks = [luck.cut(slice(start, start + 500)) for start in range(0, 4_000, 500)]
    alone = [engine.with_rates(*block, 500, over_time=False)[1] for block in blocks]
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(lambda block: engine.with_rates(*block, 500, over_time=False)[1], blocks))
    for one, other in zip(alone, together, strict=True):
        assert all(same(one[flow], other[flow]) for flow in flows)
