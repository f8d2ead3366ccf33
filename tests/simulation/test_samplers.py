"""Samplers: even where they should be, independent between replicates, opened again, and honest about their errors."""

from __future__ import annotations

import contextlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

from sibmodel import results
from sibmodel.analysis.provider_risk import provider_risk
from sibmodel.cli import main
from sibmodel.deals import read
from sibmodel.errors import NotFoundError
from sibmodel.metrics import (
    error_by_replicates,
    error_of_expected_shortfall,
    error_of_mean,
    error_of_probability,
    error_of_quantile,
    summarise,
)
from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK, REPLICATES, Sampling, reopen, sampling, simulate, sobol, uniforms
from sibmodel.simulation.paths import Luck
from sibmodel.views.sentences import sampler_words
from tests.deals import data, deal_of, small

pytestmark = pytest.mark.no_cover  # other tests go these ways, and faster

STREAMS = dict.fromkeys(["effect", "volume, First", "cost overrun", "matching error"], 1)
TWO = dict.fromkeys(["effect", "matching error"], 1)


@pytest.fixture(scope="module")
def model() -> Model:
    return build(read("through-the-gate"))


def points(spread: Sampling, seed: int = 1, streams: dict[str, int] = STREAMS) -> dict[str, np.ndarray]:
    """The numbers of each stream over all paths."""
    blocks = [spread.luck(seed, streams, block) for block in range(-(-spread.paths // BLOCK))]
    return {name: np.concatenate([one[name][0] for one in blocks])[: spread.paths] for name in streams}


def test_the_pseudo_random_sampler_is_the_streams() -> None:
    luck = sampling().luck(7, STREAMS, 3)
    for name in STREAMS:
        assert np.array_equal(luck[name], uniforms(7, name, 3))
    assert (sampling().paths, sampling("sobol").paths, sampling("latin", 160).paths) == (10_000, 16_384, 160)


@pytest.mark.parametrize("sampler", ["latin", "sobol"])
@pytest.mark.parametrize("paths", [32, 4_096, 32_768, 2**18])
def test_each_replicate_has_one_path_in_each_stratum(sampler: str, paths: int) -> None:
    """Also where a replicate is larger than a block, and where a block holds several."""
    size = paths // REPLICATES
    for numbers in points(sampling(sampler, paths)).values():
        assert 0 < numbers.min() <= numbers.max() < 1
        strata = np.sort((numbers.reshape(REPLICATES, size) * size).astype(int), axis=1)
        assert (strata == np.arange(size)).all()


def test_a_scrambled_sobol_sequence_is_even_in_two_dimensions() -> None:
    """The first two dimensions are a net: of 1,024 points, exactly one in each of 1,024 equal boxes, of any shape."""
    luck = points(sampling("sobol", 16_384), streams=TWO)
    for replicate in range(REPLICATES):
        one, other = (luck[name].reshape(REPLICATES, -1)[replicate] for name in luck)
        for wide in range(11):
            boxes = (one * 2**wide).astype(int) * 2 ** (10 - wide) + (other * 2 ** (10 - wide)).astype(int)
            assert np.unique(boxes).size == 1_024


def test_scipy_gives_the_same_sequence_but_for_the_scrambling() -> None:
    from scipy.stats.qmc import Sobol

    from sibmodel.simulation.sobol import LONGEST, _columns

    known = Sobol(20, scramble=False).random(2**LONGEST)
    digits = (known * 2.0**32).astype(np.uint32)
    columns = _columns(32)
    for place in (1, 2, 3, 100, 4_097, 2**LONGEST - 1):
        gray = place ^ place >> 1
        point = np.bitwise_xor.reduce(columns[[digit for digit in range(LONGEST) if gray >> digit & 1]], axis=0)
        assert np.array_equal(point[:20], digits[place])


def test_any_stretch_of_a_sequence_is_what_the_whole_has_there() -> None:
    whole = sobol.points(3, "effect", 2, 5, 0, 4_096)
    for first in (0, 512, 1_024, 3_584):
        assert np.array_equal(sobol.points(3, "effect", 2, 5, first, 512), whole[first : first + 512])


@pytest.mark.parametrize("sampler", ["latin", "sobol"])
def test_streams_are_independent_of_each_other(sampler: str) -> None:
    luck = points(sampling(sampler, 2**16))
    together = np.corrcoef(list(luck.values()))
    assert abs(together[np.triu_indices(len(luck), 1)]).max() < 4.5 / math.sqrt(2**16)


def test_replicates_and_seeds_of_a_latin_hypercube_are_independent() -> None:
    rows = [*points(sampling("latin", 2**16))["effect"].reshape(REPLICATES, -1)]
    rows += [*points(sampling("latin", 2**16), seed=2)["effect"].reshape(REPLICATES, -1)]
    together = np.corrcoef(rows)
    assert abs(together[np.triu_indices(len(rows), 1)]).max() < 4.5 / math.sqrt(2**12)


def test_replicates_of_a_sobol_sequence_err_independently() -> None:
    """Means of u³ over 64 points by two replicates, in 400 seeds: their errors are uncorrelated, and unbiased."""
    spread = sampling("sobol", 1_024)
    means = np.array(
        [(points(spread, seed, {"effect": 1})["effect"].reshape(16, -1) ** 3).mean(axis=1) for seed in range(400)]
    )
    together = np.corrcoef(means.T)
    assert abs(together[np.triu_indices(16, 1)]).max() < 4.5 / math.sqrt(400)
    assert means.mean() == pytest.approx(0.25, abs=4 * means.std() / math.sqrt(means.size))


@pytest.mark.parametrize("sampler", ["latin", "sobol"])
def test_a_drivers_luck_stays_when_another_comes_after_it(sampler: str) -> None:
    spread = sampling(sampler, 512)
    before, after = spread.luck(1, STREAMS, 0), spread.luck(1, {**STREAMS, "uptake, Charity": 1}, 0)
    assert all(np.array_equal(before[name], after[name]) for name in STREAMS)


@pytest.mark.parametrize("sampler", ["latin", "sobol"])
def test_two_contracts_meet_the_same_luck(sampler: str) -> None:
    changes = {"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}", "assumptions.matching_error": 0}
    one = simulate(build(small(changes)), 512, sampler=sampler)
    other = simulate(build(small({**changes, "payments[0].threshold": 0.05})), sampler=one.spread)
    for figure in ("true_reduction", "measured_reduction"):
        assert np.array_equal(one.figures[figure], other.figures[figure])
    assert not np.array_equal(one.figures["npv"], other.figures["npv"])


@pytest.mark.parametrize("sampler", ["latin", "sobol"])
def test_the_same_seed_gives_the_same_figures_and_any_path_opens_again(model: Model, sampler: str) -> None:
    simulation = simulate(model, 2_048, seed=9, sampler=sampler)
    again = simulate(build(read("through-the-gate")), 2_048, seed=9, sampler=sampler)
    for name, values in simulation.figures.items():
        assert np.array_equal(values, again.figures[name], equal_nan=True)
    assert not np.array_equal(simulation.figures["npv"], simulate(model, 2_048, sampler=sampler).figures["npv"])
    for path in (1, 129, 1_500, 2_048):
        values = reopen(model, 9, path, sampler, 2_048)
        assert values.figure(model.commissioning.paid_in_all) == simulation.figures["payments"][path - 1]
        assert values.figure(model.effects[0].pooled.true) == simulation.figures["true_reduction"][path - 1]
    with pytest.raises(NotFoundError, match=r"There are 2,048 paths: there is no path 2049\."):
        reopen(model, 9, 2_049, sampler, 2_048)


def test_a_path_of_a_second_block_opens_again() -> None:
    model = build(small({"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}))
    simulation = simulate(model, sampler="sobol")
    assert simulation.paths == 16_384
    values = reopen(model, 1, BLOCK + 77, "sobol")
    assert values.figure(model.commissioning.paid_in_all) == simulation.figures["payments"][BLOCK + 76]


def test_correlated_drivers_go_together_with_any_sampler() -> None:
    plain = data()
    plain["assumptions"] |= {
        "effect": {"normal": {"mean": 0.1, "sd": 0.1}},
        "cost_overrun": {"normal": {"mean": 0, "sd": 0.1}},
        "correlations": [{"between": ["effect", "cost overrun"], "rank": 0.5}],
    }
    luck = Luck(build(deal_of(plain)), 1, 0, sampling("sobol", BLOCK)).drivers
    assert stats.spearmanr(luck["effect"], luck["cost overrun"]).statistic == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize(
    ("sampler", "paths", "said"),
    [
        ("sobol", 10_000, "10,000 paths are not 16 replicates of the sampler sobol: it needs a power of two from 32 to "
         "1,048,576. Take 8,192 or 16,384."),
        ("latin", 1_000, "1,000 paths are not 16 replicates of the sampler latin: it needs a multiple of 16 from 32 to "
         "1,048,576. Take 512 or 1,024."),
        ("sobol", 16, "16 paths are not 16 replicates of the sampler sobol: it needs a power of two from 32 to "
         "1,048,576. Take 32."),
        ("sobol", 2**21, "2,097,152 paths are not 16 replicates of the sampler sobol: it needs a power of two from 32 "
         "to 1,048,576. Take 1,048,576."),
        ("halton", 32, '"halton" is not a sampler. There are: random, latin, sobol.'),
    ],
)  # fmt: skip
def test_wrong_samplers_and_numbers_of_paths_are_refused(sampler: str, paths: int, said: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        sampling(sampler, paths)
    assert str(caught.value) == said


def test_errors_by_replicates_by_hand() -> None:
    """Two replicates of three: means 2 and 5, so the error is |5 − 2| ÷ 2 = 1.5."""
    values = [1.0, 2, 3, 3, 5, 7]
    assert error_of_mean(values, 2) == pytest.approx(1.5)
    assert summarise(values, 2).error == pytest.approx(1.5)
    assert summarise(values, 2).errors["sd"] == pytest.approx(0.5)  # standard deviations 1 and 2
    assert error_of_expected_shortfall(values, 1 / 3, 2) == pytest.approx(1.0)  # worst thirds 1 and 3
    # Shares above 2.5: 1/3 and 3/3.
    assert error_of_probability(np.array(values) > 2.5, 2) == pytest.approx(1 / 3)
    assert error_of_probability(np.array(values) > 9, 2) == error_of_probability(np.array(values) > 9) > 0
    # As many in each of two: Wilson's error of none of two, 0.98 ÷ 2 ÷ (1 + 3.8415 ÷ 2), by the three of one.
    alike = np.array([True, False, False, False, False, True])
    assert error_of_probability(alike, 2) == pytest.approx(0.98 / 2 / (1 + 3.8415 / 2) / 3, rel=1e-3)
    assert math.isnan(error_of_mean([1.0, math.nan, math.nan, math.nan], 2))
    assert error_of_mean([1.0, math.nan, 3.0, 3.0], 2) == pytest.approx(1)
    with pytest.raises(ValueError, match="cannot be divided into 4 replicates"):
        error_by_replicates(values, 4, np.mean)


def test_the_error_of_a_quantile_by_replicates_by_hand() -> None:
    """0 to 99 in two replicates of 50, of which 26 and 24 lie below the median: the number below errs by 100 × 0.02 =
    2, so the median lies within 1.96 × 2 + ½ ranks, whose values are as many apart. nan where that is outside."""
    first = [*range(26), *range(50, 74)]
    values = np.array([*first, *sorted(set(range(100)) - set(first))], dtype=float)
    assert error_of_quantile(values, [0.5], 2) == pytest.approx([2 + 0.5 / 1.959964])
    assert summarise(values, 2).errors["p50"] == pytest.approx(2 + 0.5 / 1.959964)
    assert np.isnan(error_of_quantile([1.0, 2, 3, 3, 5, 7], [0.5], 2)).all()
    lacking = np.array([*values[:50], math.nan, *values[50:], math.nan])
    assert error_of_quantile(lacking, [0.5], 2) == pytest.approx([2 + 0.5 / 1.959964])


def figures_of(luck: dict[str, np.ndarray]) -> np.ndarray:
    """A figure like a bond's: paid above a threshold, less a cost. `effect` N(0.08, 0.06), overrun N(0, 0.1)."""
    effect = 0.08 + 0.06 * stats.norm.ppf(luck["effect"])
    measured = effect + 0.04 * stats.norm.ppf(luck["matching error"])
    return np.asarray(np.where(measured >= 0.075, 60 * measured, 0.0) - 3 - 0.3 * stats.norm.ppf(luck["cost overrun"]))


def estimates(values: np.ndarray, replicates: int) -> dict[str, tuple[float, float]]:
    summary = summarise(values, replicates)
    lost = values < 0
    return {
        "mean": (summary.mean, summary.error),
        "chance": (float(lost.mean()), error_of_probability(lost, replicates)),
        "p95": (summary.p95, summary.errors["p95"]),
        "sd": (summary.sd, summary.errors["sd"]),
    }


def coverage(sampler: str, paths: int, seeds: int) -> tuple[dict[str, float], dict[str, float]]:
    """The share of seeds in which the truth lies within 1.96 errors, and the root mean square of the true errors."""
    truth = {name: one for name, (one, _) in estimates(figures_of(points(sampling("sobol", 2**20), 99)), 16).items()}
    spread = sampling(sampler, paths)
    found = [estimates(figures_of(points(spread, seed)), spread.replicates) for seed in range(seeds)]
    inside = {
        name: float(np.mean([abs(one[name][0] - known) <= 1.96 * one[name][1] for one in found]))
        for name, known in truth.items()
    }
    off = {name: math.sqrt(np.mean([(one[name][0] - known) ** 2 for one in found])) for name, known in truth.items()}
    return inside, off


def test_the_errors_told_cover_the_errors_made() -> None:
    """Over 200 seeds: 95 % with independent paths; 93 % with 16 replicates (t with 15 degrees at 1.96), within four
    standard errors of a share of 200, less a percentage point for what percentiles of 128 paths are biased."""
    made = {}
    for sampler, share in (("random", 0.95), ("latin", 0.931), ("sobol", 0.931)):
        inside, made[sampler] = coverage(sampler, 2_048, 200)
        for name, covered in inside.items():
            if not (sampler != "random" and name in ("p95", "sd")):
                assert abs(covered - share) < 4 * math.sqrt(share * (1 - share) / 200), (sampler, name)
            else:
                assert covered > 0.8, (sampler, name)
    # Evener paths err less: for a smooth sum much, for a chance less (PERFORMANCE 5).
    assert made["sobol"]["mean"] < made["latin"]["mean"] < made["random"]["mean"]
    assert made["sobol"]["chance"] < 0.6 * made["random"]["chance"]


def test_a_run_with_a_sampler_says_so(model: Model) -> None:
    run = results.run(model.deal, paths=512, sampler="sobol")
    document = results.document(run)
    told = document["simulation"]
    assert (told["sampler"], told["replicates"], told["paths"]) == ("sobol", 16, 512)
    assert told["investor"]["npv"]["error"] == error_of_mean(run.simulation.figures["npv"], 16)
    assert (
        told["providers"][0]["probability_of_cash_below_zero_error"]
        == provider_risk(run.simulation, 0).below_zero.error
    )
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert sampler_words(run.simulation) == ", a scrambled Sobol' sequence in 16 replicates"
    plain: Any = results.document(results.run(model.deal, paths=20))["simulation"]
    assert (plain["sampler"], plain["replicates"]) == ("random", 1)


def test_pseudo_random_figures_are_what_they_were(model: Model) -> None:
    """As the version before samplers and correlation gave them: seed 5, 64 paths; the mean and the last path."""
    figures = simulate(model, 64, seed=5).figures
    before = {
        "payments": (3808795.687486995, 3830178.94596314),
        "npv": (-438602.9420383155, -621693.3425152227),
        "true_reduction": (0.07052351452058551, 0.10747651123929337),
        "measured_avoided": (279.01506026719096, 239.38618412269622),
    }
    for name, (mean, last) in before.items():
        assert (figures[name].mean(), figures[name][63]) == pytest.approx((mean, last), rel=1e-12)


def test_the_command_takes_a_sampler_and_opens_its_paths(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        command = ["run", "through-the-gate", "--sampler", "sobol", "--paths", "64", "--json"]
        told = json.loads(CliRunner().invoke(main, command).output)["simulation"]
        assert (told["sampler"], told["paths"]) == ("sobol", 64)
        opened = ["explain", "through-the-gate", "Outcome payments", "--sampler", "sobol", "--paths", "64", "--path"]
        assert CliRunner().invoke(main, [*opened, "64"]).exit_code == 0
        assert CliRunner().invoke(main, [*opened, "65"]).exit_code == 2
        assert (
            CliRunner().invoke(main, ["run", "through-the-gate", "--sampler", "sobol", "--paths", "65"]).exit_code == 2
        )
