"""The fast room of the IRR in compiled code: flows that come in parts, solved while they are in the processor's cache.

What `_ordinary` does, path for path and to the last bit of each rate; what it cannot certify is set aside, for
`_ordinary` and what follows it. Needs the extra `fast`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sibmodel.lines.compiling import compiled, is_on_disk
from sibmodel.metrics._again_compiled import C3, C4, C5, C6, C7, C8, C9, EPSILON, again, growth_near
from sibmodel.metrics._first_guess import COARSE
from sibmodel.metrics._flows import ROUNDING
from sibmodel.metrics._growth import FURTHEST
from sibmodel.metrics._ordinary import REACH, ROUNDING_ALLOWED, SMALL_STEP
from sibmodel.metrics._others_compiled import EXACT, UNIQUE, others
from sibmodel.metrics.irr import RateStatus

BUILT_ON = 2222029985
"""What stands for what this file takes from others: what is on disk is compiled anew only where this file has changed,
so it must change with that. A test says what it is to be."""
WIDTH = 128
"""Paths solved at once."""
LANES = np.uint64(WIDTH)
TOTAL_LOSS, NEVER_INVESTED = int(RateStatus.TOTAL_LOSS), int(RateStatus.NEVER_INVESTED)
OPEN, UNTRIED = -2, -3
"""Not settled, as `EXACT` is not: without an exact rate, and what has not been tried at all."""
FOUR = 4
"""Times taken together, so that sums and positions stay in the processor meanwhile."""
OUTFLOW, INFLOW, LEVEL, RATE, GROWTH, CRUMB, STANDS, SLOPE, AHEAD, HALFWAY, NEAR, FINITE = (
    np.uint64(place * WIDTH) for place in (0, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)
)
"""Where in the scratch array each figure stands; of moments there are four, one after the other."""
ONE, TWO, THREE = (np.uint64(place * WIDTH) for place in (1, 2, 3))
SCRATCH = 18 * WIDTH


def contracted(function: Any) -> Any:
    """Compiled for what is rounded to a grid later: it may do two operations at once."""
    return compiled(function, fastmath={"contract"})


@compiled
def solve_part(
    rows: Any,
    where: Any,
    powers: Any,
    half: Any,
    rates: Any,
    states: Any,
    first: Any,
    count: Any,
    aside: Any,
    places: Any,
    number: Any,
    looked_at: Any,
    s: Any,
) -> Any:
    """Solve the flows in `rows` `[row, path]`, and fill `rates` (log rates) and `states` `[flow, path]` for `count`
    paths from `first` on. More paths than these are read, up to a multiple of `LANES`.

    `where` `[flow, time]` says in which row a flow is at a time; rows of nothing before the first time fill it up to a
    multiple of `FOUR`. `powers` `[power, time]` are those of the time's place about the middle, in units of `half` of
    all the time. Flows that are not settled are written to `aside` `[flow, time]` and their places in `rates` to
    `places`, from `number` on; how many there are then is given back. `looked_at` and `s` are scratch arrays.
    """
    for flow in range(where.shape[0]):
        for at in range(np.uint64(0), np.uint64(count), LANES):
            _guess(rows, at, where[flow], powers, half, looked_at, s)
            _grow(s)
            _compound(rows, at, where[flow], s)
            _midway(half, s)
            _grow(s)
            _compound_and_watch(rows, at, where[flow], SMALL_STEP / half, looked_at, s)
            here, left = np.uint64(first) + at, min(LANES, np.uint64(count) - at)
            if _judge(half, rates[flow], states[flow], here, left, s):
                _settle_surpluses(rows, at, where[flow], rates[flow], states[flow], here, left, looked_at, s)
            for i in range(left):
                state = states[flow, here + i]
                if state == OPEN:
                    rate, growth, exact = again(rows, at + i, where[flow], rates[flow, here + i], half)
                    if exact:
                        state, rates[flow, here + i], s[GROWTH + i] = EXACT, rate, growth
                if state == EXACT:
                    state = others(rows, at + i, where[flow], s[GROWTH + i], rates[flow, here + i] * half, half)
                    states[flow, here + i] = state
                if state < 0:
                    places[number] = np.uint64(flow) * np.uint64(rates.shape[1]) + here + i
                    for t in range(aside.shape[1]):
                        aside[number, t] = rows[where[flow, t + where.shape[1] - aside.shape[1]], at + i]
                    number += 1
    return number


@njit(inline="always")
def _within(point: Any) -> Any:
    """Within reach; what is no number stays so."""
    return REACH if point > REACH else (-REACH if point < -REACH else point)


@njit(inline="always")
def _add(
    rows: Any, at: Any, row: Any, row_1: Any, row_2: Any, row_3: Any, powers: Any, t: Any, to: Any, s: Any
) -> None:
    """Add four rows' amounts, all of one sign, to their moments."""
    a, a_1, a_2, a_3 = powers[1, t], powers[1, t + 1], powers[1, t + 2], powers[1, t + 3]
    b, b_1, b_2, b_3 = powers[2, t], powers[2, t + 1], powers[2, t + 2], powers[2, t + 3]
    c, c_1, c_2, c_3 = powers[3, t], powers[3, t + 1], powers[3, t + 2], powers[3, t + 3]
    for i in range(LANES):
        x, x_1, x_2, x_3 = rows[row, at + i], rows[row_1, at + i], rows[row_2, at + i], rows[row_3, at + i]
        s[to + i] += (x + x_1) + (x_2 + x_3)
        s[to + ONE + i] += (x * a + x_1 * a_1) + (x_2 * a_2 + x_3 * a_3)
        s[to + TWO + i] += (x * b + x_1 * b_1) + (x_2 * b_2 + x_3 * b_3)
        s[to + THREE + i] += (x * c + x_1 * c_1) + (x_2 * c_2 + x_3 * c_3)


