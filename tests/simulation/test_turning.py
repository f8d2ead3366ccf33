"""Sobol' sequences turned to the payoff: still fair, the same for two deals where asked, and worth it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sibmodel import results
from sibmodel.deals import read
from sibmodel.metrics import error_of_mean, error_of_probability
from sibmodel.model import Model, build
from sibmodel.simulation import (
    NOWHERE,
    Direction,
    Execution,
    Sampling,
    payoff_direction,
    realised_correlations,
    reopen,
    sampling,
    sampling_of,
    simulate,
    usual,
)
from sibmodel.simulation.crew import processes
from sibmodel.simulation.direction import direction
from sibmodel.simulation.paths import Luck, streams
from sibmodel.simulation.pilot import APART
from sibmodel.simulation.samplers import numbers
from tests.deals import data, deal_of, small
from tests.simulation.test_engines import assert_same

pytestmark = pytest.mark.no_cover  # other tests go these ways, and faster

WEIGHTS = Direction((("effect", 0.64), ("matching error", 0.6), ("events counted, First", -0.48)))
UNCERTAIN = {
    "assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}",
    "assumptions.matching_error": "{normal: {mean: 0, sd: 0.05}}",
}


@pytest.fixture(scope="module")
def peterborough() -> Model:
    return build(read("peterborough"))


def scores(spread: Sampling, names: dict[str, int], seed: int = 1) -> dict[str, np.ndarray]:
    """Normal scores of the first replicate of each stream."""
    size = spread.paths // spread.replicates
    return {name: stats.norm.ppf(one[0][:size]) for name, one in spread.luck(seed, names, 0).items()}


def test_the_first_dimension_runs_along_the_direction() -> None:
    """Of 1,024 points, one in each of 1,024 strata of the sum that the direction weighs; and all stay uniform."""
    spread = replace(sampling("sobol", 16_384), direction=WEIGHTS)
    drawn = scores(spread, dict.fromkeys((*WEIGHTS.streams, "volume"), 1))
    along = sum(weight * drawn[stream] for stream, weight in WEIGHTS.weights)
    strata = (stats.norm.cdf(along / math.sqrt(0.64**2 + 0.6**2 + 0.48**2)) * 1_024).astype(int)
    assert np.unique(strata).size == 1_024
    for numbers_of in drawn.values():
        assert numbers_of.mean() == pytest.approx(0, abs=0.01)
        assert numbers_of.std() == pytest.approx(1, abs=0.02)
    together = np.corrcoef(list(drawn.values()))
    assert abs(together[np.triu_indices(4, 1)]).max() < 0.02


def test_a_stream_outside_the_direction_keeps_its_luck_and_one_stream_turns_nothing() -> None:
    names = {"effect": 1, "matching error": 1, "volume": 1}
    two = Direction((("effect", 0.8), ("matching error", -0.6)))
    plain, turned = (replace(sampling("sobol", 512), direction=one) for one in (NOWHERE, two))
    before, after = plain.luck(1, names, 0), turned.luck(1, names, 0)
    assert np.array_equal(before["volume"], after["volume"])
    assert not np.array_equal(before["effect"], after["effect"])
    one = replace(plain, direction=Direction((("effect", 1.0),))).luck(1, names, 0)
    assert all(np.array_equal(before[name], one[name]) for name in names)


def test_a_stream_has_its_luck_also_beside_a_deal_that_lacks_another_of_the_direction() -> None:
    spread = replace(sampling("sobol", 512), direction=WEIGHTS)
    whole = spread.luck(1, dict.fromkeys(WEIGHTS.streams, 1), 0)
    part = spread.luck(1, {"matching error": 1}, 0)
    assert np.array_equal(whole["matching error"], part["matching error"])


def test_a_direction_is_the_slopes_and_leaves_noise_out() -> None:
    """y = 3·z₁ − 4·z₂ + noise: the direction is (0.6, −0.8), the larger first; z₃ does nothing."""
    luck = np.random.default_rng(1)
    drawn = {name: luck.random(4_096) for name in ("one", "two", "three")}
    z = {name: stats.norm.ppf(one) for name, one in drawn.items()}
    payoff = 3 * z["one"] - 4 * z["two"] + luck.normal(size=4_096)
    found = direction(drawn, payoff)
    assert found.streams == ("two", "one")
    assert dict(found.weights) == pytest.approx({"two": -0.8, "one": 0.6}, abs=0.02)
    assert direction(drawn, luck.normal(size=4_096)).streams in ((), ("one",), ("two",), ("three",))


def test_the_pilot_hangs_on_deal_and_seed_alone_and_shares_no_luck_with_the_run(peterborough: Model) -> None:
    found = payoff_direction(peterborough, 1)
    assert found == payoff_direction(build(read("peterborough")), 1)
    assert {"effect", "matching error"} == set(found.streams[:2])
    assert sum(weight**2 for _, weight in found.weights) == pytest.approx(1, abs=0.01)
    assert set(found.streams) <= set(numbers(streams(peterborough)))
    own, pilot = (Luck(peterborough, seed, 0, Sampling("sobol", 2_048)).drivers for seed in (1, 1 + APART))
    assert not any(np.intersect1d(own[stream], pilot[stream]).size for stream in own)


def test_where_beliefs_are_certain_counts_alone_are_turned_to() -> None:
    certain = build(small({"assumptions.effect": 0.1, "assumptions.matching_error": 0}))
    found = payoff_direction(certain, 1)
    assert found != NOWHERE
    assert all(stream.startswith("events counted") for stream in found.streams)
    assert found.weights[0][1] < 0  # more reconvictions, less worth


def test_counts_are_drawn_by_the_sampler_too(peterborough: Model) -> None:
    for sampler in ("latin", "sobol"):
        luck = Luck(peterborough, 1, 0, Sampling(sampler, 4_096))  # type: ignore[arg-type]
        for rows in luck.draws.values():
            for row in rows:
                assert np.unique((row[:256] * 256).astype(int)).size == 256


def test_two_deals_share_a_sampling_and_a_path_of_it_opens_again() -> None:
    one = simulate(build(small(UNCERTAIN)), 512, sampler="sobol")
    assert one.spread.direction != NOWHERE
    other = simulate(build(small({**UNCERTAIN, "payments[0].threshold": 0.02})), sampler=one.spread)
    assert other.spread == one.spread
    assert np.array_equal(one.figures["measured_reduction"], other.figures["measured_reduction"])
    opened = reopen(other.model, 1, 300, other.spread)
    assert opened.figure(other.model.returns.everyone.npv) == other.figures["npv"][299]
    with pytest.raises(ValueError, match="has 512 paths, not 1,024"):
        simulate(other.model, 1_024, sampler=one.spread)


@pytest.mark.parametrize("copula", ["gaussian", "t"])
def test_drivers_go_together_as_asked_after_turning(copula: str) -> None:
    plain = data()
    plain["assumptions"] |= {
        "effect": {"normal": {"mean": 0.1, "sd": 0.1}},
        "matching_error": {"normal": {"mean": 0, "sd": 0.05}},
        "cost_overrun": {"normal": {"mean": 0, "sd": 0.1}},
        "copula": copula,
        "correlations": [
            {"between": ["effect", "cost overrun"], "rank": 0.5},
            {"between": ["effect", "matching error"], "rank": -0.3},
        ],
    }
    simulation = simulate(build(deal_of(plain)), 16_384, sampler="sobol")
    assert len(simulation.spread.direction.weights) > 1
    for one in realised_correlations(simulation):
        assert one.realised == pytest.approx(one.asked, abs=0.01)


def test_the_usual_sampler_is_sobol_where_it_can_be() -> None:
    assert [usual(paths) for paths in (None, 1_024, 16_384, 2**20)] == ["sobol"] * 4
    assert [usual(paths) for paths in (1, 512, 10_000, 2**21)] == ["random"] * 4
    run = results.run(small(UNCERTAIN), paths=1_024)
    told = results.document(run)["simulation"]
    assert told["sampler"] == "sobol"
    assert told["direction"] == dict(run.simulation.spread.direction.weights)


def test_a_loss_at_peterborough_takes_a_fifteenth_of_the_paths(peterborough: Model) -> None:
    """Over two seeds: the variance of the chance of a loss by 16,384 Sobol' paths, as 32 replicates tell it, against
    that of as many independent ones, p·(1 − p) ÷ n. It is some 35 times smaller; the mean's some 60 times."""
    found = [simulate(peterborough, 16_384, seed=seed, sampler="sobol") for seed in range(2)]
    lost = [one.figures["received"] < one.figures["invested"] - 0.005 for one in found]
    chance = float(np.mean(lost))
    variance = float(np.mean([error_of_probability(one, 16) ** 2 for one in lost]))
    assert chance * (1 - chance) / 16_384 / variance > 15
    worth = [one.figures["npv"] for one in found]
    assert np.mean([one.var() for one in worth]) / 16_384 / np.mean([error_of_mean(one, 16) ** 2 for one in worth]) > 25
    # The two answers differ by no more than their errors say.
    assert abs(lost[0].mean() - lost[1].mean()) < 4 * math.sqrt(2 * variance)


