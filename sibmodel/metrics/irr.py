"""Internal rates of return of many paths at once, each with a status that says what the figure is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sibmodel.lines import aligned
from sibmodel.metrics._every_root import every_root
from sibmodel.metrics._flows import columns_of, without_crumbs
from sibmodel.metrics._ordinary import Ordinary, solve_again, solve_ordinary
from sibmodel.metrics._valued import HardFlows

if TYPE_CHECKING:
    from sibmodel.metrics._parts import Parts

Floats = NDArray[np.float64]
Statuses = NDArray[np.int8]
Paths = NDArray[np.intp]

PATHS_AT_ONCE = 8_192
"""Paths worked on at once: a row of them fits a processor's cache, and is long enough to be worth a call of NumPy."""
TIED = 12
"""Log rates equal to so many decimals are equally near zero."""
PART = 256
"""Paths that compiled code is given at once."""
SAME = 1e-9
"""Log rates that differ by less are the same."""
SEARCHED_AT_ONCE = 1_024
"""Paths searched for every root at once."""


class RateStatus(IntEnum):
    """What is known of a path's rate; `label` says it in words."""

    UNIQUE = 0
    TOTAL_LOSS = 1
    NO_RATE = 2
    SEVERAL = 3
    NEVER_INVESTED = 4
    BORROWING = 5

    @property
    def label(self) -> str:
        """One sentence for reports."""
        return _LABELS[self]


_LABELS = {
    RateStatus.UNIQUE: "One rate of return.",
    RateStatus.TOTAL_LOSS: "Total loss: money went in and none came back; counted as −100 %.",
    RateStatus.NO_RATE: "No rate makes it break even; counted as −100 % where less came back than went in, "
    "else without a figure.",
    RateStatus.SEVERAL: "Several rates of return; given is the one nearest zero at which the present value "
    "falls as the rate rises. None of them is the answer on its own.",
    RateStatus.NEVER_INVESTED: "Never invested: no money went in, so there is no rate.",
    RateStatus.BORROWING: "Money comes first and is paid back later: the one rate is a cost of borrowing, "
    "not a return, and no figure is given.",
}


@dataclass(frozen=True, eq=False)
class Rates:
    """Rates of return of paths. Arrays have the flows' shape without its time axis."""

    rate: Floats
    """Annual effective rate as a share of one; nan where there is none (see `RateStatus`)."""
    status: Statuses
    """A `RateStatus` for each path."""

    def counts(self) -> dict[RateStatus, int]:
        """Paths of each status, in the order of `RateStatus`, those with none left out."""
        number = np.bincount(np.ravel(self.status), minlength=len(RateStatus))
        return {status: int(number[status]) for status in RateStatus if number[status]}


def irr(flows: ArrayLike, periods_per_year: float = 12.0) -> Rates:
    """Internal rate of return of equally spaced flows, annual effective.

    The rate r of a period at which Σ flow_t (1 + r)^−t = 0, stated as (1 + r)^periods_per_year − 1.

    Parameters
    ----------
    flows
        [time] or [time, path], money in positive for the holder; row 0 is the first period.
    periods_per_year
        12 where the periods are months.

    Returns
    -------
    Rates
        `rate` and `status`, shaped [path]; without an axis for flows [time].

    What stands in `rate`:

    - UNIQUE: the only rate above −100 %, found to rounding (1e-12 unless the flow itself is ill-conditioned).
    - TOTAL_LOSS: −1 by convention.
    - NO_RATE: money moves both ways and no rate breaks even. −1 where less came back than went in: such a
      path loses at every rate, and leaving it out would bias a distribution upward. nan where more came
      back: it gains at every rate.
    - SEVERAL: the root nearest zero in log(1 + rate) at which the present value falls as the rate rises, the
      lower of two that are equally near.
      A root at which it only touches zero counts as two. Roots are told apart down to 1e-6 in
      log(1 + rate) over the flows' life.
    - NEVER_INVESTED: nan.
    - BORROWING: exactly one root, but the present value rises with the rate there: nan, because averaged
      with returns a cost of borrowing would mislead.

    Flows below 1e-12 of their path's largest may be taken for rounding errors and ignored; and so may a surplus, or
    what is paid out of it, below 1e-12 of the sum of all flows' sizes. A rate does not depend on the paths beside it
    (where there are roots far apart, but for its last bits).

    Raises
    ------
    ValueError
        for flows that are empty, not finite or of more than two dimensions, or `periods_per_year` ≤ 0.

    References
    ----------
    C. S. Soper, "The marginal efficiency of capital: a further note", Economic Journal 69 (1959), for the
    uniqueness test; Descartes' rule of signs; and `sibmodel.metrics._every_root` for the search.
    """
    _require_periods(periods_per_year)
    columns, shape = columns_of(flows)
    return _annual(columns, np.arange(float(len(columns))), periods_per_year, shape)