@njit(inline="always")
def _add_both(rows: Any, at: Any, row: Any, row_1: Any, row_2: Any, row_3: Any, powers: Any, t: Any, s: Any) -> None:
    """Add four rows' amounts of either sign, each to the moments of its sign."""
    a, a_1, a_2, a_3 = powers[1, t], powers[1, t + 1], powers[1, t + 2], powers[1, t + 3]
    b, b_1, b_2, b_3 = powers[2, t], powers[2, t + 1], powers[2, t + 2], powers[2, t + 3]
    c, c_1, c_2, c_3 = powers[3, t], powers[3, t + 1], powers[3, t + 2], powers[3, t + 3]
    for i in range(LANES):
        x, x_1, x_2, x_3 = rows[row, at + i], rows[row_1, at + i], rows[row_2, at + i], rows[row_3, at + i]
        y, y_1 = x if x > 0.0 else 0.0, x_1 if x_1 > 0.0 else 0.0
        y_2, y_3 = x_2 if x_2 > 0.0 else 0.0, x_3 if x_3 > 0.0 else 0.0
        x, x_1, x_2, x_3 = x - y, x_1 - y_1, x_2 - y_2, x_3 - y_3
        s[OUTFLOW + i] += (x + x_1) + (x_2 + x_3)
        s[OUTFLOW + ONE + i] += (x * a + x_1 * a_1) + (x_2 * a_2 + x_3 * a_3)
        s[OUTFLOW + TWO + i] += (x * b + x_1 * b_1) + (x_2 * b_2 + x_3 * b_3)
        s[OUTFLOW + THREE + i] += (x * c + x_1 * c_1) + (x_2 * c_2 + x_3 * c_3)
        s[INFLOW + i] += (y + y_1) + (y_2 + y_3)
        s[INFLOW + ONE + i] += (y * a + y_1 * a_1) + (y_2 * a_2 + y_3 * a_3)
        s[INFLOW + TWO + i] += (y * b + y_1 * b_1) + (y_2 * b_2 + y_3 * b_3)
        s[INFLOW + THREE + i] += (y * c + y_1 * c_1) + (y_2 * c_2 + y_3 * c_3)


