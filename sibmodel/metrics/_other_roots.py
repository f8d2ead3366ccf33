"""What other rates a flow has than a falling one that was found, by counting changes of sign.

The flows discounted to a point and added up, from the first on, change their sign at least as often as there are roots
above that point; added up from the last back, as there are roots below it; and if more often, by an even number (E.
Laguerre, "Mémoire sur la théorie des équations numériques", Journal de mathématiques pures et appliquées 9, 1883,
from Descartes' rule of signs). A point just beside the root tells most: divided by its factor there, the present value
leaves a polynomial whose coefficients are the first sums, so the same holds of the sums of these sums. Where that
leaves two roots on one side or none, points further away are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sibmodel.metrics._compounding import NEAR_ZERO
from sibmodel.metrics._valued import Flags, Floats, discounted

Counts = NDArray[np.intp]

REACHES = (6.5, 16.0, 3.6, 9.0, 12.0, 29.0)
"""How far from the root points are looked at, in log rate over half the flows' time; first those that tell most."""
FIRST = 2
"""So many of these at once, then the others."""
HALVINGS = 4
"""How often the stretch between two of them is halved where neither tells enough."""
BESIDE = 2.0
"""So many times the distance from a root, over half the flows' time, is what the sums there may be off by."""
UNSURE = -1
AT_ONCE = 512
"""Paths looked at together: what stays within a processor's cache."""


@dataclass(frozen=True, eq=False)
class Others:
    """What is certain of the roots beside a falling one; one entry a path. Neither: nothing is."""

    none: Flags
    farther: Flags
    """There are some, and if the present value falls at any of these, that one is farther from zero."""


def other_roots(flows: Floats, times: Floats, log_rate: Floats) -> Others:
    """What other roots flows [time, path] have that are worth nothing at `log_rate` [path]."""
    half = (times[-1] - times[0]) / 2.0
    place = (times - times[0]) / half - 1.0
    by_path, point = np.ascontiguousarray(flows.T), log_rate * half
    above, below = np.empty(point.shape, dtype=np.intp), np.empty(point.shape, dtype=np.intp)
    for start in range(0, point.size, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        above[part], below[part] = _beside(by_path[part], place, point[part])
    _look_further(by_path, place, point, above, below)
    # Seen from the other end of time, and by the other party, what is below is above.
    _look_further(np.negative(by_path[:, ::-1], order="C"), -place[::-1], -point, below, above)
    none = (above == 0) & (below == 0)
    return Others(none, (above != UNSURE) & (below != UNSURE) & ~none)


# From here on a path's flows stand beside each other, [path, time]: they are added up along the path.


def _beside(flows: Floats, place: Floats, point: Floats) -> tuple[Counts, Counts]:
    """How many roots there are above `point`, and below, or at most; -1 where not even that is sure, or where `point`
    is not the root itself: with crumbs it may have been, without them it may be beside.

    One root in all: it is said to be above. It rises, wherever it is.
    """
    moves = flows != 0.0
    begins, ends = moves.argmax(axis=1), flows.shape[1] - 1 - moves[:, ::-1].argmax(axis=1)
    worth = discounted(flows, place, point)
    near, slope = np.abs(worth), worth @ place
    np.cumsum(near, axis=1, out=near)
    sums = np.cumsum(worth, axis=1, out=worth)
    is_root = np.abs(sums[:, -1]) * BESIDE <= NEAR_ZERO * np.abs(slope)
    sums[np.arange(flows.shape[1]) >= ends[:, None]] = 0.0  # the last is nothing but for rounding
    above = np.where(is_root, _changes(sums, near, ends - begins), UNSURE)
    below = np.where(is_root, 0, UNSURE)
    open_ = np.flatnonzero(is_root & ((above > 1) | (above == UNSURE)))
    if open_.size:
        sums, begins, ends = sums[open_], begins[open_], ends[open_]
        near = np.where(sums == 0.0, 0.0, near[open_])
        above[open_] = _changes(np.cumsum(sums, axis=1), np.cumsum(near, axis=1), flows.shape[1] - begins)
        sums, near = sums[:, ::-1], near[:, ::-1]
        below[open_] = _changes(np.cumsum(sums, axis=1), np.cumsum(near, axis=1), ends)
    return above, below


def _changes(sums: Floats, near: Floats, number: Counts) -> Counts:
    """How often sums [path, time] change their sign; -1 where rounding leaves fewer than `number` a sign."""
    near = near * NEAR_ZERO
    ahead, behind = sums > near, sums < -near
    changed = (ahead[:, 1:] & behind[:, :-1]) | (behind[:, 1:] & ahead[:, :-1])
    found = np.count_nonzero(changed, axis=1)
    return np.where(np.count_nonzero(ahead | behind, axis=1) == number, found, UNSURE)


def _look_further(flows: Floats, place: Floats, point: Floats, above: Counts, below: Counts) -> None:
    """Settle how many roots there are below `point`, where that is not sure but is above: fills `below` with 0, 1, 2
    (of which the one where the present value falls is farther from zero than `point`) or -1.
    """
    left = np.flatnonzero((below > 1) & ((above == 0) | (above == 1)))
    below[below > 1] = UNSURE
    high, low = np.zeros(left.size), np.full(left.size, np.inf)
    for step in range(2 + HALVINGS):
        if not left.size:
            return
        few = (REACHES[:FIRST], REACHES[FIRST:])[step] if step < 2 else ()
        reaches = np.repeat(few, left.size) if few else (high + low) / 2
        again = np.tile(np.arange(left.size), reaches.size // left.size)
        paths = left[again]
        here = point[paths] - reaches
        over, under = _either_side(flows[paths], place, here)
        over = over - above[paths]  # the root found is counted too
        found = np.select(
            [
                (over == 1) & ((under == 0) | (under == 1)),
                (over == 2) & (under == 0),
                (over == 2) & (under == 1) & (here <= -np.abs(point[paths])),
            ],
            [under, 1, 2],
            UNSURE,
        )
        np.maximum.at(below, paths, found)
        np.maximum.at(high, again, np.where((over == 1) & (under > 1), reaches, 0.0))
        np.minimum.at(low, again, np.where((over > 1) & (under == 0), reaches, np.inf))
        go_on = (below[left] == UNSURE) & ((step == 0) | np.isfinite(low))
        left, high, low = left[go_on], high[go_on], low[go_on]


def _either_side(flows: Floats, place: Floats, point: Floats) -> tuple[Counts, Counts]:
    """How many roots there are above `point` at most, and below; another one by an even number. -1: not sure."""
    moves = flows != 0.0
    worth = discounted(flows, place, point)
    sizes = np.abs(worth)
    above = _changes(np.cumsum(worth, axis=1), np.cumsum(sizes, axis=1), flows.shape[1] - moves.argmax(axis=1))
    worth, sizes, moves = worth[:, ::-1], sizes[:, ::-1], moves[:, ::-1]
    below = _changes(np.cumsum(worth, axis=1), np.cumsum(sizes, axis=1), flows.shape[1] - moves.argmax(axis=1))
    return above, below
