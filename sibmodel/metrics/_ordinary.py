"""The fast room of the IRR: Newton's method on many ordinary flows at once, each answer certified.

The net present value is expanded about the middle of the flows' life, so that one matrix product gives
its coefficients for a whole block of paths. What cannot be certified here is left to `_every_root`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TERMS = 16
"""Terms of the expansion: enough for `REACH` to a part in 1e9, which the last exact step mends."""
REACH = 1.8
"""Largest log rate over half the flows' life that the expansion answers for."""
START_TERMS = 4
"""Terms from which the first guess is made: the first three cumulants and the total."""
NEWTON_STEPS = 3
SMALL_STEP = 1e-7
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
    rate above -100 % exists (C. S. Soper, "The marginal efficiency of capital", Economic Journal 69, 1959).
    """
    rows = np.flatnonzero(flows.any(axis=1))
    if rows.size < 2:  # one date at most: nothing can both go in and come back
        lowest, highest = flows.min(axis=0), flows.max(axis=0)
        return Ordinary(np.full(lowest.shape, np.nan), np.zeros(lowest.shape, dtype=bool), lowest < 0, highest > 0)
    if rows.size < flows.shape[0]:
        flows, times = flows[rows], times[rows]
    middle, half_life = (times[-1] + times[0]) / 2, (times[-1] - times[0]) / 2
    place = (times - middle) / half_life
    powers = np.arange(TERMS)
    expansion = (-place) ** powers[:, None] / np.array([float(factorial(power)) for power in powers])[:, None]

    # Flows far outside the range of money may overflow here; they come out uncertified, not wrong.
    with np.errstate(all="ignore"):
        net = expansion @ flows
        inflow = expansion[:START_TERMS] @ np.maximum(flows, 0.0)
        outflow = inflow - net[:START_TERMS]
        point, step = _newton(net, _first_guess(inflow, outflow))
        slope = _polynomial(_derivative(net), point)
        balance, surplus = _compound(flows, times, point / half_life)
        last_step = -balance * np.exp(-point) / slope
        rounding = 4 * np.finfo(float).eps * (inflow[0] + outflow[0]) * np.exp(np.abs(point)) / -slope
        certified = (
            (slope < 0)
            & ~surplus
            & (np.abs(point) < REACH)
            & (np.abs(step) < SMALL_STEP)
            & (np.abs(last_step) < SMALL_STEP)
            & (rounding < ROUNDING_ALLOWED)
        )
        log_rate = (point + last_step) / half_life
    return Ordinary(log_rate, certified, flows.min(axis=0) < 0, inflow[0] > 0)


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
    """The root of the expansion near `point`, and the last step taken towards it."""
    slopes = _derivative(net)
    step = np.zeros_like(point)
    for _ in range(NEWTON_STEPS):
        step = -_polynomial(net, point) / _polynomial(slopes, point)
        point = np.clip(point + step, -REACH, REACH)
    return point, step


def _derivative(coefficients: Floats) -> Floats:
    return np.arange(1.0, coefficients.shape[0])[:, None] * coefficients[1:]


def _polynomial(coefficients: Floats, point: Floats) -> Floats:
    """Value at `point` [path] of the polynomials with `coefficients` [power, path]."""
    value: Floats = coefficients[-1].copy()
    for coefficient in coefficients[-2::-1]:
        np.multiply(value, point, out=value)
        np.add(value, coefficient, out=value)
    return value


def _compound(flows: Floats, times: Floats, log_rate: Floats) -> tuple[Floats, Flags]:
    """The position at the last time, each path compounded at its rate, and whether it was ever a surplus
    when a further flow came."""
    balance = flows[0].copy()
    surplus = np.zeros(balance.shape, dtype=bool)
    ahead = np.empty_like(surplus)
    moving = np.empty_like(surplus)
    spacings = np.diff(times)
    growth = {spacing: np.exp(log_rate * spacing) for spacing in np.unique(spacings)}
    for spacing, flow in zip(spacings, flows[1:], strict=True):
        np.multiply(balance, growth[spacing], out=balance)
        np.greater(balance, 0.0, out=ahead)
        np.not_equal(flow, 0.0, out=moving)
        np.logical_and(ahead, moving, out=ahead)
        np.logical_or(surplus, ahead, out=surplus)
        np.add(balance, flow, out=balance)
    return balance, surplus
