"""Frozen luck: what is kept is the simulation's own, what is not is new, and linked drivers still go together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK, Sampling, TwoWorlds, held, streams_of
from sibmodel.simulation.paths import Luck
from tests.deals import data, deal_of


def model(**assumptions: Any) -> Model:
    plain = data()
    plain["assumptions"] |= {
        "effect": {"normal": {"mean": 0.1, "sd": 0.1}},
        "volume": {"triangular": {"low": 0.5, "mode": 0.9, "high": 1.1}},
        "cost_overrun": {"normal": {"mean": 0, "sd": 0.1}},
        "matching_error": {"normal": {"mean": 0, "sd": 0.05}},
    }
    plain["assumptions"] |= assumptions
    return build(deal_of(plain))


def linked(copula: str) -> Model:
    between = (("effect", "cost overrun", 0.7), ("effect", "matching error", -0.4))
    correlations = [{"between": [one, other], "rank": rank} for one, other, rank in between]
    return model(correlations=correlations, copula=copula, copula_degrees=4)


@pytest.mark.parametrize("copula", ["gaussian", "t"])
def test_keeping_everything_is_the_simulation_itself(copula: str) -> None:
    built = linked(copula)
    whole, own = TwoWorlds(built, 3, 1).keeping(streams_of(built)), Luck(built, 3, 1)
    assert all(np.array_equal(whole.columns[cell], own.columns[cell]) for cell in own.columns)
    assert all(np.array_equal(whole.draws[draw], own.draws[draw]) for draw in own.draws)


def test_what_is_not_kept_is_new() -> None:
    built = model()
    own, mixed = Luck(built, 1, 0), TwoWorlds(built, 1, 0).keeping({"effect"})
    same = {stream for stream in own.drivers if np.array_equal(own.drivers[stream], mixed.drivers[stream])}
    assert same == {"effect"}
    for stream in own.drivers.keys() - same:
        assert abs(np.corrcoef(own.drivers[stream], mixed.drivers[stream])[0, 1]) < 4 / np.sqrt(BLOCK)
    assert not any(np.array_equal(own.draws[draw], mixed.draws[draw]) for draw in own.draws)


@pytest.mark.parametrize("copula", ["gaussian", "t"])
@pytest.mark.parametrize("kept", [{"effect"}, {"cost overrun"}, {"effect", "matching error"}])
def test_linked_drivers_still_go_together(copula: str, kept: set[str]) -> None:
    """What is drawn given what is kept has the distribution of the whole: each driver is uniform, each pair has the
    rank correlation that it has in the simulation itself, and given the kept driver the two worlds are independent."""
    built = linked(copula)
    worlds = [TwoWorlds(built, 1, block) for block in range(4)]
    names = ("effect", "cost overrun", "matching error")
    mixed = [np.concatenate([one.keeping(kept).drivers[name] for one in worlds]) for name in names]
    whole = [np.concatenate([one.keeping(names).drivers[name] for one in worlds]) for name in names]
    for name, one, own in zip(names, mixed, whole, strict=True):
        assert stats.kstest(one, "uniform").pvalue > 0.001
        assert np.array_equal(one, own) == (name in kept)
    found, asked = stats.spearmanr(np.array(mixed).T).statistic, stats.spearmanr(np.array(whole).T).statistic
    assert np.abs(found - asked).max() < 6 / np.sqrt(4 * BLOCK)
    if copula == "gaussian" and kept == {"effect"}:
        first, second = (stats.norm.ppf(one[1]) for one in (whole, mixed))
        rho = 2 * np.sin(np.pi * 0.7 / 6)
        # Two numbers that share one correlated rho with both go together by rho squared.
        assert np.corrcoef(first, second)[0, 1] == pytest.approx(rho**2, abs=4 / np.sqrt(4 * BLOCK))


def test_one_sobol_sequence_is_split_into_both_worlds() -> None:
    """A figure of two drivers: the share of one of them, by 16,384 points in 16 replicates, to a fiftieth of what
    pseudo-random paths would be out by; and nothing for a driver that the figure does not have."""
    built, spread = model(), Sampling("sobol", 16_384)
    shares: dict[str, float] = {}
    for kept in ("effect", "matching error", "volume, First"):
        pairs = []
        for block in range(2):
            worlds = TwoWorlds(built, 1, block, spread)
            pairs.append([_figure(worlds.keeping(names)) for names in (streams_of(built), {kept})])
        own, mixed = (np.concatenate([pair[which] for pair in pairs]) for which in (0, 1))
        shares[kept] = float(((own - own.mean()) * (mixed - mixed.mean())).mean() / own.var())
    assert shares["effect"] == pytest.approx(0.8, abs=1e-3)
    assert shares["matching error"] == pytest.approx(0.2, abs=1e-3)
    assert shares["volume, First"] == pytest.approx(0.0, abs=1e-3)


def _figure(luck: Luck) -> np.ndarray:
    return np.asarray(2 * luck.drivers["effect"] + luck.drivers["matching error"])


def test_a_driver_is_held_at_a_share_of_its_distribution() -> None:
    built = model()
    luck = Luck(built, 1, 0)
    one = held(built, luck, {"effect": 0.1})
    for each in built.uncertain:
        if each.stream == "effect":
            assert one.columns[each.cell] == pytest.approx(0.1 + 0.1 * stats.norm.ppf(0.1))
        else:
            assert one.columns[each.cell] is luck.columns[each.cell]
