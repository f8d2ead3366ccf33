"""Where a figure of one number crosses a level: between the values of a scan, and then as closely as is asked.

Thresholds and caps make figures that jump, stand still and turn back. So the scan finds every crossing between values
tried, and each is closed in from both sides; where the sides do not meet, it is a jump.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST = 60
"""Values tried while a crossing is closed in."""
SLOW = 3
"""After so many values without halving the stretch, it is halved."""
FROM_THE_END = 0.05
"""No value is tried nearer to an end of the stretch than this share of it."""


@dataclass(frozen=True)
class Bracket:
    """Two values, and the figure's height over the level at each: of different signs, with nothing as positive."""

    low: float
    below: float
    high: float
    above: float

    @property
    def width(self) -> float:
        return self.high - self.low

    @property
    def gap(self) -> float:
        """How far apart the figure is at the two ends."""
        return abs(self.above - self.below)

    @property
    def rising(self) -> bool:
        return self.above > self.below


def brackets(values: Floats, heights: Floats) -> list[Bracket]:
    """Every stretch of a scan in which the height over the level changes its sign; values without one (nan) are
    passed over."""
    known = np.flatnonzero(np.isfinite(heights))
    found = []
    for first, second in pairwise(known):
        if (heights[first] >= 0) != (heights[second] >= 0):
            one = (values[first], heights[first], values[second], heights[second])
            found.append(Bracket(*(float(number) for number in one)))
    return found


def closed_in(height: Callable[[float], float], bracket: Bracket, tolerance: float, enough: float = 0.0) -> Bracket:
    """A bracket within it that is no wider than the tolerance, or at whose positive end the height is within `enough`.

    By the secant through the ends (the Illinois method), and by halving where that is slow, as it is at a jump.
    """
    low, below, high, above = bracket.low, bracket.below, bracket.high, bracket.above
    weight_low, weight_high = below, above
    wide, since = high - low, 0
    for _ in range(MOST):
        if high - low <= tolerance or max(below, above) <= enough:
            break
        share = weight_low / (weight_low - weight_high)
        if since >= SLOW:
            share, since, wide = 0.5, 0, high - low
        tried = low + (high - low) * float(np.clip(share, FROM_THE_END, 1 - FROM_THE_END))
        here = height(tried)
        if (here >= 0) == (below >= 0):
            low, below, weight_low, weight_high = tried, here, here, weight_high / 2
        else:
            high, above, weight_high, weight_low = tried, here, here, weight_low / 2
        since = 0 if high - low <= wide / 2 else since + 1
        wide = high - low if since == 0 else wide
    return Bracket(low, below, high, above)


def closed_in_whole(height: Callable[[float], float], bracket: Bracket) -> Bracket:
    """Two neighbouring whole numbers between which the height changes its sign."""
    low, below, high, above = bracket.low, bracket.below, bracket.high, bracket.above
    while high - low > 1:
        tried = float((int(low) + int(high)) // 2)
        here = height(tried)
        if (here >= 0) == (below >= 0):
            low, below = tried, here
        else:
            high, above = tried, here
    return Bracket(low, below, high, above)
