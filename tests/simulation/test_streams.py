"""Streams of luck: each driver's own, by its name, the same whatever else is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from sibmodel.simulation import BLOCK, uniforms

NAMES = ["effect", "matching error", "volume, Cohort 1", "volume, Cohort 2", "events counted, Cohort 1", "cost overrun"]


def test_the_same_stream_gives_the_same_numbers() -> None:
    assert np.array_equal(uniforms(7, "effect", 3), uniforms(7, "effect", 3))


@pytest.mark.parametrize("other", [(8, "effect", 3), (7, "Effect", 3), (7, "effect", 4), (0, "effect", 3)])
def test_another_seed_name_or_block_gives_others(other: tuple[int, str, int]) -> None:
    assert not np.isin(uniforms(*other), uniforms(7, "effect", 3)).any()


def test_numbers_lie_strictly_between_0_and_1() -> None:
    for name in NAMES:
        numbers = uniforms(0, name, 0, 4)
        assert numbers.shape == (4, BLOCK)
        assert numbers.min() > 0
        assert numbers.max() < 1


def test_zero_is_moved_off_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator may give 0, at which an inverse distribution function is minus infinity."""

    class Zero:
        def random(self, shape: tuple[int, int]) -> np.ndarray:
            return np.zeros(shape)

    monkeypatch.setattr(np.random, "Generator", lambda _source: Zero())
    assert (uniforms(1, "effect", 0) == 2.0**-54).all()


def test_numbers_are_uniform() -> None:
    """In each twentieth as many as in any other: 60 chi-squared figures with 19 degrees of freedom each."""
    total = 0.0
    for name in NAMES:
        for seed in range(10):
            counts, _ = np.histogram(uniforms(seed, name, 0), bins=20, range=(0, 1))
            total += ((counts - BLOCK / 20) ** 2 / (BLOCK / 20)).sum()
    freedom = 19 * 10 * len(NAMES)
    assert abs(total - freedom) < 4 * np.sqrt(2 * freedom)


def test_streams_are_independent_of_each_other() -> None:
    """Fifteen pairs, each correlation with a standard error of 1 / √8192."""
    together = np.corrcoef([uniforms(1, name, 0)[0] for name in NAMES])
    assert abs(together[np.triu_indices(len(NAMES), 1)]).max() < 4 / np.sqrt(BLOCK)


def test_blocks_and_rows_are_independent_of_each_other() -> None:
    rows = [*uniforms(1, "effect", 0, 3), *uniforms(1, "effect", 1, 3)]
    together = np.corrcoef(rows)
    assert abs(together[np.triu_indices(len(rows), 1)]).max() < 4 / np.sqrt(BLOCK)


def test_more_rows_leave_the_first_as_they_are() -> None:
    assert np.array_equal(uniforms(1, "effect", 0, 1)[0], uniforms(1, "effect", 0, 3)[0])
