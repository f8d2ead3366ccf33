"""Correlated drivers: what they are called, how far they go together, and that the others' luck stays as it was."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sibmodel import results
from sibmodel.correlation.matrix import can_be, factor, nearest
from sibmodel.correlation.ranks import correlation_of, rank_of
from sibmodel.deal import Deal
from sibmodel.errors import DealError
from sibmodel.model import build
from sibmodel.simulation import BLOCK, realised_correlations, reopen, simulate
from sibmodel.simulation.paths import Luck
from sibmodel.simulation.realised import error_of_rank_correlation, rank_correlation
from sibmodel.views.simulation import simulation as view
from tests.deals import data, deal_of


def linked(*correlations: tuple[str, str, float], **assumptions: Any) -> Deal:
    """The small deal with uncertain effect, volumes and cost overrun, and these correlations."""
    plain = data()
    plain["assumptions"] |= {
        "effect": {"normal": {"mean": 0.1, "sd": 0.1}},
        "volume": {"triangular": {"low": 0.5, "mode": 0.9, "high": 1.1}},
        "cost_overrun": {"normal": {"mean": 0, "sd": 0.1}},
        "correlations": [{"between": [one, other], "rank": rank} for one, other, rank in correlations],
    }
    plain["assumptions"] |= assumptions
    return deal_of(plain)


def luck(deal: Deal, block: int = 0) -> dict[str, np.ndarray]:
    return Luck(build(deal), 1, block).drivers


def problems(deal: Deal) -> list[str]:
    with pytest.raises(DealError) as caught:
        build(deal)
    return [f"{one.path}: {one.message} {one.fix}" for one in caught.value.problems]


def test_without_correlations_nothing_is_linked() -> None:
    model = build(linked())
    assert model.groups == ()
    document = results.document(results.run(linked(), paths=10))
    assert "correlations" not in document["simulation"]
    # A correlation of nil is none.
    assert all(np.array_equal(one, luck(linked())[name]) for name, one in luck(linked(("effect", "volume", 0))).items())


@pytest.mark.parametrize("copula", ["gaussian", "t"])
def test_the_luck_of_others_stays_to_the_last_bit(copula: str) -> None:
    before, after = luck(linked()), luck(linked(("effect", "cost overrun", -0.4), copula=copula))
    assert before.keys() == after.keys() == {"effect", "volume, First", "volume, Second", "cost overrun"}
    same = {name for name in before if np.array_equal(before[name], after[name])}
    assert same == {"volume, First", "volume, Second"} | ({"effect"} if copula == "gaussian" else set())


@pytest.mark.parametrize("copula", ["gaussian", "t"])
@pytest.mark.parametrize("rank", [-0.9, -0.4, 0.3, 0.7, 1.0])
def test_the_rank_correlation_is_the_one_asked_for(copula: str, rank: float) -> None:
    """Against scipy.stats, over 32,768 paths: within four standard errors (a t copula's are wider: five)."""
    deal = linked(("effect", "cost overrun", rank), copula=copula)
    blocks = [luck(deal, block) for block in range(4)]
    effect, overrun = (np.concatenate([one[name] for one in blocks]) for name in ("effect", "cost overrun"))
    found = stats.spearmanr(effect, overrun).statistic
    assert found == pytest.approx(rank, abs=5 * (1 - rank**2) * 1.1 / math.sqrt(4 * BLOCK) + 1e-12)
    assert rank_correlation(effect, overrun) == pytest.approx(found, abs=1e-12)
    for one in (effect, overrun):
        assert stats.kstest(one, "uniform").pvalue > 0.001
        assert 0 < one.min() <= one.max() < 1


def test_a_gaussian_copula_is_one() -> None:
    """The normal numbers have correlation 2 sin(π·0.5 ÷ 6) = 0.5176."""
    drivers = luck(linked(("effect", "cost overrun", 0.5)))
    normal = [stats.norm.ppf(drivers[name]) for name in ("effect", "cost overrun")]
    assert np.corrcoef(normal)[0, 1] == pytest.approx(0.5176, abs=4 / math.sqrt(BLOCK))


def test_extremes_come_together_in_a_t_copula() -> None:
    """Both in the worst 1 %, at a correlation r behind: the lower tail of the bivariate normal or t of scipy.stats."""
    shares = {}
    for copula in ("gaussian", "t"):
        deal = linked(("effect", "cost overrun", 0.5), copula=copula, copula_degrees=3)
        blocks = [luck(deal, block) for block in range(12)]
        both = [(one["effect"] < 0.01) & (one["cost overrun"] < 0.01) for one in blocks]
        shares[copula] = np.concatenate(both).mean()
    r = correlation_of(0.5, None)
    gaussian = stats.multivariate_normal(cov=[[1, r], [r, 1]]).cdf([stats.norm.ppf(0.01)] * 2)
    r = correlation_of(0.5, 3.0)
    edge = [stats.t(3).ppf(0.01)] * 2
    t = stats.multivariate_t(shape=[[1, r], [r, 1]], df=3, seed=1).cdf(edge, random_state=1)
    for name, chance in (("gaussian", gaussian), ("t", t)):
        assert shares[name] == pytest.approx(chance, abs=4 * math.sqrt(chance / (12 * BLOCK)) + 1e-5)
    assert shares["t"] > 1.5 * shares["gaussian"]


def test_rank_correlations_of_copulas() -> None:
    assert rank_of(0.5, None) == pytest.approx(6 / math.pi * math.asin(0.25))
    assert rank_of(0.5, 1000.0) == pytest.approx(rank_of(0.5, None), abs=1e-4)
    for degrees in (None, 1.0, 4.0, 30.0):
        assert rank_of(1.0, degrees) == pytest.approx(1)
        assert rank_of(-0.3, degrees) == pytest.approx(-rank_of(0.3, degrees))
        for rank in (-1.0, -0.8, 0.0, 0.3, 0.99):
            assert rank_of(correlation_of(rank, degrees), degrees) == pytest.approx(rank, abs=1e-9)


@pytest.mark.parametrize("degrees", [1.0, 2.0, 4.0])
def test_the_rank_correlation_of_a_t_copula_by_simulation(degrees: float) -> None:
    """A million draws: a standard error below 0.001."""
    drawn = stats.multivariate_t(shape=[[1, 0.6], [0.6, 1]], df=degrees).rvs(1_000_000, random_state=3)
    assert stats.spearmanr(drawn[:, 0], drawn[:, 1]).statistic == pytest.approx(rank_of(0.6, degrees), abs=0.004)


def test_a_name_without_its_cohort_is_that_of_each() -> None:
    (group,) = build(linked(("effect", "volume", 0.3))).groups
    assert group.ranks == {("volume, First", "effect"): 0.3, ("volume, Second", "effect"): 0.3}
    (group,) = build(linked(("volume", "volume", 0.5))).groups
    assert group.ranks == {("volume, First", "volume, Second"): 0.5}
    (group,) = build(linked(("volume, Second", "effect", 0.2))).groups
    assert group.streams == ("volume, Second", "effect")
    two = build(linked(("effect", "volume, First", 0.3), ("cost overrun", "volume, Second", 0.1))).groups
    assert [one.streams for one in two] == [("volume, First", "effect"), ("volume, Second", "cost overrun")]


@pytest.mark.parametrize(
    ("correlations", "said"),
    [
        (
            [("efect", "volume", 0.3)],
            'assumptions.correlations[0].between: "efect" is no driver: nothing uncertain in this deal has that '
            'name. Did you mean "effect"?',
        ),
        (
            [("effect", "volume", 0.3), ("weather", "effect", 0.1)],
            'assumptions.correlations[1].between: "weather" is no driver: nothing uncertain in this deal has that '
            "name. There are: volume; effect; cost overrun; volume, First; volume, Second.",
        ),
        (
            [("effect", "volume", 0.3), ("volume, First", "effect", 0.1)],
            "assumptions.correlations[1].between: The correlation of effect and volume, First is given twice. Keep one "
            "of them.",
        ),
        (
            [("effect", "effect", 0.3)],
            'assumptions.correlations[0].between: "effect" is one driver. It goes with itself: name another beside it.',
        ),
    ],
)  # fmt: skip
def test_faults_name_drivers(correlations: list[tuple[str, str, float]], said: str) -> None:
    assert problems(linked(*correlations)) == [said]


def test_without_anything_uncertain_there_is_nothing_to_link() -> None:
    plain = data()
    plain["assumptions"]["correlations"] = [{"between": ["effect", "volume"], "rank": 0.1}]
    plain["assumptions"]["matching_error"] = 0
    assert "Nothing in this deal is uncertain. Leave the correlations out." in problems(deal_of(plain))[0]


def test_two_names_and_a_rank_within_one() -> None:
    with pytest.raises(DealError, match=r"correlations\[0\]\.between +has 3 names\. Write two"):
        linked().replace("assumptions.correlations", [{"between": ["effect", "volume", "effect"], "rank": 0.1}])
    with pytest.raises(DealError, match=r"correlations\[0\]\.rank +1\.2 is not a share between -1 and 1"):
        linked(("effect", "volume", 1.2))


@pytest.mark.parametrize("copula", ["gaussian", "t"])
def test_a_matrix_that_cannot_be_is_named_with_the_nearest(copula: str) -> None:
    first, second = "volume, First", "volume, Second"
    wrong = ((first, second, 0.9), (second, "effect", 0.9), (first, "effect", -0.9))
    (said,) = problems(linked(*wrong, copula=copula))
    assert said.startswith(
        "assumptions.correlations: These cannot all hold together: volume, First, volume, Second, effect. (The matrix "
        "is not positive semi-definite.) The nearest that can: volume, First with volume, Second 0."
    )
    # What is offered can be written, and then holds.
    offered = said.partition("can: ")[2].rstrip(".").split("; ")
    ranks = [(one.partition(" with ")[0], one.partition(" with ")[2].split(" 0.")[0].split(" -0.")[0],
              float(one.split(" instead")[0].split()[-1])) for one in offered]  # fmt: skip
    assert len(build(linked(*ranks, copula=copula)).groups[0].ranks) == 3
    # By symmetry all three move alike: the nearest of a, a, −a is r, r, −r with 2r² + ... : r = 0.5.
    correlations = [correlation_of(rank, None if copula == "gaussian" else 4.0) for _, _, rank in ranks]
    assert np.abs(correlations) == pytest.approx(0.5, abs=0.003)


def test_the_nearest_matrix_is_highams() -> None:
    """N. J. Higham, Computing the nearest correlation matrix, IMA J. Numer. Anal. 22 (2002), page 334: to 4 digits."""
    found = nearest(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]))
    np.testing.assert_allclose(found, [[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]], atol=5e-5)
    assert can_be(found)
    np.testing.assert_allclose(nearest(np.eye(3)), np.eye(3))


