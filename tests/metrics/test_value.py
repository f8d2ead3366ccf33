"""Value, multiple, payback and peak capital, by hand and against numpy_financial."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from sibmodel.metrics import RateStatus, invested, irr, moic, npv, payback, peak_capital, received

FLOWS = np.array([[-100, -100, 0, 0], [-50, 150, 50, -40], [0, -20, 0, 10], [180, 0, 0, 10]], dtype=float)
"""Four paths: a gain, one paid back and put in again, never invested, a loss."""


def test_npv_agrees_with_numpy_financial_at_the_rate_of_a_period(rng: np.random.Generator) -> None:
    flows = rng.normal(size=(84, 5))
    monthly = 1.08 ** (1 / 12) - 1
    theirs = [numpy_financial.npv(monthly, flows[:, path]) for path in range(5)]
    assert npv(flows, 0.08) == pytest.approx(np.array(theirs), rel=1e-12)


def test_npv_leaves_the_first_period_undiscounted_and_a_year_later_discounts_once() -> None:
    assert npv([-100.0] + [0.0] * 11 + [108.0], 0.08) == pytest.approx(-100 + 108 / 1.08 ** (12 / 12), abs=1e-12)
    assert npv([7.0], 0.5) == 7.0
    assert npv([0.0, 0.0, 0.0, 0.0, 110.0], 0.10, periods_per_year=4) == pytest.approx(100.0)


def test_npv_takes_a_rate_for_each_path() -> None:
    rates = np.array([0.0, 0.1, 0.2, np.nan])
    alone = [float(npv(FLOWS[:, path], rates[path])) for path in range(4)]
    assert npv(FLOWS, rates) == pytest.approx(np.array(alone), nan_ok=True)
    assert npv(FLOWS, 0.0) == pytest.approx(FLOWS.sum(axis=0))


def test_npv_of_one_flow_at_many_rates() -> None:
    assert npv([-100.0, 121.0], [0.1, 0.21, 0.331], periods_per_year=1).tolist() == pytest.approx(
        [10.0, 0.0, -100 + 121 / 1.331]
    )


def test_npv_is_nothing_at_the_rate_of_return() -> None:
    rates = irr(FLOWS)
    unique = rates.status == RateStatus.UNIQUE
    assert unique.sum() == 2
    assert npv(FLOWS[:, unique], rates.rate[unique]) == pytest.approx(np.zeros(2), abs=1e-9)


def test_npv_long_after_is_nothing_without_a_floating_point_fault() -> None:
    assert npv([0.0] * 400 + [1.0], 1e12, periods_per_year=1) == 0.0


@pytest.mark.parametrize(("rate", "periods"), [(-1.0, 12.0), ([0.1, -2.0, 0.0, 0.0], 12.0), (0.1, 0.0)])
def test_npv_refuses_rates_without_a_value(rate: ArrayLike, periods: float) -> None:
    with pytest.raises(ValueError, match=r"annual_rate|periods_per_year"):
        npv(FLOWS, rate, periods)


def test_money_in_money_back_and_multiple() -> None:
    assert invested(FLOWS).tolist() == [150.0, 120.0, 0.0, 40.0]
    assert received(FLOWS).tolist() == [180.0, 150.0, 50.0, 20.0]
    assert moic(FLOWS) == pytest.approx(np.array([1.2, 1.25, np.nan, 0.5]), nan_ok=True)


def test_payback_runs_from_the_first_outflow_to_the_period_that_leaves_nothing_to_come() -> None:
    assert payback(FLOWS) == pytest.approx(np.array([3.0, 1.0, np.nan, np.nan]), nan_ok=True)


def test_payback_counts_the_last_time_the_money_is_back() -> None:
    assert payback([0.0, -100.0, 120.0, -50.0, 30.0, 1.0]) == 3.0
    assert payback([0.0, -100.0, 120.0, -50.0, 29.0, 0.0]) != payback([0.0, -100.0, 120.0, -50.0, 30.0, 0.0])


def test_payback_forgives_half_a_penny_and_no_more() -> None:
    assert payback([-100.0, 99.996, 0.0]) == 1.0
    assert np.isnan(payback([-100.0, 99.99, 0.0]))
    assert payback([-100.0, 99.99, 0.0], tolerance=0.02) == 1.0


def test_payback_of_money_never_in_debt_is_at_once() -> None:
    assert payback([100.0, -50.0, 0.0]) == 0.0


@pytest.mark.parametrize("tolerance", [-1.0, np.nan])
def test_payback_refuses_a_tolerance_below_zero(tolerance: float) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        payback(FLOWS, tolerance)


def test_peak_capital_is_the_deepest_position() -> None:
    peaks = peak_capital(FLOWS)
    assert peaks.tolist() == [150.0, 100.0, 0.0, 40.0]
    assert not np.signbit(peaks).any()


@pytest.mark.parametrize("metric", [invested, received, moic, payback, peak_capital, lambda flows: npv(flows, 0.1)])
class TestEveryMetric:
    """What holds for all of them."""

    def test_one_flow_gives_one_figure(self, metric: Callable[[ArrayLike], NDArray[np.float64]]) -> None:
        alone = [metric(FLOWS[:, path]) for path in range(4)]
        assert all(figure.shape == () for figure in alone)
        assert metric(FLOWS) == pytest.approx(np.array(alone), nan_ok=True)

    def test_no_paths_give_no_figures(self, metric: Callable[[ArrayLike], NDArray[np.float64]]) -> None:
        assert metric(np.empty((3, 0))).shape == (0,)

    def test_the_flows_are_left_as_they_were(self, metric: Callable[[ArrayLike], NDArray[np.float64]]) -> None:
        before = FLOWS.copy()
        metric(FLOWS)
        assert (before == FLOWS).all()

    @pytest.mark.parametrize("flows", [[], [[[1.0]]], 5.0, [-1.0, np.nan], [[-np.inf], [1.0]]])
    def test_flows_that_are_none_are_refused(
        self, metric: Callable[[ArrayLike], NDArray[np.float64]], flows: ArrayLike
    ) -> None:
        with pytest.raises(ValueError, match="flows"):
            metric(flows)


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=30))
def test_money_back_less_money_in_is_the_value_at_no_rate(flows: list[int]) -> None:
    assert received(flows) - invested(flows) == sum(flows) == npv(flows, 0.0)
    assert peak_capital(flows) <= invested(flows)
    months = payback(flows)
    assert np.isnan(months) or sum(flows) >= 0
    assert np.isnan(months) or months < len(flows)
