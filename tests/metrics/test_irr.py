"""Rates of return: against other programs where these are right, and the cases where they are not."""

from __future__ import annotations

import numpy as np
import numpy_financial
import pytest
import pyxirr
from numpy.typing import NDArray

from sibmodel.metrics import RateStatus, irr, irr_dated
from sibmodel.metrics._valued import HardFlows
from sibmodel.metrics.irr import _search


def rate_and_status(flows: list[float]) -> tuple[float, RateStatus]:
    """Rate of one period, so that it compares with other programs."""
    rates = irr(flows, periods_per_year=1)
    return float(rates.rate), RateStatus(int(rates.status))


def of_pyxirr(rate: float | None) -> float:
    """Its rate; it gives None where it finds none."""
    assert rate is not None
    return rate


def sib_flows(payment: float) -> list[float]:
    """Draws of 1 a month over six years, with one outcome payment in the fourth; the later draws are lost."""
    flows = [-1.0] * 72
    flows[36] += payment
    return flows


NPF_39 = [-217500.0, -217500.0, 108466.80462450592, 101129.96439328062, 93793.12416205535, 86456.28393083003]
NPF_39 += [79119.44369960476, 71782.60346837944, 64445.76323715414, 57108.92300592884, 49772.08277470355]
NPF_39 += [42435.24254347826, 35098.40231225296, 27761.56208102766, 20424.721849802358, 13087.88161857707]
NPF_39 += [5751.041387351768, -1585.7988438735192, -8922.639075098821, -16259.479306324123]
NPF_39 += [-23596.31953754941, -30933.159768774713, -38270.0, -45606.8402312253, -52943.680462450604]
NPF_39 += [-60280.520693675906, -67617.36092490121]


@pytest.mark.parametrize(
    ("flows", "published"),
    [
        ([-100, 39, 59, 55, 20], 0.28095),
        ([-100, 0, 0, 74], -0.0955),
        ([-100, 100, 0, 7], 0.06206),
        ([-250000, 100000, 150000, 200000, 250000, 300000], 0.56723),
        ([-172545.848122807] + [787.735232517999] * 480, 0.0038401),  # pyxirr#24
        ([-10000] + [327.24625] * 16, -0.0676541),  # numpy-financial#98
        ([-1.44852555e08] + [1.41881733e06] * 20, -0.121853),  # after pyxirr#46
    ],
)
def test_flows_with_one_rate_agree_with_numpy_financial_and_pyxirr(flows: list[float], published: float) -> None:
    rate, status = rate_and_status(flows)
    assert status == RateStatus.UNIQUE
    assert rate == pytest.approx(published, abs=5e-5)
    assert rate == pytest.approx(of_pyxirr(pyxirr.irr(flows)), abs=1e-9)
    with np.errstate(all="ignore"):
        assert rate == pytest.approx(float(numpy_financial.irr(flows)), abs=1e-9)


def test_rate_of_months_is_stated_a_year_effective() -> None:
    flows = [-100.0, 0.0, 102.01]
    assert irr(flows).rate == pytest.approx(1.01**12 - 1, abs=1e-14)
    assert irr(flows, periods_per_year=4).rate == pytest.approx(1.01**4 - 1, abs=1e-14)


def test_total_loss_is_minus_one_where_numpy_financial_says_nan_and_pyxirr_raises() -> None:
    """A path that loses everything belongs in the distribution; leaving it out biases the mean upward."""
    flows = [-100.0, -50.0, 0.0]
    assert rate_and_status(flows) == (-1.0, RateStatus.TOTAL_LOSS)
    assert np.isnan(numpy_financial.irr(flows))
    with pytest.raises(pyxirr.InvalidPaymentsError):
        pyxirr.irr(flows)


def test_near_total_loss_is_a_rate() -> None:
    flows = [-1.0] + [0.0] * 82 + [1e-9]
    rate, status = rate_and_status(flows)
    assert status == RateStatus.UNIQUE
    assert rate == pytest.approx(1e-9 ** (1 / 83) - 1, abs=1e-14)


