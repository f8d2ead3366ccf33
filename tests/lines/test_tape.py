"""The tape: equal to the array reading to the last bit, on random models and on every line of every example; what it
folds, what it leaves out, and what it says where something fails.

A zero may have lost its sign: adding 0.0 takes it off both.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn

from sibmodel.deals import read
from sibmodel.errors import CalculationError, UnknownOperation
from sibmodel.lines import (
    Book,
    Draw,
    Line,
    Operation,
    Plan,
    Tape,
    Values,
    apply,
    delayed,
    evaluate,
    previous,
    ratio,
    running_total,
    total,
    window_total,
)
from sibmodel.lines.operations import PREVIOUS, SUBTRACT
from sibmodel.lines.rows import Rows
from sibmodel.model import build
from sibmodel.simulation.paths import Luck
from tests.lines.growing import programs
from tests.lines.kit import PERIODS, Kit
from tests.lines.programs import Program
from tests.lines.test_arrays import Deal

EXAMPLES = sorted(Path("examples").glob("*.yaml"))
MECHANICS = sorted(Path("tests/mechanics").glob("*.yaml"))
PRICES = np.array([10.0, 11.0, 8.0, 0.0, -2.5])
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def assert_same(tape: Values, arrays: Values) -> None:
    """Each line the same, shape and bits, but for the sign of zero."""
    assert set(tape) == set(arrays)
    for line in arrays:
        assert tape[line].shape == arrays[line].shape, line.key
        assert (tape[line] + 0.0).tobytes() == (arrays[line] + 0.0).tobytes(), line.key


# Equality -----------------------------------------------------------------------------------------------------------
@drawn(program=programs())
@settings(max_examples=150, suppress_health_check=SLOW)
def test_random_models_equal_the_arrays(program: Program) -> None:
    book = Book(program.periods)
    columns = program.columns(program.on_lines(book))
    tape = Tape(book.lines, program.periods, columns)
    assert_same(tape.evaluate(columns), evaluate(book.lines, program.periods, columns))


@drawn(program=programs())
@settings(max_examples=60, suppress_health_check=SLOW)
def test_the_last_lines_of_random_models_equal_the_arrays(program: Program) -> None:
    """Few lines kept, so that buffers are used again."""
    book = Book(program.periods)
    columns = program.columns(program.on_lines(book))
    last = book.lines[-2:]
    tape = Tape(last, program.periods, columns, keep=last)
    assert_same(tape.evaluate(columns), Plan(last, last).evaluate(program.periods, columns))


@pytest.mark.no_cover
@pytest.mark.parametrize("example", EXAMPLES + MECHANICS, ids=lambda path: path.stem)
def test_every_line_of_every_example_equals_the_arrays(example: Path) -> None:
    model = build(read(str(example)))
    luck = Luck(model, 3, 0).cut(slice(0, 64))
    lines, periods = model.book.lines, model.book.periods
    tape = Tape(lines, periods, [one.cell for one in model.uncertain], model.book.draws)
    tape.player.play(64, *luck)  # by itself, without handing the block to the array reading
    assert_same(tape.evaluate(*luck), evaluate(lines, periods, *luck))


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8
    assert len(MECHANICS) >= 30


def test_block_after_block_of_any_width() -> None:
    deal = Deal()
    rng = np.random.default_rng(7)
    tape = Tape(deal.book.lines, PERIODS, [deal.price], [deal.count])
    for width in (5, 5, 1, 700, 5):
        columns, uniforms = {deal.price: rng.normal(size=width)}, {deal.count: rng.random((2, width))}
        assert_same(tape.evaluate(columns, uniforms), evaluate(deal.book.lines, PERIODS, columns, uniforms))


def test_what_a_block_gave_is_not_overwritten_by_the_next() -> None:
    deal = Deal()
    tape = Tape([deal.profit, deal.income], PERIODS, [deal.price])
    first = tape.evaluate({deal.price: PRICES})
    before = {line: array.copy() for line, array in first.items()}
    tape.evaluate({deal.price: PRICES + 1})
    assert all(np.array_equal(first[line], before[line]) for line in first)


def test_a_power_of_2_is_a_product_where_the_exponent_is_one_number() -> None:
    """And not where it is a row: NumPy's two ways differ in the last bit."""
    book = Book(3)
    cells = book.section("Cells")
    base, exponent = cells.input("Base", 2, unit="number"), cells.input("Exponent", 2, unit="number")
    uncertain = cells.line("Uncertain exponent", np.where(book.period > 1, exponent, 2), unit="number")
    lines = [cells.line("Narrow", base**2, unit="number"), cells.line("Wide", base**uncertain, unit="number")]
    rng = np.random.default_rng(1)
    columns = {base: rng.random(1_000), exponent: np.full(1_000, 2.0)}
    assert_same(Tape(lines, 3, columns).evaluate(columns), evaluate(lines, 3, columns))


