"""The fast room of the IRR: Newton's method on many ordinary flows at once, each answer certified.

A first guess from moments (`_first_guess`), two steps with the position compounded month by month
(`_compounding`). What cannot be certified here is left to `_every_root`. A path's figures do not depend on the
paths beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sibmodel.metrics._compounding import Rows, position_and_slope, position_slope_and_surplus
from sibmodel.metrics._first_guess import approach, first_guess, moments, on_grid
from sibmodel.metrics._flows import ROUNDING, require_finite
from sibmodel.metrics._other_roots import other_roots

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

REACH = 3.0
"""Largest log rate over half the flows' time that is tried."""
SHORTEST = 1e-3
"""Half the time of flows that all stand on one date."""
WORTH_LEAVING_OUT = 0.4
"""Where money comes back in a smaller share of the paths than this, the others are left out."""
SMALL_STEP = 1e-7
"""A last step no larger than this, over half the flows' time, leaves an error of the order of its square."""
ROUNDING_ALLOWED = 1e-13
"""Largest bound on the rounding error of a certified log rate over half the flows' time."""


@dataclass(frozen=True, eq=False)
class Ordinary:
    """What the fast method knows of a block of flows; one entry a path."""

    log_rate: Floats
    """log(1 + rate) for one unit of time, as near as it came; what it is worth say the flags."""
    exact: Flags
    """A root to rounding, at which the present value falls as the rate rises."""
    only: Flags
    """Exact, and the only rate above -100 % there is."""
    falling: Flags
    """Exact, and one of several rates: of those at which the present value falls as the rate rises, the nearest to
    zero."""
    invested: Flags
    """Some money goes in; or some comes back, and neither `exact` nor anything else says that none went in."""
    received: Flags
    """Some money comes back."""


def solve_ordinary(columns: Floats, paths: slice, times: Floats) -> Ordinary:
    """Rates of the paths that Newton's method answers with certainty.

    The flows are `columns[:, paths]` [time, path], `times` [time] rising. Answers are certified by Soper's condition:
    where the money still invested, compounded at the rate found, never turns into a surplus before the last flow, no
    other rate above -100 % exists (C. S. Soper, "The marginal efficiency of capital: a further note", Economic
    Journal 69, 1959).

    Raises ValueError for flows that are not finite.
    """
    flows = columns[:, paths]
    lowest, highest = flows.min(axis=1), flows.max(axis=1)
    require_finite(lowest)
    require_finite(highest)
    pays_out, pays_back = lowest < 0, highest > 0
    # A surplus takes an inflow to arise and, the position being nothing in the end, an outflow to go.
    rows = Rows((pays_out | pays_back).tolist(), (pays_out & (np.cumsum(pays_back) > 0)).tolist())
    # Flows far outside the range of money may overflow here; they come out uncertified, not wrong.
    with np.errstate(all="ignore"):
        half = max((times[-1] - times[0]) / 2, SHORTEST)
        inflow, net = moments(flows, (times - times[0]) / half - 1.0, pays_back)
        received = inflow[0] > 0
        guess = first_guess(inflow, net - inflow, REACH) / half
        amounts = 2.0 * inflow[0] - net[0]
        if sum(rows.moves) < 2:  # at one date nothing can both go in and come back
            nothing = np.zeros(received.shape, dtype=bool)
            log_rate, exact, only = np.full(received.shape, np.nan), nothing, nothing
        elif np.count_nonzero(received) > WORTH_LEAVING_OUT * received.size:
            log_rate, exact, only = _solve(columns, paths, times, guess, amounts, rows)
        else:
            log_rate, exact, only = _solve_received(flows, times, guess, amounts, rows, received)
    # Where money comes back and no rate is exact, it is not known yet whether any went in.
    return Ordinary(log_rate, exact, only, np.zeros_like(only), received | (net[0] < 0), received)


