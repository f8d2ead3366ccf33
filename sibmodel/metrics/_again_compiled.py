"""`_ordinary.solve_again` in compiled code, one path at a time: for flows whose first guess was far from their rate.
Needs the extra `fast`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sibmodel.lines.compiling import compiled
from sibmodel.metrics._first_guess import FURTHEST as FURTHEST_POINT
from sibmodel.metrics._first_guess import GRID, LONGEST_STEP, MOST_STEPS
from sibmodel.metrics._flows import ROUNDING
from sibmodel.metrics._growth import COEFFICIENTS, FURTHEST
from sibmodel.metrics._ordinary import ROUNDING_ALLOWED, SMALL_STEP

BUILT_ON = 179017568
"""What stands for what this file takes from others, as `_in_parts` has it."""
C13, C12, C11, C10, C9, C8, C7, C6, C5, C4, C3, C2 = COEFFICIENTS
EPSILON = float(np.finfo(float).eps)


@njit(inline="always")
def growth_near(x: Any) -> Any:
    """`_growth.growth` of a log rate that is near enough."""
    series = ((((((x * C13 + C12) * x + C11) * x + C10) * x + C9) * x + C8) * x + C7) * x
    series = (((((series + C6) * x + C5) * x + C4) * x + C3) * x + C2) * x * x
    return series + x + 1.0


@compiled
def again(rows: Any, path: Any, where: Any, log_rate: Any, half: Any) -> Any:
    """A log rate, the growth at it, and whether it is exact, from what the first steps came to.

    The flow stands in `rows` `[row, path]`, in the rows `where` `[time]`; `half` is half of all the time. What is not
    exact is left to `_ordinary`.
    """
    point, largest = log_rate * half, 0.0
    for t in range(where.shape[0]):
        largest = max(largest, abs(rows[where[t], path]))
    balance, slope, amounts = _valued(rows, path, where, largest, half, point)
    for _ in range(MOST_STEPS):
        step = -balance / slope
        step = LONGEST_STEP if step > LONGEST_STEP else (-LONGEST_STEP if step < -LONGEST_STEP else step)
        point += step if step == step else 0.0
        point = FURTHEST_POINT if point > FURTHEST_POINT else (-FURTHEST_POINT if point < -FURTHEST_POINT else point)
        balance, slope, amounts = _valued(rows, path, where, largest, half, point)
        if not abs(step) > GRID:
            break
    start = np.rint(point / GRID) * GRID / half
    if not abs(start) <= FURTHEST:
        return log_rate, 1.0, False
    growth, stands, rising = growth_near(start), 0.0, 0.0
    for t in range(where.shape[0]):
        rising = (rising + stands) * growth
        stands = stands * growth + _share(rows[where[t], path], largest)
    step = -stands / (rising - half * stands)
    rounding = 4.0 * EPSILON * amounts / (-(rising * np.exp(-point)) / half)
    exact = rising < 0.0 and abs(step) * half < SMALL_STEP and rounding < ROUNDING_ALLOWED
    return start + step, growth * (1.0 + step), exact


@njit(inline="always")
def _share(amount: Any, largest: Any) -> Any:
    """As `_flows.without_crumbs` has it."""
    share = amount / largest
    return 0.0 if abs(share) < ROUNDING else share


@compiled
def _valued(rows: Any, path: Any, where: Any, largest: Any, half: Any, point: Any) -> Any:
    """At a log rate over half the time: log inflows less log outflows, its slope, and all flows' sizes; discounted to
    the middle."""
    last = where.shape[0] - 1
    inflow, outflow, timed_in, timed_out = 0.0, 0.0, 0.0, 0.0
    discount, further = np.exp(-point), np.exp(point / half)
    for back in range(where.shape[0]):
        share = _share(rows[where[last - back], path], largest)
        worth, place = share * discount, 1.0 - back / half
        if share > 0.0:
            inflow += worth
            timed_in += worth * place
        else:
            outflow -= worth
            timed_out -= worth * place
        discount *= further
    return np.log(inflow) - np.log(outflow), timed_out / outflow - timed_in / inflow, inflow + outflow