def compiled_irr(flows: ArrayLike, periods_per_year: float = 12.0) -> Rates:
    """The same as `irr`, faster for many thousands of paths: what takes most time is compiled.

    The same to the last bit, but where `irr` itself says that the last bits depend on the paths beside.

    Raises
    ------
    ModuleNotFoundError
        where Numba is not installed: it comes with the extra `fast`.
    """
    from sibmodel.metrics._parts import Parts

    _require_periods(periods_per_year)
    columns, shape = columns_of(flows)
    periods, paths = columns.shape
    parts = Parts(np.arange(periods)[None], periods, paths)
    rows = aligned(periods + 1, PART)
    rows[:] = 0.0
    for first in range(0, paths, PART):
        count = min(PART, paths - first)
        rows[:periods, :count] = columns[:, first : first + count]
        parts.see(rows, first, count)
    (rates,) = rates_of_parts(parts, periods_per_year)
    return Rates(rates.rate.reshape(shape), rates.status.reshape(shape))


def rates_of_parts(parts: Parts, periods_per_year: float = 12.0) -> list[Rates]:
    """The rates of each of the flows, all parts of which have been seen. Raises as `irr`."""
    times = np.arange(float(parts.times))
    log_rate, status = parts.log_rate.reshape(-1), parts.state.reshape(-1)
    places, flows = parts.aside()
    state = status[places]
    untried = state == parts.UNTRIED
    for chosen, known in ((np.flatnonzero(~untried), True), (np.flatnonzero(untried), False)):
        if chosen.size:
            some = np.ascontiguousarray(flows[:, chosen])
            if known:
                found, its = log_rate[places[chosen]], np.empty(chosen.size, dtype=np.int8)
                _go_on(some, np.arange(chosen.size), times, found, its, state[chosen] == parts.EXACT)
            else:
                found, its = _log_rates(some, times)
            log_rate[places[chosen]], status[places[chosen]] = found, its
    rate = _stated(log_rate, periods_per_year)
    shape = parts.log_rate.shape
    return [Rates(*one) for one in zip(rate.reshape(shape), status.reshape(shape), strict=True)]


def irr_is_compiled() -> bool:
    """Whether what `compiled_irr` needs is on disk, so that it waits for no compiler. Raises as `compiled_irr`."""
    from sibmodel.metrics._in_parts import is_compiled

    return is_compiled()


def irr_dated(flows: ArrayLike, dates: ArrayLike) -> Rates:
    """Internal rate of return of flows on true dates: the XIRR of spreadsheets.

    The annual rate r at which Σ flow_i (1 + r)^−(days_i / 365) = 0, days counted from the first date
    (actual/365). It differs from `irr` of the same flows by some hundredths of a percentage point.

    Parameters
    ----------
    flows
        [time] or [time, path], money in positive for the holder.
    dates
        [time], datetime64 or what NumPy reads as such; in any order, and a date may come twice.

    Returns
    -------
    Rates
        as `irr` gives them.

    Raises
    ------
    ValueError
        as `irr`, and for dates that are missing or not as many as the flows.
    """
    columns, shape = columns_of(flows)
    days = np.asarray(dates, dtype="datetime64[D]")
    if days.shape != columns.shape[:1]:
        raise ValueError(f"{len(columns)} flows need as many dates; the dates have shape {days.shape}.")
    if np.isnat(days).any():
        raise ValueError("A date is missing (NaT).")
    if not (np.diff(days) > np.timedelta64(0)).all():
        order = np.argsort(days, kind="stable")
        days, first = np.unique(days[order], return_index=True)
        columns = np.add.reduceat(columns[order], first, axis=0)
    return _annual(columns, (days - days[0]).astype(np.float64), 365.0, shape)


def _require_periods(periods_per_year: float) -> None:
    if not periods_per_year > 0:
        raise ValueError(f"periods_per_year is {periods_per_year}; it must be above zero (12 for months).")


def _annual(columns: Floats, times: Floats, per_year: float, shape: tuple[int, ...]) -> Rates:
    """Rates of flows [time, path] at `times`, stated for `per_year` units of time."""
    log_rate, status = _log_rates(np.ascontiguousarray(columns), times)  # the paths of a period beside each other
    return Rates(_stated(log_rate, per_year).reshape(shape), status.reshape(shape))


