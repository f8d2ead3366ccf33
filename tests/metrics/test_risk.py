"""Risk figures by hand, and their Monte Carlo errors by repeating the simulation."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from sibmodel.metrics import (
    error_of_expected_shortfall,
    error_of_mean,
    error_of_probability,
    error_of_quantile,
    expected_shortfall,
    probability,
    quantiles,
    summarise,
)

Floats = NDArray[np.float64]
figures = st.lists(st.integers(-1000, 1000).map(float), min_size=1, max_size=60)
shares = st.floats(0.01, 1.0)


def test_probability_is_a_share_of_paths() -> None:
    assert probability([True, False, False, False]) == 0.25


@pytest.mark.parametrize("condition", [[], [0.0, 1.0], [[True]], [True, np.nan]])
def test_probability_refuses_what_is_not_true_or_false(condition: ArrayLike) -> None:
    for metric in (probability, error_of_probability):
        with pytest.raises(ValueError, match="true or false"):
            metric(condition)


def test_quantiles_are_those_of_numpy_from_one_sort(rng: np.random.Generator) -> None:
    values = rng.normal(size=997)
    levels = np.array([[0.0, 0.05], [0.5, 1.0]])
    assert quantiles(values, levels) == pytest.approx(np.quantile(values, levels), abs=1e-15)
    assert quantiles(values, 0.5) == pytest.approx(float(np.median(values)))


@pytest.mark.parametrize("level", [-0.1, 5.0, np.nan])
def test_quantiles_refuse_levels_that_are_not_shares(level: float) -> None:
    with pytest.raises(ValueError, match=r"0\.05"):
        quantiles([1.0, 2.0], level)


def test_expected_shortfall_is_the_mean_of_the_worst_share() -> None:
    values = np.arange(100.0)[::-1]
    assert expected_shortfall(values, 0.05) == pytest.approx(2.0)
    assert expected_shortfall(values, 1.0) == pytest.approx(values.mean())


def test_expected_shortfall_counts_the_boundary_path_with_what_is_left() -> None:
    """Of 10 paths the worst 25 % are two and a half: (0 + 1 + 2/2) ÷ 2.5."""
    assert expected_shortfall(np.arange(10.0), 0.25) == pytest.approx(0.8)
    assert expected_shortfall(np.arange(10.0), 0.05) == 0.0


@pytest.mark.parametrize("share", [0.0, -0.1, 5.0, np.nan])
def test_expected_shortfall_refuses_shares_that_are_none(share: float) -> None:
    for metric in (expected_shortfall, error_of_expected_shortfall):
        with pytest.raises(ValueError, match="worst 5 %"):
            metric([1.0, 2.0], share)


@given(figures, shares)
def test_expected_shortfall_is_between_the_worst_path_and_the_quantile(values: list[float], share: float) -> None:
    """The quantile is that of the tail's last path, so that no interpolation comes between."""
    last = sorted(values)[int(np.ceil(len(values) * share)) - 1]
    assert min(values) - 1e-9 <= expected_shortfall(values, share) <= last + 1e-9


@given(figures, shares, shares)
def test_expected_shortfall_rises_with_its_share(values: list[float], one: float, other: float) -> None:
    low, high = sorted([one, other])
    assert expected_shortfall(values, low) <= expected_shortfall(values, high) + 1e-9


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=1, max_size=40), shares)
def test_expected_shortfall_of_a_sum_is_no_worse_than_the_sum(pairs: list[tuple[int, int]], share: float) -> None:
    """Coherence: spreading money over two deals never makes the worst share worse than the two apart."""
    first, second = np.array(pairs, dtype=float).T
    apart = expected_shortfall(first, share) + expected_shortfall(second, share)
    assert expected_shortfall(first + second, share) >= apart - 1e-9


def test_nan_is_left_out_and_counted() -> None:
    values = [3.0, np.nan, 1.0, 2.0, np.nan]
    summary = summarise(values)
    assert (summary.count, summary.undefined) == (3, 2)
    assert (summary.mean, summary.sd, summary.p50) == pytest.approx((2.0, 1.0, 2.0))
    assert summary.error == pytest.approx(1 / np.sqrt(3)) == error_of_mean(values)
    assert quantiles(values, 0.5) == 2.0
    assert expected_shortfall(values, 0.5) == pytest.approx((1 + 0.5 * 2) / 1.5)


@pytest.mark.parametrize("values", [[], [np.nan, np.nan]])
def test_no_path_with_a_figure_has_no_summary(values: list[float]) -> None:
    summary = summarise(values)
    assert (summary.count, summary.undefined) == (0, len(values))
    shown = [summary.mean, summary.sd, summary.p5, summary.p50, summary.p95, summary.error]
    assert np.isnan([*shown, *summary.errors.values()]).all()
    assert np.isnan(expected_shortfall(values))
    assert np.isnan(quantiles(values, [0.1, 0.9])).all()


def test_one_path_has_a_mean_and_no_error() -> None:
    summary = summarise([7.0])
    assert (summary.mean, summary.p5, summary.p50, summary.p95) == (7.0, 7.0, 7.0, 7.0)
    assert np.isnan([summary.sd, summary.error, *summary.errors.values()]).all()
    assert np.isnan(error_of_expected_shortfall([7.0]))