@pytest.mark.parametrize("of", ["previous", "delayed", "window"])
def test_periods_that_differ_from_path_to_path(of: str) -> None:
    deal = Deal()
    functions = {"previous": previous, "delayed": delayed, "window": window_total}
    late = deal.section.line("Later", functions[of](deal.income, deal.lag), unit="£")
    grown = deal.section.forward("Grown", unit="£")
    deal.section.define(grown, previous(grown, deal.lag) + late)
    columns = {deal.lag: np.array([1.0, 2.0, 9.0, 3.0, 1.0]), deal.price: PRICES}
    tape = Tape(deal.book.lines, PERIODS, columns)
    assert_same(tape.evaluate(columns), evaluate(deal.book.lines, PERIODS, columns))


# Folding ------------------------------------------------------------------------------------------------------------
def test_a_certain_model_has_no_operations_by_path() -> None:
    deal = Deal()
    tape = Tape(deal.book.lines, PERIODS, [])
    assert tape.description.operations == 0
    assert tape.description.certain == tape.description.lines == len(deal.book.lines)
    assert_same(tape.evaluate(), evaluate(deal.book.lines, PERIODS))


def test_an_example_without_uncertainty_has_no_operations_by_path() -> None:
    model = build(read("examples/peterborough.yaml"))
    assert Tape(model.book.lines, model.book.periods, []).description.operations == 0


def test_a_line_that_is_nothing_in_most_periods_costs_nothing_there() -> None:
    book = Book(50)
    section = book.section("Payments")
    price = section.input("Price", 10, unit="£")
    first = section.input("First payment", 49, unit="period")
    paid = section.line("Paid", np.where(book.period >= first, price * book.period, 0), unit="£")
    balance = section.corkscrew("Balance", unit="£")
    balance.close([paid], [])
    tape = Tape([balance.closing], 50, [price], keep=[balance.closing])
    assert tape.description.operations == 3  # price × 49, price × 50, and one sum
    columns = {price: PRICES}
    assert_same(tape.evaluate(columns), Plan([balance.closing], [balance.closing]).evaluate(50, columns))


def test_the_same_operation_on_the_same_rows_is_played_once() -> None:
    kit = Kit()
    one, other = kit.line(kit.price * kit.people, "One"), kit.line(kit.price * kit.people + 1, "Other")
    tape = Tape([one, other], PERIODS, [kit.price], keep=[one, other])
    assert (tape.description.operations, tape.description.shared) == (2 * PERIODS, PERIODS)


def test_what_nobody_asks_for_is_not_played() -> None:
    kit = Kit()
    people_paid = kit.line(kit.price * kit.people, "Paid")
    last = kit.line(np.where(kit.book.period > 2 + kit.lag / 2, people_paid, 0), "Paid at the end")
    tape = Tape([last], PERIODS, [kit.price], keep=[last])
    assert (tape.description.operations, tape.description.unused) == (1, PERIODS - 1)


def test_a_plan_says_what_it_does() -> None:
    deal = Deal()
    tape = Tape([deal.cash.closing], PERIODS, [deal.price], keep=[deal.cash.closing])
    said = tape.description
    assert (said.lines, said.certain, said.recurrent) == (9, 4, 3)
    assert tape.describe() == (
        f"9 lines, 4 of them certain and 3 recurrent; {said.operations} operations on rows, beside {said.folded} "
        f"folded, {said.shared} shared and {said.unused} unused"
    )