def _stated(log_rate: Floats, per_year: float) -> Floats:
    """Rates for `per_year` units of time."""
    with np.errstate(over="ignore", under="ignore"):  # more than a float holds a year is infinite
        return np.asarray(np.expm1(log_rate * per_year))


def _log_rates(columns: Floats, times: Floats) -> tuple[Floats, Statuses]:
    """Log rates and statuses of flows [time, path] at `times`."""
    log_rate = np.full(columns.shape[1], np.nan)
    status = np.empty(columns.shape[1], dtype=np.int8)
    exact = np.zeros(columns.shape[1], dtype=bool)
    hard = [np.empty(0, dtype=np.intp)]
    for paths in _blocks(np.arange(columns.shape[1]), PATHS_AT_ONCE):
        found = solve_ordinary(columns, slice(int(paths[0]), int(paths[-1]) + 1), times)
        hard.append(paths[_note(found, paths, log_rate, status)])
        exact[paths] = found.exact
    _go_on(columns, np.concatenate(hard), times, log_rate, status, exact)
    return log_rate, status


def _go_on(
    columns: Floats, hard: Paths, times: Floats, log_rate: Floats, status: Statuses, exact: NDArray[np.bool_]
) -> None:
    """Settle the paths that `solve_ordinary` has not, from what it came to: log rates, and whether they are exact."""
    harder = [np.empty(0, dtype=np.intp)]
    for paths in _blocks(hard, PATHS_AT_ONCE):
        flows = without_crumbs(np.take(columns, paths, axis=1))
        found = solve_again(flows, times, log_rate[paths], exact[paths])
        exact[paths] |= found.exact
        harder.append(paths[_note(found, paths, log_rate, status)])
    for paths in _blocks(np.concatenate(harder), SEARCHED_AT_ONCE):
        roots, status[paths] = _search(HardFlows(without_crumbs(np.take(columns, paths, axis=1)), times))
        with np.errstate(invalid="ignore"):
            known = exact[paths] & (np.abs(roots - log_rate[paths]) < SAME)  # the same root, to its last bit
        log_rate[paths] = np.where(known, log_rate[paths], roots)


def _blocks(paths: Paths, at_once: int) -> Iterator[Paths]:
    """The paths in blocks of one size, no larger than `at_once`."""
    width = -(-paths.size // max(-(-paths.size // at_once), 1))
    for start in range(0, paths.size, max(width, 1)):
        yield paths[start : start + width]


def _note(found: Ordinary, paths: Paths, log_rate: Floats, status: Statuses) -> Paths:
    """Write down what is certain of `paths`, and the log rate that the others have come to; the places of the latter
    are given back."""
    log_rate[paths] = found.log_rate
    status[paths] = RateStatus.UNIQUE
    open_ = np.flatnonzero(~found.only)
    status[paths[open_]] = RateStatus.SEVERAL
    open_ = open_[~found.falling[open_]]
    lost = found.invested[open_] & ~found.received[open_]
    log_rate[paths[open_]] = np.where(lost, -np.inf, np.where(found.invested[open_], found.log_rate[open_], np.nan))
    status[paths[open_]] = np.where(lost, RateStatus.TOTAL_LOSS, RateStatus.NEVER_INVESTED)
    return open_[found.invested[open_] & found.received[open_]]


def _search(hard: HardFlows) -> tuple[Floats, Statuses]:
    """Log rates and statuses of flows that each have money in and money back."""
    roots = every_root(hard)
    number = np.bincount(roots.path, weights=1.0 + roots.touching, minlength=hard.size)
    # A falling root goes before a touching one, and the one nearest zero before the others; the lower of two as near.
    usable = np.flatnonzero(roots.falling | roots.touching)
    found = roots.log_rate[usable]
    order = np.lexsort((found, np.round(np.abs(found), TIED), roots.touching[usable], roots.path[usable]))
    path, first = np.unique(roots.path[usable][order], return_index=True)
    loses = hard.inflow.sum(axis=0) < hard.outflow.sum(axis=0)
    log_rate = np.where((number == 0) & loses, -np.inf, np.nan)
    log_rate[path] = roots.log_rate[usable][order][first]
    status = np.select(
        [number == 0, number > 1, np.isnan(log_rate)],
        [RateStatus.NO_RATE, RateStatus.SEVERAL, RateStatus.BORROWING],
        RateStatus.UNIQUE,
    )
    return log_rate, status.astype(np.int8)