@contracted
def _guess(rows: Any, at: Any, where: Any, powers: Any, half: Any, looked_at: Any, s: Any) -> None:
    """Moments, and a first log rate from them; and in `looked_at` the times that may begin a surplus."""
    begun = False
    for i in range(LANES * np.uint64(8)):
        s[i] = 0.0
    for t in range(0, where.shape[0], FOUR):
        row, row_1, row_2, row_3 = where[t], where[t + 1], where[t + 2], where[t + 3]
        back, paid = 0, 0
        for i in range(LANES):
            x, x_1, x_2, x_3 = rows[row, at + i], rows[row_1, at + i], rows[row_2, at + i], rows[row_3, at + i]
            most, other = x if x > x_1 else x_1, x_2 if x_2 > x_3 else x_3
            least, another = x if x < x_1 else x_1, x_2 if x_2 < x_3 else x_3
            back += (most if most > other else other) > 0.0
            paid += (least if least < another else another) < 0.0
        if back > 0 and paid > 0:
            _add_both(rows, at, row, row_1, row_2, row_3, powers, t, s)
        elif back > 0:
            _add(rows, at, row, row_1, row_2, row_3, powers, t, INFLOW, s)
        elif paid > 0:
            _add(rows, at, row, row_1, row_2, row_3, powers, t, OUTFLOW, s)
        begun |= back > 0
        looked_at[t] = begun and paid > 0
    for i in range(LANES):
        s[LEVEL + i] = np.log(s[INFLOW + i] / -s[OUTFLOW + i])
    for i in range(LANES):
        back, paid = s[INFLOW + i], s[OUTFLOW + i]
        mean, square, cube = s[INFLOW + ONE + i] / back, s[INFLOW + TWO + i] / back, s[INFLOW + THREE + i] / back
        spread = square - mean * mean
        third_back = (cube - mean * (3.0 * square - 2.0 * mean * mean)) / 6.0
        mean_paid = s[OUTFLOW + ONE + i] / paid
        square_paid = s[OUTFLOW + TWO + i] / paid
        cube_paid = s[OUTFLOW + THREE + i] / paid
        spread_paid = square_paid - mean_paid * mean_paid
        third_paid = (cube_paid - mean_paid * (3.0 * square_paid - 2.0 * mean_paid * mean_paid)) / 6.0
        level = s[LEVEL + i]
        first, second, third = mean_paid - mean, spread / 2.0 - spread_paid / 2.0, third_paid - third_back
        guess = _within(-level / first)
        value = level + guess * (first + guess * (second + guess * third))
        guess = _within(guess - value / (first + guess * (2.0 * second + guess * (3.0 * third))))
        value = level + guess * (first + guess * (second + guess * third))
        guess = _within(guess - value / (first + guess * (2.0 * second + guess * (3.0 * third))))
        s[RATE + i] = np.rint(guess / COARSE) * COARSE / half if guess == guess else 0.0


@compiled
def _grow(s: Any) -> None:
    """The growth over a unit of time, as `_growth.growth` has it for log rates that are near enough."""
    for i in range(LANES):
        s[GROWTH + i] = growth_near(s[RATE + i])


@compiled
def _compound(rows: Any, at: Any, where: Any, s: Any) -> None:
    """What stands at the last time, all flows compounded, and its slope against the log rate."""
    for i in range(LANES):
        s[STANDS + i], s[SLOPE + i] = 0.0, 0.0
    for t in range(0, where.shape[0], FOUR):
        _on(rows, at, where[t], where[t + 1], where[t + 2], where[t + 3], s)


@njit(inline="always")
def _on(rows: Any, at: Any, row: Any, row_1: Any, row_2: Any, row_3: Any, s: Any) -> None:
    for i in range(LANES):
        stands, slope, growth = s[STANDS + i], s[SLOPE + i], s[GROWTH + i]
        slope = (slope + stands) * growth
        stands = stands * growth + rows[row, at + i]
        slope = (slope + stands) * growth
        stands = stands * growth + rows[row_1, at + i]
        slope = (slope + stands) * growth
        stands = stands * growth + rows[row_2, at + i]
        s[SLOPE + i] = (slope + stands) * growth
        s[STANDS + i] = stands * growth + rows[row_3, at + i]


@compiled
def _midway(half: Any, s: Any) -> None:
    """A step of Newton's method, what counts as a crumb at its end, and the growth over half the time there."""
    for i in range(LANES):
        s[NEAR + i] = 1.0 if abs(s[RATE + i]) <= FURTHEST else 0.0
        s[FINITE + i] = 1.0 if abs(s[STANDS + i]) < np.inf else 0.0
        s[RATE + i] += -s[STANDS + i] / (s[SLOPE + i] - half * s[STANDS + i])
    for i in range(LANES):
        x = s[RATE + i] * half / 64.0
        series = 1.0 + x * (1.0 + x * (0.5 + x * (C3 + x * (C4 + x * (C5 + x * (C6 + x * (C7 + x * (C8 + x * C9))))))))
        series *= series
        series *= series
        series *= series
        series *= series
        series *= series
        series *= series
        s[HALFWAY + i] = series
        amounts = s[INFLOW + i] - s[OUTFLOW + i]
        s[CRUMB + i] = ROUNDING * amounts


