"""Counts by inversion: the smallest count that reaches its probability, by SciPy's cumulative distribution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from sibmodel.measurement import statistics


@pytest.mark.parametrize("means", [(1e-3, 1.0), (1.0, 50.0), (50.0, 5e3), (5e3, 1e6)])
@pytest.mark.parametrize("shapes", [(1e-3, 0.5), (0.5, 50.0), (50.0, 1e5)])
def test_each_count_is_the_smallest_that_reaches_its_probability(
    means: tuple[float, float], shapes: tuple[float, float]
) -> None:
    rng = np.random.default_rng(11)
    number = 4_000
    tails = rng.random(number // 4) ** 8
    probability = np.clip(np.concatenate([rng.random(number // 2), tails, 1 - tails]), 1e-12, 1 - 1e-12)
    mean, shape = (np.exp(rng.uniform(*np.log(limits), number)) for limits in (means, shapes))
    count = statistics.negative_binomial_quantile(probability, mean, shape)
    chance = shape / (shape + mean)
    assert np.all(special.betainc(shape, count + 1, chance) >= probability)
    below = np.where(count > 0, special.betainc(shape, np.maximum(count, 1e-300), chance), 0.0)
    assert np.all(below < probability)


def test_single_counts_decide_nothing_that_the_cumulative_distribution_would_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(12)
    probability, mean = rng.random(20_000), rng.uniform(800, 1_600, 20_000)
    quick = statistics.negative_binomial_quantile(probability, mean, mean / 2)
    monkeypatch.setattr(statistics, "_step", lambda count, *_: np.arange(count.size))
    assert np.array_equal(quick, statistics.negative_binomial_quantile(probability, mean, mean / 2))
