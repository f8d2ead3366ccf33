"""The fast room of the IRR: Newton's method on many ordinary flows at once, each answer certified.

The net present value is expanded about the middle of the flows' life, so that one matrix product gives
its coefficients for a whole block of paths. What cannot be certified here is left to `_every_root`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sibmodel.metrics._flows import require_finite

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TERMS = 16
"""Terms of the expansion, enough for a part in 1e9 at `REACH`; a last step on the flows themselves mends it."""
REACH = 1.8
"""Largest log rate over half the flows' life that the expansion answers for."""
START_TERMS = 4
"""Terms from which the first guess is made: the first three cumulants and the total."""
NEWTON_STEPS = 2
SMALL_STEP = 1e-9
"""A last step no larger than this leaves an error of the order of its square."""
ROUNDING_ALLOWED = 1e-13
"""Largest bound on the rounding error of a certified log rate over half the flows' life."""


@dataclass(frozen=True, eq=False)
class Ordinary:
    """What the fast method knows of a block of flows; one entry a path."""

    log_rate: Floats
    """log(1 + rate) for one unit of time; meaningful where `certified`."""
    certified: Flags
    """The only rate above -100 % there is, and exact to rounding."""
    invested: Flags
    """Some money goes in."""
    received: Flags
    """Some money comes back."""


def solve_ordinary(flows: Floats, times: Floats) -> Ordinary:
    """Rates of the paths that Newton's method answers with certainty.

    `flows` [time, path], `times` [time] rising. Answers are certified by Soper's condition: where the money
    still invested, compounded at the rate found, never turns into a surplus before the last flow, no other
    rate above -100 % exists (C. S. Soper, "The marginal efficiency of capital: a further note", Economic
    Journal 69, 1959).

    Raises ValueError for flows that are not finite.
    """
    lowest, highest = flows.min(axis=1), flows.max(axis=1)
    require_finite(lowest)
    require_finite(highest)
    rows = np.flatnonzero((lowest < 0) | (highest > 0))
    if rows.size < 2:  # one date at most: nothing can both go in and come back
        nothing = np.zeros(flows.shape[1], dtype=bool)
        return Ordinary(np.full(nothing.shape, np.nan), nothing, flows.min(axis=0) < 0, flows.max(axis=0) > 0)
    if rows.size < flows.shape[0]:
        flows, times = flows[rows], times[rows]
    half_life = (times[-1] - times[0]) / 2

    # Flows far outside the range of money may overflow here; they come out uncertified, not wrong.
    with np.errstate(all="ignore"):
        expansion = _expansion((times - times[0]) / half_life - 1.0)
        net = expansion @ flows
        inflow = expansion[:START_TERMS] @ np.maximum(flows, 0.0)
        outflow = inflow - net[:START_TERMS]
        point, slope = _newton(net, _first_guess(inflow, outflow))
        # A surplus takes an inflow to arise and, the balance being zero in the end, an outflow to go.
        looked_at = (lowest[rows] < 0) & (np.cumsum(highest[rows] > 0) > 0)
        balance, surplus = _compound(flows, times, point / half_life, looked_at)
        last_step = -balance * np.exp(-point) / slope
        rounding = 4 * np.finfo(float).eps * (inflow[0] + outflow[0]) * np.exp(np.abs(point)) / -slope
        certified = (
            (slope < 0)
            & ~surplus
            & (np.abs(point) < REACH)
            & (np.abs(last_step) < SMALL_STEP)
            & (rounding < ROUNDING_ALLOWED)
        )
        log_rate = (point + last_step) / half_life
    invested, received = certified.copy(), inflow[0] > 0
    invested[~certified] = (flows[:, ~certified] < 0).any(axis=0)
    return Ordinary(log_rate, certified, invested, received)


def _expansion(place: Floats) -> Floats:
    """Coefficients [power, time] of exp(−s·place) in powers of s."""
    ratios = np.ones((TERMS, place.size))
    ratios[1:] = -place / np.arange(1, TERMS)[:, None]
    return np.asarray(np.cumprod(ratios, axis=0))


def _first_guess(inflow: Floats, outflow: Floats) -> Floats:
    """Where log inflow − log outflow, cut after three cumulants, is zero; two Newton steps from its chord."""
    level = np.log(inflow[0] / outflow[0])
    first, second, third = (
        received - invested for received, invested in zip(_cumulants(inflow), _cumulants(outflow), strict=True)
    )
    guess = np.clip(-level / first, -REACH, REACH)
    for _ in range(2):
        value = level + guess * (first + guess * (second + guess * third))
        guess = np.clip(guess - value / (first + guess * (2 * second + guess * 3 * third)), -REACH, REACH)
    return np.where(np.isnan(guess), 0.0, guess)


def _cumulants(terms: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients of the logarithm of a power series, after its constant."""
    first, second, third = terms[1] / terms[0], terms[2] / terms[0], terms[3] / terms[0]
    return first, second - first * first / 2, third - first * (second - first * first / 3)


def _newton(net: Floats, point: Floats) -> tuple[Floats, Floats]:
    """The root of the expansion near `point`, and the slope there."""
    slopes = np.arange(1.0, len(net))[:, None] * net[1:]
    for _ in range(NEWTON_STEPS):
        step = -_polynomial(net, point) / _polynomial(slopes, point)
        point = np.clip(point + step, -REACH, REACH)
    return point, _polynomial(slopes, point)


def _polynomial(coefficients: Floats, point: Floats) -> Floats:
    """Value at `point` [path] of the polynomials with `coefficients` [power, path]."""
    value: Floats = coefficients[-1].copy()
    for coefficient in coefficients[-2::-1]:
        np.multiply(value, point, out=value)
        np.add(value, coefficient, out=value)
    return value


def _compound(flows: Floats, times: Floats, log_rate: Floats, looked_at: Flags) -> tuple[Floats, Flags]:
    """The position at the last time, each path compounded at its rate, and whether it was a surplus when an
    outflow came, in the rows [time] that are looked at."""
    balance = flows[0].copy()
    surplus = np.zeros(balance.shape, dtype=bool)
    ahead = np.empty_like(surplus)
    paid_in = np.empty_like(surplus)
    spacings = np.diff(times)
    growth = {spacing: np.exp(log_rate * spacing) for spacing in np.unique(spacings)}
    for spacing, flow, look in zip(spacings, flows[1:], looked_at[1:], strict=True):
        np.multiply(balance, growth[spacing], out=balance)
        if look:
            np.greater(balance, 0.0, out=ahead)
            np.less(flow, 0.0, out=paid_in)
            np.logical_and(ahead, paid_in, out=ahead)
            np.logical_or(surplus, ahead, out=surplus)
        np.add(balance, flow, out=balance)
    return balance, surplus
