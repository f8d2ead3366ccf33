"""The thorough room of the IRR: every rate at which a flow breaks even, for flows the fast room left.

With x = log(1 + rate), the logs of the present values of the inflows and of the outflows are convex in x,
and their durations fall as x rises. So what is known at the two ends of an interval mostly decides whether
the net present value is zero between them, and whether it can be so more than once; where it leaves that
open, the interval is cut into pieces. No grid is searched, so no pair of roots falls between two points of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sibmodel.metrics._valued import Flags, Floats, HardFlows, Places, Points, join_points

NARROW = 1e-6
"""Roots nearer than this in log rate over the flows' whole life are told apart no further."""
CROWDED_WIDTH, CROWDED = 1e-3, 64
"""More intervals of one path than this still open at this width mean a root of high order, not many roots."""
PIECES = 8
EXCLUSION = 1e-13
"""The inflows' and outflows' logs are surely apart where they are apart by more than this."""
EXACT = 1e-14
"""Last step of the refinement in log rate over the flows' whole life."""


@dataclass(frozen=True, eq=False)
class Roots:
    """Rates at which flows break even; one entry a root, in no order."""

    path: Places
    log_rate: Floats
    falling: Flags
    """The net present value falls through zero as the rate rises."""
    touching: Flags
    """It touches zero and turns back: two roots in one. Neither: it rises through zero."""


@dataclass(frozen=True, eq=False)
class Intervals:
    """Stretches of log rate with the flows valued at their ends; one entry an interval."""

    path: Places
    low: Floats
    high: Floats
    at_low: Points
    at_high: Points

    def __getitem__(self, which: Flags | Places | slice) -> Intervals:
        return Intervals(self.path[which], self.low[which], self.high[which], self.at_low[which], self.at_high[which])

    def pieces(self, hard: HardFlows) -> Intervals:
        """Each interval cut into `PIECES` of one width."""
        cuts = np.arange(1, PIECES)[:, None] / PIECES * (self.high - self.low) + self.low
        valued = hard.value(np.tile(self.path, PIECES - 1), cuts.ravel())
        at = [valued[n * self.path.size : (n + 1) * self.path.size] for n in range(PIECES - 1)]
        ends, at_ends = [self.low, *cuts, self.high], [self.at_low, *at, self.at_high]
        return join([Intervals(self.path, ends[n], ends[n + 1], at_ends[n], at_ends[n + 1]) for n in range(PIECES)])


