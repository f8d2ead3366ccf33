"""The passes over flows that cost the most, compiled by Numba and kept on disk; needs the extra `fast`.

The same arithmetic in the same order as `_compounding`: nothing is reordered, and nothing contracted into other
operations, so that rates are the same to the last bit. Exponentials are NumPy's in both.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sibmodel.metrics._compounding import NEAR_ZERO, Changes, Flags, Floats, Rows

LANES = 256
"""Paths worked on at once: what belongs to them stays in the fastest memory."""


def _compiled(function: Any) -> Any:
    """The function, compiled when it is first called and kept on disk where there is a place for it."""
    try:
        return njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        return njit(nogil=True, error_model="numpy")(function)


@_compiled
def _compound(columns: Any, first: int, spacings: Any, kinds: Any, growths: Any, position: Any, slope: Any) -> None:
    """Fills `position` and `slope` [path]; the paths begin at the column `first`, and the growth up to row t + 1 is
    `growths[kinds[t]]`."""
    for start in range(0, len(position), LANES):
        stop = min(start + LANES, len(position))
        standing, rising = position[start:stop], slope[start:stop]
        standing[:], rising[:] = columns[0, first + start : first + stop], 0.0
        for t in range(len(kinds)):
            flow, growth = columns[t + 1, first + start : first + stop], growths[kinds[t], start:stop]
            spacing = spacings[t]
            for i in range(stop - start):
                rising[i] = (rising[i] + standing[i] * spacing) * growth[i]
                standing[i] = standing[i] * growth[i] + flow[i]


@_compiled
def _compound_and_watch(
    columns: Any,
    first: int,
    spacings: Any,
    kinds: Any,
    growths: Any,
    crumb: Any,
    position: Any,
    slope: Any,
    surplus: Any,
) -> None:
    """The same, and how often there was a surplus above `crumb` when money was paid in."""
    for start in range(0, len(position), LANES):
        stop = min(start + LANES, len(position))
        standing, rising, ahead = position[start:stop], slope[start:stop], surplus[start:stop]
        standing[:], rising[:], ahead[:] = columns[0, first + start : first + stop], 0.0, 0.0
        least = crumb[start:stop]
        for t in range(len(kinds)):
            flow, growth = columns[t + 1, first + start : first + stop], growths[kinds[t], start:stop]
            spacing = spacings[t]
            for i in range(stop - start):
                rising[i] = (rising[i] + standing[i] * spacing) * growth[i]
                before = standing[i] * growth[i]
                ahead[i] += (1.0 if before > least[i] else 0.0) * (1.0 if flow[i] < 0.0 else 0.0)
                standing[i] = before + flow[i]


@_compiled
def _change(worth: Any, falls: Any, rises: Any, signed: Any) -> None:
    """Fills `falls`, `rises` and `signed` [path] from flows [path, time]."""
    for path in range(len(worth)):
        so_far, near = 0.0, 0.0
        was_ahead, was_behind, fell, rose = False, False, False, False
        number = 0
        for amount in worth[path]:
            so_far += amount
            near += abs(amount)
            ahead, behind = so_far > near * NEAR_ZERO, so_far < -(near * NEAR_ZERO)
            fell |= behind & was_ahead
            rose |= ahead & was_behind
            was_ahead |= ahead
            was_behind |= behind
            number += ahead | behind
        falls[path], rises[path], signed[path] = fell, rose, number


def position_and_slope(
    columns: Floats, paths: slice, times: Floats, log_rate: Floats, rows: Rows
) -> tuple[Floats, Floats]:
    """As `_compounding.position_and_slope` gives them."""
    _fetch_what_few_need()
    position, slope = np.empty_like(log_rate), np.empty_like(log_rate)
    _compound(np.ascontiguousarray(columns), paths.start, *_growths(times, log_rate), position, slope)
    return position, slope


def position_slope_and_surplus(
    columns: Floats, paths: slice, times: Floats, log_rate: Floats, rows: Rows, crumb: Floats
) -> tuple[Floats, Floats, Flags]:
    """As `_compounding.position_slope_and_surplus` gives them."""
    position, slope, surplus = np.empty_like(log_rate), np.empty_like(log_rate), np.empty_like(log_rate)
    grown = _growths(times, log_rate)
    _compound_and_watch(np.ascontiguousarray(columns), paths.start, *grown, crumb, position, slope, surplus)
    return position, slope, surplus > 0.0


def changes_of_sign(worth: Floats) -> Changes:
    """As `_compounding.changes_of_sign` gives them."""
    falls, rises = np.empty(len(worth), dtype=bool), np.empty(len(worth), dtype=bool)
    signed = np.empty(len(worth), dtype=np.intp)
    _change(worth, falls, rises, signed)
    return Changes(falls, rises, signed)


@cache
def _fetch_what_few_need() -> None:
    """So that all is on disk after any use, whatever paths there were."""
    changes_of_sign(np.zeros((1, 1)))


def is_compiled() -> bool:
    """Whether the passes are on disk, compiled by this version of Numba for this processor."""
    try:
        return all(one._cache._cache_file._load_index() for one in (_compound, _compound_and_watch, _change))
    except AttributeError:  # no cache here, or another Numba's
        return False


def _growths(times: Floats, log_rate: Floats) -> tuple[Floats, NDArray[np.intp], Floats]:
    """The spacing before each time but the first, its kind, and each path's growth [kind, path] over one."""
    spacings = np.diff(times)
    different, kinds = np.unique(spacings, return_inverse=True)
    return spacings, kinds, np.exp(np.multiply.outer(different, log_rate))
