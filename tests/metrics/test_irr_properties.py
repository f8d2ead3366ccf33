"""What holds for the rates of any flows, found by random search, with exact arithmetic as the judge."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sibmodel.metrics import RateStatus, irr, moic
from tests.metrics.exact_roots import break_even_rates

amounts = st.integers(-100, 100) | st.integers(-1_000_000, 1_000_000) | st.just(0)
flows_of_any_kind = st.lists(amounts, min_size=1, max_size=12)
investments = st.tuples(
    st.lists(st.integers(-10_000, 0), min_size=1, max_size=40).filter(any),
    st.lists(st.integers(0, 10_000), min_size=1, max_size=40).filter(any),
).map(lambda parts: [*parts[0], *parts[1]])


def share_of_nothing(flows: NDArray[np.float64], rate: float) -> float:
    """Net present value at a rate of one period, as a share of all present values."""
    times = np.arange(len(flows)) if rate >= 0 else np.arange(len(flows)) - len(flows) + 1
    with np.errstate(under="ignore"):
        present = flows * np.exp(-times * np.log1p(rate))
        return float(abs(present.sum()) / abs(present).sum())


@given(flows_of_any_kind)
def test_the_status_is_what_exact_arithmetic_says(flows: list[int]) -> None:
    rates = irr(flows, periods_per_year=1)
    rate, status = float(rates.rate), RateStatus(int(rates.status))
    if min(flows) >= 0:
        assert status == RateStatus.NEVER_INVESTED
        assert np.isnan(rate)
        return
    if max(flows) <= 0:
        assert (rate, status) == (-1.0, RateStatus.TOTAL_LOSS)
        return
    number, multiple = break_even_rates(flows)
    if number == 0:
        assert status == RateStatus.NO_RATE
        assert rate == -1.0 if sum(flows) < 0 else np.isnan(rate)
    elif number > 1:
        assert status == RateStatus.SEVERAL
    else:
        touching = {RateStatus.SEVERAL} if multiple else set()
        assert status in {RateStatus.UNIQUE, RateStatus.BORROWING} | touching
        first = next(flow for flow in flows if flow)
        assert (status == RateStatus.BORROWING) <= (first > 0)


@given(flows_of_any_kind)
def test_flows_are_worth_nothing_at_their_rate(flows: list[int]) -> None:
    rates = irr(flows, periods_per_year=1)
    if rates.status in (RateStatus.UNIQUE, RateStatus.SEVERAL):
        assert share_of_nothing(np.array(flows, dtype=float), float(rates.rate)) < 1e-9


@given(flows_of_any_kind)
def test_one_rate_means_one_change_of_sign_on_a_fine_grid(flows: list[int]) -> None:
    if irr(flows, 1).status != RateStatus.UNIQUE:
        return
    log_rates = np.linspace(-20, 20, 4001)
    times = np.arange(len(flows))[:, None] - np.where(log_rates < 0, len(flows) - 1, 0)
    with np.errstate(under="ignore"):
        value = (np.array(flows, dtype=float)[:, None] * np.exp(-times * log_rates)).sum(axis=0)
    positive = value > 0
    assert positive[0]
    assert not positive[-1]
    assert (positive[1:] != positive[:-1]).sum() == 1


@given(investments, st.integers(-40, 40))
def test_the_currency_does_not_matter(flows: list[int], power: int) -> None:
    """Bit for bit, where the currencies differ by a power of two."""
    one, other = irr(flows), irr(np.array(flows) * 2.0**power)
    assert one.status == other.status
    assert one.rate == other.rate


@given(flows_of_any_kind, st.floats(1e-6, 1e6))
def test_the_scale_does_not_matter(flows: list[int], scale: float) -> None:
    one, other = irr(flows, 1), irr(np.array(flows) * scale, 1)
    if one.status == RateStatus.UNIQUE and not break_even_rates(flows)[1]:
        assert other.status == RateStatus.UNIQUE
        assert other.rate == pytest.approx(float(one.rate), rel=1e-9, abs=1e-9)


@given(st.lists(st.lists(amounts, min_size=8, max_size=8), min_size=1, max_size=12))
def test_many_paths_are_as_one_at_a_time(paths: list[list[int]]) -> None:
    together = irr(np.array(paths).T, periods_per_year=1)
    for path, flows in enumerate(paths):
        alone = irr(flows, periods_per_year=1)
        assert alone.status == together.status[path]
        assert float(alone.rate) == pytest.approx(together.rate[path], rel=1e-9, abs=1e-12, nan_ok=True)


@given(investments)
def test_money_first_in_and_then_back_gains_where_the_rate_is_above_zero(flows: list[int]) -> None:
    rates, multiple = irr(flows), float(moic(flows))
    assert rates.status == RateStatus.UNIQUE
    rate = float(rates.rate)
    assert (rate > 1e-13) <= (multiple > 1)
    assert (rate < -1e-13) <= (multiple < 1)
    assert (abs(rate) <= 1e-13) <= (abs(multiple - 1) < 1e-11)


@given(investments)
def test_a_later_inflow_never_raises_the_rate(flows: list[int]) -> None:
    later = [*flows[:-1], 0, flows[-1]]
    if sum(flows) > 0:
        assert irr(later).rate <= irr(flows).rate * (1 + 1e-12)


@given(st.integers(2, 40), st.floats(-0.2, 0.3), st.data())
def test_a_loan_repaid_with_its_interest_yields_it(periods: int, rate: float, data: st.DataObject) -> None:
    """Flows made so that the rate is known: payments in between, none of them a mere crumb, and the balance."""
    paid = data.draw(st.lists(st.just(0.0) | st.floats(0.01, 0.2), min_size=periods, max_size=periods))
    balance, flows = 100.0, [-100.0]
    for share in paid:
        balance *= 1 + rate
        flows.append(balance * share)
        balance -= flows[-1]
    flows.append(balance * (1 + rate))
    rates = irr(flows, periods_per_year=1)
    assert rates.status == RateStatus.UNIQUE
    assert float(rates.rate) == pytest.approx(rate, abs=1e-12)