@compiled
def _compound_and_watch(rows: Any, at: Any, where: Any, off: Any, looked_at: Any, s: Any) -> None:
    """The same, and whether there may be a surplus above a crumb when more than that is paid in, at a log rate no
    farther away than `off`."""
    for i in range(LANES):
        s[STANDS + i], s[SLOPE + i], s[AHEAD + i] = 0.0, 0.0, 0.0
    for t in range(0, where.shape[0], FOUR):
        row, row_1, row_2, row_3 = where[t], where[t + 1], where[t + 2], where[t + 3]
        if not looked_at[t]:
            _on(rows, at, row, row_1, row_2, row_3, s)
            continue
        for i in range(LANES):
            stands, slope, growth, crumb = s[STANDS + i], s[SLOPE + i], s[GROWTH + i], s[CRUMB + i]
            x, x_1, x_2, x_3 = rows[row, at + i], rows[row_1, at + i], rows[row_2, at + i], rows[row_3, at + i]
            slope = (slope + stands) * growth
            stands *= growth
            ahead = 1.0 if stands + off * abs(slope) > crumb and x < -crumb else 0.0
            stands += x
            slope = (slope + stands) * growth
            stands *= growth
            ahead = 1.0 if stands + off * abs(slope) > crumb and x_1 < -crumb else ahead
            stands += x_1
            slope = (slope + stands) * growth
            stands *= growth
            ahead = 1.0 if stands + off * abs(slope) > crumb and x_2 < -crumb else ahead
            stands += x_2
            slope = (slope + stands) * growth
            stands *= growth
            ahead = 1.0 if stands + off * abs(slope) > crumb and x_3 < -crumb else ahead
            s[STANDS + i], s[SLOPE + i] = stands + x_3, slope
            s[AHEAD + i] = 1.0 if ahead > 0.0 else s[AHEAD + i]


@compiled
def _judge(half: Any, rates: Any, states: Any, first: Any, count: Any, s: Any) -> bool:
    """A last step, and what its end is worth. Whether any is exact, and there may be a surplus."""
    asked = 0
    for i in range(count):
        amounts = s[INFLOW + i] - s[OUTFLOW + i]
        received, paid = s[INFLOW + i] > 0.0, s[OUTFLOW + i] < 0.0
        step = -s[STANDS + i] / (s[SLOPE + i] - half * s[STANDS + i])
        grown = s[HALFWAY + i]
        slope = s[SLOPE + i] / grown
        rounding = 4.0 * EPSILON * (amounts * max(grown, 1.0 / grown)) / (-slope / half)
        exact = slope < 0.0 and abs(step) * half < SMALL_STEP and rounding < ROUNDING_ALLOWED
        near = s[NEAR + i] > 0.0 and abs(s[RATE + i]) <= FURTHEST
        rate, state = s[RATE + i] + step, OPEN
        if not (s[FINITE + i] > 0.0 and amounts < np.inf):
            state = UNTRIED
        elif not received:
            rate, state = (-np.inf, TOTAL_LOSS) if paid else (np.nan, NEVER_INVESTED)
        elif not near:
            state = UNTRIED
        elif exact:
            state = EXACT if s[AHEAD + i] > 0.0 else UNIQUE
        elif not paid:
            state = UNTRIED
        s[GROWTH + i] *= 1.0 + step
        asked += state == EXACT
        rates[first + i] = rate
        states[first + i] = state
    return asked > 0


@compiled
def _settle_surpluses(
    rows: Any, at: Any, where: Any, rates: Any, states: Any, first: Any, count: Any, looked_at: Any, s: Any
) -> None:
    """Look again at the exact rate itself, where a balance that comes back to nothing is nothing."""
    for i in range(count):
        if states[first + i] == EXACT:
            s[RATE + i] = rates[first + i]
    _grow(s)
    _compound_and_watch(rows, at, where, 0.0, looked_at, s)
    for i in range(count):
        if states[first + i] == EXACT and s[AHEAD + i] == 0.0:
            states[first + i] = UNIQUE


def is_compiled() -> bool:
    """Whether this is on disk, compiled by this version of Numba for this processor."""
    return is_on_disk(solve_part)