def test_errors_of_turned_sequences_cover_as_often_as_they_claim() -> None:
    """A payoff with a jump across five numbers, 1,024 paths, 150 seeds: 93.1 % (t with 15 degrees at 1.96) of the
    estimates lie within 1.96 errors of what is known in closed form, Φ(−0.2) and 2·φ(0.2)."""
    names = {f"number {place}": 1 for place in range(5)}
    weights = tuple((name, 1 / math.sqrt(5)) for name in names)
    spread = Sampling("sobol", 1_024, Direction(weights))
    off = []
    for seed in range(150):
        drawn = spread.luck(seed, names, 0)
        along = sum(stats.norm.ppf(one[0][:1_024]) for one in drawn.values()) / math.sqrt(5)
        crooked = along + 0.3 * (stats.norm.ppf(drawn["number 0"][0][:1_024]) ** 2 - 1)
        above, worth = along > 0.2, np.where(along > 0.2, 2 * along, 0.0) + crooked
        known = (stats.norm.cdf(-0.2), 2 * stats.norm.pdf(0.2))
        off.append(
            (
                abs(above.mean() - known[0]) / error_of_probability(above, 16),
                abs(worth.mean() - known[1]) / error_of_mean(worth, 16),
            )
        )
    covered = (np.array(off) <= 1.96).mean(axis=0)
    assert (abs(covered[1] - 0.931) < 4 * math.sqrt(0.931 * 0.069 / 150)).all()
    assert covered[0] > 0.9  # the chance lies at the edge of a stratum in each replicate: it is all but exact