def test_less_than_rounding_back_is_a_total_loss() -> None:
    """Cash-flow arithmetic leaves such crumbs; a rate made of them would be noise."""
    assert rate_and_status([-1.0] + [0.0] * 82 + [1e-13]) == (-1.0, RateStatus.TOTAL_LOSS)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-100.0, 230.0, -132.0], 0.20),  # 10 % and 20 %
        ([-50.0, -100.0, 600.0, 300.0, -100.0], 1.8544178285),  # numpy-financial#28: also -76.9 %
        (NPF_39, 0.12),  # numpy-financial#39: also -1.8 %
        ([-1678.87, 771.96, 1814.05, 3520.30, 3552.95, 3584.99, 4789.91, -1], 1.0042698487),  # numpy-financial#44
        ([100.0, -230.0, 132.0], 0.10),  # the other way about it falls at the lower one
    ],
)
def test_several_rates_are_named_so_and_given_is_one_at_which_the_value_falls(flows: list[float], rate: float) -> None:
    """At the other root a higher discount rate makes the flow worth more, as for a borrower."""
    found, status = rate_and_status(flows)
    assert status == RateStatus.SEVERAL
    assert found == pytest.approx(rate, abs=1e-9)


def test_numpy_financial_gives_a_rate_at_which_the_value_rises() -> None:
    with np.errstate(all="ignore"):
        assert numpy_financial.irr([-100.0, 230.0, -132.0]) == pytest.approx(0.10)
        assert numpy_financial.irr(NPF_39) == pytest.approx(-0.0180968)


def test_of_several_falling_rates_the_one_nearest_zero_is_given() -> None:
    """Worth nothing at 5, 10 and 30 %: falling at 5, rising at 10, falling at 30."""
    flows = np.polynomial.polynomial.polyfromroots([1 / 1.05, 1 / 1.10, 1 / 1.30])
    assert flows[0] < 0
    found, status = rate_and_status((1000 * flows).tolist())
    assert status == RateStatus.SEVERAL
    assert found == pytest.approx(0.05, abs=1e-9)


def test_sib_with_one_payment_and_later_draws_lost_has_no_rate_and_counts_as_lost() -> None:
    """More went in than came back, and no discount rate makes it break even: both others give nothing."""
    flows = sib_flows(60.0)
    assert rate_and_status(flows) == (-1.0, RateStatus.NO_RATE)
    assert pyxirr.irr(flows) is None
    with np.errstate(all="ignore"):
        assert np.isnan(numpy_financial.irr(flows))


def test_sib_with_a_bigger_payment_has_two_rates_of_which_pyxirr_gives_the_rising_one() -> None:
    """Money back above money in, so a gain; pyxirr's rate is a loss of 25 % a year."""
    rate, status = rate_and_status(sib_flows(80.0))
    assert status == RateStatus.SEVERAL
    assert rate == pytest.approx(0.021373464, abs=1e-9)
    assert of_pyxirr(pyxirr.irr(sib_flows(80.0))) == pytest.approx(-0.023286551, abs=1e-9)


def test_no_rate_with_a_gain_has_no_figure() -> None:
    rate, status = rate_and_status([100.0, -100.0, 150.0])
    assert np.isnan(rate)
    assert status == RateStatus.NO_RATE


@pytest.mark.parametrize("flows", [[0.0, 0.0, 0.0], [0.0, 100.0], [5.0]], ids=["never drawn", "only paid", "once"])
def test_never_invested_has_no_figure(flows: list[float]) -> None:
    rate, status = rate_and_status(flows)
    assert np.isnan(rate)
    assert status == RateStatus.NEVER_INVESTED


def test_borrowing_has_no_figure_where_numpy_financial_and_pyxirr_give_the_cost_as_a_return() -> None:
    rate, status = rate_and_status([100.0, -110.0])
    assert np.isnan(rate)
    assert status == RateStatus.BORROWING
    assert of_pyxirr(pyxirr.irr([100.0, -110.0])) == pytest.approx(0.10)
    assert numpy_financial.irr([100.0, -110.0]) == pytest.approx(0.10)


def test_borrowing_with_changes_of_sign_in_between() -> None:
    """Repaid too soon, lent again, repaid: still one root, and rising."""
    rate, status = rate_and_status([100.0, -60.0, 1.0, -60.0])
    assert np.isnan(rate)
    assert status == RateStatus.BORROWING


def test_a_touching_root_counts_as_two() -> None:
    rate, status = rate_and_status([-100.0, 220.0, -121.0])
    assert status == RateStatus.SEVERAL
    assert rate == pytest.approx(0.10, abs=1e-10)


@pytest.mark.parametrize("order", [3, 5, 9])
def test_a_root_of_high_odd_order_is_one_rate(order: int) -> None:
    flows = np.polynomial.polynomial.polypow([-1.0, 1.0], order)
    rate, status = rate_and_status(flows.tolist())
    assert status == RateStatus.UNIQUE
    assert rate == pytest.approx(0.0, abs=1e-3)


