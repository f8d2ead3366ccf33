"""Rates of flows that come part by part, as the compiled machine gives them: the same bytes as NumPy's."""

from __future__ import annotations

import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sibmodel.metrics import RateStatus, compiled_irr, irr
from sibmodel.metrics._growth import FURTHEST, growth
from sibmodel.metrics.irr import rates_of_parts
from tests.metrics.test_irr import sib_like

pytest.importorskip("numba")

from sibmodel.metrics import _again_compiled, _in_parts, _other_roots, _others_compiled
from sibmodel.metrics._parts import Parts

Floats = NDArray[np.float64]


def test_what_is_compiled_was_changed_with_what_it_takes_from_others() -> None:
    """Or one on disk would go on with the old."""
    taken = [
        Path(_others_compiled.__file__).read_text(encoding="utf-8"),
        repr([_in_parts.COARSE, _in_parts.ROUNDING, _again_compiled.COEFFICIENTS, _in_parts.FURTHEST, _in_parts.REACH]),
        Path(_again_compiled.__file__).read_text(encoding="utf-8"),
        repr([_again_compiled.FURTHEST_POINT, _again_compiled.GRID, _again_compiled.LONGEST_STEP]),
        repr([_again_compiled.MOST_STEPS, _in_parts.ROUNDING_ALLOWED, _in_parts.SMALL_STEP]),
        repr([_others_compiled.EXCLUSION, _others_compiled.LEAST, _other_roots.REACHES, _other_roots.HALVINGS]),
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


def test_rates_of_many_hundreds_of_percent(rng: np.random.Generator) -> None:
    """Beyond what is tried in compiled code."""
    flows = np.vstack([-np.ones(300), rng.uniform(0, 60, (3, 300))])
    one, other = irr(flows, 1.0), compiled_irr(flows, 1.0)
    assert one.rate.tobytes() == other.rate.tobytes()
    assert np.max(one.rate) > 5