def join(parts: list[Intervals]) -> Intervals:
    """The intervals of all parts, one after another."""
    return Intervals(
        np.concatenate([part.path for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
        join_points([part.at_low for part in parts]),
        join_points([part.at_high for part in parts]),
    )


def every_root(hard: HardFlows) -> Roots:
    """All the rates above -100 % at which the flows break even.

    Roots nearer to each other than `NARROW` are given as one, or as a touching one where they cancel.
    """
    decided = hard.conventional | hard.borrowing
    searched, narrow = _isolate(hard, np.flatnonzero(~decided))
    low, high = hard.bounds
    path = np.concatenate([np.flatnonzero(decided), searched.path])
    falling = np.concatenate([hard.conventional[decided], searched.at_low.balance >= 0])
    log_rate = refine(
        hard,
        path,
        np.concatenate([low[decided], searched.low]),
        np.concatenate([high[decided], searched.high]),
        falling,
    )
    merged = _merge(narrow)
    return Roots(
        np.concatenate([path, merged.path]),
        np.concatenate([log_rate, merged.log_rate]),
        np.concatenate([falling, merged.falling]),
        np.concatenate([np.zeros(path.shape, dtype=bool), merged.touching]),
    )


def _isolate(hard: HardFlows, paths: Places) -> tuple[Intervals, Intervals]:
    """Intervals with exactly one root each, and narrow ones that cannot be told from a multiple root."""
    low, high = (bound[paths] for bound in hard.bounds)
    open_ = Intervals(paths, low, high, hard.value(paths, low), hard.value(paths, high))
    single, narrow = [open_[:0]], [open_[:0]]
    while open_.path.size:
        above_low, above_high = open_.at_low.balance >= 0, open_.at_high.balance >= 0
        falling = open_.at_high.duration_in > open_.at_low.duration_out
        rising = open_.at_high.duration_out > open_.at_low.duration_in
        crossed = (falling & above_low & ~above_high) | (rising & ~above_low & above_high)
        single.append(open_[crossed])

        open_ = open_[~(falling | rising | apart(open_))]
        width = (open_.high - open_.low) * hard.span
        crowd = np.bincount(open_.path, minlength=hard.size)[open_.path] > CROWDED
        stop = (width < NARROW) | (crowd & (width < CROWDED_WIDTH))
        narrow.append(open_[stop])
        open_ = open_[~stop].pieces(hard)
    return join(single), join(narrow)


def apart(intervals: Intervals) -> Flags:
    """Intervals in which the inflows surely outweigh the outflows, or the other way about."""
    low, high, width = intervals.at_low, intervals.at_high, intervals.high - intervals.low
    inflows = (low.log_in, low.duration_in, high.log_in, high.duration_in)
    outflows = (low.log_out, low.duration_out, high.log_out, high.duration_out)
    inflows_lead = _least_lead(*inflows, low.log_out, high.log_out, width)
    outflows_lead = _least_lead(*outflows, low.log_in, high.log_in, width)
    return np.asarray(np.maximum(inflows_lead, outflows_lead) > EXCLUSION)


def _least_lead(
    low: Floats,
    low_duration: Floats,
    high: Floats,
    high_duration: Floats,
    other_low: Floats,
    other_high: Floats,
    width: Floats,
) -> Floats:
    """Least distance by which one log present value surely stays above another on an interval.

    Convex, the one lies above its tangents at both ends and the other below its chord. The least distance
    between these lines is at an end or where the tangents meet. Negative: the two may cross.
    """
    bend = low_duration - high_duration
    bent = bend > 0
    meet = np.where(bent, low - high - high_duration * width, width / 2) / np.where(bent, bend, 1.0)
    meet = np.clip(meet, 0.0, width)
    tangents = np.maximum(low - low_duration * meet, high + high_duration * (width - meet))
    chord = other_low + (other_high - other_low) * meet / width
    return np.asarray(np.minimum(np.minimum(low - other_low, high - other_high), tangents - chord))


def _merge(narrow: Intervals) -> Roots:
    """Narrow intervals, neighbours joined: one root each, of the kind it is seen to be from outside."""
    narrow = narrow[np.lexsort((narrow.low, narrow.path))]
    apart = (narrow.path[1:] != narrow.path[:-1]) | (narrow.low[1:] != narrow.high[:-1])
    first = np.ones(narrow.path.shape, dtype=bool)
    last = first.copy()
    first[1:], last[:-1] = apart, apart
    low, high, start, end = narrow.low[first], narrow.high[last], narrow.at_low[first], narrow.at_high[last]
    above_low, above_high = start.balance >= 0, end.balance >= 0
    touching = above_low == above_high
    # A touching root is where the slope is zero, and between points so near each other the slope is straight.
    turning = np.where(touching & (start.slope != end.slope), start.slope - end.slope, 1.0)
    share = np.where(touching & (start.slope * end.slope < 0), start.slope / turning, 0.5)
    return Roots(narrow.path[first], low + share * (high - low), above_low & ~above_high, touching)


def refine(hard: HardFlows, path: Places, low: Floats, high: Floats, falling: Flags) -> Floats:
    """The one root of each path between `low` and `high`, by Newton's method kept inside the bracket.

    Where a step leaves the bracket, or does not halve the one before, the bracket is halved instead.
    """
    answer = np.empty(path.shape)
    place = np.arange(path.size)
    point = low + (high - low) / 2
    before = high - low
    while place.size:
        valued = hard.value(path, point)
        balance, slope = valued.balance, valued.slope
        left = (balance > 0) == falling
        low, high = np.where(left, point, low), np.where(left, high, point)
        step = -balance / np.where(slope == 0, 1.0, slope)
        poor = (point + step < low) | (point + step > high) | (np.abs(step) > before / 2)
        aim = np.where(poor, low + (high - low) / 2, point + step)
        # Where the balance is only rounding, no step leads nearer.
        aim = np.where(np.abs(balance) <= np.finfo(float).eps * (1.0 + np.abs(valued.log_in)), point, aim)
        step = np.abs(aim - point)
        # A bracket that holds no number between its ends is done too.
        done = (step * hard.span <= EXACT) | (aim == low) | (aim == high)
        answer[place[done]] = aim[done]
        go = ~done
        place, path, low, high, falling = place[go], path[go], low[go], high[go], falling[go]
        point, before = aim[go], step[go]
    return answer
