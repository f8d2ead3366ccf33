"""A simulation: seeded, the same path by path however many there are, and honest about its own error."""

from __future__ import annotations

import numpy as np
import pytest

from sibmodel.deals import read
from sibmodel.metrics import RateStatus
from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK, Simulation, rates_by_status, simulate
from sibmodel.simulation.paths import CALCULATED_AT_ONCE, Luck
from tests.deals import data, deal_of, small

MANY = 2500


@pytest.fixture(scope="module")
def model() -> Model:
    return build(read("through-the-gate"))


@pytest.fixture(scope="module")
def simulation(model: Model) -> Simulation:
    with np.errstate(all="raise"):
        return simulate(model, MANY, seed=1)


def same(one: Simulation, other: Simulation, paths: int) -> bool:
    """Whether the first paths are alike in everything, to the last bit."""
    return (
        one.figures.keys() == other.figures.keys()
        and all(
            np.array_equal(one.figures[name][:paths], other.figures[name][:paths], equal_nan=True)
            for name in one.figures
        )
        and np.array_equal(one.rate_status[:paths], other.rate_status[:paths])
        and all(
            np.array_equal(one.over_time[name][:, :paths], other.over_time[name][:, :paths]) for name in one.over_time
        )
    )


def test_the_same_seed_gives_the_same_figures(model: Model, simulation: Simulation) -> None:
    assert same(simulation, simulate(model, MANY, seed=1), MANY)
    assert same(simulation, simulate(build(read("through-the-gate")), MANY, seed=1), MANY)


def test_another_seed_gives_other_figures(model: Model, simulation: Simulation) -> None:
    assert not same(simulation, simulate(model, 10, seed=2), 10)


def test_seed_0_is_a_seed(model: Model, simulation: Simulation) -> None:
    nought = simulate(model, 100, seed=0)
    assert same(nought, simulate(model, 100, seed=0), 100)
    assert not same(nought, simulation, 100)


@pytest.mark.parametrize("paths", [1, 2, CALCULATED_AT_ONCE - 1, CALCULATED_AT_ONCE, CALCULATED_AT_ONCE + 1])
def test_the_first_paths_do_not_depend_on_how_many_there_are(model: Model, simulation: Simulation, paths: int) -> None:
    assert same(simulation, simulate(model, paths, seed=1), paths)


def test_paths_go_on_beyond_a_block() -> None:
    """The second block has luck of its own."""
    deal = small({"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"})
    longer = simulate(build(deal), BLOCK + 3, seed=1)
    assert same(longer, simulate(build(deal), BLOCK, seed=1), BLOCK)
    effects = longer.figures["true_reduction"]
    assert effects.size == BLOCK + 3
    assert np.unique(effects).size == effects.size


def test_a_drivers_luck_does_not_depend_on_the_others() -> None:
    """Neither a new provider, nor another uncertain assumption, nor another price moves the true effect of a path."""
    plain = data()
    plain["assumptions"]["effect"] = {"normal": {"mean": 0.1, "sd": 0.1}}
    before = simulate(build(deal_of(plain)), 50, seed=4).figures
    plain["assumptions"]["volume"] = {"triangular": {"low": 0.5, "mode": 0.9, "high": 1.1}}
    plain["assumptions"]["cost_overrun"] = {"normal": {"mean": 0, "sd": 0.1}}
    plain["providers"].append({"name": "Specialist", "per_start": 500})
    plain["payments"][0]["price"] = 20_000
    after = simulate(build(deal_of(plain)), 50, seed=4).figures
    assert np.array_equal(before["true_reduction, First"], after["true_reduction, First"])
    assert not np.array_equal(before["payments"], after["payments"])


