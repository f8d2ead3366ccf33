"""Beliefs: their forms, their faults, and each distribution against scipy.stats."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import integrate, stats

from sibmodel.distributions import SHAPES, Distribution
from sibmodel.errors import NotFoundError
from sibmodel.terms import Terms
from sibmodel.uncertain import Belief, ByCohort, belief


class Beliefs(Terms):
    effect: ByCohort = belief("Relative reduction", "share_of_any_sign", default=0.05)
    take_up: Belief = belief("Share who engage", "share", default="80%")
    cost: Belief = belief("Cost a year", "money", default="£600k")
    people: Belief = belief("People", "people", default=1000)
    fee: Belief | None = belief("Fee", "money", default=None)
    each: tuple[Belief, ...] = belief("Delay of each", "months", default=())
    named: dict[str, Belief] = belief("Cost by name", "money", default={})


def faults(**given: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        Beliefs.model_validate(given)
    found = caught.value.errors()
    return [(".".join(map(str, error["loc"])), error["msg"].strip()) for error in found]


def distribution(form: dict[str, Any]) -> Distribution:
    found = Belief.of(form).distribution
    assert found is not None
    return found


def lognormal(mean: float, sd: float) -> Any:
    variance = math.log(1 + (sd / mean) ** 2)
    return stats.lognorm(s=math.sqrt(variance), scale=mean * math.exp(-variance / 2))


def beta_of(mean: float, sd: float) -> Any:
    size = mean * (1 - mean) / sd**2 - 1
    return stats.beta(mean * size, (1 - mean) * size)


COMPOSED_AND_ELICITED = {"student_t", "empirical", "between", "quantiles", "mixture", "truncated", "fitted"}
"""Tested in tests/test_distributions.py."""
SHARES = np.array([1e-6, 0.001, 0.05, 0.25, 0.5, 0.7, 0.95, 0.999, 1 - 1e-6])
CONTINUOUS = [
    ({"normal": {"mean": 0.08, "sd": 0.06}}, stats.norm(0.08, 0.06)),
    ({"lognormal": {"mean": 1.0, "sd": 0.18}}, lognormal(1.0, 0.18)),
    ({"triangular": {"low": 0.6, "mode": 0.9, "high": 1.05}}, stats.triang(0.3 / 0.45, 0.6, 0.45)),
    ({"triangular": {"low": 0, "mode": 0, "high": 1}}, stats.triang(0, 0, 1)),
    ({"triangular": {"low": 0, "mode": 1, "high": 1}}, stats.triang(1, 0, 1)),
    ({"pert": {"low": 2, "mode": 3, "high": 7}}, stats.beta(1 + 4 / 5, 1 + 16 / 5, 2, 5)),
    ({"uniform": {"low": -1, "high": 3}}, stats.uniform(-1, 4)),
    ({"beta": {"mean": 0.3, "sd": 0.1}}, beta_of(0.3, 0.1)),
    ({"gamma": {"mean": 2, "sd": 0.5}}, stats.gamma(16, scale=0.125)),
]


@pytest.mark.parametrize(("form", "known"), CONTINUOUS, ids=lambda value: str(value)[:30])
def test_quantiles_and_means_agree_with_scipy(form: dict[str, Any], known: Any) -> None:
    ours = distribution(form)
    np.testing.assert_allclose(ours.quantile(SHARES), known.ppf(SHARES), rtol=1e-9, atol=1e-12)
    assert ours.expected_value() == pytest.approx(known.mean(), rel=1e-12)
    assert ours.support == pytest.approx(known.support())


@pytest.mark.parametrize("form", [form for form, _ in CONTINUOUS] + [{"log_reduction": {"mean": 0.05, "sd": 0.07}}])
def test_the_expected_value_is_the_integral_of_the_quantiles(form: dict[str, Any]) -> None:
    ours = distribution(form)
    area, _ = integrate.quad(lambda u: float(ours.quantile(u)), 0, 1, limit=500)
    assert ours.expected_value() == pytest.approx(area, rel=1e-6)


def test_a_log_reduction_is_one_minus_a_lognormal_rate_ratio() -> None:
    """METHOD 3.2: the neutral belief, a log rate ratio of N(-0.05, 0.07 squared)."""
    ours = distribution({"log_reduction": {"mean": 0.05, "sd": 0.07}})
    ratio = stats.lognorm(s=0.07, scale=math.exp(-0.05))
    np.testing.assert_allclose(ours.quantile(SHARES), 1 - ratio.ppf(1 - SHARES), rtol=1e-9, atol=1e-12)
    assert ours.quantile(0.5) == pytest.approx(1 - math.exp(-0.05))
    assert ours.expected_value() == pytest.approx(1 - ratio.mean())
    assert round(ours.expected_value(), 3) == 0.046  # METHOD: "mean 4.6% reduction"


def test_an_event_happens_in_the_highest_draws() -> None:
    ours = distribution({"event": {"probability": "20%"}})
    np.testing.assert_array_equal(ours.quantile([0, 0.5, 0.79, 0.81, 1]), [0, 0, 0, 1, 1])
    assert ours.expected_value() == 0.2
    assert distribution({"event": {"probability": 0}}).quantile([0, 1]).tolist() == [0, 0]
    assert distribution({"event": {"probability": 1}}).quantile([1e-9, 1]).tolist() == [1, 1]


def test_a_discrete_belief_takes_each_value_as_often_as_its_weight() -> None:
    ours = distribution({"discrete": {"values": [3, 1, 2, 9], "weights": [1, 2, 1, 0]}})
    np.testing.assert_array_equal(ours.quantile([0, 0.49, 0.5, 0.51, 0.75, 0.76, 1]), [1, 1, 1, 2, 2, 3, 3])
    assert ours.expected_value() == 1.75
    assert ours.support == (1, 3)


@pytest.mark.parametrize("form", [form for form, _ in CONTINUOUS], ids=str)
def test_quantiles_keep_the_shape_and_reach_the_ends(form: dict[str, Any]) -> None:
    ours = distribution(form)
    assert ours.quantile(np.full((2, 3), 0.4)).shape == (2, 3)
    assert ours.quantile(0.4).shape == ()
    np.testing.assert_allclose(ours.quantile([0.0, 1.0]), ours.support)


def test_every_shape_is_tested_here() -> None:
    tested = {name for form, _ in CONTINUOUS for name in form} | {"log_reduction", "event", "discrete"}
    assert tested | COMPOSED_AND_ELICITED == set(SHAPES)
    assert set(SHAPES) <= set(Belief.model_fields)


@given(st.sampled_from(["normal", "lognormal", "gamma", "beta"]), st.floats(1e-6, 1e6), st.floats(1e-5, 100))
def test_quantiles_rise_whatever_the_parameters(shape: str, mean: float, spread: float) -> None:
    try:
        ours = distribution({shape: {"mean": mean, "sd": mean * spread}})
    except ValidationError:
        assume(False)
    drawn = ours.quantile(np.linspace(0.001, 0.999, 99))
    assert np.isfinite(drawn).all()
    assert (drawn[1:] >= drawn[:-1] - 1e-9 * max(abs(drawn[-1]), abs(drawn[0]))).all()


@given(st.tuples(*[st.floats(-1e6, 1e6)] * 3).map(sorted), st.sampled_from(["triangular", "pert"]))
def test_three_points_hold_every_draw(points: list[float], shape: str) -> None:
    low, mode, high = points
    assume(high - low > 1e-6)
    ours = distribution({shape: {"low": low, "mode": mode, "high": high}})
    drawn = ours.quantile(np.linspace(0, 1, 101))
    slack = 1e-9 * (high - low) + 1e-9
    assert (drawn >= low - slack).all()
    assert (drawn <= high + slack).all()
    assert (np.diff(drawn) >= -slack).all()
    assert low <= ours.expected_value() <= high


@pytest.mark.parametrize(
    ("form", "base", "source"),
    [
        (0.08, 0.08, "assumed"),
        ("8%", 0.08, "assumed"),
        ({"value": "8%", "source": "a-study"}, 0.08, "a-study"),
        ({"normal": {"mean": "8%", "sd": "6%"}}, 0.08, "assumed"),
        ({"normal": {"mean": 0.08, "sd": 0.06}, "base": "9%", "source": "a-study", "note": "Why."}, 0.09, "a-study"),
    ],
)
def test_the_forms_of_a_belief(form: Any, base: float, source: str) -> None:
    effect = Beliefs(effect=form).effect
    assert (effect.base, effect.source) == (base, source)
    assert effect.assumed == (source == "assumed")
    assert effect.uncertain == (effect.distribution is not None)
    assert Beliefs(effect=effect.plain()).effect == effect
    assert Beliefs(effect=effect).effect == effect


def test_a_plain_number_stays_the_same_in_every_draw() -> None:
    assert Belief.of(3).quantile(np.array([0.1, 0.9])).tolist() == [3, 3]


def test_defaults_are_beliefs() -> None:
    beliefs = Beliefs()
    assert type(beliefs.effect) is ByCohort
    assert beliefs.take_up.base == 0.8
    assert beliefs.cost.base == 600_000
    assert beliefs.fee is None
    assert beliefs == Beliefs(effect="5%", cost=600000)


def test_a_belief_about_people_need_not_be_whole() -> None:
    assert Beliefs(people={"normal": {"mean": 900.5, "sd": 20}}).people.base == 900.5


def test_lists_and_mappings_of_beliefs() -> None:
    beliefs = Beliefs(each=[3, {"event": {"probability": 0.1}}], named={"fixed": "£1k"})
    assert beliefs.each[1].uncertain
    assert beliefs.named["fixed"].base == 1000
    assert [place for place, _ in faults(each=[3, {"normal": {"mean": 1, "sd": 0}}], named={"x": {"valeu": 3}})] == [
        "each.1.normal.sd",
        "named.x.valeu",
    ]


def test_one_belief_for_all_cohorts_or_one_for_each() -> None:
    alike = Beliefs(effect="8%").effect
    assert alike.for_cohort("any") is alike
    assert alike.cohorts == ()
    each = Beliefs(effect={"by_cohort": {"Cohort 1": "8%", "Cohort 2": {"value": 0.1, "source": "b"}}, "source": "a"})
    assert each.effect.cohorts == ("Cohort 1", "Cohort 2")
    assert (each.effect.for_cohort("Cohort 1").base, each.effect.for_cohort("Cohort 1").source) == (0.08, "a")
    assert each.effect.for_cohort("Cohort 2").source == "b"
    with pytest.raises(NotFoundError, match=r'no.*"Cohort 3"\. Did you mean "Cohort 2"'):
        each.effect.for_cohort("Cohort 3")
    with pytest.raises(AttributeError, match="for_cohort"):
        _ = each.effect.base


@pytest.mark.parametrize(
    ("field", "form", "place", "said"),
    [
        ("effect", 10, "effect", "10 is not a share between -1 and 1. For 10 % write 0.10 or 10%."),
        ("take_up", {"value": 80}, "take_up.value", "80 is not a share between 0 and 1. For 80 % write 0.80 or 80%."),
        (
            "take_up",
            {"normal": {"mean": 0.5, "sd": 5}},
            "take_up.normal.sd",
            "5 is not a standard deviation between 0 and 1. For 5 % write 0.05 or 5%.",
        ),
        (
            "effect",
            {"normal": {"mean": 8, "sd": 0.06}},
            "effect.normal.mean",
            "8 is not a share between -1 and 1. For 8 % write 0.08 or 8%.",
        ),
        (
            "effect",
            {"normal": {"mean": 0.08, "sd": 0}},
            "effect.normal.sd",
            "is 0, so nothing is uncertain. Write a plain number instead.",
        ),
        (
            "effect",
            {"normal": {"mean": 0.08, "sd": 1e-9}},
            "effect.normal.sd",
            "1e-09 is next to nothing beside the mean. Write a plain number instead.",
        ),
        (
            "effect",
            {"normal": {"mean": 0.08, "sd": -1}},
            "effect.normal.sd",
            "-1 is not a standard deviation between 0 and 2.",
        ),
        ("cost", "5%", "cost", "5% is not an amount of money. Leave out the per-cent sign: 12500, £12,500 or £1.2m."),
        (
            "cost",
            {"uniform": {"low": "1%", "high": 3}},
            "cost.uniform.low",
            "1% is not an amount of money. Leave out the per-cent sign: 12500, £12,500 or £1.2m.",
        ),
        (
            "cost",
            {"uniform": {"low": 3, "high": 3}},
            "cost.uniform.high",
            "is the same as low, 3. Write a plain number instead.",
        ),
        ("cost", {"uniform": {"low": 3, "high": 2}}, "cost.uniform.high", "2 is below low, 3. Exchange them."),
        (
            "cost",
            {"triangular": {"low": 1, "mode": 5, "high": 3}},
            "cost.triangular.mode",
            "5 is not between low, 1, and high, 3.",
        ),
        (
            "cost",
            {"lognormal": {"mean": 1, "sd": 300}},
            "cost.lognormal.sd",
            "300 is more than 100 times the mean. Check the digits.",
        ),
        ("cost", {"gamma": {"mean": 0, "sd": 3}}, "cost.gamma.mean", "0 is not above 0, as this distribution needs."),
        (
            "take_up",
            {"beta": {"mean": 0.5, "sd": 0.6}},
            "take_up.beta.sd",
            "0.6 is too wide for a mean of 0.5. Stay below 0.5.",
        ),
        ("take_up", {"beta": {"mean": 1, "sd": 0.6}}, "take_up.beta.mean", "1 is not between 0 and 1, both excluded."),
        (
            "cost",
            {"discrete": {"values": [1, 2], "weights": [1]}},
            "cost.discrete.weights",
            "has 1 weights for 2 values. Give each its own.",
        ),
        (
            "cost",
            {"discrete": {"values": [], "weights": []}},
            "cost.discrete.values",
            "is empty. Write at least one value.",
        ),
        ("cost", {"discrete": {"values": [1], "weights": [0]}}, "cost.discrete.weights", "has no weight above 0."),
        (
            "effect",
            {"log_reduction": {"mean": 3, "sd": 3}},
            "effect",
            "The expected value, -3.482, is not a share between -1 and 1.",
        ),
        (
            "effect",
            {"source": "a"},
            "effect",
            "has no number and no distribution. Write a number, or one of: value, normal, lognormal, "
            "triangular, pert, uniform, beta, gamma, event, discrete, log_reduction, student_t, empirical, between, "
            "quantiles, fitted, mixture, truncated, prior, by_cohort.",
        ),
        (
            "effect",
            {"value": 0.1, "normal": {"mean": 0.1, "sd": 0.1}},
            "effect",
            "has value and normal. Keep one of them.",
        ),
        (
            "effect",
            {"value": 0.1, "base": 0.1},
            "effect.base",
            "stands beside value. A base belongs to a distribution: leave it out.",
        ),
        (
            "effect",
            {"normal": {"mean": 0.1, "sd": 0.1}, "base": 10},
            "effect.base",
            "10 is not a share between -1 and 1. For 10 % write 0.10 or 10%.",
        ),
        ("effect", [0.1], "effect", "a list is not a share. Write it like -0.05 or -5%."),
        ("effect", True, "effect", "true is not a share. Write it like -0.05 or -5%."),
        (
            "effect",
            {"by_cohort": {"A": {"normal": {"mean": 0.1, "sd": 0}}}},
            "effect.by_cohort.A.normal.sd",
            "is 0, so nothing is uncertain. Write a plain number instead.",
        ),
        (
            "effect",
            {"by_cohort": {"A": 10}},
            "effect.by_cohort.A",
            "10 is not a share between -1 and 1. For 10 % write 0.10 or 10%.",
        ),
    ],
)
def test_faults_stand_at_their_place_in_plain_words(field: str, form: Any, place: str, said: str) -> None:
    assert faults(**{field: form}) == [(place, said)]


def test_a_belief_shows_only_what_it_says() -> None:
    assert repr(Belief.of("8%")) == "Belief(value=0.08, source='assumed')"