def test_a_factor_multiplies_to_its_matrix_even_where_it_is_singular() -> None:
    matrix = np.array([[1.0, 1, 0.3], [1, 1, 0.3], [0.3, 0.3, 1]])
    lower = factor(matrix)
    np.testing.assert_allclose(lower @ lower.T, matrix, atol=1e-12)
    assert lower[1, 1] == 0


def test_what_came_out_is_told() -> None:
    run = results.run(linked(("effect", "volume", 0.3)), paths=3_000)
    told = results.document(run)["simulation"]["correlations"]
    assert [one["between"] for one in told] == [["volume, First", "effect"], ["volume, Second", "effect"]]
    for one in told:
        assert one["asked"] == 0.3
        assert one["realised"] == pytest.approx(0.3, abs=4 * one["error"])
        assert one["error"] == pytest.approx((1 - one["realised"] ** 2) / math.sqrt(3000), rel=0.05)
    tables = [one for one in view(run).tables if one.title == "How drivers go together"]
    assert len(tables) == 1


def test_the_error_of_a_rank_correlation_covers() -> None:
    """In 400 simulations of 200 pairs, nineteen of twenty lie within twice the error."""
    rank, paths = 0.5, 200
    r = correlation_of(rank, None)
    luck = np.random.default_rng(5)
    inside = 0
    for _ in range(400):
        one, other = luck.standard_normal((2, paths))
        found = rank_correlation(one, r * one + math.sqrt(1 - r * r) * other)
        inside += abs(found - rank) <= 1.96 * error_of_rank_correlation(found, paths)
    assert inside / 400 == pytest.approx(0.95, abs=0.03)
    assert math.isnan(error_of_rank_correlation(0.5, 3))
    assert math.isnan(rank_correlation(np.ones(1), np.ones(1)))


def test_paths_of_correlated_drivers_open_again() -> None:
    model = build(linked(("effect", "volume", 0.5), copula="t"))
    simulation = simulate(model, BLOCK + 5, seed=4)
    for path in (1, 700, BLOCK + 5):
        values = reopen(model, 4, path)
        assert values.figure(model.commissioning.paid_in_all) == simulation.figures["payments"][path - 1]
    assert simulation.drivers.keys() == {"effect", "volume, First", "volume, Second"}
    assert len(realised_correlations(simulation)) == 2


def test_correlated_effect_and_volume_widen_what_is_paid() -> None:
    """Good luck with one is good luck with the other, so payments spread wider, and less where they pull apart."""
    spread = {}
    for rank in (-0.6, 0.0, 0.6):
        figures = simulate(build(linked(("effect", "volume", rank))), 4_000, seed=1).figures
        spread[rank] = figures["true_avoided"].std()
    assert spread[-0.6] < spread[0.0] < spread[0.6]
