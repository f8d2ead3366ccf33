"""Where a figure crosses a level, found for figures that are known: smooth, jumping, and turning back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibmodel.analysis.price.crossings import Bracket, brackets, closed_in, closed_in_whole

GRID = np.linspace(0, 10, 21)


def test_every_crossing_of_a_figure_that_turns_back() -> None:
    heights = np.cos(GRID)
    found = [closed_in(math.cos, one, 1e-9) for one in brackets(GRID, heights)]
    assert [one.low for one in found] == pytest.approx([math.pi / 2, 3 * math.pi / 2, 5 * math.pi / 2], abs=1e-8)
    assert [one.rising for one in found] == [False, True, False]


def test_a_jump_is_closed_in_from_both_sides() -> None:
    def height(value: float) -> float:
        return -3.0 if value < math.e else 2.0

    (one,) = brackets(GRID, np.array([height(value) for value in GRID]))
    close = closed_in(height, one, 1e-9)
    assert close.low < math.e <= close.high
    assert close.width <= 1e-9
    assert close.gap == 5.0


def test_a_figure_that_touches_nothing_has_no_crossing() -> None:
    assert brackets(GRID, np.full(21, 1.0)) == []
    assert brackets(GRID, np.full(21, np.nan)) == []
    assert brackets(GRID, GRID - 20) == []


def test_values_without_a_figure_are_passed_over() -> None:
    heights = GRID - 5.1
    heights[9:12] = np.nan
    (one,) = brackets(GRID, heights)
    assert (one.low, one.high) == (4.0, 6.0)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 9.99), st.floats(0.1, 5), st.booleans())
def test_the_root_of_a_power_is_found(root: float, power: float, falling: bool) -> None:
    sign = -1 if falling else 1

    def height(value: float) -> float:
        return sign * (value**power - root**power)

    close = closed_in(height, Bracket(0.0, height(0.0), 10.0, height(10.0)), 1e-9)
    assert close.low - 1e-9 <= root <= close.high + 1e-9


@given(st.integers(1, 200))
def test_whole_numbers_are_neighbours(turn: int) -> None:
    close = closed_in_whole(lambda value: 1.0 if value >= turn else -1.0, Bracket(0.0, -1.0, 200.0, 1.0))
    assert (close.low, close.high) == (turn - 1, turn)
