"""The payment rule as a curve: its steps where the terms put them, its amounts as worked by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sibmodel.analysis.payoff import payoff
from sibmodel.deals import read
from sibmodel.model import build


def test_a_threshold_is_a_step_and_a_cap_is_reached() -> None:
    """Peterborough: nothing below 7.5 % in the pool; from there £10,550 for each event avoided, £3.4 million at most.

    Without the service there are 936 × 1.55 + 866 × 1.644 events, so that the step is 7.5 % of them times the price.
    """
    curve = payoff(build(read("peterborough")))
    events = 936 * 1.55 + 866 * 1.644
    step = next((low, high) for low, high in pairwise(curve) if high.payment - low.payment > 1e6)
    assert step[1].measured - step[0].measured < 1e-6
    assert step[1].measured == pytest.approx(0.075, abs=1e-6)
    assert step[0].payment == 0
    assert step[1].payment == pytest.approx(0.075 * events * 10_550, rel=1e-5)
    assert max(one.payment for one in curve) == 3_400_000
    first = next(one for one in curve if one.payment >= 3_400_000 - 0.005)
    assert first.measured == pytest.approx(3_400_000 / 10_550 / events, abs=1e-6)


def test_the_curve_runs_upward_in_the_effect() -> None:
    curve = payoff(build(read("through-the-gate")))
    assert [one.measured for one in curve] == sorted(one.measured for one in curve)
    assert all(low.payment <= high.payment + 0.005 for low, high in pairwise(curve))


def test_a_single_step_is_found_too() -> None:
    """HMP Doncaster pays a tenth back below its hurdle, and all of it from there."""
    curve = payoff(build(read("doncaster")))
    low, high = next((low, high) for low, high in pairwise(curve) if high.payment > low.payment)
    assert (low.payment, high.payment) == (36_000_000, 40_000_000)
    assert high.measured - low.measured < 1e-6


def test_where_payment_hangs_on_no_effect_there_is_no_curve() -> None:
    assert payoff(build(read("better-futures"))) == ()
