"""`_other_roots` in compiled code, one path at a time; needs the extra `fast`.

It is content with less: what it is not sure of is left to `_other_roots`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sibmodel.lines.compiling import compiled
from sibmodel.metrics._compounding import NEAR_ZERO
from sibmodel.metrics._every_root import EXCLUSION
from sibmodel.metrics._flows import ROUNDING
from sibmodel.metrics._other_roots import BESIDE, HALVINGS, REACHES
from sibmodel.metrics.irr import RateStatus

BUILT_ON = 3959055699
"""What stands for what this file takes from others, as `_in_parts` has it: each file's functions are on disk by
themselves."""
UNIQUE, SEVERAL = int(RateStatus.UNIQUE), int(RateStatus.SEVERAL)
EXACT = -1
"""A rate that is exact, and may be one of several."""
LEAST = 2.0 * NEAR_ZERO
"""Twice what is near zero to `_other_roots`: rounding differs, and what is certain here is so there."""
LARGE, FAR_OUT = 1e100, 100.0
"""Amounts not larger than this, nor smaller than its inverse, at points not farther out: discounted there, and at any
point within reach, they are numbers still."""
FAR_BELOW = 1_000_000
PIECES = 48
"""Of a stretch in which nothing else tells whether there are roots."""


@njit(inline="always")
def _sign(total: Any, near: Any) -> Any:
    """1 or -1; 0 where rounding may have given it."""
    return 1 if total > LEAST * near else (-1 if total < -LEAST * near else 0)


@compiled
def others(rows: Any, path: Any, where: Any, growth: Any, point: Any, half: Any) -> int:
    """What other rates a flow has than the one found, at `point`, as `_other_roots` has it. `EXACT` where it is not
    sure."""
    times = where.shape[0]
    largest, last, first = 0.0, 0, -1
    for t in range(times):
        largest = max(largest, abs(rows[where[t], path]))
    if not (1.0 / LARGE < largest < LARGE and abs(point) < FAR_OUT):
        return EXACT
    least = ROUNDING * largest
    for t in range(times):
        if abs(rows[where[t], path]) >= least:
            first, last = t if first < 0 else first, t
    # Sums, and sums of sums, from the first on: of what all the flows to each but the last are worth at the root.
    so_far, near, discount, sign, twice, near_twice, sign_twice = 0.0, 0.0, 1.0 / largest, 0, 0.0, 0.0, 0
    changes, above, sure = 0, 0, True
    for t in range(first, last):
        amount = rows[where[t], path]
        worth = amount * discount if abs(amount) >= least else 0.0
        discount /= growth
        so_far += worth
        near += abs(worth)
        twice += so_far
        near_twice += near
        now, now_twice = _sign(so_far, near), _sign(twice, near_twice)
        changes += now * sign < 0
        above += now_twice * sign_twice < 0
        sure &= now != 0
        if now_twice == 0:
            return EXACT
        sign, sign_twice = now, now_twice
    if not BESIDE * abs(so_far + rows[where[last], path] * discount) * half <= NEAR_ZERO * abs(twice):
        return EXACT  # with crumbs it may be a root
    if sure and changes < 2:
        return SEVERAL if changes == 1 else UNIQUE
    if above > 1:
        return EXACT
    # And from the last back: what is left of the sums after each is taken away again.
    below, twice, near_twice, sign_twice = 0, 0.0, 0.0, 0
    for t in range(last - 1, first - 1, -1):
        twice += so_far
        near_twice += near
        now_twice = _sign(twice, near_twice)
        if now_twice == 0:
            return EXACT
        below += now_twice * sign_twice < 0
        sign_twice = now_twice
        amount = rows[where[t], path]
        discount *= growth
        worth = amount * discount if abs(amount) >= least else 0.0
        so_far -= worth
    if below > 1:
        below = _look_further(rows, path, where, first, last, least, growth, point, half, above)
    if below < 0:
        return EXACT
    return SEVERAL if above + below > 0 else UNIQUE


@compiled
def _look_further(
    rows: Any,
    path: Any,
    where: Any,
    first: Any,
    last: Any,
    least: Any,
    growth: Any,
    point: Any,
    half: Any,
    above: Any,
) -> int:
    """How many roots there are below `point`, at points further and further away: 0, 1, 2 (of which the one where the
    present value falls is farther from zero than `point`), or -1 where that is not sure."""
    high, low, over_low = 0.0, np.inf, 0
    for step in range(len(REACHES) + HALVINGS):
        reach = REACHES[min(step, len(REACHES) - 1)] if step < len(REACHES) else (high + low) / 2.0
        over, under = _either_side(rows, path, where, first, last, least, growth * np.exp(-reach / half))
        over -= above
        if over == 1 and (under == 0 or under == 1):
            return int(under)
        if over == 2 and under == 0:
            return 1
        if over == 2 and under == 1 and point - reach <= -abs(point):
            return 2
        if over == 1 and under > 1:
            high = max(high, reach)
        if over > 1 and under == 0 and reach < low:
            low, over_low = reach, over
        if step + 1 >= len(REACHES) and low == np.inf:
            return -1
    if over_low != 3 or high == 0.0:  # at the root itself rounding decides
        return -1
    # One root above the stretch that is left and none below; inside there are two or none.
    lead = _least_lead(rows, path, where, first, last, least, growth, half, low, high)
    if lead > EXCLUSION:
        return 0
    return 2 if lead == -np.inf and point - high <= -abs(point) else -1


@compiled
def _least_lead(
    rows: Any,
    path: Any,
    where: Any,
    first: Any,
    last: Any,
    least: Any,
    growth: Any,
    half: Any,
    low: Any,
    high: Any,
) -> float:
    """By how much the log of the inflows' value surely stays above that of the outflows, on a stretch below the root
    from `low` up to `high`; minus infinity where it is less than nothing at a point. As `_every_root.apart` has it."""
    surely, width = np.inf, (low - high) / PIECES
    before_in, before_out, before_time = 0.0, 0.0, 0.0
    for piece in range(PIECES + 1):
        here = growth * np.exp(-(low - piece * width) / half)
        inflow, outflow, timed, discount = 0.0, 0.0, 0.0, 1.0
        for t in range(first, last + 1):
            amount = rows[where[t], path]
            if amount >= least:
                inflow += amount * discount
                timed += amount * discount * t
            elif amount <= -least:
                outflow -= amount * discount
            discount /= here
        log_in, log_out, time = np.log(inflow), np.log(outflow), timed / inflow / half
        if log_in < log_out - EXCLUSION:
            return -np.inf
        if piece > 0:
            bend = before_time - time
            meet = (before_in - log_in - time * width) / bend if bend > 0.0 else width / 2.0
            meet = min(max(meet, 0.0), width)
            tangents = max(before_in - before_time * meet, log_in + time * (width - meet))
            chord = before_out + (log_out - before_out) * meet / width
            ends = min(before_in - before_out, log_in - log_out)
            surely = min(surely, min(ends, tangents - chord))
        before_in, before_out, before_time = log_in, log_out, time
    return surely


@compiled
def _either_side(rows: Any, path: Any, where: Any, first: Any, last: Any, least: Any, growth: Any) -> tuple[int, int]:
    """How many roots there are above the rate of a growth at most, and below it. Far below nothing where not sure."""
    over, under, discount = 0, 0, 1.0
    total, near, sign = 0.0, 0.0, 0
    for t in range(first, last + 1):
        amount = rows[where[t], path]
        worth = amount * discount if abs(amount) >= least else 0.0
        total += worth
        near += abs(worth)
        now = _sign(total, near)
        over += (now * sign < 0) if now != 0 else -FAR_BELOW
        sign = now
        discount /= growth
    total, near, sign = 0.0, 0.0, 0
    for t in range(last, first - 1, -1):
        discount *= growth
        amount = rows[where[t], path]
        worth = amount * discount if abs(amount) >= least else 0.0
        total += worth
        near += abs(worth)
        now = _sign(total, near)
        under += (now * sign < 0) if now != 0 else -FAR_BELOW
        sign = now
    return over, under
