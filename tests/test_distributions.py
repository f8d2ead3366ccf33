"""Distributions made of others, elicited or observed: against scipy.stats, against hand figures, and their faults."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import integrate, special, stats

from sibmodel.distributions import SHAPES, Distribution
from sibmodel.errors import DealError
from sibmodel.model import build
from sibmodel.simulation import simulate
from sibmodel.terms import plain
from sibmodel.uncertain import Belief
from sibmodel.workbook.inputs import drawn_from
from tests.deals import small

U = np.array([1e-6, 0.001, 0.05, 0.25, 0.5, 0.7, 0.95, 0.999, 1 - 1e-6])


def distribution(form: dict[str, Any]) -> Distribution:
    found = Belief.of(form).distribution
    assert found is not None
    return found


def fault(form: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        Belief.of(form)
    (found,) = caught.value.errors()
    return f"{'.'.join(map(str, found['loc']))}: {found['msg'].strip()}"


Z95 = 1.6448536269514722
TWO_NORMALS: dict[str, Any] = {
    "mixture": {"of": [{"normal": {"mean": 0, "sd": 1}}, {"normal": {"mean": 5, "sd": 2}}], "weights": [1, 3]}
}
SIMPLE: list[tuple[dict[str, Any], Any]] = [
    ({"normal": {"mean": 0.08, "sd": 0.06}}, stats.norm(0.08, 0.06)),
    ({"lognormal": {"mean": 2, "sd": 1}}, stats.lognorm(math.sqrt(math.log(1.25)), scale=2 / math.sqrt(1.25))),
    ({"triangular": {"low": 0.6, "mode": 0.9, "high": 1.05}}, stats.triang(0.3 / 0.45, 0.6, 0.45)),
    ({"triangular": {"low": 0, "mode": 0, "high": 1}}, stats.triang(0, 0, 1)),
    ({"triangular": {"low": 0, "mode": 1, "high": 1}}, stats.triang(1, 0, 1)),
    ({"pert": {"low": 2, "mode": 3, "high": 7}}, stats.beta(1.8, 4.2, 2, 5)),
    ({"uniform": {"low": -1, "high": 3}}, stats.uniform(-1, 4)),
    ({"beta": {"mean": 0.25, "sd": 0.25}}, stats.beta(0.5, 1.5)),
    ({"gamma": {"mean": 2, "sd": 0.5}}, stats.gamma(16, scale=0.125)),
    # A standard t of 5 degrees has variance 5/3.
    ({"student_t": {"mean": 1, "sd": 2, "degrees": 5}}, stats.t(5, 1, 2 / math.sqrt(5 / 3))),
    ({"between": {"low": 2, "high": 4}}, stats.norm(3, 1 / Z95)),
    (
        {"between": {"low": 1, "high": math.e**2, "sure": 0.5, "shape": "lognormal"}},
        stats.lognorm(1 / special.ndtri(0.75), scale=math.e),
    ),
    # 1, 2, 4, 5, 8: mean 4, variance 7.5; a further value is t with 4 degrees, scaled by √(7.5 · 1.2) = 3.
    ({"fitted": {"to": "normal", "data": [1, 2, 4, 5, 8]}}, stats.t(4, 4, 3)),
    ({"quantiles": {"shares": [0.1, 0.6], "values": [1, 3]}}, None),
    ({"quantiles": {"shares": [0.05, 0.5, 0.95], "values": [3 - Z95, 3, 3 + Z95]}}, stats.norm(3, 1)),
    ({"truncated": {"of": {"normal": {"mean": 1, "sd": 2}}, "low": 0, "high": 4}}, stats.truncnorm(-0.5, 1.5, 1, 2)),
    ({"truncated": {"of": {"normal": {"mean": 0, "sd": 1}}, "low": 1}}, stats.truncnorm(1, math.inf)),
    ({"truncated": {"of": {"normal": {"mean": 0, "sd": 1}}, "high": -2}}, stats.truncnorm(-math.inf, -2)),
    ({"truncated": {"of": {"gamma": {"mean": 1, "sd": 1}}, "high": 2}}, stats.truncexpon(2)),
    ({"log_reduction": {"mean": 0.05, "sd": 0.07}}, None),
    ({"quantiles": {"shares": [0.1, 0.3, 0.5, 0.8, 0.95], "values": [-1, 1, 2, 7, 8]}}, None),
    (
        {"mixture": {"of": [{"normal": {"mean": 0, "sd": 1}}, {"normal": {"mean": 5, "sd": 2}}], "weights": [1, 3]}},
        None,
    ),
]


@pytest.mark.parametrize(
    ("form", "known"), [one for one in SIMPLE if one[1] is not None], ids=lambda one: str(one)[:40]
)
def test_quantiles_chances_and_means_agree_with_scipy(form: dict[str, Any], known: Any) -> None:
    ours = distribution(form)
    with np.errstate(all="ignore"):  # in scipy.stats
        drawn, mean = known.ppf(U), known.mean()
        x = np.concatenate([drawn, [-7.0, 0.0, 50.0]])
        chances = known.cdf(x)
    np.testing.assert_allclose(ours.quantile(U), drawn, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(ours.share_below(x), chances, rtol=1e-9, atol=1e-14)
    assert ours.expected_value() == pytest.approx(mean, rel=1e-8)
    assert ours.support == pytest.approx(known.support())


@pytest.mark.parametrize("form", [form for form, _ in SIMPLE], ids=lambda one: str(one)[:40])
def test_quantile_and_chance_are_each_others_inverse(form: dict[str, Any]) -> None:
    ours = distribution(form)
    np.testing.assert_allclose(ours.share_below(ours.quantile(U)), U, rtol=1e-8, atol=1e-12)
    assert ours.quantile(np.full((2, 3), 0.4)).shape == (2, 3)
    assert ours.quantile(0.4).shape == ()
    np.testing.assert_allclose(ours.quantile([0.0, 1.0]), ours.support)
    assert not ours.atoms.size
    assert ours.share_under(1.0) == ours.share_below(1.0)


@pytest.mark.parametrize("form", [form for form, _ in SIMPLE], ids=lambda one: str(one)[:40])
def test_the_mean_is_the_integral_of_the_quantiles_and_the_sum_of_its_parts(form: dict[str, Any]) -> None:
    ours = distribution(form)
    area, _ = integrate.quad(lambda u: float(ours.quantile(u)), 0, 1, limit=500)
    assert ours.expected_value() == pytest.approx(area, rel=1e-6)
    cut = float(ours.quantile(0.3))
    parts = ours.part_of_mean(-math.inf, cut) + ours.part_of_mean(cut, math.inf)
    assert parts == pytest.approx(ours.expected_value(), rel=1e-6)


def test_two_quantiles_are_a_normal() -> None:
    """Of N(m, s): 1 at 10 %, 3 at 60 %, so s = 2 ÷ (z60 − z10)."""
    low, high = special.ndtri(0.1), special.ndtri(0.6)
    sd = 2 / (high - low)
    ours = distribution({"quantiles": {"shares": [0.1, 0.6], "values": [1, 3]}})
    np.testing.assert_allclose(ours.quantile(U), stats.norm(1 - sd * low, sd).ppf(U))
    assert ours.expected_value() == pytest.approx(1 - sd * low)


def test_every_quantile_given_is_met() -> None:
    shares, values = [0.1, 0.3, 0.5, 0.8, 0.95], [-1, 1, 2, 7, 8]
    ours = distribution({"quantiles": {"shares": shares, "values": values}})
    np.testing.assert_allclose(ours.quantile(shares), values, atol=1e-12)
    # Halfway in normal scores between 30 % and 50 %, the value is halfway too.
    middle = special.ndtr((special.ndtri(0.3) + special.ndtri(0.5)) / 2)
    assert ours.quantile(middle) == pytest.approx(1.5)


def test_between_has_the_chance_asked_for() -> None:
    for shape in ("normal", "lognormal"):
        ours = distribution({"between": {"low": 1.2, "high": 1.9, "sure": "80%", "shape": shape}})
        np.testing.assert_allclose(ours.quantile([0.1, 0.9]), [1.2, 1.9])


def test_observed_values_come_as_often_as_they_were() -> None:
    ours = distribution({"empirical": {"values": [4, -1, 4, 2]}})
    assert ours.quantile([0, 0.24, 0.25, 0.26, 0.5, 0.51, 1]).tolist() == [-1, -1, -1, 2, 2, 4, 4]
    assert ours.expected_value() == 2.25
    assert ours.support == (-1, 4)
    assert ours.share_below([-2, -1, 3, 4]).tolist() == [0, 0.25, 0.5, 1]
    assert ours.share_under(4) == 0.5


def test_a_mixture_of_nothing_and_something() -> None:
    """0 in three draws of ten; otherwise N(0.1, 0.04): below 0 lie 0.7·Φ(−2.5) = 0.4347 %."""
    ours = distribution({"mixture": {"of": [0, {"normal": {"mean": "10%", "sd": "4%"}}], "weights": [30, 70]}})
    below = 0.7 * stats.norm.cdf(-2.5)
    u = np.array([0.001, below + 1e-6, 0.15, below + 0.3 - 1e-6, 0.31, 0.65, 0.99])
    drawn = ours.quantile(u)
    assert drawn[1:4].tolist() == [0, 0, 0]  # exactly
    known = stats.norm(0.1, 0.04)
    assert drawn[0] == pytest.approx(known.ppf(0.001 / 0.7))
    np.testing.assert_allclose(drawn[4:], known.ppf((u[4:] - 0.3) / 0.7), rtol=1e-9)
    assert ours.expected_value() == pytest.approx(0.07)
    assert ours.atoms.tolist() == [0]
    assert ours.share_under(0) == pytest.approx(below)


def test_a_mixture_of_normals_inverts_its_distribution_function() -> None:
    form = TWO_NORMALS
    x = distribution(form).quantile(U)
    np.testing.assert_allclose(0.25 * stats.norm.cdf(x) + 0.75 * stats.norm.cdf(x, 5, 2), U, rtol=1e-10)
    assert distribution(form).expected_value() == 3.75


def test_cutting_what_has_single_values() -> None:
    """Of 1, 2, 3, 9 with weights 1, 2, 1, 4, those from 2 to 3 remain: 2 twice as often as 3."""
    inside = {"discrete": {"values": [1, 2, 3, 9], "weights": [1, 2, 1, 4]}}
    ours = distribution({"truncated": {"of": inside, "low": 2, "high": 3}})
    assert ours.quantile([0, 0.1, 0.66, 0.67, 1]).tolist() == [2, 2, 2, 3, 3]
    assert ours.expected_value() == pytest.approx(7 / 3)
    assert ours.share_below([1.9, 2, 3]) == pytest.approx([0, 2 / 3, 1])
    assert ours.share_under(3) == pytest.approx(2 / 3)
    assert ours.support == (2, 3)


def test_a_truncated_mixture_keeps_its_atom() -> None:
    """Half 0, half uniform on −1 to 3, cut at −0.5 and 1: of 0.5 + 0.1875 remain 0, and E[uniform part] 0.1875·0.25."""
    inside = {"mixture": {"of": [0, {"uniform": {"low": -1, "high": 3}}], "weights": [1, 1]}}
    ours = distribution({"truncated": {"of": inside, "low": -0.5, "high": 1}})
    assert ours.expected_value() == pytest.approx(0.1875 * 0.25 / 0.6875)
    assert ours.atoms.tolist() == [0]
    drawn = ours.quantile((np.arange(10_000) + 0.5) / 10_000)
    assert (drawn == 0).mean() == pytest.approx(0.5 / 0.6875, abs=1e-4)
    assert drawn.mean() == pytest.approx(ours.expected_value(), abs=1e-4)
    twice = distribution({"truncated": {"of": {"truncated": {"of": inside, "low": -0.5}}, "high": 1}})
    np.testing.assert_allclose(twice.quantile(U), ours.quantile(U), atol=1e-12)
    assert twice.expected_value() == pytest.approx(ours.expected_value())


OBSERVED = (0.12, 0.2, 0.33, 0.18, 0.25, 0.41)


def test_a_fitted_lognormal_is_that_of_the_logarithms_but_for_the_ends() -> None:
    logs = np.log(OBSERVED)
    known = stats.t(5, logs.mean(), logs.std(ddof=1) * math.sqrt(7 / 6))
    ours = distribution({"fitted": {"to": "lognormal", "data": list(OBSERVED)}})
    inside = U[1:-1]
    np.testing.assert_allclose(ours.quantile(inside), np.exp(known.ppf(1e-4 + inside * (1 - 2e-4))), rtol=1e-9)
    np.testing.assert_allclose(ours.share_below(ours.quantile(U)), U, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(ours.support, np.exp(known.ppf([1e-4, 1 - 1e-4])))
    area, _ = integrate.quad(lambda u: float(ours.quantile(u)), 0, 1, limit=500)
    assert ours.expected_value() == pytest.approx(area, rel=1e-6)


def mixed_by_hand(to: str) -> tuple[list[float], float]:
    """Chances of a further value below 0.05, 0.2, 0.6 and its mean: over a wide, fine grid of both parameters, by
    scipy.stats alone."""
    values = np.array(OBSERVED)
    mean, ratio = values.mean(), values.mean() ** 2 / values.var()
    if to == "gamma":
        one, other = np.exp(np.meshgrid(*(math.log(at) + np.linspace(-4, 4, 241) for at in (mean, ratio))))
        family, expected = stats.gamma(other, scale=one / other), one
    else:
        size = mean * (1 - mean) / values.var()
        centres = (mean * size, (1 - mean) * size)
        one, other = np.exp(np.meshgrid(*(math.log(at) + np.linspace(-4, 4, 241) for at in centres)))
        family, expected = stats.beta(one, other), one / (one + other)
    likelihood = sum(family.logpdf(value) for value in values)
    weights = np.exp(np.maximum(likelihood - likelihood.max(), -200))
    weights /= weights.sum()
    return [float((weights * family.cdf(x)).sum()) for x in (0.05, 0.2, 0.6)], float((weights * expected).sum())


@pytest.mark.parametrize("to", ["gamma", "beta"])
def test_a_fitted_gamma_or_beta_is_the_mixture_over_what_its_parameters_may_be(to: str) -> None:
    ours = distribution({"fitted": {"to": to, "data": list(OBSERVED)}})
    with np.errstate(all="ignore"):  # in scipy.stats
        chances, mean = mixed_by_hand(to)
    np.testing.assert_allclose(ours.share_below([0.05, 0.2, 0.6]), chances, atol=2e-4)
    assert ours.expected_value() == pytest.approx(mean, rel=1e-3)
    np.testing.assert_allclose(ours.share_below(ours.quantile(U)), U, rtol=1e-8, atol=1e-12)
    assert ours.quantile([0.0, 1.0]).tolist() == list(ours.support)
    drawn = ours.quantile((np.arange(100_000) + 0.5) / 100_000)
    assert ours.expected_value() == pytest.approx(drawn.mean(), rel=2e-4)
    cut = float(ours.quantile(0.3))
    parts = ours.part_of_mean(-math.inf, cut) + ours.part_of_mean(cut, math.inf)
    assert parts == pytest.approx(ours.expected_value(), rel=1e-6)


@pytest.mark.parametrize(
    ("to", "known"),
    [("normal", stats.norm(5, 2)), ("lognormal", stats.lognorm(0.5, scale=3)), ("gamma", stats.gamma(4, scale=0.5)),
     ("beta", stats.beta(2, 6))],
)  # fmt: skip
def test_of_many_values_little_stays_uncertain(to: str, known: Any) -> None:
    """Fitted to 2,000 quantiles of a distribution, it is that distribution."""
    data = known.ppf((np.arange(2_000) + 0.5) / 2_000).tolist()
    inside = np.array([0.02, 0.25, 0.5, 0.75, 0.98])
    ours = distribution({"fitted": {"to": to, "data": data}})
    np.testing.assert_allclose(ours.share_below(known.ppf(inside)), inside, atol=1e-3)


def test_few_values_leave_more_uncertain_than_many() -> None:
    for to in ("normal", "lognormal", "gamma", "beta"):
        few, many = (
            distribution({"fitted": {"to": to, "data": list(OBSERVED) * times}}).quantile([0.05, 0.95])
            for times in (1, 20)
        )
        assert few[0] < many[0] < many[1] < few[1]


FORMS = [
    *(form for form, _ in SIMPLE),
    {"event": {"probability": 0.2}},
    {"discrete": {"values": [1, 2], "weights": [1, 3]}},
    {"empirical": {"values": [1, 2, 2.5]}},
    {"fitted": {"to": "beta", "data": [0.1, 0.2, 0.25, 0.4]}},
    {"mixture": {"of": [0, {"truncated": {"of": {"normal": {"mean": 1, "sd": 1}}, "low": 0}}], "weights": [1, 2]}},
]


@pytest.mark.parametrize("form", FORMS, ids=lambda one: str(one)[:40])
def test_what_is_written_comes_back(form: dict[str, Any]) -> None:
    belief = Belief.of(form)
    assert Belief.of(plain(belief)) == belief
    (kind,) = form
    assert set(form[kind]) <= set(plain(belief)[kind])


def test_every_distribution_is_written_and_read_here() -> None:
    assert {kind for form in FORMS for kind in form} == set(SHAPES)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            {"student_t": {"mean": 0, "sd": 1, "degrees": 2}},
            "student_t.degrees: 2 is not a number between 2.1 and 1000.",
        ),
        (
            {"empirical": {"values": [3, 3]}},
            "empirical.values: has fewer than two different values, so nothing is uncertain. Write more values, or a "
            "plain number instead.",
        ),
        (
            {"fitted": {"to": "normal", "data": [1, 2, 3]}},
            "fitted.data: has 3 values, too few to tell how far they spread. Give at least 4, or another distribution.",
        ),
        (
            {"fitted": {"to": "gamma", "data": [1, 2, 0, 4]}},
            "fitted.data: 0 is not above 0, as gamma needs. Leave it out where it is a slip; otherwise write to: "
            "normal.",
        ),
        (
            {"fitted": {"to": "beta", "data": [0.1, 0.2, 1, 0.4]}},
            "fitted.data: 1 is not between 0 and 1, both excluded, as beta needs. Leave it out where it is a slip; "
            "otherwise write to: normal.",
        ),
        (
            {"fitted": {"to": "normal", "data": [2, 2, 2, 2]}},
            "fitted.data: has values that are all alike: nothing is uncertain. Write a plain number.",
        ),
        (
            {"fitted": {"to": "weibull", "data": [1, 2, 3, 4]}},
            "fitted.to: Input should be 'normal', 'lognormal', 'gamma' or 'beta'",
        ),
        ({"between": {"low": 2, "high": 1}}, "between.high: 1 is below low, 2. Exchange them."),
        (
            {"between": {"low": 0, "high": 1, "shape": "lognormal"}},
            "between.low: 0 is not above 0, as a lognormal needs. Raise it, or write shape: normal.",
        ),
        (
            {"between": {"low": 0, "high": 1, "sure": 1}},
            "between.sure: 1 is not between 1% and 99.99%. Write it like 90%.",
        ),
        (
            {"quantiles": {"shares": [0.5], "values": [1]}},
            "quantiles.shares: has 1 chances. Give 2 to 5.",
        ),
        (
            {"quantiles": {"shares": [0.1, 0.5], "values": [1, 2, 3]}},
            "quantiles.values: has 3 values for 2 chances. Give each its own.",
        ),
        (
            {"quantiles": {"shares": [0.5, 0.1], "values": [1, 2]}},
            "quantiles.shares: 0.1 comes after 0.5. Write them rising.",
        ),
        (
            {"quantiles": {"shares": [0.1, 0.5], "values": [1, 1]}},
            "quantiles.values: 1 comes after 1. Write them rising.",
        ),
        (
            {"quantiles": {"shares": [0, 0.5], "values": [1, 2]}},
            "quantiles.shares: has a chance that is next to 0 or 1. Nobody knows the very ends: begin with 1% or "
            "5%, say, or cut with truncated.",
        ),
        (
            {"mixture": {"of": [0, 1], "weights": [1]}},
            "mixture.weights: has 1 weights for 2 distributions. Give each its own.",
        ),
        (
            {"mixture": {"of": [0], "weights": [1]}},
            "mixture.of: has fewer than two distributions. Write more, or that one alone.",
        ),
        ({"mixture": {"of": [0, 1], "weights": [0, 0]}}, "mixture.weights: has no weight above 0."),
        (
            {"truncated": {"of": {"normal": {"mean": 0, "sd": 1}}}},
            "truncated.low: There is no bound. Give low or high, or write the distribution alone.",
        ),
        (
            {"truncated": {"of": 3, "low": 0}},
            "truncated.of: is a plain number. Write a distribution, or the number alone.",
        ),
        (
            {"truncated": {"of": {"normal": {"mean": 0, "sd": 1}}, "low": 5}},
            "truncated.of: has next to nothing within the bounds: 2.9e-07 of its draws. Move the bounds, or write "
            "another distribution.",
        ),
        (
            {"truncated": {"of": {"normal": {"mean": 0, "sd": 1}}, "low": 1, "high": 0}},
            "truncated.high: 0 is below low, 1. Exchange them.",
        ),
        (
            {"truncated": {"of": {"normal": {"mean": 0, "sd": 1}, "event": {"probability": 0.1}}, "low": 1}},
            "truncated.of: has normal and event. Keep one of them.",
        ),
    ],
    ids=lambda one: str(one)[:50],
)
def test_faults_say_where_what_and_the_way_out(form: dict[str, Any], said: str) -> None:
    assert fault(form) == said


def test_an_empty_part_is_told_what_it_may_be() -> None:
    assert fault({"truncated": {"of": {}, "low": 1}}).startswith(
        "truncated.of: has no distribution. Write a number, or one of: normal, lognormal,"
    )


def test_parts_have_the_unit_and_range_of_the_field() -> None:
    with pytest.raises(DealError, match=r"of\[1\]\.normal\.mean +8 is not a share between -5 and 1\."):
        small({"assumptions.effect": "{mixture: {of: [0, {normal: {mean: 8, sd: 4%}}], weights: [1, 1]}}"})


def test_a_deal_with_them_runs_and_says_what_it_draws_from() -> None:
    deal = small(
        {
            "assumptions.effect": "{mixture: {of: [0, {normal: {mean: 10%, sd: 4%}}], weights: [30, 70]}}",
            "assumptions.volume": "{quantiles: {shares: [10%, 50%, 90%], values: [0.6, 0.9, 1.05]}}",
            "assumptions.engagement": "{truncated: {of: {normal: {mean: 80%, sd: 15%}}, low: 50%, high: 100%}}",
            "assumptions.events_per_person": "{between: {low: 1.3, high: 1.8, shape: lognormal}}",
            "assumptions.cost_overrun": "{empirical: {values: [-2%, 0, 0, 4%, 11%]}}",
            "assumptions.matching_error": "{fitted: {to: normal, data: [-3%, 1%, 0, 2%]}}",
        }
    )
    model = build(deal)
    figures = simulate(model, 2_000, seed=1).figures
    assert (figures["true_reduction, First"] == 0).mean() == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / 2000))
    said = {one.stream: drawn_from(one) for one in model.uncertain}
    assert said["effect"] == "mixture: of 0 / (normal: mean 0.1, sd 0.04), weights 30 / 70"
    assert said["cost overrun"] == "empirical: values -0.02 / 0 / 0 / 0.04 / 0.11"
    assert said["engagement, First"] == "truncated: of (normal: mean 0.8, sd 0.15), low 0.5, high 1"
    assert said["matching error"] == "fitted: to normal, data -0.03 / 0.01 / 0 / 0.02"
    assert said["events per person"] == "between: low 1.3, high 1.8, sure 0.9, shape lognormal"
