"""Shares of a risk: Shapley shares of a variance over drivers, Euler shares of an expected shortfall over parties.

Both add up exactly to what they share out. Shapley: A. B. Owen, "Sobol' indices and Shapley value", SIAM/ASA Journal on
Uncertainty Quantification 2, 2014; E. Song, B. L. Nelson and J. Staum, "Shapley effects for global sensitivity
analysis: theory and computation", the same journal 4, 2016. Euler: D. Tasche, "Capital allocation to business units and
sub-portfolios: the Euler principle", 2008.
"""

from __future__ import annotations

from math import ceil, factorial

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def shapley(explained: npt.ArrayLike) -> Floats:
    """Each player's Shapley value `[player, ...]` of a game `explained` `[2^players, ...]`.

    The game's first axis counts coalitions as bits: player j belongs to those with bit j, the empty one comes first.
    For a variance, the worth of a coalition S is Var(E[Y | X_S]); the values then add up to the variance. A player
    who never adds anything gets nothing.

    Raises ValueError for a game of no whole number of players.
    """
    game = np.asarray(explained, dtype=np.float64)
    players = game.shape[0].bit_length() - 1
    if game.shape[0] != 2**players:
        raise ValueError(f"A game of players has 2, 4, 8, ... coalitions, not {game.shape[0]}.")
    found = np.zeros((players, *game.shape[1:]))
    for coalition in range(2**players):
        others = coalition.bit_count()
        if others == players:
            continue
        weight = factorial(others) * factorial(players - others - 1) / factorial(players)
        for player in range(players):
            if not coalition >> player & 1:
                found[player] += weight * (game[coalition | 1 << player] - game[coalition])
    return found


def euler_shares(parts: npt.ArrayLike, share: float = 0.05) -> Floats:
    """What each part `[part, path]` contributes to the expected shortfall of their sum: minus its mean over the worst
    `share` of paths, those in which the sum is lowest. The path on the boundary counts with the weight that is left,
    as in `metrics.expected_shortfall`; the contributions add up to minus that. Raises ValueError for another shape."""
    values = np.asarray(parts, dtype=np.float64)
    if values.ndim != 2 or not values.shape[1]:
        raise ValueError(f"parts have shape {values.shape}; give [part, path].")
    tail = values.shape[1] * share
    order = np.argsort(values.sum(axis=0), kind="stable")[: ceil(tail)]
    weights = np.ones(order.size)
    weights[-1] = tail - (order.size - 1)
    return np.asarray(-(values[:, order] @ weights) / tail)
