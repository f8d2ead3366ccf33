"""Whether a flow has other rates than a falling one that was found: by Descartes' rule of signs, and by durations.

Divided by its factor at the root, the present value leaves a polynomial whose coefficients are the flows discounted to
the root and added up from the first on; so there are no more other roots than these sums change their sign, and where
there are fewer it is by an even number. Never: none. Once: exactly one.

Where they change it more often, an interval is taken around the root. With x = log(1 + rate), the mean time of the
inflows, and that of the outflows, weighted by present value, fall as x rises. So where the inflows' at the upper end is
later than the outflows' at the lower, the present value can only fall through zero inside, and does so once; and an
interval in which one of them surely leads (`_every_root`) may be joined to it. Above the upper end there are no more
roots than the sums of the flows discounted to there change their sign (Descartes' rule, the origin moved); and below
the lower end likewise, added up from the last flow back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sibmodel.metrics._compounding import Changes, Passes
from sibmodel.metrics._every_root import Intervals, apart
from sibmodel.metrics._valued import Flags, Floats, Points, discounted, summed

REACHES = (0.8, 2.4, 4.8, 9.6)
"""How far an interval reaches to one side, in log rate over half the flows' time: one after another is tried."""
AT_ONCE = 512
"""Paths looked at together: what stays within a processor's cache."""


@dataclass(frozen=True, eq=False)
class Others:
    """What is certain of the roots beside a falling one; one entry a path. Neither: nothing is."""

    none: Flags
    rising: Flags
    """There are some, and none at which the present value falls as the rate rises."""


def other_roots(flows: Floats, times: Floats, log_rate: Floats, passes: Passes) -> Others:
    """What other roots flows [time, path] have that are worth nothing at `log_rate` [path]."""
    none, rising = np.zeros(log_rate.shape, dtype=bool), np.zeros(log_rate.shape, dtype=bool)
    half = (times[-1] - times[0]) / 2.0
    place = (times - times[0]) / half - 1.0
    by_path, point = np.ascontiguousarray(flows.T), log_rate * half
    for start in range(0, log_rate.size, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        none[part], rising[part] = _divided(
            by_path[part], passes.changes_of_sign(discounted(by_path[part], place, point[part]))
        )
    left = np.flatnonzero(~(none | rising))
    for start in range(0, left.size, AT_ONCE):
        paths = left[start : start + AT_ONCE]
        none[paths], rising[paths] = _beyond(by_path[paths], place, point[paths], passes)
    return Others(none, rising)


# From here on a path's flows stand beside each other, [path, time]: they are added up along the path.


def _beyond(flows: Floats, place: Floats, point: Floats, passes: Passes) -> tuple[Flags, Flags]:
    """Whether there are surely no other roots [path], and whether there are surely some and none of them falls, by what
    is above `point` and what is below."""
    here = summed(discounted(flows, place, point), place)
    none_above, one_above = _above(flows, place, point, here, passes)
    # Seen from the other end of time, and by the other party, what is below is above.
    turned = Points(here.log_out, here.log_in, -here.duration_out, -here.duration_in)
    none_below, one_below = _above(np.negative(flows[:, ::-1], order="C"), -place[::-1], -point, turned, passes)
    none = none_above & none_below
    return none, (none_above | one_above) & (none_below | one_below) & ~none


def _divided(flows: Floats, sums: Changes) -> tuple[Flags, Flags]:
    """Whether there are surely no other roots, or surely one, by the sums up to each flow but the last."""
    moves = flows != 0.0
    number = flows.shape[1] - 1 - moves[:, ::-1].argmax(axis=1) - moves.argmax(axis=1)
    return _never_and_once(sums, sums.signed == number)


def _above(flows: Floats, place: Floats, point: Floats, at_low: Points, passes: Passes) -> tuple[Flags, Flags]:
    """Whether there are surely no roots above `point`, or surely one. `at_low` has the flows valued there."""
    none, one = np.zeros(point.shape, dtype=bool), np.zeros(point.shape, dtype=bool)
    begins = (flows != 0.0).argmax(axis=1)
    left, before = np.arange(point.size), 0.0
    for reach in REACHES:
        worth = discounted(flows[left], place, point[left] + reach)
        at_high = summed(worth, place)
        inside = Intervals(left, np.full(left.shape, before), np.full(left.shape, reach), at_low, at_high)
        joined = (at_high.duration_in > at_low.duration_out) | apart(inside)
        sums = passes.changes_of_sign(worth)
        never, once = _never_and_once(sums, joined & (sums.signed == flows.shape[1] - begins[left]))
        none[left], one[left] = never, once
        further = joined & ~(never | once)
        left, at_low, before = left[further], at_high[further], reach
        if not left.size:
            break
    return none, one


def _never_and_once(sums: Changes, certain: Flags) -> tuple[Flags, Flags]:
    """Whether the sign surely never changes, and whether it surely changes once. All [path]."""
    return certain & ~sums.falls & ~sums.rises, certain & (sums.falls ^ sums.rises)
