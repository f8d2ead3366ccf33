"""Where the fast room of the IRR begins: a first guess from the moments of what goes in and of what comes back.

With x = log(1 + rate), the log of the present value of the inflows is a cumulant series in x, and so is that of the
outflows. Where their difference, cut after three cumulants, is zero stands mostly within a thousandth of the root.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sibmodel.metrics._valued import discounted, summed

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOMENTS = 4
"""The total and what three cumulants are made of."""
MULTIPLIED_AT_ONCE = 512
"""Paths in one matrix product: so few that none is shared out among threads, however many there are."""
GRID = 2.0**-24
"""Where a search has come to is a whole number of these."""
COARSE = 2.0**-16
"""A first guess is a whole number of these: fewer last bits reach what follows."""
MOST_STEPS, LONGEST_STEP, FURTHEST = 10, 3.0, 30.0
"""Of Newton's method where the series does not reach."""
STEPS = 2
"""Newton steps on the cut series."""


def moments(flows: Floats, place: Floats, pays_back: Flags) -> tuple[Floats, Floats]:
    """Σ flow · place^k [k, path] of flows [time, path] at `place` [time]: of what comes back, and of everything.

    `pays_back` [time] says where anything comes back.
    """
    powers = place[None, :] ** np.arange(MOMENTS)[:, None]
    powers_back, rows = np.ascontiguousarray(powers[:, pays_back]), np.flatnonzero(pays_back)
    inflow, net = np.empty((MOMENTS, flows.shape[1])), np.empty((MOMENTS, flows.shape[1]))
    for start in range(0, flows.shape[1], MULTIPLIED_AT_ONCE):
        some = flows[:, start : start + MULTIPLIED_AT_ONCE]
        part = slice(start, start + some.shape[1])
        net[:, part] = powers @ some
        back = some[rows]
        inflow[:, part] = powers_back @ np.maximum(back, 0.0, out=back)
    return inflow, net


def first_guess(inflow: Floats, outflow: Floats, reach: float) -> Floats:
    """The root of the cut series [path], in the unit of the moments' places, within ±`reach`; 0 where there is none.

    `inflow` and `outflow` are moments of amounts with their signs.
    """
    level = np.log(inflow[0] / -outflow[0])
    first, second, third = (
        back - paid_in for back, paid_in in zip(_coefficients(inflow), _coefficients(outflow), strict=True)
    )
    guess = _within(-level / first, reach)
    for _ in range(STEPS):
        value = level + guess * (first + guess * (second + guess * third))
        slope = first + guess * (2.0 * second + guess * (3.0 * third))
        guess = _within(guess - value / slope, reach)
    return np.where(np.isnan(guess), 0.0, on_grid(guess, COARSE))


def _within(point: Floats, reach: float) -> Floats:
    np.minimum(point, reach, out=point)
    return np.maximum(point, -reach, out=point)


def on_grid(point: Floats, grid: float = GRID) -> Floats:
    """Rounded, so that last bits which depend on what stands beside a path do not reach what follows."""
    return np.asarray(np.rint(point / grid) * grid)


def approach(flows: Floats, place: Floats, point: Floats) -> tuple[Floats, Floats]:
    """Newton's method on log inflows − log outflows, for few paths that are far from their root: where it comes to
    [path], and the sum of all flows' sizes discounted to there."""
    by_path = np.ascontiguousarray(flows.T)
    point, amounts, left = point.copy(), np.empty_like(point), np.arange(point.size)
    reached = summed(discounted(by_path, place, point), place)
    for _ in range(MOST_STEPS):
        step = np.clip(-reached.balance / reached.slope, -LONGEST_STEP, LONGEST_STEP)
        point[left] = np.clip(point[left] + np.where(np.isnan(step), 0.0, step), -FURTHEST, FURTHEST)
        reached = summed(discounted(by_path[left], place, point[left]), place)
        amounts[left] = np.exp(reached.log_in) + np.exp(reached.log_out)
        go_on = np.abs(step) > GRID
        left, reached = left[go_on], reached[go_on]
        if not left.size:
            break
    return point, amounts


def _coefficients(of: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients of x, x² and x³ in log Σ flow · exp(−x · place), from the moments."""
    mean, square, cube = of[1] / of[0], of[2] / of[0], of[3] / of[0]
    spread = square - mean * mean
    return -mean, spread / 2.0, -(cube - mean * (3.0 * square - 2.0 * mean * mean)) / 6.0
