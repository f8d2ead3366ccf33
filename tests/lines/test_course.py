"""The usual course: equal to the tape to the last bit, in paths that keep to it and in paths that do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, settings
from hypothesis import given as drawn
from hypothesis import strategies as some

from sibmodel.deals import read
from sibmodel.errors import CalculationError
from sibmodel.lines import Book, Course, Plan, Tape, evaluate, previous, ratio
from sibmodel.lines import course as course_module
from sibmodel.model import build
from sibmodel.simulation.paths import Luck
from tests.lines.growing import programs
from tests.lines.kit import PERIODS, Kit
from tests.lines.programs import Program
from tests.lines.test_arrays import Deal
from tests.lines.test_tape import EXAMPLES, PRICES, SLOW, assert_same

WIDTH = 128


@drawn(program=programs(), factor=some.sampled_from([-1.0, 0.0, 0.5, 3.0]))
@settings(max_examples=60, suppress_health_check=SLOW, phases=[Phase.reuse, Phase.generate])
def test_random_models_equal_the_arrays_whatever_was_shown(program: Program, factor: float) -> None:
    book = Book(program.periods)
    shown = program.columns(program.on_lines(book))
    course = Course(Tape(book.lines, program.periods, shown))
    course.play(shown, {})
    other = {cell: factor * column[::-1] for cell, column in shown.items()}
    for columns in (other, shown, other):
        try:
            arrays = evaluate(book.lines, program.periods, columns)
        except CalculationError:
            with pytest.raises(CalculationError):
                course.play(columns, {})
        else:
            assert_same(course.play(columns, {}), arrays)


@pytest.mark.no_cover
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_equal_the_arrays_on_and_off_course(example: Path) -> None:
    """Few paths are shown, so that some of each later block are off course."""
    model = build(read(str(example)))
    luck, lines, periods = Luck(model, 3, 0), model.book.lines, model.book.periods
    course = Course(Tape(lines, periods, [one.cell for one in model.uncertain], model.book.draws))
    course.play(*luck.cut(slice(0, WIDTH)))
    block = luck.cut(slice(WIDTH, 2 * WIDTH))
    assert_same(course.play(*block), evaluate(lines, periods, *block))


def test_some_paths_of_an_example_are_off_course() -> None:
    model = build(read("examples/peterborough.yaml"))
    luck, keep = Luck(model, 3, 0), [model.returns.everyone.flow]
    course = Course(Tape(keep, model.book.periods, [one.cell for one in model.uncertain], model.book.draws, keep))
    course.play(*luck.cut(slice(0, WIDTH)))
    for start in range(WIDTH, 8 * WIDTH, WIDTH):
        block = luck.cut(slice(start, start + WIDTH))
        assert_same(course.play(*block), Plan(keep, keep).evaluate(model.book.periods, *block))
    assert 0 < course.off_course < 7 * WIDTH


def test_what_has_been_nothing_is_counted_on_until_it_is_something() -> None:
    kit = Kit()
    limit = kit.section.input("Limit", 20, unit="£")
    bonus = kit.line(np.maximum(kit.price - limit, 0), "Bonus")
    kept = kit.line(bonus * kit.price + kit.price, "Kept")
    course = Course(Tape([kept], PERIODS, [kit.price], keep=[kept]))
    plan = Plan([kept], [kept])
    for price in (PRICES, PRICES, PRICES + 15, PRICES + 200, PRICES):
        columns = {kit.price: price}
        assert_same(course.play(columns, {}), plan.evaluate(PERIODS, columns))
    assert course.off_course == 3 + 5
    assert len(course.player.order) == 2  # what is above the limit, and the check; what is kept is the price


def test_what_is_learnt_later_takes_the_place_of_what_was_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course_module, "SHOWN_AT", (0, 3))
    kit = Kit()
    limit = kit.section.input("Limit", 20, unit="£")
    bonus = kit.line(np.maximum(kit.price - limit, 0), "Bonus")
    course = Course(Tape([bonus], PERIODS, [kit.price], keep=[bonus]))
    off = []
    for price in (PRICES, PRICES, PRICES + 15, PRICES + 15, PRICES + 15, PRICES):
        columns = {kit.price: price}
        assert_same(course.play(columns, {}), Plan([bonus], [bonus]).evaluate(PERIODS, columns))
        off.append(course.off_course)
    assert off == [0, 0, 3, 3, 3, 3]


def test_one_check_serves_all_months_of_a_date() -> None:
    """A payment that falls due in a month that differs from path to path: the other months are nothing."""
    book = Book(60)
    section = book.section("Payments")
    when, price = section.input("When", 30, unit="period"), section.input("Price", 10, unit="£")
    due = section.line("Due", np.where(book.period == when, price, 0), unit="£")
    course = Course(Tape([due], 60, [when, price], keep=[due]))
    for dates in ([30, 31, 32], [32, 31, 30], [29, 31, 60]):
        columns = {when: np.array(dates, dtype=float), price: PRICES[:3]}
        assert_same(course.play(columns, {}), Plan([due], [due]).evaluate(60, columns))
    assert course.usual is not None
    assert len(course.usual.checks) == 2
    assert course.off_course == 2


def test_a_failure_off_course_names_the_line() -> None:
    kit = Kit()
    fee = kit.section.input("Fee", 3, unit="£")
    share = kit.line(kit.people / (kit.price - fee), "Share")
    course = Course(Tape([share], PERIODS, [kit.price], keep=[share]))
    for price in (PRICES, PRICES + 1):
        course.play({kit.price: price}, {})
    with pytest.raises(CalculationError, match="“Share” of Payments cannot be calculated"):
        course.play({kit.price: np.array([9.0, 3.0])}, {})


def test_a_divisor_that_was_never_nothing() -> None:
    kit = Kit()
    share = kit.line(ratio(kit.people, kit.price), "Share")
    course = Course(Tape([share], PERIODS, [kit.price], keep=[share]))
    for price in (PRICES[:3], PRICES[:3], PRICES):
        columns = {kit.price: price}
        assert_same(course.play(columns, {}), Plan([share], [share]).evaluate(PERIODS, columns))


def test_blocks_of_any_width_and_lag() -> None:
    deal = Deal()
    grown = deal.section.forward("Grown", unit="£")
    deal.section.define(grown, previous(grown, deal.lag) + deal.income)
    rng = np.random.default_rng(7)
    course = Course(Tape(deal.book.lines, PERIODS, [deal.price, deal.lag], [deal.count]))
    for width in (5, 700, 1, 5, 90, 700, 2, 1):
        columns = {deal.price: rng.normal(size=width), deal.lag: rng.integers(1, 4, width).astype(float)}
        uniforms = {deal.count: rng.random((2, width))}
        assert_same(course.play(columns, uniforms), evaluate(deal.book.lines, PERIODS, columns, uniforms))