def test_what_cannot_be_negative_is_known() -> None:
    rows = Rows()
    some = rows.emit(PREVIOUS, ())
    positive = rows.maximum(some, rows.zero)
    assert rows.maximum(positive, rows.zero) == positive
    assert rows.minimum(rows.zero, positive) == rows.zero
    assert rows.minimum(rows.zero, some) != rows.zero
    taken = rows.minimum(positive, some)
    left = rows.rule(SUBTRACT)(positive, taken)
    assert rows.maximum(left, rows.zero) == left


# Failures -----------------------------------------------------------------------------------------------------------
def test_an_operation_along_time_that_the_tape_does_not_know_is_named() -> None:
    kit = Kit()
    paid = kit.line(kit.price * kit.people, "Paid")
    line = kit.line(apply(Operation("smoothed", np.sort, "", "", along_time=True), paid) + 1, "Middle")
    with pytest.raises(UnknownOperation, match=r"“Middle” of Payments, defined at .*does not know .* smoothed along"):
        Tape([line], PERIODS, [kit.price])


def test_operations_of_others_are_played_as_they_are() -> None:
    """A family may bring an operation of its own, as rates of return are."""
    kit = Kit()
    paid = kit.line(kit.price * kit.people, "Paid")
    double = kit.line(apply(Operation("double", lambda values: values + values, "", ""), paid), "Double")
    width = Operation("spread", lambda rows, fixed: np.ptp(rows, axis=0) + fixed[0, 0], "", "", over_time=True)
    lines = [double, kit.line(apply(width, paid, kit.people), "Width")]
    columns = {kit.price: PRICES}
    assert_same(Tape(lines, PERIODS, columns).evaluate(columns), evaluate(lines, PERIODS, columns))


def test_a_failure_names_the_line_and_the_period() -> None:
    kit = Kit()
    bad = kit.line(kit.people / (kit.price - kit.book.period), "Bad")
    tape = Tape([bad], PERIODS, [kit.price])
    fine = {kit.price: np.array([9.0, 8.0])}
    assert_same(tape.evaluate(fine), evaluate([bad], PERIODS, fine))
    with pytest.raises(CalculationError, match="“Bad” of Payments cannot be calculated in period 3: divide by zero"):
        tape.evaluate({kit.price: np.array([9.0, 3.0])})
    assert_same(tape.evaluate(fine), evaluate([bad], PERIODS, fine))


def test_what_fails_fails_even_where_nobody_asks_for_it() -> None:
    """As in the array reading: a deal that divides by nothing is wrong, whatever it does with the result."""
    kit = Kit()
    line = kit.line(total(kit.line(np.where(kit.book.period > 12, kit.people / kit.price, 0), "Bad")), "Sum")
    columns = {kit.price: np.array([9.0, 0.0])}
    with pytest.raises(CalculationError, match="“Bad” of Payments cannot be calculated"):
        Tape([line], PERIODS, columns, keep=[line]).evaluate(columns)


def test_a_part_of_a_period_back_is_refused() -> None:
    deal = Deal()
    grown = deal.section.forward("Grown", unit="£")
    deal.section.define(grown, previous(grown, deal.lag) + 1)
    columns = {deal.lag: np.array([1.0, 0.5])}
    with pytest.raises(CalculationError, match="a whole number of periods"):
        Tape([grown], PERIODS, columns).evaluate(columns)


def test_ratio_of_rows_is_nothing_where_the_divisor_is_nothing() -> None:
    deal = Deal()
    share = deal.section.line("Share", ratio(running_total(deal.income), deal.price), unit="share")
    columns = {deal.price: PRICES}
    values = Tape([share], PERIODS, columns).evaluate(columns)
    assert values[share].T.tolist() == [[1, 3, 6, 10]] * 3 + [[0, 0, 0, 0]] + [[1, 3, 6, 10]]


def test_draws_are_lines() -> None:
    deal = Deal()
    kept: list[Line] = [deal.count]
    assert isinstance(deal.count, Draw)
    uniforms = {deal.count: np.array([[0.25, 0.5], [0.5, 0.25]])}
    assert Tape(kept, PERIODS, [], [deal.count]).evaluate({}, uniforms)[deal.count].tolist() == [7.5, 7.5]
