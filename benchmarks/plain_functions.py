"""The functions that a plain loop calls: sums and shifts of lists, tables, and a rate of return for one path."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, isfinite, log, nan
from operator import mul

STEPS = 40
"""Newton steps before a rate of return is given up."""
CLOSE_ENOUGH = 1e-14
"""A step of the monthly log rate below which nothing changes any more."""


def delayed(row: Sequence[float], periods: float) -> list[float]:
    """The list moved later by a whole number of periods, zeros elsewhere."""
    count, lag = len(row), int(periods)
    if lag != periods or abs(lag) >= count:
        return [0.0] * count
    return [0.0] * lag + list(row[: count - lag]) if lag >= 0 else list(row[-lag:]) + [0.0] * -lag


def window_total(row: Sequence[float], periods: float) -> list[float]:
    """The sums of the last so many periods, each added up anew."""
    length = ceil(periods)
    return [sum(row[max(0, now + 1 - length) : now + 1]) for now in range(len(row))]


def product_total(row: Sequence[float], weights: Sequence[float]) -> float:
    """The sum of products."""
    return float(sum(map(mul, row, weights)))


def value_at(row: Sequence[float], period: float) -> float:
    """The value in a period, counted from 1; zero outside the list."""
    place = int(period)
    return row[place - 1] if place == period and 1 <= place <= len(row) else 0.0


def total_where(row: Sequence[float], keys: Sequence[float], key: float) -> float:
    """The sum over the periods that have that key."""
    return sum([value for value, other in zip(row, keys, strict=True) if other == key])


def places_of(keys: Sequence[float], key: float) -> list[int]:
    """The places in the list that have that key."""
    return [place for place, other in enumerate(keys) if other == key]


def sum_at(row: Sequence[float], places: Sequence[int]) -> float:
    """The sum over some places of the list."""
    return sum([row[place] for place in places])


def step_lookup(position: float, *table: float) -> float:
    """The value of the last knot that was reached; zero below the first. The table has all knots, then all values."""
    half = len(table) // 2
    reached = 0.0
    for knot, value in zip(table[:half], table[half:], strict=True):
        if position >= knot:
            reached = value
    return reached


def interpolate(position: float, *table: float) -> float:
    """Straight lines between knots, level outside them. The table has all knots, then all values."""
    half = len(table) // 2
    knots, values = table[:half], table[half:]
    if position <= knots[0]:
        return values[0]
    for place in range(1, half):
        if position <= knots[place]:
            share = (position - knots[place - 1]) / (knots[place] - knots[place - 1])
            return values[place - 1] + (values[place] - values[place - 1]) * share
    return values[-1]


def rate_of_return(flows: Sequence[float]) -> float:
    """Annual effective rate of monthly flows; −1 for a total loss, nan where Newton's method finds none.

    Newton on the logarithm of (present value of what comes back ÷ present value of what goes in), which is nearly
    straight in the log rate: four or five steps from the slope at zero.
    """
    invested = [(float(time), -flow) for time, flow in enumerate(flows) if flow < 0.0]
    received = [(float(time), flow) for time, flow in enumerate(flows) if flow > 0.0]
    if not invested:
        return nan
    if not received:
        return -1.0
    log_rate = 0.0
    for _ in range(STEPS):
        paid_in = timed_in = paid_back = timed_back = 0.0
        for time, amount in invested:
            worth = amount * exp(-log_rate * time)
            paid_in += worth
            timed_in += worth * time
        for time, amount in received:
            worth = amount * exp(-log_rate * time)
            paid_back += worth
            timed_back += worth * time
        gap = timed_back / paid_back - timed_in / paid_in
        if gap == 0.0:
            return nan
        step = log(paid_back / paid_in) / gap
        log_rate += step
        if abs(step) < CLOSE_ENOUGH:
            break
        if not isfinite(log_rate) or abs(log_rate) > 5.0:
            return nan
    else:
        return nan
    return exp(12.0 * log_rate) - 1.0