def test_of_two_rates_as_near_to_zero_the_lower_one_is_given() -> None:
    """Worth nothing where the month's factor is 1/2, 1 and 2, falling at the outer two."""
    flows = -np.polynomial.polynomial.polyfromroots([0.5, 1.0, 2.0])
    for turned in (flows, -flows[::-1]):
        rate, status = rate_and_status(turned.tolist() if turned[0] < 0 else (-turned).tolist())
        assert (rate, status) == (pytest.approx(-0.5, abs=1e-12), RateStatus.SEVERAL)


def test_leading_and_closing_zeros_do_not_matter() -> None:
    plain, _ = rate_and_status([-100.0, 30.0, 90.0])
    padded, status = rate_and_status([0.0, 0.0, 0.0, -100.0, 30.0, 90.0, 0.0])
    assert status == RateStatus.UNIQUE
    assert padded == pytest.approx(plain, abs=1e-14)


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1e9, 1e300])
def test_amounts_far_from_money_neither_overflow_nor_vanish(scale: float) -> None:
    flows = np.array([[-100.0, -100.0, -3.0], [30.0, 230.0, 1.0], [90.0, -132.0, 1.0]]) * scale
    assert irr(flows, 1).rate == pytest.approx(irr(flows / scale, 1).rate, abs=1e-12)


def test_each_path_has_its_rate_and_status_and_the_statuses_are_counted() -> None:
    flows = np.array([[-100, -100, 0, 100, -100, -100], [230, 0, 0, -110, 100, 110], [-132, 0, 0, 0, -150, 0]])
    rates = irr(flows, periods_per_year=1)
    assert [RateStatus(status) for status in rates.status.tolist()] == [
        RateStatus.SEVERAL,
        RateStatus.TOTAL_LOSS,
        RateStatus.NEVER_INVESTED,
        RateStatus.BORROWING,
        RateStatus.NO_RATE,
        RateStatus.UNIQUE,
    ]
    assert rates.rate == pytest.approx(np.array([0.2, -1.0, np.nan, np.nan, -1.0, 0.1]), nan_ok=True)
    assert rates.status.dtype == np.int8
    assert rates.counts() == dict.fromkeys(RateStatus, 1)


def test_counts_leave_out_statuses_that_no_path_has() -> None:
    assert irr([-1.0, 2.0]).counts() == {RateStatus.UNIQUE: 1}


def test_each_status_has_its_own_label() -> None:
    labels = [status.label for status in RateStatus]
    assert all(label.endswith(".") for label in labels)
    assert len(set(labels)) == len(RateStatus)


def test_no_paths_have_no_rates() -> None:
    rates = irr(np.empty((3, 0)))
    assert rates.rate.shape == rates.status.shape == (0,)
    assert rates.counts() == {}


def test_more_paths_than_a_block_holds(rng: np.random.Generator) -> None:
    """Rates do not depend on which paths stand beside a path, whatever the layout in memory."""
    flows = np.zeros((60, 25_000))
    flows[:30] = -rng.exponential(1.0, (30, 25_000))
    flows[30:] = rng.exponential(1.2, (30, 25_000)) * (rng.random((30, 25_000)) < 0.5)
    flows[12] += rng.exponential(10.0, 25_000)
    rates = irr(flows)
    some = np.s_[::997]
    assert irr(flows[:, some]).rate.tobytes() == rates.rate[some].tobytes()
    assert irr(np.asfortranarray(flows[:, some])).rate.tobytes() == rates.rate[some].tobytes()
    assert irr(flows[:, 997]).rate == rates.rate[997]
    assert (irr(flows[:, some]).status == rates.status[some]).all()


