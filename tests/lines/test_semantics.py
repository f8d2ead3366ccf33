"""Where NumPy, Excel and intuition may part: each case by hand, and every reading gives it.

A case is a plain function of figures and rows; it is run on arrays, recorded, and recalculated as formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sibmodel.lines import (
    OPERATIONS,
    Book,
    Line,
    Operation,
    Values,
    at,
    delayed,
    evaluate,
    given,
    highest,
    interpolate,
    lowest,
    previous,
    product_total,
    ratio,
    running_total,
    step_lookup,
    sum_of,
    total,
    total_where,
    window_total,
)
from sibmodel.lines.expression import Call
from sibmodel.lines.operations import GIVEN
from tests.lines.excel import Recalculated, recalculate
from tests.workbook.judges import recalculate_libreoffice

PERIODS = 4
ROW = [5.0, -1.0, 0.0, 7.0]
FIGURES = {
    "none": 0.0, "half": 0.5, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "ten": 10.0,
    "one_and_half": 1.5, "two_and_half": 2.5, "below": -2.5, "back": -1.0, "far": 99.0, "far_back": -99.0,
}  # fmt: skip
KNOTS = (1.0, 3.0, 4.0)
STEPS = (10.0, -20.0, 40.0)

Case = tuple[Callable[[Any], Any], float | list[float]]
CASES: dict[str, Case] = {
    # brackets, and the order of evaluation
    "a-(b-c)": (lambda k: k.three - (k.two - k.below), -1.5),
    "a-b-c": (lambda k: k.three - k.two - k.below, 3.5),
    "a-(b+c)": (lambda k: k.three - (k.two + k.below), 3.5),
    "a-(-b)": (lambda k: k.three - (-k.two), 5.0),
    "a/(b*c)": (lambda k: k.three / (k.two * k.half), 3.0),
    "a/(b/c)": (lambda k: k.three / (k.two / k.half), 0.75),
    "a/b/c": (lambda k: k.three / k.two / k.half, 3.0),
    "a/b*c": (lambda k: k.three / k.two * k.half, 0.75),
    "(a+b)*c": (lambda k: (k.three + k.two) * k.half, 2.5),
    "a+b*c": (lambda k: k.three + k.two * k.half, 4.0),
    "a*(b-c)": (lambda k: k.three * (k.two - k.half), 4.5),
    "a*12/100": (lambda k: k.two * 12 / 100, 0.24),
    "1-a": (lambda k: 1 - k.half, 0.5),
    # the unary minus and powers: Excel reads -a^b as (-a)^b, Python as -(a^b)
    "-(a^2)": (lambda k: -(k.three**2), -9.0),
    "(-a)^2": (lambda k: (-k.three) ** 2, 9.0),
    "-(a^b*c)": (lambda k: -(k.three**k.two * k.half), -4.5),
    "-(a^b/c)": (lambda k: -(k.three**k.two / k.half), -18.0),
    "-(a^b)*c": (lambda k: -(k.three**k.two) * k.half, -4.5),
    "b-a^2": (lambda k: k.two - k.three**2, -7.0),
    "a^-1": (lambda k: k.two**-1, 0.5),
    "a^(-b)": (lambda k: k.four ** (-k.half), 0.5),
    "a^(b*c)": (lambda k: k.two ** (k.two * k.half), 2.0),
    "(a^b)^c": (lambda k: (k.four**k.half) ** k.three, 8.0),
    "a^(b^c)": (lambda k: k.two ** (k.two**k.three), 256.0),
    "2^a": (lambda k: 2**k.three, 8.0),
    "(1+a)^b": (lambda k: (1 + k.half) ** k.two, 2.25),
    "-(a+b)": (lambda k: -(k.three + k.two), -5.0),
    "-(a*b)": (lambda k: -(k.three * k.two), -6.0),
    "a*-b": (lambda k: k.three * -k.two, -6.0),
    "a/-(b*c)": (lambda k: k.three / -(k.two * k.half), -3.0),
    "-a+b": (lambda k: -k.three + k.two, -1.0),
    "--a": (lambda k: np.negative(-k.three), 3.0),
    "abs(-a)": (lambda k: abs(-k.three), 3.0),
    "-exp(-a)": (lambda k: -np.exp(-k.none), -1.0),
    # conditions as lines of 1 and 0, and between each other
    "a>0": (lambda k: k.row > 0, [1, 0, 0, 1]),
    "a>=0": (lambda k: k.row >= 0, [1, 0, 1, 1]),
    "a<0": (lambda k: k.row < 0, [0, 1, 0, 0]),
    "a<=0": (lambda k: k.row <= 0, [0, 1, 1, 0]),
    "a=0": (lambda k: k.row == 0, [0, 0, 1, 0]),
    "a<>0": (lambda k: k.row != 0, [1, 1, 0, 1]),
    "0<a, turned": (lambda k: 0 < k.row, [1, 0, 0, 1]),  # noqa: SIM300
    "a+b>c": (lambda k: k.row + k.two > k.one, [1, 0, 1, 1]),
    "a figure's condition": (lambda k: k.three > k.two, 1),
    "both or neither": (lambda k: np.where(k.row < 0, 1, 0) == np.where(k.row > k.four, 1, 0), [0, 0, 1, 0]),
    "(a>0)*a": (lambda k: (k.row > 0) * k.row, [5, 0, 0, 7]),
    "a*(a>0)*b": (lambda k: k.two * (k.row > 0) * k.half, [1, 0, 0, 1]),
    "(a>0)*1+b": (lambda k: (k.row > 0) * 1 + k.two, [3, 2, 2, 3]),
    "and": (lambda k: np.logical_and(k.row > 0, k.row < k.ten / 2), [0, 0, 0, 0]),
    "and, by &": (lambda k: (k.row > 0) & (k.row < k.six), [1, 0, 0, 0]),
    "or, by |": (lambda k: (k.row < 0) | (k.row > k.six), [0, 1, 0, 1]),
    "not, by ~": (lambda k: ~(k.row > 0), [0, 1, 1, 0]),
    "not(a and b)": (lambda k: np.logical_not(np.logical_and(k.row > 0, k.three > 0)), [0, 1, 1, 0]),
    "and of numbers": (lambda k: np.logical_and(k.row, k.three), [1, 1, 0, 1]),
    "or of numbers": (lambda k: np.logical_or(k.row, k.none), [1, 1, 0, 1]),
    "not of a number": (lambda k: np.logical_not(k.row), [0, 0, 1, 0]),
    "where": (lambda k: np.where(k.row > 0, k.row, -k.three), [5, -3, -3, 7]),
    "where of a number": (lambda k: np.where(k.row, 1, 2), [1, 1, 2, 1]),
    "where, figures": (lambda k: np.where(k.three > k.two, k.ten, k.none), 10),
    "where in where": (lambda k: np.where(k.row > 0, np.where(k.row > k.six, 2, 1), k.none), [1, 0, 0, 2]),
    "where times": (lambda k: k.two * np.where(k.row > 0, 1, 0) + k.one, [3, 1, 1, 3]),
    # numbers
    "ratio": (lambda k: ratio(k.row, k.row), [1, 1, 0, 1]),
    "ratio of nothing": (lambda k: ratio(k.none, k.none), 0),
    "ratio of sums": (lambda k: ratio(k.row + k.one, k.row - k.two), [2, 0, -0.5, 1.6]),
    "ratio of products": (lambda k: ratio(k.three * k.two, k.two * k.half), 6),
    "ratio of a ratio": (lambda k: ratio(k.three, ratio(k.two, k.four)), 6),
    "floor": (lambda k: np.floor(k.two_and_half), 2),
    "floor of a negative": (lambda k: np.floor(k.below), -3),
    "floor of a whole": (lambda k: np.floor(-k.three), -3),
    "ceiling": (lambda k: -np.floor(-k.two_and_half), 3),
    "minimum": (lambda k: np.minimum(k.row, k.three), [3, -1, 0, 3]),
    "maximum": (lambda k: np.maximum(k.row, 0), [5, 0, 0, 7]),
    "clip": (lambda k: np.clip(k.row, 0, k.three), [3, 0, 0, 3]),
    "clip, bounds crossed": (lambda k: np.clip(k.row, k.three, k.two), [2, 2, 2, 2]),
    "exp and log": (lambda k: np.log(np.exp(k.three)), 3),
    "sqrt": (lambda k: np.sqrt(k.four), 2),
    "sum of one": (lambda k: sum_of([k.row]), ROW),
    "sum of many": (lambda k: sum_of([k.row, k.three, k.row * k.two]), [18, 0, 3, 24]),
    "sum of 200": (lambda k: sum_of([k.half] * 200), 100),
    "a long sum": (lambda k: sum((k.half for _ in range(120)), start=k.none), 60),
    # before, with the blank cell before the first period
    "before": (lambda k: previous(k.row), [0, 5, -1, 0]),
    "2 before": (lambda k: previous(k.row, 2), [0, 0, 5, -1]),
    "3 before, by an input": (lambda k: previous(k.row, k.three), [0, 0, 0, 5]),
    "1 before, by an input": (lambda k: previous(k.row, k.one), [0, 5, -1, 0]),
    "99 before": (lambda k: previous(k.row, k.far), [0, 0, 0, 0]),
    "before, by a formula": (lambda k: previous(k.row, k.three - k.one), [0, 0, 5, -1]),
    "smaller of before": (lambda k: np.minimum(previous(k.row), k.three), [0, 3, -1, 0]),
    "larger of before": (lambda k: np.maximum(k.below, previous(k.row)), [0, 5, -1, 0]),
    "smaller of 2 before": (lambda k: np.minimum(previous(k.row, k.two), k.one), [0, 0, 1, -1]),
    "larger of both before": (lambda k: np.maximum(previous(k.row), previous(k.row, 2)), [0, 5, 5, 0]),
    "clip of before": (lambda k: np.clip(previous(k.row), k.below, k.three), [0, 3, -1, 0]),
    "clip to before": (lambda k: np.clip(k.row, k.below, previous(k.row)), [0, -1, -1, 0]),
    "and of before": (lambda k: np.logical_and(previous(k.row), k.three), [0, 1, 1, 0]),
    "or of before": (lambda k: np.logical_or(previous(k.row), previous(k.row, 2)), [0, 1, 1, 1]),
    "not of before": (lambda k: np.logical_not(previous(k.row)), [1, 0, 0, 1]),
    "where of before": (lambda k: np.where(previous(k.row), 1, 2), [2, 1, 1, 2]),
    "where gives before": (lambda k: np.where(k.row > 0, previous(k.row), k.three), [0, 3, 3, 0]),
    "smaller of where gives before": (
        lambda k: np.minimum(np.where(k.row > 0, previous(k.row), k.three), k.two),
        [0, 2, 2, 0],
    ),
    "before is nothing": (lambda k: previous(k.row) == 0, [1, 0, 0, 1]),
    "a less before": (lambda k: k.row - previous(k.row), [5, -6, 1, 7]),
    "minus before": (lambda k: -previous(k.row), [0, -5, 1, 0]),
    "ratio to before": (lambda k: ratio(k.row, previous(k.row)), [0, -0.2, 0, 0]),
    "sum with before": (lambda k: sum_of([previous(k.row), k.row]), [5, 4, -1, 7]),
    "floor of before": (lambda k: np.floor(previous(k.row) / 2), [0, 2, -1, 0]),
    "step at before": (lambda k: step_lookup(previous(k.row), k.knots, k.steps), [0, 40, 0, 0]),
    "between at before": (lambda k: interpolate(previous(k.row), k.knots, k.steps), [10, 40, 10, 10]),
    # delays
    "delayed by none": (lambda k: delayed(k.row, k.none), ROW),
    "delayed by 0": (lambda k: delayed(k.row, 0), ROW),
    "delayed by 1": (lambda k: delayed(k.row, k.one), [0, 5, -1, 0]),
    "delayed by 3": (lambda k: delayed(k.row, k.three), [0, 0, 0, 5]),
    "delayed by all": (lambda k: delayed(k.row, k.four), [0, 0, 0, 0]),
    "delayed by more": (lambda k: delayed(k.row, k.far), [0, 0, 0, 0]),
    "earlier by 1": (lambda k: delayed(k.row, k.back), [-1, 0, 7, 0]),
    "earlier by more": (lambda k: delayed(k.row, k.far_back), [0, 0, 0, 0]),
    "delayed by 1.5": (lambda k: delayed(k.row, k.one_and_half), [0, 0, 0, 0]),
    "delayed by a formula": (lambda k: delayed(k.row, k.three - k.two), [0, 5, -1, 0]),
    # windows and sums
    "running total": (lambda k: running_total(k.row), [5, 4, 4, 11]),
    "window of none": (lambda k: window_total(k.row, k.none), [0, 0, 0, 0]),
    "window of 1": (lambda k: window_total(k.row, k.one), ROW),
    "window of 2": (lambda k: window_total(k.row, 2), [5, 4, -1, 7]),
    "window of 2.5 is 3": (lambda k: window_total(k.row, k.two_and_half), [5, 4, 4, 6]),
    "window of 99": (lambda k: window_total(k.row, k.far), [5, 4, 4, 11]),
    "window of a negative": (lambda k: window_total(k.row, k.back), [0, 0, 0, 0]),
    "total": (lambda k: total(k.row), 11),
    "lowest": (lambda k: lowest(k.row), -1),
    "highest": (lambda k: highest(k.row), 7),
    "lowest before": (lambda k: lowest(k.before), -1),
    "lowest, nothing before": (lambda k: lowest(k.rising), 0),
    "product total": (lambda k: product_total(k.row, k.period), 31),
    "total where": (lambda k: total_where(k.row, k.sign, k.one), 12),
    "total where, never": (lambda k: total_where(k.row, k.sign, k.far), 0),
    "total minus": (lambda k: -total(k.row) / total(k.row), -1),
    "at 1": (lambda k: at(k.row, k.one), 5),
    "at the end": (lambda k: at(k.row, k.four), 7),
    "at 0": (lambda k: at(k.row, 0), 0),
    "at 5 of 4": (lambda k: at(k.row, k.five), 0),
    "at -1": (lambda k: at(k.row, k.back), 0),
    "at 1.5": (lambda k: at(k.row, k.one_and_half), 0),
    # tables: knots 1, 3, 4 with 10, -20, 40
    "step below the first": (lambda k: step_lookup(k.half, k.knots, k.steps), 0),
    "step at the first": (lambda k: step_lookup(k.one, k.knots, k.steps), 10),
    "step between": (lambda k: step_lookup(k.two_and_half, k.knots, k.steps), 10),
    "step at a knot": (lambda k: step_lookup(k.three, k.knots, k.steps), -20),
    "step beyond": (lambda k: step_lookup(k.ten, k.knots, k.steps), 40),
    "steps over time": (lambda k: step_lookup(k.period, k.knots, k.steps), [10, 10, -20, 40]),
    "step of one knot": (lambda k: step_lookup(k.period, k.knots[1:2], k.steps[1:2]), [0, 0, -20, -20]),
    "between, below": (lambda k: interpolate(k.below, k.knots, k.steps), 10),
    "between, at the first": (lambda k: interpolate(k.one, k.knots, k.steps), 10),
    "between": (lambda k: interpolate(k.two, k.knots, k.steps), -5),
    "between, at a knot": (lambda k: interpolate(k.three, k.knots, k.steps), -20),
    "between, beyond": (lambda k: interpolate(k.ten, k.knots, k.steps), 40),
    "between over time": (lambda k: interpolate(k.period, k.knots, k.steps), [10, -5, -20, 40]),
    "between of one knot": (lambda k: interpolate(k.three, k.knots[:1], k.steps[:1]), 10),
    "between of a difference": (lambda k: interpolate(k.five - k.three, k.knots, k.steps), -5),
    "minus a step": (lambda k: -(step_lookup(k.one, k.knots, k.steps) ** 2), -100),
}


def kit(figures: dict[str, Any], period: Any, row: Any, knots: Any, steps: Any, named: Callable[..., Any]) -> Any:
    return SimpleNamespace(
        **figures,
        period=period,
        row=row,
        knots=knots,
        steps=steps,
        before=named("Row before", previous(row)),
        rising=named("Nothing, then more", period - 1),
        sign=named("Whether over nothing", row > 0),
    )


def plain(shape: tuple[int, ...]) -> Any:
    """Figures as plain numbers, rows in that shape."""
    period, row = np.arange(1.0, PERIODS + 1).reshape(shape), np.array(ROW).reshape(shape)
    return kit(FIGURES, period, row, KNOTS, STEPS, lambda name, value: np.asarray(value, dtype=float))


@pytest.fixture(scope="module")
def recorded() -> tuple[dict[str, Line], Values, Recalculated]:
    """Every case as a line of one book, its array reading, and the book recalculated from its formulas."""
    book = Book(PERIODS)
    cells, cases = book.section("Inputs"), book.section("Cases")
    figures = {name: cells.input(name, value, unit="number") for name, value in FIGURES.items()}

    def table(name: str, values: Any) -> list[Line]:
        return [cells.input(f"{name} {place}", value, unit="number") for place, value in enumerate(values, start=1)]

    knots, steps = table("Knot", KNOTS), table("Step", STEPS)
    row = cells.line("Row", step_lookup(book.period, table("When", range(1, 5)), table("Value", ROW)), unit="£")
    names = kit(figures, book.period, row, knots, steps, lambda name, value: cells.line(name, value, unit="£"))
    lines = {name: cases.line(name, function(names), unit="£") for name, (function, _) in CASES.items()}
    return lines, evaluate(book.lines, PERIODS), recalculate(book)


@pytest.mark.parametrize("name", CASES)
def test_plain_arrays(name: str) -> None:
    function, expected = CASES[name]
    np.testing.assert_allclose(np.asarray(function(plain((PERIODS,))), dtype=float), expected, rtol=1e-12)
    columns = np.asarray(function(plain((PERIODS, 1))), dtype=float)
    np.testing.assert_allclose(np.ravel(columns), np.ravel(expected), rtol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_lines_as_arrays(name: str, recorded: tuple[dict[str, Line], Values, Recalculated]) -> None:
    lines, values, _ = recorded
    _, expected = CASES[name]
    assert lines[name].timed is isinstance(expected, list)
    got = values.row(lines[name]) if lines[name].timed else values.figure(lines[name])
    np.testing.assert_allclose(got, expected, rtol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_lines_in_excel(name: str, recorded: tuple[dict[str, Line], Values, Recalculated]) -> None:
    lines, _, excel = recorded
    _, expected = CASES[name]
    assert excel[lines[name]] == pytest.approx(np.ravel(expected).tolist(), rel=1e-12, abs=1e-15)


@pytest.mark.libreoffice
def test_lines_in_libreoffice(recorded: tuple[dict[str, Line], Values, Recalculated]) -> None:
    lines, _, _ = recorded
    book = next(iter(lines.values())).book
    office = recalculate(book, judge=lambda path: recalculate_libreoffice(path)[0])
    for name, (_, expected) in CASES.items():
        assert office[lines[name]] == pytest.approx(np.ravel(expected).tolist(), rel=1e-12, abs=1e-12), name


def test_a_last_figure_may_be_not_available() -> None:
    book = Book(2)
    section = book.section("Results")
    price = section.input("Price", 2.0, unit="£")
    none = section.input("None", 0.0, unit="£")
    there = section.line("There", given(price > 0, 1 / price), unit="£")
    missing = section.line("Missing", given(none > 0, price), unit="£")
    values, excel = evaluate(book.lines, 2), recalculate(book)
    assert values.figure(there) == 0.5
    assert np.isnan(values.figure(missing))
    assert (excel[there], excel[missing]) == ([0.5], ["n/a"])


def test_sums_over_many_periods_add_in_one_order(rng: np.random.Generator) -> None:
    """NumPy's own sum adds a single column in pairs, and columns side by side one after the other."""
    many = rng.normal(size=(240, 7)) * 10.0 ** rng.integers(-6, 6, size=(240, 7))
    for path in range(7):
        one = many[:, [path]]
        added = 0.0
        for value in one[:, 0]:
            added += value
        assert total(one)[0] == total(many)[path] == total(one[:, 0]) == added
        assert product_total(one, one)[0] == product_total(many, many)[path]
        assert running_total(one)[-1, 0] == running_total(many)[-1, path] == added


