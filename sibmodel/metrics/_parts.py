"""Rates of return of flows that come part by part, by compiled code; needs the extra `fast`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sibmodel.lines import aligned
from sibmodel.metrics import _in_parts as compiled
from sibmodel.metrics._first_guess import MOMENTS
from sibmodel.metrics._ordinary import SHORTEST
from sibmodel.metrics._others_compiled import EXACT

Floats = NDArray[np.float64]
Places = NDArray[np.integer]


class Parts:
    """Solves some flows of many paths, of which `see` is shown a part after another.

    `where` `[flow, time]` says in which row of a part a flow is at a time; the times are equally spaced. `nothing` is a
    row of zeros.
    """

    EXACT, UNTRIED = EXACT, compiled.UNTRIED
    """States of those that are not settled: with an exact rate that may not be the only one, or not tried at all."""

    def __init__(self, where: Places, nothing: int, paths: int) -> None:
        flows, times = where.shape
        before = -times % compiled.FOUR
        self.where = np.full((flows, before + times), nothing, dtype=np.uint32)
        self.where[:, before:] = where
        self.times = times
        self.half = max((times - 1) / 2.0, SHORTEST)
        place = np.arange(float(times)) / self.half - 1.0
        self.powers = np.zeros((MOMENTS, before + times))
        self.powers[:, before:] = place[None, :] ** np.arange(MOMENTS)[:, None]
        self.log_rate = np.empty((flows, paths))
        self.state = np.empty((flows, paths), dtype=np.int8)
        self._aside = np.empty((0, times))
        self._places = np.empty(0, dtype=np.uint64)
        self._number = 0
        self._looked_at = np.empty(before + times, dtype=bool)
        self._scratch = aligned(1, compiled.SCRATCH)[0]

    def see(self, rows: Floats, first: int, count: int) -> None:
        """Solve the paths from `first` on, with which the rows begin."""
        self._make_room(self._number + len(self.where) * count)
        self._number = compiled.solve_part(
            rows,
            self.where,
            self.powers,
            self.half,
            self.log_rate,
            self.state,
            first,
            count,
            self._aside,
            self._places,
            self._number,
            self._looked_at,
            self._scratch,
        )

    def _make_room(self, number: int) -> None:
        """For so many flows that are not settled: mostly they are few."""
        if number > len(self._places):
            aside, places = self._aside, self._places
            self._aside = np.empty((2 * number, self.times))
            self._places = np.empty(2 * number, dtype=np.uint64)
            self._aside[: self._number], self._places[: self._number] = aside[: self._number], places[: self._number]

    def aside(self) -> tuple[NDArray[np.intp], Floats]:
        """Where in `log_rate` and `state`, taken flat, those stand that are not settled; and their flows [time, .]."""
        return self._places[: self._number].astype(np.intp), self._aside[: self._number].T
