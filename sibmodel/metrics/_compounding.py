"""Positions compounded down the months: the loops over time of the fast room of the IRR.

Every operation is NumPy's addition, multiplication or comparison of one row, so that a path's figures are the same bits
whatever paths stand beside it, on any number of threads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sibmodel.metrics._growth import growth as growth_over

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Growths = list[tuple[float, Floats]]
"""For each time but the first, the spacing before it and each path's growth over it."""
NEAR_ZERO = 1e-12
"""A sum smaller than this share of all amounts has no sign that rounding may not have given it."""


class Rows(NamedTuple):
    """What is known of the rows of a block, so that work can be saved: one entry a time."""

    moves: list[bool]
    """Some path has a flow there."""
    looked_at: list[bool]
    """A surplus may be there when money is paid in."""


def growths(times: Floats, log_rate: Floats) -> Growths:
    """The growth [path] from each time to the next at each path's log rate."""
    spacings = np.diff(times).tolist()
    factor = {spacing: growth_over(log_rate * spacing) for spacing in set(spacings)}
    return [(spacing, factor[spacing]) for spacing in spacings]


def position_and_slope(
    columns: Floats, paths: slice, times: Floats, log_rate: Floats, rows: Rows
) -> tuple[Floats, Floats]:
    """What stands at the last time, all flows compounded, and its slope against the log rate. Both [path].

    The flows are `columns[:, paths]`.
    """
    flows = columns[:, paths]
    position, slope = flows[0].copy(), np.zeros(flows.shape[1])
    for (spacing, growth), flow, moved in zip(growths(times, log_rate), flows[1:], rows.moves[1:], strict=True):
        _step(position, slope, spacing, growth)
        if moved:
            np.add(position, flow, out=position)
    return position, slope


def position_slope_and_surplus(
    columns: Floats, paths: slice, times: Floats, log_rate: Floats, rows: Rows, crumb: Floats, off: float
) -> tuple[Floats, Floats, Flags]:
    """The same, and whether the position may be a surplus above `crumb` [path] when more than that is paid in, in the
    rows that are looked at, at a log rate no farther away than `off`."""
    flows = columns[:, paths]
    position, slope = flows[0].copy(), np.zeros(flows.shape[1])
    surplus = np.zeros(position.shape, dtype=bool)
    ahead, paid_in, most = np.empty_like(surplus), np.empty_like(surplus), np.empty_like(position)
    least = -crumb
    each = zip(growths(times, log_rate), flows[1:], rows.moves[1:], rows.looked_at[1:], strict=True)
    for (spacing, growth), flow, moved, look in each:
        _step(position, slope, spacing, growth)
        if look:
            np.abs(slope, out=most)
            np.multiply(most, off, out=most)
            np.add(most, position, out=most)
            np.greater(most, crumb, out=ahead)
            np.less(flow, least, out=paid_in)
            np.logical_and(ahead, paid_in, out=ahead)
            np.logical_or(surplus, ahead, out=surplus)
        if moved:
            np.add(position, flow, out=position)
    return position, slope, surplus


def _step(position: Floats, slope: Floats, spacing: float, growth: Floats) -> None:
    """To the next time. The slope of position · exp(x · spacing) is (slope + spacing · position) · exp(x · spacing)."""
    np.add(slope, position if spacing == 1.0 else position * spacing, out=slope)
    np.multiply(slope, growth, out=slope)
    np.multiply(position, growth, out=position)