def test_every_operation_has_a_case(recorded: tuple[dict[str, Line], Values, Recalculated]) -> None:
    def used(expression: Any) -> set[Operation]:
        inner = [used(operand) for operand in expression.operands] if isinstance(expression, Call) else []
        return {expression.operation}.union(*inner) if isinstance(expression, Call) else set()

    lines, _, _ = recorded
    tried = set().union(*(used(line.definition) for line in lines.values()))
    assert tried | {GIVEN} == set(OPERATIONS)  # `given` has its own test: nan here, "n/a" in Excel


def test_comparisons_differ_where_two_numbers_differ_by_noise_alone() -> None:
    """A difference that is left: spreadsheets compare some 15 digits, NumPy all. An effect of 10 % is measured as
    0.09999999999999998, and a threshold of 10 % is then reached in Excel but not here."""
    book = Book(1)
    section = book.section("Threshold")
    baseline = section.input("Baseline", 1.55, unit="events")
    effect = section.input("Effect", 0.1, unit="share")
    events = section.line("Events", baseline * (1 - effect), unit="events")
    reduction = section.line("Reduction", 1 - events / baseline, unit="share")
    reached = section.line("Reached", reduction >= effect, unit="1 or 0")
    assert evaluate(book.lines, 1).figure(reached) == 0.0
    assert recalculate(book)[reached] == [1.0]


def test_zero_to_the_power_zero_is_one_here_and_an_error_in_excel() -> None:
    """A difference that is left: NumPy says 1, Excel #NUM!. Nothing in a deal is raised so; it cannot pass unseen."""
    book = Book(1)
    section = book.section("Power")
    nothing = section.input("Nothing", 0.0, unit="number")
    power = section.line("Power", nothing**nothing, unit="number")
    assert evaluate(book.lines, 1).figure(power) == 1.0
    assert recalculate(book)[power] == ["#NUM!"]
