"""What is said of a flow's other rates, held against the search for every one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sibmodel.metrics._every_root import every_root
from sibmodel.metrics._flows import without_crumbs
from sibmodel.metrics._other_roots import other_roots
from sibmodel.metrics._valued import HardFlows
from tests.metrics.test_irr_parts import Floats, late_bills


def random_signs(rng: np.random.Generator, months: int, paths: int) -> Floats:
    return rng.normal(size=(months, paths)) * rng.exponential(size=(months, paths)) ** 3


@pytest.mark.parametrize("kind", [late_bills, random_signs])
@pytest.mark.parametrize("months", [24, 60])
def test_it_is_what_a_search_finds(kind: Callable[..., Floats], months: int) -> None:
    """Whenever something is said; and it mostly is. Falling roots are looked from, one of each path."""
    flows = without_crumbs(kind(np.random.default_rng(months), months, 1_500))
    both = (flows > 0).any(axis=0) & (flows < 0).any(axis=0)
    flows = np.ascontiguousarray(flows[:, both])
    roots = every_root(HardFlows(flows, np.arange(float(months))))
    sure = ~np.isin(roots.path, roots.path[roots.touching])
    falling = np.flatnonzero(sure & roots.falling)
    nearest = falling[np.lexsort((np.abs(roots.log_rate[falling]), roots.path[falling]))]
    path, first = np.unique(roots.path[nearest], return_index=True)
    point = roots.log_rate[nearest[first]]
    said = other_roots(np.ascontiguousarray(flows[:, path]), np.arange(float(months)), point)
    number = np.bincount(roots.path, minlength=flows.shape[1])[path]
    assert not (said.none & said.farther).any()
    assert (number[said.none] == 1).all()
    assert (number[said.farther] > 1).all()
    assert np.mean(said.none | said.farther) > (0.8 if kind is late_bills else 0.25)
    assert said.none.any()
    assert said.farther.any()


def test_a_falling_root_that_is_not_the_nearest_is_not_said_to_be() -> None:
    """Rates of 10 %, 50 % and 150 % a period: the value falls through zero at the first and the last."""
    flow = -np.polynomial.polynomial.polyfromroots([1 / 1.1, 1 / 1.5, 1 / 2.5])
    flow *= np.sign(-flow[0])
    worth = [float(np.polynomial.polynomial.polyval(1 / (1 + rate), flow)) for rate in (0.1, 0.5, 1.5)]
    assert np.allclose(worth, 0.0, atol=1e-12)
    roots = every_root(HardFlows(flow[:, None], np.arange(4.0)))
    falling = np.sort(roots.log_rate[roots.falling])
    assert falling.size == 2
    said = other_roots(np.repeat(flow[:, None], falling.size, axis=1), np.arange(4.0), falling)
    assert not said.none.any()
    assert not said.farther[np.argsort(np.abs(falling))[1:]].any()