def test_two_contracts_over_the_same_assumptions_meet_the_same_luck() -> None:
    """Measured effects too: so that a comparison of terms is one of terms alone."""
    changes = {"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}", "assumptions.matching_error": 0}
    one = simulate(build(small(changes)), 200, seed=1).figures
    other = simulate(build(small({**changes, "payments[0].threshold": 0.05, "payments[0].cap": 500_000})), 200).figures
    for name in ("true_reduction", "measured_reduction", "measured_avoided"):
        assert np.array_equal(one[name], other[name])
    assert (other["payments"] <= 500_000).all()


def test_cohorts_share_the_effect_and_have_volumes_of_their_own(simulation: Simulation) -> None:
    model = simulation.model
    columns, _ = Luck(model, 1, 0).cut(slice(0, 500))
    by_path = {cell.path + cell.name: column for cell, column in columns.items()}
    effects = [column for name, column in by_path.items() if name.startswith("assumptions.effect")]
    volumes = [column for name, column in by_path.items() if name.startswith("assumptions.volume")]
    assert len(effects) == len(volumes) == 3
    assert all(np.array_equal(effects[0], one) for one in effects)
    assert abs(np.corrcoef(volumes)[np.triu_indices(3, 1)]).max() < 4 / np.sqrt(500)


def test_every_status_is_counted(simulation: Simulation) -> None:
    assert sum(rates_by_status(simulation).values()) == simulation.paths
    assert set(rates_by_status(simulation)) <= {status.name.lower() for status in RateStatus}
    assert rates_by_status(simulation)["total_loss"] > 0


def test_total_loss_is_minus_one_and_kept(simulation: Simulation) -> None:
    lost = simulation.rate_status == RateStatus.TOTAL_LOSS
    assert (simulation.figures["irr"][lost] == -1).all()
    assert (simulation.figures["received"][lost] == 0).all()
    assert (simulation.figures["moic"][lost] == 0).all()


def test_a_certain_deal_is_its_base_case_in_every_path() -> None:
    """Nothing uncertain but the counts; with a hundred thousand controls a person and little dispersion, not those."""
    deal = small(
        {
            "assumptions.dispersion": 1e6,
            "cohorts[0].people": 100_000_000,
            "cohorts[1].people": 50_000_000,
            "measurement[0].controls_per_person": 1000,
        }
    )
    simulation = simulate(build(deal), 20, seed=1)
    assert simulation.figures["measured_reduction"] == pytest.approx(0.12, abs=5e-4)
    assert simulation.figures["true_reduction"] == pytest.approx(0.12)


def test_the_mean_effect_is_the_beliefs(simulation: Simulation) -> None:
    """log_reduction: mean 0.08, sd 0.06, so 1 − exp(−0.08 + 0.06² ÷ 2) = 7.5 %."""
    effects = simulation.figures["true_reduction"]
    assert effects.mean() == pytest.approx(-np.expm1(-0.08 + 0.06**2 / 2), abs=4 * effects.std() / np.sqrt(MANY))


def test_over_time_ends_where_the_figures_are(simulation: Simulation) -> None:
    position, payments = simulation.over_time["net_position"], simulation.over_time["payments"]
    gain = simulation.figures["received"] - simulation.figures["invested"]
    assert position.shape == (84, MANY)
    assert position[-1] == pytest.approx(gain, abs=1e-3)
    assert payments.sum(axis=0) == pytest.approx(simulation.figures["payments"], abs=1e-3)


def test_progress_is_told(model: Model) -> None:
    told: list[tuple[int, int]] = []
    simulate(model, BLOCK + 5, seed=1, progress=lambda done, paths: told.append((done, paths)))
    assert told == [(BLOCK, BLOCK + 5), (BLOCK + 5, BLOCK + 5)]


@pytest.mark.parametrize(("paths", "seed"), [(0, 1), (-5, 1), (10, -1)])
def test_no_paths_and_negative_seeds_are_refused(model: Model, paths: int, seed: int) -> None:
    with pytest.raises(ValueError, match="at least one path, and a seed of 0 or more"):
        simulate(model, paths, seed)