def _solve_received(
    flows: Floats, times: Floats, guess: Floats, amounts: Floats, rows: Rows, received: Flags
) -> tuple[Floats, Flags, Flags]:
    """As `_solve`, the paths to which nothing comes back left out."""
    log_rate = np.full(received.shape, np.nan)
    exact, only = np.zeros(received.shape, dtype=bool), np.zeros(received.shape, dtype=bool)
    some = np.flatnonzero(received)
    found = _solve(np.take(flows, some, axis=1), slice(0, some.size), times, guess[some], amounts[some], rows)
    log_rate[some], exact[some], only[some] = found
    return log_rate, exact, only


def _solve(
    columns: Floats, paths: slice, times: Floats, log_rate: Floats, amounts: Floats, rows: Rows
) -> tuple[Floats, Flags, Flags]:
    """Log rates from a guess, whether they are exact, and whether they are the only ones: [path]."""
    half = (times[-1] - times[0]) / 2
    position, slope = position_and_slope(columns, paths, times, log_rate, rows)
    log_rate = log_rate + _step(position, slope, half)
    point = log_rate * half
    crumb, off = ROUNDING * amounts, SMALL_STEP / half
    position, slope, surplus = position_slope_and_surplus(columns, paths, times, log_rate, rows, crumb, off)
    step = _step(position, slope, half)
    exact = _exact(step, slope * np.exp(-point), half, amounts * np.exp(np.abs(point)))
    log_rate, only = log_rate + step, exact & ~surplus
    asked = np.flatnonzero(exact & surplus)
    if asked.size:  # at the rate itself, where a balance that comes back to nothing is nothing
        some, every = np.take(columns[:, paths], asked, axis=1), slice(0, asked.size)
        only[asked] = ~position_slope_and_surplus(some, every, times, log_rate[asked], rows, crumb[asked], 0.0)[2]
    return log_rate, exact, only


def solve_again(flows: Floats, times: Floats, log_rate: Floats, exact: Flags) -> Ordinary:
    """The same for flows without crumbs of which `solve_ordinary` has certified nothing, from what it came to.

    Here a surplus may arise and go again, if only the roots that it may bring with it can be counted (`_other_roots`).
    """
    half = (times[-1] - times[0]) / 2
    log_rate, exact = log_rate.copy(), exact.copy()
    left = np.flatnonzero(~exact)
    with np.errstate(all="ignore"):
        if left.size:
            some = np.take(flows, left, axis=1)
            point, amounts = approach(some, (times - times[0]) / half - 1.0, log_rate[left] * half)
            start = on_grid(point) / half
            all_rows = Rows([True] * len(times), [True] * len(times))
            position, slope = position_and_slope(some, slice(0, left.size), times, start, all_rows)
            step = _step(position, slope, half)
            log_rate[left] = start + step
            exact[left] = _exact(step, slope * np.exp(-point), half, amounts)
        only, falling = np.zeros_like(exact), np.zeros_like(exact)
        found = np.flatnonzero(exact)
        others = other_roots(np.take(flows, found, axis=1), times, log_rate[found])
    only[found], falling[found] = others.none, others.farther
    lowest, highest = flows.min(axis=0), flows.max(axis=0)
    return Ordinary(log_rate, exact, only, falling, lowest < 0, highest > 0)


def _step(position: Floats, slope: Floats, half: float) -> Floats:
    """Newton's step for the value at the middle of the flows' time, whose curve is the straightest."""
    return np.asarray(-position / (slope - half * position))


def _exact(step: Floats, slope: Floats, half: float, amounts: Floats) -> Flags:
    """Whether a step ends at a root to rounding, at which the present value falls. `slope`, and `amounts`, the sum of
    all flows' sizes (or more), are as at the middle of the flows' time."""
    rounding = 4 * np.finfo(float).eps * amounts / (-slope / half)
    return np.asarray((slope < 0) & (np.abs(step) * half < SMALL_STEP) & (rounding < ROUNDING_ALLOWED))