def sib_like(rng: np.random.Generator, months: int, paths: int) -> NDArray[np.float64]:
    """Draws, one payment, later draws that are lost or not, late distributions: [time, path]."""
    flows = -rng.exponential(1.0, (months, paths))
    flows[2 * months // 3] += months * rng.uniform(0.2, 1.4, paths)
    late = flows[2 * months // 3 + 1 :]
    late *= rng.random(late.shape) < 0.3
    late += rng.exponential(1.0, late.shape) * (rng.random(late.shape) < rng.choice([0.0, 0.02, 0.3], paths))
    return flows


@pytest.mark.parametrize("months", [6, 24, 84, 240])
def test_fast_room_says_what_the_search_for_every_root_says(months: int, rng: np.random.Generator) -> None:
    """Whatever it certifies: one rate, one that falls among several, none."""
    flows = sib_like(rng, months, 600)
    flows = flows[:, (flows > 0).any(axis=0)]
    rates = irr(flows, periods_per_year=1)
    log_rate, status = _search(HardFlows(flows, np.arange(float(months))))
    assert len(rates.counts()) >= 2
    assert (rates.status == status).all()
    assert rates.rate == pytest.approx(np.expm1(log_rate), abs=1e-12, nan_ok=True)


def test_any_flow_is_worth_nothing_at_its_rate(rng: np.random.Generator) -> None:
    """Of flows without rhyme or reason, most have several rates."""
    flows = rng.normal(size=(24, 4_000))
    rates = irr(flows, periods_per_year=1)
    found = np.flatnonzero((rates.status == RateStatus.UNIQUE) | (rates.status == RateStatus.SEVERAL))
    assert found.size > 2_000
    log_rate, times = np.log1p(rates.rate[found]), np.arange(24.0)[:, None]
    present = flows[:, found] * np.exp(-log_rate * np.where(log_rate > 0, times, times - 23.0))
    assert (np.abs(present.sum(axis=0)) <= 1e-11 * np.abs(present).sum(axis=0)).all()


@pytest.mark.parametrize("flows", [[], [[[1.0]]], 5.0, [-1.0, np.nan], [[-1.0, np.inf], [1.0, 1.0]]])
def test_flows_that_are_none_are_refused(flows: object) -> None:
    with pytest.raises(ValueError, match="flows"):
        irr(flows)  # type: ignore[arg-type]


@pytest.mark.parametrize("periods", [0.0, -12.0, np.nan])
def test_a_year_without_periods_is_refused(periods: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        irr([-1.0, 1.0], periods)


MONTH_ENDS = np.arange("2025-02", "2031-02", dtype="datetime64[M]").astype("datetime64[D]") - 1


def test_dated_rates_are_those_of_pyxirr(rng: np.random.Generator) -> None:
    flows = np.where(np.arange(72)[:, None] < 40, -1.0, rng.exponential(1.5, (72, 50)))
    rates = irr_dated(flows, MONTH_ENDS)
    others = [of_pyxirr(pyxirr.xirr(MONTH_ENDS, flows[:, path])) for path in range(50)]
    assert (rates.status == RateStatus.UNIQUE).all()
    assert rates.rate == pytest.approx(np.array(others), abs=1e-8)


def test_microsoft_example_of_xirr() -> None:
    """The figures of the documentation of Excel's XIRR, which prints 0.373362535."""
    dates = ["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"]
    rate = float(irr_dated([-10000, 2750, 4250, 3250, 2750], dates).rate)
    assert rate == pytest.approx(0.373362535, abs=2e-9)


def test_late_draws_mostly_lost_where_pyxirr_gives_a_rate_of_forty_million_per_cent() -> None:
    """Everything is worth next to nothing at an endless rate, which is no root."""
    flows = np.zeros(72)
    flows[24:36] = -100.0
    flows[37] = 500.0
    rates = irr_dated(flows, MONTH_ENDS)
    assert rates.status == RateStatus.UNIQUE
    days = (MONTH_ENDS - MONTH_ENDS[0]).astype(float)
    assert (flows * (1 + float(rates.rate)) ** ((days[-1] - days) / 365)).sum() == pytest.approx(0.0, abs=1e-9)
    assert float(rates.rate) == pytest.approx(-0.78983, abs=1e-5)
    assert of_pyxirr(pyxirr.xirr(MONTH_ENDS, flows)) > 400_000


def test_dates_may_come_in_any_order_and_twice() -> None:
    rate = irr_dated([110.0, -60.0, -40.0], ["2026-01-01", "2025-01-01", "2025-01-01"]).rate
    assert rate == pytest.approx(0.10, abs=1e-14)


def test_dated_and_monthly_rates_differ_only_by_the_day_count() -> None:
    flows = [-1.0] * 36 + [1.3] * 36
    difference = float(irr_dated(flows, MONTH_ENDS).rate - irr(flows).rate)
    assert 0 < abs(difference) < 1e-3


@pytest.mark.parametrize(
    ("dates", "message"),
    [(["2025-01-01"], "as many dates"), (["2025-01-01", "NaT"], "missing")],
)
def test_dates_that_do_not_fit_are_refused(dates: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        irr_dated([-1.0, 1.1], dates)
