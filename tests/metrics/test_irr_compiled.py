"""Rates by the compiled passes: the same bytes as NumPy's."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sibmodel.metrics import RateStatus, compiled_irr, irr
from tests.metrics.test_irr import sib_like

pytest.importorskip("numba")


def assert_same(flows: NDArray[np.float64], periods: float = 12.0) -> None:
    """Rates and statuses alike, to the last bit."""
    one, other = irr(flows, periods), compiled_irr(flows, periods)
    assert one.rate.tobytes() == other.rate.tobytes()
    assert one.status.tobytes() == other.status.tobytes()


@pytest.mark.parametrize("months", [2, 7, 84])
@pytest.mark.parametrize("paths", [1, 255, 257, 20_001])
def test_random_flows(rng: np.random.Generator, months: int, paths: int) -> None:
    assert_same(sib_like(rng, months, paths))


def test_flows_without_rhyme_or_reason(rng: np.random.Generator) -> None:
    assert_same(rng.normal(size=(24, 2_000)), 1.0)


def test_where_most_paths_get_nothing_back(rng: np.random.Generator) -> None:
    flows = sib_like(rng, 60, 3_000)
    flows[:, rng.random(3_000) < 0.8] = -1.0
    assert_same(flows)
    assert irr(flows).counts()[RateStatus.TOTAL_LOSS] > 2_000


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_amounts_far_from_money(scale: float) -> None:
    assert_same(np.array([[-100.0, -100.0, -3.0], [30.0, 230.0, 1.0], [90.0, -132.0, 1.0]]) * scale)


def test_other_layouts_and_what_cannot_be_written_to(rng: np.random.Generator) -> None:
    flows = sib_like(rng, 40, 600)
    flows.flags.writeable = False
    assert_same(flows)
    assert_same(np.asfortranarray(flows))
    assert_same(flows[:, ::3])
    assert_same(flows[:, 5])
    assert_same(np.broadcast_to(flows[:, :1], (40, 50)))


@pytest.mark.parametrize("flows", [[], [-1.0, np.nan], [[-1.0, np.inf], [1.0, 1.0]]])
def test_flows_that_are_none_are_refused(flows: object) -> None:
    with pytest.raises(ValueError, match="flows"):
        compiled_irr(flows)  # type: ignore[arg-type]


def test_no_paths_and_single_periods() -> None:
    assert_same(np.empty((3, 0)))
    assert_same(np.array([[5.0, -5.0, 0.0]]))
