"""A figure that is not kept by path: exact counts and moments, and quantiles within the width that it states."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibmodel.metrics import error_of_expected_shortfall, error_of_mean, expected_shortfall, quantiles, summarise
from sibmodel.simulation.sketch import BINS, LEVELS, PARTS, Sketch

Floats = np.ndarray


def sketched(values: Floats, block: int = 8_192) -> Sketch:
    sketch = Sketch.laid_out(values[:block])
    for start in range(0, values.size, block):
        sketch.fold(values[start : start + block])
    return sketch


def cases(rng: np.random.Generator) -> dict[str, Floats]:
    normal = rng.normal(-2e6, 1e6, 100_000)
    lost = np.where(rng.random(100_000) < 0.4, -1.0, rng.normal(0.05, 0.1, 100_000))
    holes = np.where(rng.random(100_000) < 0.3, np.nan, rng.integers(0, 84, 100_000))
    return {
        "smooth": normal,
        "many total losses": lost,
        "few values, some missing": holes,
        "fat tails beyond what the first block shows": rng.standard_cauchy(100_000) * 1e3,
        "one value": np.full(20_000, 3.5),
        "nothing at first": np.where(np.arange(100_000) < 9_000, 0.0, rng.exponential(5.0, 100_000)),
        "two lumps far apart": np.where(rng.random(100_000) < 0.5, rng.normal(-5, 1e-3, 100_000), 1e6),
    }


@pytest.mark.parametrize("case", cases(np.random.default_rng(0)))
def test_streamed_statistics_are_the_exact_ones_within_the_stated_width(case: str, rng: np.random.Generator) -> None:
    values = cases(rng)[case]
    sketch, exact = sketched(values), summarise(values)
    found, width = sketch.summary(), sketch.widths()
    assert (found.count, found.undefined) == (exact.count, exact.undefined)
    assert found.mean == pytest.approx(exact.mean, rel=1e-12, abs=1e-12)
    assert found.sd == pytest.approx(exact.sd, rel=1e-9, abs=1e-12)
    assert found.error == pytest.approx(exact.error, rel=1e-9, abs=1e-12)
    assert found.errors["sd"] == pytest.approx(exact.errors["sd"], rel=1e-4, abs=1e-9)
    for name in ("p5", "p50", "p95"):
        assert abs(getattr(found, name) - getattr(exact, name)) <= width + 1e-9 * abs(getattr(exact, name)), name
    tail = sketch.shortfall(0.05)
    assert tail[0] == pytest.approx(expected_shortfall(values), rel=1e-5, abs=width)
    assert tail[1] == pytest.approx(error_of_expected_shortfall(values), rel=1e-2, abs=1e-9)


def test_the_width_is_a_small_part_of_the_range(rng: np.random.Generator) -> None:
    values = rng.normal(size=200_000)
    first = values[:8_192]
    assert sketched(values).widths() == pytest.approx(2 * np.ptp(first) / BINS)
    assert sketched(values).widths() < 0.1 * summarise(values).errors["p5"]


def test_errors_of_quantiles_are_those_of_kept_paths(rng: np.random.Generator) -> None:
    values = rng.normal(size=100_000)
    exact, found = summarise(values).errors, sketched(values).summary().errors
    for name in ("p5", "p50", "p95"):
        assert found[name] == pytest.approx(exact[name], rel=0.02)


def test_mean_less_shortfall_has_the_error_of_the_difference(rng: np.random.Generator) -> None:
    values = rng.normal(size=100_000)
    value, error = sketched(values).mean_less_shortfall(0.05)
    assert value == pytest.approx(values.mean() - expected_shortfall(values), abs=1e-6)
    boundary = quantiles(values, 0.05)
    apart = error_of_mean(values + np.maximum(boundary - values, 0) / 0.05)
    assert error == pytest.approx(apart, rel=1e-3)


@given(
    st.lists(st.floats(-1e6, 1e6, width=32).map(lambda one: round(one, 2)) | st.just(0.0), min_size=1, max_size=300),
    st.integers(1, 50),
)
def test_counts_and_bounds_hold_for_anything(values: list[float], block: int) -> None:
    figures = np.array(values)
    with np.errstate(under="ignore"):
        sketch = sketched(figures, block)
        entries = sketch.entries()
        assert entries.paths == figures.size
        assert (entries.lows <= entries.highs).all()
        assert (sketch.least, sketch.most) == (figures.min(), figures.max())
        assert (np.abs(entries.at(LEVELS) - quantiles(figures, LEVELS)) <= sketch.widths() + 1e-6).all()


def test_no_path_with_the_figure_has_no_summary() -> None:
    sketch = sketched(np.full(100, np.nan))
    summary = sketch.summary()
    assert (summary.count, summary.undefined) == (0, 100)
    assert np.isnan([summary.mean, summary.sd, summary.p5, summary.error, *summary.errors.values()]).all()
    assert np.isnan([sketch.widths(), *sketch.shortfall(0.05), *sketch.mean_less_shortfall(0.05)]).all()


def test_one_path_has_no_error() -> None:
    sketch = sketched(np.array([7.0]))
    assert sketch.summary().p5 == 7.0
    assert np.isnan([sketch.summary().error, sketch.shortfall(0.05)[1], sketch.mean_less_shortfall(0.05)[1]]).all()


def test_a_sketch_takes_a_megabyte_however_many_paths(rng: np.random.Generator) -> None:
    sketch = sketched(rng.normal(size=300_000))
    assert sum(one.nbytes for one in sketch.arrays().values()) < 1.1e6


def test_a_sketch_comes_back_from_its_arrays(rng: np.random.Generator) -> None:
    values = rng.normal(size=30_000)
    sketch = sketched(values[:20_000])
    again = Sketch.of_arrays({part: array.copy() for part, array in sketch.arrays().items()})
    for one in (sketch, again):
        one.fold(values[20_000:])
    assert {part: sketch.arrays()[part].tobytes() for part in PARTS} == {
        part: again.arrays()[part].tobytes() for part in PARTS
    }