def test_paths_all_alike_are_certain() -> None:
    summary = summarise([0.08] * 400)
    assert summary.mean == pytest.approx(0.08)
    assert [summary.sd, summary.error, *summary.errors.values()] == pytest.approx([0.0] * 6, abs=1e-15)


def test_summary_holds_what_the_single_figures_say(rng: np.random.Generator) -> None:
    values = rng.normal(size=2000)
    summary = summarise(values)
    levels = [0.05, 0.5, 0.95]
    assert [summary.p5, summary.p50, summary.p95] == quantiles(values, levels).tolist()
    assert [summary.errors[name] for name in ("p5", "p50", "p95")] == error_of_quantile(values, levels).tolist()
    assert summary.sd == pytest.approx(float(values.std(ddof=1)))


@pytest.mark.parametrize("values", [[[1.0, 2.0]], 1.0, [1.0, np.inf]])
def test_values_that_are_none_are_refused(values: ArrayLike) -> None:
    with pytest.raises(ValueError, match="values"):
        summarise(values)


@pytest.mark.parametrize("holds", [True, False])
def test_no_probability_is_certain(holds: bool) -> None:
    """None of 1,000 paths lost does not mean that none can: up to 0.4 % is compatible with it."""
    error = error_of_probability(np.full(1000, holds))
    assert 0.0005 < error < 0.002


def test_error_of_a_probability_is_binomial_for_many_paths() -> None:
    condition = np.arange(100_000) < 30_000
    assert error_of_probability(condition) == pytest.approx(np.sqrt(0.3 * 0.7 / 100_000), rel=1e-3)


def test_quantile_beyond_what_so_few_paths_can_say_has_no_error() -> None:
    assert np.isnan(error_of_quantile(np.arange(50.0), [0.0, 0.01, 0.05, 0.99, 1.0])).all()
    assert error_of_quantile(np.arange(50.0), 0.5) > 0


@pytest.mark.parametrize("errors", [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
@pytest.mark.parametrize("inner", [0.0, 1e-6])
def test_a_jump_near_a_quantile_shows_in_its_error(errors: float, inner: float) -> None:
    """10,000 paths, of which half, more or less so many errors of the rank (50), stand near −1, and the others near 0:
    the median may be the one or the other. One that is six errors away does not count."""
    lost = 5_000 + round(50 * errors)
    values = np.where(np.arange(10_000) < lost, -1.0, 0.0) + inner * np.linspace(0, 1, 10_000)
    assert 0.3 < error_of_quantile(values, 0.5) < 0.52
    assert error_of_quantile(np.where(np.arange(10_000) < 5_300, -1.0, 0.0), 0.5) == 0


def coverage(
    draw: Callable[[], Floats], figure: Callable[[Floats], float], error: Callable[[Floats], float], truth: float
) -> float:
    """Share of 1,500 simulations whose 95 % interval holds the true figure."""
    hits = 0
    for _ in range(1500):
        values = draw()
        hits += abs(figure(values) - truth) <= 1.96 * error(values)
    return hits / 1500


NORMAL = NormalDist()
NORMAL_SHORTFALL = -NORMAL.pdf(NORMAL.inv_cdf(0.05)) / 0.05


@pytest.mark.parametrize(
    ("figure", "error", "truth"),
    [
        pytest.param(np.mean, error_of_mean, 0.0, id="mean"),
        pytest.param(lambda x: summarise(x).sd, lambda x: summarise(x).errors["sd"], 1.0, id="sd"),
        pytest.param(lambda x: quantiles(x, 0.05), lambda x: error_of_quantile(x, 0.05), NORMAL.inv_cdf(0.05), id="p5"),
        pytest.param(lambda x: quantiles(x, 0.5), lambda x: error_of_quantile(x, 0.5), 0.0, id="median"),
        pytest.param(expected_shortfall, error_of_expected_shortfall, NORMAL_SHORTFALL, id="shortfall"),
        pytest.param(
            lambda x: probability(x < -1), lambda x: error_of_probability(x < -1), NORMAL.cdf(-1), id="probability"
        ),
    ],
)
def test_errors_cover_the_truth_nineteen_times_in_twenty(
    rng: np.random.Generator,
    figure: Callable[[Floats], float],
    error: Callable[[Floats], float],
    truth: float,
) -> None:
    """Normal figures, 1,000 paths: 1,500 repeats tell a true 95 % to within 1.7 points (three errors)."""
    assert coverage(lambda: rng.normal(size=1000), figure, error, truth) == pytest.approx(0.95, abs=0.017)


def test_error_of_the_spread_knows_fat_tails(rng: np.random.Generator) -> None:
    """For exponential figures (kurtosis 9) the normal formula would be half of what it should."""
    spreads = [summarise(rng.exponential(size=2000)) for _ in range(400)]
    seen = np.std([spread.sd for spread in spreads])
    assert np.mean([spread.errors["sd"] for spread in spreads]) == pytest.approx(seen, rel=0.12)
