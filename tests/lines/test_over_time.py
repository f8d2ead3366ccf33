"""The functions along and over time on plain arrays, against loops that say what they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibmodel.lines import (
    at,
    delayed,
    highest,
    interpolate,
    lowest,
    previous,
    product_total,
    running_total,
    step_lookup,
    sum_of,
    total,
    total_where,
    window_total,
)

COUNTS = st.sampled_from([-3.0, -1.0, 0.0, 0.5, 1.0, 2.0, 2.5, 3.0, 9.0])


def before(row: list[float], now: int, periods: float) -> float:
    then = now - periods
    return row[int(then)] if then == int(then) and 0 <= then < len(row) else 0.0


MEANINGS: dict[str, tuple[Callable[..., Any], Callable[[list[float], int, float], float]]] = {
    "delayed": (delayed, before),
    "window_total": (
        window_total,
        lambda row, now, length: sum(row[then] for then in range(now, -1, -1) if now - then < length),
    ),
    "at": (at, lambda row, now, period: before(row, 0, 1 - period)),
}


@pytest.mark.parametrize("name", MEANINGS)
@given(row=st.lists(st.integers(-9, 9), min_size=1, max_size=6), counts=st.lists(COUNTS, min_size=1, max_size=4))
def test_by_a_count_one_or_one_for_each_path(name: str, row: list[int], counts: list[float]) -> None:
    function, meaning = MEANINGS[name]
    numbers = [float(value) for value in row]
    wanted = np.array([[meaning(numbers, now, count) for count in counts] for now in range(len(row))])
    wanted = wanted[0] if name == "at" else wanted
    column = np.array(numbers)[:, None]
    wide = np.repeat(column, len(counts), axis=1)
    np.testing.assert_array_equal(np.broadcast_to(function(column, np.array(counts)), wanted.shape), wanted)
    np.testing.assert_array_equal(function(wide, np.array(counts)), wanted)
    for path, count in enumerate(counts):
        np.testing.assert_array_equal(function(np.array(numbers), count), wanted[..., path])
        np.testing.assert_array_equal(function(column, count)[..., 0], wanted[..., path])


@given(row=st.lists(st.integers(-9, 9), min_size=1, max_size=6), back=st.integers(1, 8))
def test_previous_is_a_delay_of_one_or_more(row: list[int], back: int) -> None:
    numbers = [float(value) for value in row]
    assert previous(np.array(numbers), back).tolist() == [before(numbers, now, back) for now in range(len(row))]


@given(row=st.lists(st.integers(-9, 9), min_size=1, max_size=6))
def test_sums_and_extremes(row: list[int]) -> None:
    values = np.array(row, dtype=float)
    assert total(values) == sum(row)
    assert lowest(values) == min(row)
    assert highest(values) == max(row)
    assert running_total(values).tolist() == [sum(row[: now + 1]) for now in range(len(row))]
    assert product_total(values, values) == sum(value * value for value in row)
    assert total_where(values, values, float(row[0])) == row[0] * row.count(row[0])


@given(
    knots=st.lists(st.integers(-5, 5), min_size=1, max_size=4, unique=True).map(sorted),
    steps=st.lists(st.integers(-9, 9), min_size=4, max_size=4),
    positions=st.lists(st.integers(-7, 7), min_size=1, max_size=5),
)
def test_tables(knots: list[int], steps: list[int], positions: list[int]) -> None:
    values, wanted = steps[: len(knots)], np.array(positions, dtype=float)
    reached = [max((place for place, knot in enumerate(knots) if knot <= one), default=None) for one in positions]
    stepped = [0 if place is None else values[place] for place in reached]
    assert step_lookup(wanted, knots, values).tolist() == stepped
    np.testing.assert_allclose(interpolate(wanted, knots, values), np.interp(wanted, knots, values), atol=1e-12)


def test_an_empty_family_is_nothing() -> None:
    assert sum_of([]) == 0.0
    assert sum_of([3.0]) == 3.0
    assert sum_of(iter([np.ones(2), np.ones(2)])).tolist() == [2.0, 2.0]  # type: ignore[arg-type]
