"""A direction in the space of luck: a Sobol' sequence is turned so that its first and evenest dimension runs along it.

A jump of a payoff (paid, or not) that hangs on many drivers together then lies across one dimension.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

NOISE = 2.0
"""Standard errors within which a weight is taken for nil."""
PLACES = 3
"""Decimals to which weights are rounded: beyond what a pilot can tell, and above the rounding of any machine."""
LOWEST, HIGHEST = 2.0**-54, 1 - 2.0**-53


@dataclass(frozen=True)
class Direction:
    """Streams of luck and their weights, the largest first. Their squares add up to 1, but for rounding."""

    weights: tuple[tuple[str, float], ...] = ()

    @property
    def streams(self) -> tuple[str, ...]:
        """The streams that it names."""
        return tuple(stream for stream, _ in self.weights)

    def turned(self, numbers: Sequence[Floats]) -> list[Floats]:
        """The luck of the streams, uniform numbers `[path]` in their order, after turning: what was the luck of the
        first runs along the direction.

        It is a reflection of their normal scores, z − 2v(v·z) ÷ (v·v) with v = e − a, where a is the direction and e
        the first axis (A. S. Householder, 1958). A reflection of independent normal numbers is the same again, so
        every estimate stays without bias (J. Imai and K. S. Tan, "A general dimension reduction technique for
        derivative pricing", Journal of Computational Finance 10, 2006).
        """
        if len(self.weights) < 2:
            return list(numbers)
        from scipy.special import ndtr, ndtri

        across = self._across()
        scores = [ndtri(one) for one in numbers]
        along = sum(weight * score for weight, score in zip(across, scores, strict=True))
        share = along * (2.0 / sum(weight * weight for weight in across))
        return [
            np.clip(ndtr(score - weight * share), LOWEST, HIGHEST) for weight, score in zip(across, scores, strict=True)
        ]

    def _across(self) -> list[float]:
        """v: at right angles to the mirror. The direction is taken the way that points away from the first axis, so
        that nothing cancels."""
        length = sum(weight * weight for _, weight in self.weights) ** 0.5
        way = -1.0 if self.weights[0][1] > 0 else 1.0
        toward = [way * weight / length for _, weight in self.weights]
        return [1.0 - toward[0], *(-one for one in toward[1:])]


NOWHERE = Direction()
"""No direction: nothing is turned."""


def direction(numbers: Mapping[str, Floats], payoff: Floats) -> Direction:
    """Where a payoff `[path]` rises fastest on average: its least-squares slopes by the normal scores of the luck
    `[path]` of each stream, those within `NOISE` standard errors of nil left out. `NOWHERE` where none is left.
    """
    from scipy.special import ndtri

    scores = np.array([ndtri(one) for one in numbers.values()])
    scores -= scores.mean(axis=1, keepdims=True)
    rest = payoff - payoff.mean()
    together = scores @ scores.T
    slopes = np.linalg.solve(together, scores @ rest)
    rest = rest - slopes @ scores
    variance = rest @ rest / (payoff.size - len(slopes) - 1)
    errors = np.sqrt(variance * np.diagonal(np.linalg.inv(together)))
    slopes = np.where(np.abs(slopes) > NOISE * errors, slopes, 0.0)
    length = float(np.sqrt(slopes @ slopes))
    if not length > 0:
        return NOWHERE
    weights = [(stream, round(float(slope) / length, PLACES)) for stream, slope in zip(numbers, slopes, strict=True)]
    weights.sort(key=lambda one: -abs(one[1]))
    return Direction(tuple(one for one in weights if one[1] != 0))
