"""What moves a figure: against functions whose answers are known, and against the deal calculated again."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from sibmodel import results
from sibmodel.analysis.asking import Trials, figures
from sibmodel.analysis.price import read_term
from sibmodel.analysis.sensitivity import (
    Driver,
    Stress,
    among_paths,
    beliefs_of,
    break_evens,
    first_order,
    goal_of,
    indices,
    luck_of,
    percentiles,
    question_of,
    read_stresses,
    reverse,
    shipped,
    spiders,
    stressed,
    total_order,
    two_way,
    whole,
)
from sibmodel.analysis.sensitivity.drivers import shares_at
from sibmodel.analysis.sensitivity.sobol import by_batches
from sibmodel.deal import Deal
from sibmodel.deals import read
from sibmodel.errors import DealError, NotFoundError
from sibmodel.model import build
from sibmodel.simulation import sampling, simulate
from sibmodel.views.sensitivity_tables import stress_table
from tests.analysis.deals import normal
from tests.deals import base_case, data, deal_of

EFFECT, NOISE = 0.06, 0.04
TARIFF = {"kind": "tariff", "price": 1}


def plain(**assumptions: Any) -> Deal:
    """The small deal with three beliefs of which only two move the bill."""
    made = data()
    made["payments"][0]["cap"] = 1_500_000
    made["assumptions"] |= {
        "effect": {"normal": {"mean": 0.10, "sd": 0.06}},
        "matching_error": {"normal": {"mean": 0, "sd": 0.04}},
        "volume": {"triangular": {"low": 0.6, "mode": 0.9, "high": 1.1}},
        "cost_overrun": {"normal": {"mean": 0, "sd": 0.1}},
        **assumptions,
    }
    return deal_of(made)


# ── Sobol' indices ────────────────────────────────────────────────────────────────────────────


def ishigami(points: np.ndarray) -> np.ndarray:
    """sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ on (−π, π), and a fourth input that it does not have."""
    first, second, third = (2 * np.pi * (one - 0.5) for one in points[:3])
    return np.asarray(np.sin(first) + 7 * np.sin(second) ** 2 + 0.1 * third**4 * np.sin(first))


KNOWN = {0: (0.3139, 0.5576), 1: (0.4424, 0.4424), 2: (0.0, 0.2437), 3: (0.0, 0.0)}
"""First-order and total indices: T. Ishigami and T. Homma, 1990; Saltelli and others, Global Sensitivity Analysis: The
Primer, 2008, page 196."""


@pytest.mark.parametrize("place", KNOWN)
def test_ishigami(place: int) -> None:
    size, names = 16_384, [f"x{number}" for number in range(4)]
    luck: dict[str, list[np.ndarray]] = {}
    for block in range(2):
        both = sampling("sobol", size).luck(5, dict.fromkeys([*names, *(f"{name} again" for name in names)], 1), block)
        for name, numbers in both.items():
            luck.setdefault(name, []).append(numbers[0])
    worlds = [np.array([np.concatenate(luck[name + end]) for name in names]) for end in ("", " again")]
    own = ishigami(worlds[0])
    mixed = worlds[1].copy()
    mixed[place] = worlds[0][place]
    others = worlds[0].copy()
    others[place] = worlds[1][place]
    first = by_batches(first_order, 16, own, ishigami(mixed), ishigami(worlds[1]))
    total = by_batches(total_order, 16, own, ishigami(others))
    assert abs(first.value - KNOWN[place][0]) < 3 * first.error + 5e-4
    assert abs(total.value - KNOWN[place][1]) < 3 * total.error + 5e-4
    assert first.error < 0.01
    if place == 3:
        assert (first.value, first.error, total.value, total.error) == (0.0, 0.0, 0.0, 0.0)


def test_a_sum_of_two_drivers_has_their_shares_of_variance() -> None:
    """What is measured is the effect plus the error: 36 and 16 of 52 parts, and nothing for what it does not have."""
    deal = normal(TARIFF, 0.3, EFFECT, cost_overrun={"normal": {"mean": 0, "sd": 0.1}})
    deal = deal.replace("measurement[0].kind", "historical")
    model = build(deal)
    (found,) = indices(model, [question_of("measured effect", model)], paths=2_048, sampler="sobol")
    shares = {one.driver.name: one for one in found.indices}
    assert shares["effect"].first.value == pytest.approx(1.0, abs=0.01)
    assert shares["effect"].total.value == pytest.approx(1.0, abs=0.01)
    assert shares["cost overrun"].total.value == 0.0
    assert shares["cost overrun"].first.value == 0.0


@pytest.mark.parametrize("rank", [0.0, 0.6])
def test_indices_hold_for_drivers_that_go_together(rank: float) -> None:
    """The measured fall, in logarithms, is the effect's and the error's. With Y = a + b and correlation ρ: first order
    (σa + ρσb)² ÷ V, total σa²(1 − ρ²) ÷ V, with V = σa² + σb² + 2ρσaσb."""
    model, rho = two_normals(rank), 2 * math.sin(math.pi * rank / 6)
    (found,) = indices(model, [question_of("measured effect", model)], paths=2_048, sampler="sobol")
    shares = {one.driver.name: one for one in found.indices}
    variance = EFFECT**2 + NOISE**2 + 2 * rho * EFFECT * NOISE
    for name, own, other in (("effect", EFFECT, NOISE), ("matching error", NOISE, EFFECT)):
        first, total = (own + rho * other) ** 2 / variance, own**2 * (1 - rho**2) / variance
        assert abs(shares[name].first.value - first) < 3 * shares[name].first.error + 0.005
        assert abs(shares[name].total.value - total) < 3 * shares[name].total.error + 0.005
    assert found.linked == (rank != 0)


def two_normals(rank: float):  # type: ignore[no-untyped-def]
    made = data()
    made["cohorts"] = [{"name": "First", "people": 10**7, "referrals": {"start": "2027-04", "months": 10}}]
    made["assumptions"] |= {
        "effect": {"log_reduction": {"mean": 0.1, "sd": EFFECT}},
        "matching_error": {"normal": {"mean": 0, "sd": NOISE}},
        "dispersion": 1000,
    }
    if rank:
        made["assumptions"]["correlations"] = [{"between": ["effect", "matching error"], "rank": rank}]
    return build(deal_of(made))


# ── drivers ───────────────────────────────────────────────────────────────────────────────────


def test_beliefs_of_one_name_are_one_driver_and_uniform() -> None:
    model = build(plain())
    volume = next(one for one in beliefs_of(model) if one.name == "volume")
    assert len(volume.streams) == 2
    assert volume.label == "Volume (2 together)"
    places = percentiles(model, volume, luck_of(model, 8_192))
    levels = np.linspace(0.05, 0.95, 19)
    assert np.abs(np.quantile(places, levels) - levels).max() < 0.02
    held = shares_at(model, volume, 0.1)
    numbers = {stream: np.array([share]) for stream, share in held.items()}
    assert percentiles(model, volume, numbers)[0] == pytest.approx(0.1)


# ── tornado and spider ────────────────────────────────────────────────────────────────────────


def test_a_driver_held_is_where_its_distribution_says() -> None:
    model = two_normals(0.0)
    question = question_of("true effect", model)
    trials = Trials(model, [question.of], [one.cell for one in model.uncertain], 512)
    (found,) = spiders(model, [question], trials)
    assert [one.driver.name for one in found.spokes] == ["effect", "matching error"]
    effect, error = found.spokes
    wanted = 1 - np.exp(-(0.1 + EFFECT * norm.ppf([0.1, 0.25, 0.5, 0.75, 0.9])))
    assert [one.value for one in effect.values] == pytest.approx(list(wanted), abs=1e-9)
    assert len({one.value for one in error.values}) == 1
    bar = found.tornado.bars[0]
    assert (bar.low.value, bar.high.value) == pytest.approx((wanted[0], wanted[-1]), abs=1e-9)


def test_among_paths_a_driver_is_near_its_percentile() -> None:
    model = two_normals(0.0)
    simulation = simulate(model, 4_000)
    luck = luck_of(model, 4_000)
    found = among_paths(model, luck, question_of("true effect", model), simulation.figures["true_reduction"])
    longest = found.bars[0]
    assert longest.driver.name == "effect"
    assert longest.low.value == pytest.approx(1 - math.exp(-(0.1 + EFFECT * norm.ppf(0.1))), abs=0.004)
    assert abs(found.bars[1].low.value - found.middle.value) < 4 * found.bars[1].low.error
    assert longest.low.error < found.bars[1].low.error


def test_a_linked_driver_takes_the_other_with_it() -> None:
    model = two_normals(0.6)
    simulation = simulate(model, 4_000)
    found = among_paths(
        model, luck_of(model, 4_000), question_of("true effect", model), simulation.figures["true_reduction"]
    )
    other = next(one for one in found.bars if one.driver.name == "matching error")
    assert other.swing > 10 * other.low.error


# ── the base case turned ──────────────────────────────────────────────────────────────────────


def test_at_its_break_even_the_deal_breaks_even() -> None:
    deal = plain()
    model = build(deal)
    found = break_evens(model, figures(model)["npv"], 500_000.0)
    turned = [one for one in found.inputs if one.reachable]
    assert {"payments[0].price", "payments[0].cap", "assumptions.volume"} <= {one.path for one in turned}
    for one in turned:
        there = base_case(deal.replace(one.path, one.value))
        nearly = [base_case(deal.replace(one.path, one.value * (1 + by))) for by in (-1e-3, 1e-3)]
        heights = [case.figure_of("All investors: net present value") - 500_000 for case in nearly]
        reached = there.figure_of("All investors: net present value")
        assert abs(reached - 500_000) < 5 or heights[0] * heights[1] < 0, one.path  # or it jumps over it there


def test_inputs_and_goal_of_one_s_own() -> None:
    model = build(plain())
    figure, goal = goal_of("irr = 40%", model)
    (one,) = break_evens(model, figures(model)[figure], goal, ["providers[0].per_start"]).inputs
    there = base_case(plain().replace("providers[0].per_start", one.value))
    assert there.figure_of("All investors: rate of return") == pytest.approx(0.40, abs=1e-5)
    with pytest.raises(NotFoundError, match="no goal of the base case"):
        goal_of("mean npv = 0", model)
    with pytest.raises(NotFoundError, match="sibmodel price --solve"):
        break_evens(model, figures(model)["npv"], 0.0, ["assumptions.copula_degrees"])


def test_two_inputs_at_once_are_the_deal_with_both() -> None:
    deal = plain()
    model = build(deal)
    price, per_start = (read_term(deal, path) for path in ("payments[0].price", "providers[0].per_start"))
    found = two_way(model, figures(model)["npv"], price, (8_000, 12_000), per_start, (200, 400, 600))
    for row, first in zip(found.values, found.rows, strict=True):
        for value, second in zip(row, found.columns, strict=True):
            there = base_case(deal.replace(price.path, first).replace(per_start.path, second))
            assert value == pytest.approx(there.figure_of("All investors: net present value"), abs=1e-4)


# ── stresses ──────────────────────────────────────────────────────────────────────────────────


def test_every_stress_that_is_shipped_has_a_source_and_applies_to_some_deal() -> None:
    found = stressed(plain(), shipped())
    assert found[0].name == "As it is"
    assert all(one.source for one in found)
    assert all(one.applies for one in found), [one.why_not for one in found if not one.applies]
    assert len({round(one.base["npv"]) for one in found}) >= 8


def test_a_stress_is_the_deal_with_its_change() -> None:
    deal = plain()
    found = {one.name: one for one in stressed(deal, shipped())}
    for name, changes in {
        "30% fewer people": {"assumptions.volume.base": 0.7 * deal.assumptions.volume.base},
        "Half the effect": {"assumptions.effect.base": 0.05},
        "Assessment 12 months late": {"assumptions.delay_months": 12, "months": 84},
        "Contract ends after 24 months": {"early_end": {"ends": "2029-01"}},
        "Referrals start 6 months late": {
            "cohorts[0].referrals.start": "2027-10", "cohorts[1].referrals.start": "2028-10", "months": 78,
        },
    }.items():  # fmt: skip
        there = deal
        for path, value in changes.items():
            there = there.replace(path, value)
        case = base_case(there)
        assert found[name].base["npv"] == pytest.approx(case.figure_of("All investors: net present value")), name
        assert found[name].base["payments"] == pytest.approx(case.figure_of("Outcome payments in all")), name


def test_a_stress_is_simulated_with_the_same_luck() -> None:
    deal = plain()
    no_effect = next(one for one in shipped() if one.name == "No effect")
    nothing = Stress(name="Nothing", changes={"assumptions.volume": {"times": 1}})
    own, without, same = stressed(deal, [no_effect, nothing], paths=600)
    assert own.mean_npv == same.mean_npv
    assert own.mean_npv is not None
    simulation = simulate(build(deal.replace("assumptions.effect", 0)), 600)
    assert without.mean_npv is not None
    assert without.mean_npv.value == pytest.approx(simulation.figures["npv"].mean())
    assert own.mean_npv.value > without.mean_npv.value


def test_a_stress_of_engagement_alone_is_told_to_leave_the_effect() -> None:
    """Over everyone eligible, fewer starts only save cost; among those who engage, they take from the effect."""
    lower = Stress(name="Fewer engage", changes={"assumptions.engagement": {"times": 0.8}})
    both = Stress(name="Both", changes={"assumptions.engagement": {"times": 0.8}, "assumptions.effect": {"times": 0.8}})
    deal = read("through-the-gate")
    own, alone, together = stressed(deal, [lower, both])
    assert (own.caution, together.caution) == ("", "")
    assert "fewer starts cost less and take nothing from the effect" in alone.caution
    assert alone.base["npv"] >= own.base["npv"]
    assert alone.base["payments"] == own.base["payments"]
    among = deal.replace("assumptions.effect_among", "engaged")
    as_it_is, fewer = stressed(among, [lower])
    assert fewer.caution == ""
    assert fewer.base["payments"] < as_it_is.base["payments"]
    assert "Caution, Fewer engage: Effects are stated" in stress_table([own, alone]).note


def test_a_file_of_stresses(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "stresses:\n  - {name: Dearer, changes: {'providers[*].per_start': {times: 2}}}\n"
        "  - {name: Elsewhere, changes: {assumptions.nonsense: 1}}\n  - {name: Wrong, changes: {months: 900}}\n"
        "  - {name: Text, changes: {'cohorts[0].name': {times: 2}}}\n",
        encoding="utf-8",
    )
    own, dearer, elsewhere, wrong, words = stressed(plain(), read_stresses(file))
    assert dearer.base["npv"] < own.base["npv"]
    assert 'no "nonsense"' in elsewhere.why_not
    assert "480" in wrong.why_not
    assert "not a number that can change so" in words.why_not
    file.write_text("stresses: [{nam: Dearer, changes: {}}]", encoding="utf-8")
    with pytest.raises(DealError, match='Did you mean "name"'):
        read_stresses(file)


# ── looking back ──────────────────────────────────────────────────────────────────────────────


def test_what_the_paths_that_go_wrong_share() -> None:
    """Where it is one driver below P30, these paths lie below P15 at the median, and 0.7 from all of them."""
    model = build(plain())
    luck = luck_of(model, 8_000)
    found = reverse(model, luck, "a bad effect", luck["effect"] < 0.3)
    first, *others = found.drivers
    assert first.driver == Driver("effect", ("effect",))
    assert first.median == pytest.approx(0.15, abs=0.01)
    assert first.distance == pytest.approx(0.7, abs=0.01)
    assert first.place.value == pytest.approx(0.15, abs=4 * first.place.error)
    assert first.mean_there < first.mean_of_all == pytest.approx(0.1, abs=0.005)
    assert first.matters
    assert max(one.distance for one in others) < 1.5 * others[0].by_luck
    assert reverse(model, luck, "hardly ever", luck["effect"] < 1e-4).drivers == ()


# ── all of it ─────────────────────────────────────────────────────────────────────────────────


def test_a_run_tells_it_from_its_own_paths() -> None:
    run = results.run(plain(), 600)
    found = run.sensitivity
    assert found is run.sensitivity
    assert found.tornados[0].middle.value == pytest.approx(run.simulation.figures["npv"].mean())
    assert found.spiders == found.indices == ()
    assert found.two_way is not None


def test_the_verb_tells_all_of_it() -> None:
    model = build(plain())
    found = whole(model, ["npv", "median irr", "loss"], stresses=(), breach="no payment", paths=512, of_indices=512)
    assert [one.asked for one in found.spiders] == ["mean npv", "median irr", "P(loss)"]
    assert [one.asked for one in found.indices] == ["mean npv", "median irr", "P(loss)"]
    assert found.reverse[0].event == "no payment"
    assert found.indices[0].indices[0].driver.name == "effect"
    with pytest.raises(NotFoundError, match="is not an event"):
        whole(model, breach="npv", paths=512)
