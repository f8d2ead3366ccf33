"""Figures and rates of return together, as each engine gives them to a block."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from benchmarks.plain_loop import flows_of
from sibmodel.deals import read
from sibmodel.errors import CalculationError
from sibmodel.lines import Plan, Tape, given
from sibmodel.lines.program import LANES
from sibmodel.metrics import Rates, irr
from sibmodel.model import Model, build
from sibmodel.simulation.engines import ENGINES, EngineName, engine_of, rates_of
from sibmodel.simulation.kept import headline_lines
from sibmodel.simulation.machined import Machined
from sibmodel.simulation.paths import Luck
from tests.lines.kit import PERIODS, Kit

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


def test_later_blocks_have_the_same_rates_on_and_off_the_usual_course(model: Model) -> None:
    """The usual course is learnt of few paths, so that some later ones leave it."""
    keep, flows = list(headline_lines(model).values()), list(flows_of(model).values())
    kept = [*keep, *flows]
    tape = Tape(kept, model.book.periods, [one.cell for one in model.uncertain], model.book.draws, kept)
    machined, luck = Machined(tape, flows), Luck(model, 5, 0)
    machined.with_rates(*luck.cut(slice(0, 2_000)), 2_000)
    before = machined.compiled.off_course[0]
    for start in range(2_000, 2_000 + 4 * WIDTH, WIDTH):
        block = luck.cut(slice(start, start + WIDTH))
        over_time = start % 200 > 0
        found, its = machined.with_rates(*block, WIDTH, over_time=over_time)
        values = Plan(kept, kept).evaluate(model.book.periods, *block)
        rates = rates_of(values, flows, WIDTH)
        assert all((found[line] + 0.0).tobytes() == (values[line] + 0.0).tobytes() for line in keep)
        assert all(same(its[flow], rates[flow]) for flow in flows)
    registers = 4 * -(-WIDTH // LANES)
    assert 0 < machined.compiled.off_course[0] - before < registers


def test_a_block_in_which_something_fails_goes_back_to_the_arrays() -> None:
    """In a later part, when rates of the first parts have been found: these are not there twice."""
    kit = Kit()
    flow = kit.line(np.where(kit.book.period < 2, -kit.people, kit.price), "Flow")
    double = kit.line(2.0 * kit.price, "Double")
    machined = Machined(Tape([flow, double], PERIODS, [kit.price], keep=[flow, double]), [flow])
    price = np.random.default_rng(3).uniform(0.0, 300.0, WIDTH)
    for failing in (False, True, False):
        columns = {kit.price: price.copy()}
        columns[kit.price][WIDTH - 1] = np.inf if failing else 7.0
        # The last path is not asked for: no rate of return is wanted of it.
        found, rates = machined.with_rates(columns, {}, WIDTH - 1)
        values = Plan([flow, double], [flow, double]).evaluate(PERIODS, columns, {})
        assert all(np.array_equal(found[line], values[line]) for line in (flow, double))
        assert same(rates[flow], irr(values[flow][:, : WIDTH - 1]))


def test_a_failure_in_a_later_part_names_the_line() -> None:
    kit = Kit()
    flow = kit.line(kit.people / kit.price - kit.book.period, "Flow")
    machined = Machined(Tape([flow], PERIODS, [kit.price], keep=[flow]), [flow])
    columns = {kit.price: np.ones(WIDTH)}
    machined.with_rates(columns, {}, WIDTH)
    columns[kit.price][WIDTH // 2] = 0.0
    with pytest.raises(CalculationError, match="“Flow” of Payments cannot be calculated in period 1: divide by zero"):
        machined.with_rates(columns, {}, WIDTH, over_time=False)


def test_flows_that_are_no_numbers_are_refused() -> None:
    """A figure that is not there, say; never a rate of what is left."""
    kit = Kit()
    most = kit.section.input("Most", 100.0, unit="£")
    flow = kit.line(given(kit.price < most, kit.price - kit.people), "Flow")
    machined = Machined(Tape([flow], PERIODS, [kit.price], keep=[flow]), [flow])
    columns = {kit.price: np.ones(WIDTH)}
    machined.with_rates(columns, {}, WIDTH)
    columns[kit.price][WIDTH // 2] = 200.0
    with pytest.raises(ValueError, match="nan or infinity"):
        machined.with_rates(columns, {}, WIDTH, over_time=False)
