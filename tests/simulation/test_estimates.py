"""What is told of all paths, kept or tallied: the same; and errors that cover the truth as often as they claim.

The truth is in closed form (METHOD 2.8): with a measured effect x ~ N(θ, s²), c(K) = (θ − K)Φ(d) + sφ(d),
d = (θ − K) ÷ s, payment with a floor of nil and a cap C is c(0) − c(C) on average.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sibmodel import results
from sibmodel.analysis.provider_risk import provider_risk
from sibmodel.deals import read
from sibmodel.metrics import error_of_expected_shortfall, error_of_mean, expected_shortfall, summarise
from sibmodel.model import build
from sibmodel.results.as_data import plain
from sibmodel.results.simulated import simulated
from sibmodel.simulation import BLOCK, Estimate, Execution, Simulation, simulate
from sibmodel.simulation.estimates import mean_less_shortfall_of, shortfall_of, summary_of
from sibmodel.simulation.gathering import Gathering
from sibmodel.simulation.samplers import sampling
from sibmodel.simulation.sketch import Sketch
from sibmodel.views import every_view
from sibmodel.workbook import write_workbook
from tests.deals import small

NORMAL = NormalDist()
MEAN, SPREAD, CAP = 0.05, 0.08, 0.13
"""θ and s of the measured effect, and the effect at which payment is capped."""
REPEATS = 600


def call(strike: float) -> float:
    """c(K)."""
    d = (MEAN - strike) / SPREAD
    return (MEAN - strike) * NORMAL.cdf(d) + SPREAD * NORMAL.pdf(d)


def paid(uniform: np.ndarray) -> np.ndarray:
    """Payment by path, in units of the tariff: linear, with a floor and a cap."""
    from scipy.special import ndtri

    return np.clip(MEAN + SPREAD * ndtri(uniform), 0.0, CAP)


def shortfall_of_truth() -> float:
    """Mean of the worst 60 %: of payment up to its quantile, the difference of two calls below it."""
    level = MEAN + SPREAD * NORMAL.inv_cdf(0.6)
    d, nil = (level - MEAN) / SPREAD, (0 - MEAN) / SPREAD
    inside = MEAN * (NORMAL.cdf(d) - NORMAL.cdf(nil)) - SPREAD * (NORMAL.pdf(d) - NORMAL.pdf(nil))
    return inside / 0.6


TRUTHS: dict[str, tuple[Callable[[Any], tuple[float, float]], float]] = {
    "mean": (lambda of: (of.summary.mean, of.summary.error), call(0) - call(CAP)),
    "median": (lambda of: (of.summary.p50, of.summary.errors["p50"]), MEAN),
    "mean of the worst 60 %": (lambda of: of.worst, shortfall_of_truth()),
}


def drawn(sampler: str, paths: int, seed: int) -> np.ndarray:
    """Uniform numbers of one driver, as a simulation draws them."""
    spread = sampling(sampler, paths)
    blocks = range(-(-paths // BLOCK))
    return np.concatenate([spread.luck(seed, {"measured": 1}, block)["measured"][0] for block in blocks])[:paths]


def of_kept(values: np.ndarray) -> SimpleNamespace:
    worst = expected_shortfall(values, 0.6), error_of_expected_shortfall(values, 0.6)
    return SimpleNamespace(summary=summarise(values), worst=worst)


def of_tallied(values: np.ndarray) -> SimpleNamespace:
    sketch = Sketch.laid_out(values)
    sketch.fold(values)
    return SimpleNamespace(summary=sketch.summary(), worst=sketch.shortfall(0.6))


@pytest.mark.parametrize("told_of", [of_kept, of_tallied])
def test_stated_errors_cover_closed_forms(told_of: Callable[..., Any], rng: np.random.Generator) -> None:
    """600 simulations of 1,000 independent paths: a true 95 % shows within 2.7 points (three errors)."""
    covered = dict.fromkeys(TRUTHS, 0)
    for _ in range(REPEATS):
        found = told_of(paid(rng.random(1_000)))
        for figure, (read_off, truth) in TRUTHS.items():
            value, error = read_off(found)
            covered[figure] += abs(value - truth) <= 1.96 * error
    for figure, count in covered.items():
        assert count / REPEATS == pytest.approx(0.95, abs=0.027), figure


@pytest.mark.parametrize("sampler", ["random", "latin", "sobol"])
def test_every_sampler_states_its_own_error(sampler: str) -> None:
    """Of the mean payment over 300 simulations by each: 16 replicates tell an error by Student's t, so that 1.96 of it
    cover about 93 of 100; within 4 points (three errors). And those of samplers that spread evenly are small."""
    truth, covered, errors = call(0) - call(CAP), 0, []
    replicates = sampling(sampler, 1_024).replicates
    for seed in range(300):
        values = paid(drawn(sampler, 1_024, seed))
        errors.append(error_of_mean(values, replicates))
        covered += abs(values.mean() - truth) <= 1.96 * errors[-1]
    assert covered / 300 == pytest.approx(0.95 if replicates == 1 else 0.931, abs=0.04)
    if sampler != "random":
        assert np.mean(errors) < 0.2 * 0.05 / sqrt(1_024)


def alike(kept: Any, tallied: Any, place: str = "") -> None:
    """The same documents, percentiles within the stated width."""
    if isinstance(kept, dict):
        width = tallied.get("width")
        for key in kept:
            if width is not None and key in ("p5", "p50", "p95"):
                assert abs(kept[key] - tallied[key]) <= width + 1e-9, f"{place}.{key}"
            elif width is not None and key in ("p5_error", "p50_error", "p95_error"):
                assert kept[key] == pytest.approx(tallied[key], rel=0.05, abs=width), f"{place}.{key}"
            else:
                alike(kept[key], tallied[key], f"{place}.{key}")
    elif isinstance(kept, list):
        for number, (one, other) in enumerate(zip(kept, tallied, strict=True)):
            alike(one, other, f"{place}[{number}]")
    elif isinstance(kept, float):
        assert tallied == pytest.approx(kept, rel=2e-3 if "error" in place else 1e-6, abs=1e-9), place
    else:
        assert kept == tallied, place


def told(simulation: Simulation) -> dict[str, Any]:
    """All that results tell of a simulation, correlations left out: these are over the paths that are kept."""
    places = range(len(simulation.model.provider_cash))
    risks = [vars(one) for one in (provider_risk(simulation, place) for place in places)]
    return {**simulated(simulation), "risks": plain([{key: vars_of(one) for key, one in of.items()} for of in risks])}


def vars_of(one: Any) -> Any:
    return {"value": one.value, "error": one.error} if isinstance(one, Estimate) else one


@pytest.mark.parametrize("name", ["peterborough", "through-the-gate", "yorkshire-and-humber"])
def test_what_is_told_of_tallied_paths_is_what_is_told_of_kept_ones(name: str) -> None:
    model, paths = build(read(name)), BLOCK + 1_500
    tallying = Gathering(model, 1, sampling("random", paths), keep=BLOCK)
    ours = told(simulate(model, paths, execution=Execution(each=tallying.add)))
    tallied = tallying.simulation()
    theirs = told(tallied)
    assert theirs["paths_kept"] == BLOCK
    assert tallied.tally is not None
    for one in (ours, theirs):
        one.pop("correlations", None)
        one.pop("paths_kept", None)
    alike(plain(ours), plain(theirs))


def test_views_say_what_is_over_the_paths_that_are_kept(tmp_path: Path) -> None:
    run = results.run(
        small({"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}), BLOCK + 10, execution=Execution(keep=BLOCK)
    )
    note = "Over the first 8,192 of 8,202 paths, which are kept one by one."
    noted = {table.title for view in every_view(run) for table in view.tables if note in table.note}
    assert {"Distribution of the rate of return", "Distribution of net present value"} <= noted
    assert "Does payment follow the effect?" in noted
    assert "Returns to all investors" not in noted
    write_workbook(run, tmp_path / "deal.xlsx")


def test_a_figure_that_some_paths_lack_has_its_margin_too() -> None:
    model = build(small({"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}))
    kept = simulate(model, BLOCK + 10)
    tallied = simulate(model, BLOCK + 10, execution=Execution(keep=BLOCK))
    for of in (mean_less_shortfall_of, shortfall_of):
        one, other = of(kept, "payback"), of(tallied, "payback")
        assert one.value == pytest.approx(other.value)
        assert one.error == pytest.approx(other.error, rel=0.02)
    assert summary_of(kept, "payback").undefined == summary_of(tallied, "payback").undefined > 0
