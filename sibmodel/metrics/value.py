"""What flows are worth and when the money is back: NPV, MOIC, payback, peak capital.

All take `flows` [time] or [time, path], row 0 the first period, money in positive for the holder, and return
one figure a path: [path], or an array without an axis for flows [time]. All raise ValueError for flows that
are empty, not finite or of more than two dimensions.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sibmodel.metrics._flows import columns_of, require_finite

Floats = NDArray[np.float64]


def npv(flows: ArrayLike, annual_rate: ArrayLike, periods_per_year: float = 12.0) -> Floats:
    """Net present value at the first period: Σ flow_t (1 + annual_rate)^(−t / periods_per_year).

    The flow of row 0 is not discounted (a spreadsheet's NPV discounts it by one period).

    Parameters
    ----------
    flows
        [time] or [time, path], in money.
    annual_rate
        Annual effective rate as a share of one, above −1: one for all, or [path]. With flows [time], several
        rates give the value at each. nan gives nan.
    periods_per_year
        12 where the periods are months.

    Returns
    -------
    array
        [path], in money of the first period.

    Raises
    ------
    ValueError
        also for a rate of −1 or less, or `periods_per_year` ≤ 0.
    """
    if not periods_per_year > 0:
        raise ValueError(f"periods_per_year is {periods_per_year}; it must be above zero (12 for months).")
    columns, shape = _finite_columns(flows)
    rate = np.asarray(annual_rate, dtype=np.float64)
    if (rate <= -1).any():
        raise ValueError("annual_rate holds −100 % or less, at which nothing has a present value.")
    discount = np.exp(-np.log1p(rate) / periods_per_year)
    rows = columns.reshape(len(columns), *shape)
    value = np.zeros(np.broadcast_shapes(shape, rate.shape))
    with np.errstate(under="ignore"):  # what is worth nothing today may vanish
        for row in rows[::-1]:
            value = value * discount + row
    return value


def invested(flows: ArrayLike) -> Floats:
    """Money put in: the sum of the periods' negative flows, as a positive number [path].

    A period's flow is net: what comes back in the period it is paid in counts on neither side.
    """
    columns, shape = _finite_columns(flows)
    return _total_above_zero(-row for row in columns).reshape(shape)


def received(flows: ArrayLike) -> Floats:
    """Money back: the sum of the periods' positive flows [path], each period net as in `invested`."""
    columns, shape = _finite_columns(flows)
    return _total_above_zero(columns).reshape(shape)


def moic(flows: ArrayLike) -> Floats:
    """Multiple on invested capital, received ÷ invested [path]; nan where nothing was ever invested."""
    money_in, money_back = invested(flows), received(flows)
    drawn = money_in > 0
    return np.where(drawn, money_back / np.where(drawn, money_in, 1.0), np.nan)


def payback(flows: ArrayLike, tolerance: float = 0.005) -> Floats:
    """Periods (months) from the first outflow until the money is back for good [path].

    The money is back in the first period from which the cumulative position is never again below −tolerance;
    so a payment that is later put in again does not count. 0 where the position never falls so low; nan
    where the money is never back, or nothing was ever invested.

    Parameters
    ----------
    flows
        [time] or [time, path], in money.
    tolerance
        In money: half a penny, so that rounding does not delay the date.
    """
    if not tolerance >= 0:
        raise ValueError(f"tolerance is {tolerance}; it must be zero or more.")
    columns, shape = _finite_columns(flows)
    position = np.zeros(columns.shape[1])
    back = np.zeros(columns.shape[1])
    first_outflow = np.full(columns.shape[1], np.nan)
    for period, row in enumerate(columns):
        position += row
        back[position < -tolerance] = period + 1
        first_outflow[np.isnan(first_outflow) & (row < 0)] = period
    months = np.maximum(back - first_outflow, 0.0)
    return np.where(back == len(columns), np.nan, months).reshape(shape)


def peak_capital(flows: ArrayLike) -> Floats:
    """The most money that is in at once: the largest negative cumulative position, as a positive number.

    [path]; 0 where the position is never negative.
    """
    columns, shape = _finite_columns(flows)
    position = np.zeros(columns.shape[1])
    lowest = np.zeros(columns.shape[1])
    for row in columns:
        position += row
        np.minimum(lowest, position, out=lowest)
    return (0.0 - lowest).reshape(shape)  # not −lowest: −0.0 would show its sign


def _total_above_zero(rows: Iterable[Floats]) -> Floats:
    """Row by row, so that no second table of all flows is made."""
    return np.asarray(sum(np.maximum(row, 0.0) for row in rows))


def _finite_columns(flows: ArrayLike) -> tuple[Floats, tuple[int, ...]]:
    columns, shape = columns_of(flows)
    require_finite(columns)
    return columns, shape
