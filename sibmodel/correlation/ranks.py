"""Between rank correlations (Spearman's) and the correlations of the normal or t numbers behind a copula."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

NODES = 40
"""Of the quadrature over each of three scales of a t copula."""
CLOSE = 1e-12
"""To which a correlation is found from its rank correlation."""


def rank_of(correlation: float, degrees: float | None) -> float:
    """The rank correlation that a copula of that correlation has; `degrees` of freedom are those of a t copula, None
    is the Gaussian.

    Gaussian: 6 ÷ π · arcsin(r ÷ 2) (K. Pearson, 1907). t: (6 ÷ π) · E[arcsin(r·W ÷ √((W + W′)(W + W″)))] with three
    independent inverse gamma scales W, since a t is a normal whose variance is drawn, and a rank correlation compares
    a pair with two strangers (A. Heinen and A. Valdesogo, Journal of Multivariate Analysis 179, 2020).
    """
    if degrees is None:
        return 6 / math.pi * math.asin(correlation / 2)
    shrunk, weights = _scales(degrees)
    return float(6 / math.pi * (weights * np.arcsin(correlation * shrunk)).sum())


@cache
def correlation_of(rank: float, degrees: float | None) -> float:
    """The correlation of the numbers behind a copula with that rank correlation: the inverse of `rank_of`."""
    if degrees is None:
        return 2 * math.sin(math.pi * rank / 6)
    if abs(rank) >= abs(rank_of(1.0, degrees)):
        return math.copysign(1.0, rank)
    low, high = -1.0, 1.0
    while high - low > CLOSE:
        middle = (low + high) / 2
        low, high = (low, middle) if rank_of(middle, degrees) >= rank else (middle, high)
    return (low + high) / 2


@cache
def _scales(degrees: float) -> tuple[Floats, Floats]:
    """W ÷ √((W + W′)(W + W″)) at the nodes of a quadrature over the shares of the three, and the nodes' weights.

    Swapping W′ and W″ changes nothing, and at a correlation of 1 the mean is known (1): the weights are scaled to it.
    """
    from scipy.special import chdtri

    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    scale = degrees / chdtri(degrees, (nodes + 1) / 2)
    own, first, second = scale[:, None, None], scale[None, :, None], scale[None, None, :]
    shrunk = own / np.sqrt((own + first) * (own + second))
    each = weights[:, None, None] * weights[None, :, None] * weights[None, None, :] / 8
    return shrunk, each / (6 / math.pi * (each * np.arcsin(shrunk)).sum())
