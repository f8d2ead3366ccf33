"""Rates of flows that come part by part, as the compiled machine gives them: the same bytes as NumPy's."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sibmodel.metrics import Rates, RateStatus, compiled_irr, irr
from sibmodel.metrics._flows import without_crumbs
from sibmodel.metrics._growth import FURTHEST, growth
from sibmodel.metrics._ordinary import solve_ordinary
from sibmodel.metrics._valued import HardFlows
from sibmodel.metrics.irr import _search, rates_of_parts
from tests.metrics.test_irr import sib_like

pytest.importorskip("numba")

from sibmodel.metrics import _again_compiled, _in_parts, _others_compiled
from sibmodel.metrics._parts import Parts

Floats = NDArray[np.float64]


def test_what_is_compiled_was_changed_with_what_it_takes_from_others() -> None:
    """Or one on disk would go on with the old."""
    of_others = [_others_compiled.ROUNDING, _others_compiled.NEAR_ZERO, _others_compiled.EXCLUSION]
    of_others += [_others_compiled.UNIQUE, _others_compiled.SEVERAL]
    of_others += [_others_compiled.BESIDE, _others_compiled.REACHES, _others_compiled.HALVINGS]
    assert zlib.crc32(repr(of_others).encode()) == _others_compiled.BUILT_ON
    of_again = [_again_compiled.FURTHEST_POINT, _again_compiled.GRID, _again_compiled.LONGEST_STEP]
    of_again += [_again_compiled.MOST_STEPS, _again_compiled.ROUNDING, _again_compiled.COEFFICIENTS]
    of_again += [_again_compiled.FURTHEST, _again_compiled.ROUNDING_ALLOWED, _again_compiled.SMALL_STEP]
    assert zlib.crc32(repr(of_again).encode()) == _again_compiled.BUILT_ON
    taken = [
        Path(_others_compiled.__file__).read_text(encoding="utf-8"),
        Path(_again_compiled.__file__).read_text(encoding="utf-8"),
        repr([_in_parts.COARSE, _in_parts.ROUNDING, _in_parts.FURTHEST, _in_parts.REACH]),
        repr([_in_parts.ROUNDING_ALLOWED, _in_parts.SMALL_STEP, _in_parts.TOTAL_LOSS, _in_parts.NEVER_INVESTED]),
    ]
    assert zlib.crc32("".join(taken).encode()) == _in_parts.BUILT_ON


def test_growth_is_an_exponential_to_about_a_last_bit() -> None:
    log_rate = np.random.default_rng(1).uniform(-FURTHEST, FURTHEST, 100_000)
    found = growth(log_rate)
    off = np.abs(found - np.exp(log_rate.astype(np.longdouble))) / np.spacing(found)
    assert np.max(off) < 1.0
    far = np.array([-3.0, 0.36, 700.0, np.inf, -np.inf])
    assert growth(far).tolist() == np.exp(far).tolist()
    assert np.isnan(growth(np.array([np.nan])))[0]


@pytest.mark.parametrize("months", [5, 24, 83, 84])
def test_several_flows_part_by_part(rng: np.random.Generator, months: int) -> None:
    flows = [sib_like(rng, months, 700) for _ in range(3)]
    rows = np.zeros((3 * months + 1, 256))
    where = np.arange(3 * months).reshape(3, months)
    parts = Parts(where, 3 * months, 700)
    for first in range(0, 700, 256):
        count = min(256, 700 - first)
        for flow, place in zip(flows, where, strict=True):
            rows[place, :count] = flow[:, first : first + count]
        parts.see(rows, first, count)
    for flow, rates in zip(flows, rates_of_parts(parts), strict=True):
        expected = irr(flow)
        assert rates.rate.tobytes() == expected.rate.tobytes()
        assert rates.status.tobytes() == expected.status.tobytes()


def test_rows_that_flows_share(rng: np.random.Generator) -> None:
    """A flow that is nothing in some months has the row of nothing there, as often as it takes."""
    flow = sib_like(rng, 12, 128)
    flow[[0, 5, 6]] = 0.0
    rows = np.vstack([flow, np.zeros(128)])
    where = np.where(flow.any(axis=1), np.arange(12), 12)[None]
    parts = Parts(where, 12, 128)
    parts.see(rows, 0, 128)
    assert rates_of_parts(parts)[0].rate.tobytes() == irr(flow).rate.tobytes()


def late_bills(rng: np.random.Generator, months: int, paths: int) -> Floats:
    """Flows that pay in and get back several times, with small amounts at the end: many have several rates."""
    flows = np.zeros((months, paths))
    cuts = [0, months // 2, 2 * months // 3, months - 8, months - 5, months]
    for number, (start, stop) in enumerate(pairwise(cuts)):
        size = 1.0 if number < 2 else 0.05
        amounts = rng.exponential(size, (stop - start, paths)) * (rng.random((stop - start, paths)) < 0.6)
        flows[start:stop] = amounts * (-1.0) ** (number + 1)
    flows[0] = -0.5
    flows[months - 5 :] *= rng.random(paths) < 0.5
    return flows * np.where(flows > 0, rng.uniform(0.6, 2.2, paths), 1.0)


@pytest.mark.parametrize("seed", range(4))
def test_several_rates(seed: int) -> None:
    flows = late_bills(np.random.default_rng(seed), 60, 3_000)
    one, other = irr(flows), compiled_irr(flows)
    assert one.rate.tobytes() == other.rate.tobytes()
    assert one.status.tobytes() == other.status.tobytes()
    counts = one.counts()
    assert min(counts.get(RateStatus.SEVERAL, 0), counts.get(RateStatus.UNIQUE, 0)) > 100


def with_crumbs(rng: np.random.Generator, months: int, paths: int) -> Floats:
    """Flows of which the last is small, and much of the rest is less than 1e-12 of the largest: counted in, the crumbs
    move a rate by more than what the last flow leaves to spare."""
    flows = late_bills(rng, months, paths)
    flows /= np.abs(flows).max(axis=0)
    crumbs = rng.choice([-1e-12, 1e-12], paths) * rng.uniform(0.1, 0.99, flows.shape)
    flows = np.where((flows == 0.0) & (rng.random(flows.shape) < 0.7), crumbs, flows)
    flows[-1] = rng.choice([-1.0, 1.0], paths) * 10.0 ** rng.uniform(-11.7, -10.5, paths)
    return flows


@pytest.mark.parametrize("solve", [irr, compiled_irr])
def test_crumbs_do_not_change_what_is_said_of_other_rates(solve: Callable[[Floats], Rates]) -> None:
    """It is what a search finds without them, wherever a surplus that is no crumb arises."""
    flows, times = with_crumbs(np.random.default_rng(1), 60, 4_000), np.arange(60.0)
    asked = np.flatnonzero(~solve_ordinary(flows, slice(0, flows.shape[1]), times).only)
    some = without_crumbs(flows[:, asked])
    both = (some > 0).any(axis=0) & (some < 0).any(axis=0)
    asked, some = asked[both], some[:, both]
    _, status = _search(HardFlows(some, times))
    assert np.count_nonzero(status == RateStatus.SEVERAL) > 1_000
    assert np.count_nonzero(status == RateStatus.UNIQUE) > 300
    assert solve(flows).status[asked].tolist() == status.tolist()


@pytest.mark.parametrize("solve", [irr, compiled_irr])
def test_a_small_last_payment_is_seen(solve: Callable[[Floats], Rates]) -> None:
    """Money in, money back, and a last bill of a ten-millionth: there are two rates, the other one near -100 %."""
    rng = np.random.default_rng(6)
    flows = np.vstack([-rng.uniform(0.5, 1.5, (6, 5_000)), rng.uniform(0.0, 3.0, (6, 5_000)), np.zeros((1, 5_000))])
    flows[-1] = -(10.0 ** rng.uniform(-9.0, -7.0, 5_000))
    assert solve(flows).counts() == {RateStatus.SEVERAL: 5_000}


@pytest.mark.parametrize("solve", [irr, compiled_irr])
def test_a_surplus_is_seen_however_high_the_rate(solve: Callable[[Floats], Rates]) -> None:
    """Of 33 % a month, over seven years 3e10 times the money: a last bill is a crumb of that, and yet no crumb."""
    flow = np.zeros(85)
    flow[[9, 23, 46, 78]] = [-2.3e-5, -2.9e-7, 1.0, -3.6e-3]
    rates = solve(flow)
    assert rates.status == RateStatus.SEVERAL
    assert float(rates.rate) == pytest.approx(np.expm1(12 * 0.2886), rel=1e-3)


def test_at_a_rate_that_rounding_moved_nothing_is_seen_between_it_and_itself() -> None:
    """A falling root whose value is not quite nothing, and none below, though the signs leave room for two."""
    found = 0
    for seed in range(1_000):
        flow = late_bills(np.random.default_rng(seed), 60, 1)
        rates = irr(flow)
        if rates.status[0] == RateStatus.UNIQUE:
            growth = (1.0 + rates.rate[0]) ** (1 / 12) * (1.0 + 1.3e-14)
            said = _others_compiled.others(flow, 0, np.arange(60), growth, np.log(growth) * 29.5, 29.5)
            assert said in (_others_compiled.UNIQUE, _others_compiled.EXACT)
            found += said == _others_compiled.UNIQUE
    assert found > 100


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("month", [0, 5, 11])
@pytest.mark.parametrize("path", [0, 63, 299])
def test_flows_that_are_no_numbers_are_refused_wherever_they_stand(
    rng: np.random.Generator, bad: float, month: int, path: int
) -> None:
    flows = sib_like(rng, 12, 300)
    flows[month, path] = bad
    with pytest.raises(ValueError, match="nan or infinity"):
        compiled_irr(flows)


@pytest.mark.parametrize("months", [1, 2, 3, 4, 5, 600])
@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e160, 1e300])
def test_few_and_many_months_of_amounts_far_from_money(rng: np.random.Generator, months: int, scale: float) -> None:
    flows = np.sign(rng.normal(size=(months, 130))) * rng.uniform(0.1, 10, (months, 130)) * scale
    flows[:, :40] = np.abs(flows[:, :40]) * np.where(np.arange(months) < months / 2, -1.0, 1.0)[:, None]
    flows[:, :3] = np.array([0.0, 1.0, -1.0]) * np.abs(flows[:, :3])
    one, other = irr(flows), compiled_irr(flows)
    assert one.rate.tobytes() == other.rate.tobytes()
    assert one.status.tobytes() == other.status.tobytes()


def test_rates_of_many_hundreds_of_percent(rng: np.random.Generator) -> None:
    """Beyond what is tried in compiled code."""
    flows = np.vstack([-np.ones(300), rng.uniform(0, 60, (3, 300))])
    one, other = irr(flows, 1.0), compiled_irr(flows, 1.0)
    assert one.rate.tobytes() == other.rate.tobytes()
    assert np.max(one.rate) > 5