@pytest.mark.parametrize(
    ("spread", "first", "second"),
    [
        (sampling(), (0.521385888768048, 0.15907063810822264), (0.6755736532343215, 0.1091427082292944)),
        (sampling("latin", 512), (0.2518633844683955, 0.05982820838141964), (0.6174056502306349, 0.5915398901677861)),
        (sampling("sobol", 512), (0.022016647388227284, 0.7345610557822511), (0.10551738284993917, 0.8496236462378874)),
        (
            Sampling("sobol", 512, Direction((("effect", 0.8), ("effect (2)", -0.6)))),
            (0.8052663680857328, 0.5475838200156612),
            (0.013592733771345844, 0.8856774471115934),
        ),
    ],
    ids=["random", "latin", "sobol", "sobol turned"],
)
def test_a_seed_means_the_same_in_every_version(
    spread: Sampling, first: tuple[float, ...], second: tuple[float, ...]
) -> None:
    """The first two paths of two numbers of one stream, seed 1, as they were when samplers first drew counts."""
    drawn = spread.luck(1, {"effect": 2}, 0)["effect"]
    np.testing.assert_allclose(drawn[:, :2], [first, second], rtol=1e-12)


def test_processes_turn_alike() -> None:
    model = build(small(UNCERTAIN))
    alone = simulate(model, 2**14, sampler="sobol")
    assert alone.spread.direction != NOWHERE
    assert_same(simulate(model, 2**14, sampler="sobol", execution=Execution(crew=processes(2))), alone)


def test_a_sampling_is_found_by_name_or_taken_as_it_is(peterborough: Model) -> None:
    assert sampling_of(peterborough, None, 50, 1) == sampling("random", 50)
    given = Sampling("sobol", 64, WEIGHTS)
    assert sampling_of(peterborough, given, None, 1) is given
