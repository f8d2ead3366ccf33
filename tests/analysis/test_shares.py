"""Shares add up to what they share out, and agree with games and closed forms worked out otherwise."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sibmodel.analysis.shares import euler_shares, shapley
from sibmodel.metrics import expected_shortfall

worths = st.integers(1, 4).flatmap(
    lambda players: arrays(float, (2**players,), elements=st.integers(-1000, 1000).map(float))
)


def test_the_glove_game() -> None:
    """A left glove and two right ones make one pair: 2/3 and 1/6 each (A. E. Roth, The Shapley Value, chapter 1)."""
    pair = [float(bool(coalition & 1) and bool(coalition & 6)) for coalition in range(8)]
    assert shapley(pair) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@given(worths)
def test_values_are_the_mean_over_all_orders(game: np.ndarray) -> None:
    players = game.size.bit_length() - 1
    expected = np.zeros(players)
    for order in itertools.permutations(range(players)):
        coalition = 0
        for player in order:
            expected[player] += game[coalition | 1 << player] - game[coalition]
            coalition |= 1 << player
    assert shapley(game) == pytest.approx(expected / math.factorial(players), abs=1e-9)
    assert shapley(game).sum() == pytest.approx(game[-1] - game[0], abs=1e-9)


def test_who_adds_nothing_gets_exactly_nothing() -> None:
    game = np.random.default_rng(1).normal(size=8)
    idle = game[np.arange(16) & 7]
    assert shapley(idle)[3] == 0.0


def test_an_interaction_is_shared_equally() -> None:
    """Y = X₁X₂ of independent standard normals: neither explains anything alone, each gets half."""
    assert shapley([0.0, 0.0, 0.0, 1.0]) == pytest.approx([0.5, 0.5])


def test_a_game_of_no_players() -> None:
    with pytest.raises(ValueError, match="not 3"):
        shapley([0.0, 1.0, 2.0])


@given(arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 60)), elements=st.integers(-1000, 1000).map(float)))
def test_euler_shares_add_up_to_the_shortfall_of_the_sum(parts: np.ndarray) -> None:
    assert euler_shares(parts).sum() == pytest.approx(-expected_shortfall(parts.sum(axis=0)), abs=1e-6)


def test_euler_shares_of_normals() -> None:
    """Of correlated normals each share is its covariance with the sum by the sum's deviation, times φ(z) ÷ 5 %."""
    luck = np.random.default_rng(2).normal(size=(2, 200_000))
    parts = np.array([luck[0], 0.5 * luck[0] + 2 * luck[1]])
    hazard = math.exp(-(1.6448536**2) / 2) / math.sqrt(2 * math.pi) / 0.05
    expected = [1.5, 0.75 + 4.0]
    assert euler_shares(parts) == pytest.approx(np.array(expected) / math.sqrt(1.5**2 + 4) * hazard, rel=0.02)


def test_parts_have_paths() -> None:
    with pytest.raises(ValueError, match=r"\[part, path\]"):
        euler_shares([1.0, 2.0])
