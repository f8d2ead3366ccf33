"""Measurement against closed forms, another program's quantiles and simulated error rates.

The figures in the tables are those of METHOD, sections 2.3 and 2.7, to the precision in which they stand there.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from sibmodel.deal import Deal
from sibmodel.measurement import COUNT, dispersion, pass_probability, standard_error
from sibmodel.model import build
from sibmodel.simulation import Simulation, simulate
from tests.deals import EVENTS, Floats, by_cohort, data, deal_of, small_base

MEAN, SHAPE, CONTROLS = 1.55, 0.693, 10


def sampled(uniforms: Floats, mean: float, shape: float) -> Floats:
    many = np.atleast_1d(uniforms)
    return COUNT.sample(many[None, :], np.full(many.size, mean), np.full(many.size, shape))


# ── dispersion ─────────────────────────────────────────────────────────────────────────────────


def test_dispersion_of_peterboroughs_comparison_group() -> None:
    assert round(dispersion(0.557, MEAN), 3) == SHAPE


@pytest.mark.parametrize(
    ("share", "mean", "shape", "variance_to_mean"),
    [
        (0.557, 1.55, 0.69, 3.2),  # Peterborough, cohort 1, comparison group, events in 12 months
        (0.534, 1.42, 0.67, 3.1),  # the men served
        (0.42, 1.74, 0.27, 7.4),  # City & Guilds, reoffences
        (0.56, 2.05, 0.51, 5.0),  # Leeds integrated offender management, reoffences
        (0.25, 0.88, 0.15, 6.9),  # Brighton Women's Centre, reoffences
        (0.454, 2.13, 0.28, 8.6),  # community rehabilitation companies, 2015-16, reoffences
        (0.262, 0.76, 0.19, 5.1),  # England and Wales, 2011-12, reoffences
    ],
)
def test_dispersion_of_published_rates(share: float, mean: float, shape: float, variance_to_mean: float) -> None:
    found = dispersion(share, mean)
    assert round(found, 2) == shape
    assert round(1 + mean / found, 1) == variance_to_mean


@pytest.mark.parametrize(("share", "mean"), [(0.404, 0.74), (0.406, 0.81), (0.410, 0.85), (0.403, 0.84), (0.386, 0.78)])
def test_dispersion_of_peterboroughs_six_month_rates(share: float, mean: float) -> None:
    """Five periods from 2005 to 2012: 0.56 to 0.76."""
    assert 0.56 <= round(dispersion(share, mean), 2) <= 0.76


@given(st.floats(0.01, 0.95), st.floats(0.05, 20))
def test_dispersion_gives_back_the_share_with_any_event(share: float, mean: float) -> None:
    if share >= 0.999 * -np.expm1(-mean):  # so near to Poisson that the shape has no bound
        return
    shape = dispersion(share, mean)
    assert 1 - (1 + mean / shape) ** -shape == pytest.approx(share, rel=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.79, 1.0])
def test_a_share_that_no_shape_fits_is_refused(share: float) -> None:
    """Poisson, the least dispersed, gives 78.8 % with any event at a mean of 1.55."""
    with pytest.raises(ValueError, match=r"must lie between 0 and 0\.788"):
        dispersion(share, MEAN)


# ── the count ──────────────────────────────────────────────────────────────────────────────────


def test_moments_of_a_cohorts_count() -> None:
    """A thousand people: mean 1,550, standard deviation 70.83 (METHOD, section 8)."""
    uniforms = (np.arange(200_000) + 0.5) / 200_000  # every quantile once: no luck in it
    counts = sampled(uniforms, 1000 * MEAN, 1000 * SHAPE)
    assert counts.mean() == pytest.approx(1550, abs=0.01)
    assert counts.std() == pytest.approx(70.83, abs=0.01)
    assert np.sqrt(1000 * (MEAN + MEAN**2 / SHAPE)) == pytest.approx(70.83, abs=0.005)


def test_a_sum_of_people_is_one_count(rng: np.random.Generator) -> None:
    """Thirty people's counts added up have the distribution of one count with thirty times mean and shape."""
    people = sampled(rng.random(30 * 20_000), MEAN, SHAPE).reshape(30, -1).sum(axis=0)
    one = nbinom(30 * SHAPE, SHAPE / (SHAPE + MEAN))
    for level in (10, 35, 45, 60, 90):
        share = float((people <= level).mean())
        error = np.sqrt(one.cdf(level) * one.sf(level) / people.size)
        assert abs(share - one.cdf(level)) < 4 * error


@pytest.mark.parametrize("mean", [0.02, 0.5, 1.55, 15.5, 240.0, 1550.0, 15_500.0, 150_000.0])
@pytest.mark.parametrize("shape", [0.05, 0.15, 0.693, 7.3, 69.3, 693.0, 6930.37])
def test_counts_are_the_quantiles_of_another_program(mean: float, shape: float, rng: np.random.Generator) -> None:
    """SciPy's, by another route. Shapes need not be whole."""
    ends = [2.0**-54, 1e-12, 1e-9, 1e-6, 1e-3, 1 - 1e-3, 1 - 1e-6, 1 - 1e-9]
    uniforms = np.concatenate([rng.random(60), ends])
    with np.errstate(all="ignore"):
        expected = nbinom.ppf(uniforms, shape, shape / (shape + mean))
    assert np.array_equal(sampled(uniforms, mean, shape), expected)


@given(st.floats(0.01, 2000), st.floats(0.05, 2000), st.floats(1e-9, 1 - 1e-9))
def test_a_count_is_the_least_that_reaches_its_probability(mean: float, shape: float, uniform: float) -> None:
    (count,) = sampled(np.array([uniform]), mean, shape)
    probability = shape / (shape + mean)
    assert count >= 0
    assert count == np.floor(count)
    assert nbinom.cdf(count, shape, probability) >= uniform * (1 - 1e-9)
    if count > 0:
        assert nbinom.cdf(count - 1, shape, probability) < uniform * (1 + 1e-9)


def test_the_far_ends_of_luck_stay_counts() -> None:
    """The largest and the smallest uniform number that the generator can give."""
    for mean, shape in ((1550.0, 693.0), (0.1, 0.01), (15_500.0, 6930.0), (5e6, 2e6)):
        low, high = sampled(np.array([2.0**-54, 1 - 2.0**-53]), mean, shape)
        assert 0 <= low < mean < high < np.inf


def test_nobody_is_convicted_where_none_is_expected() -> None:
    assert np.array_equal(sampled(np.array([1e-9, 0.5, 1 - 1e-9]), 0.0, 693.0), np.zeros(3))
    assert np.array_equal(sampled(np.array([0.5]), 0.0, 0.0), np.zeros(1))  # nobody in the cohort at all


def test_counts_rise_with_luck_and_with_the_mean() -> None:
    uniforms = np.linspace(0.001, 0.999, 997)
    counts = sampled(uniforms, 1550.0, 693.0)
    assert (np.diff(counts) >= 0).all()
    assert (sampled(uniforms, 1600.0, 693.0) >= counts).all()


# ── error and chance of passing, in closed form ────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("people", "poisson", "plain", "three", "five"),
    [
        (300, 4.9, 8.8, 9.3, 10.1),
        (404, 4.2, 7.5, 8.1, 9.0),
        (1000, 2.7, 4.8, 5.7, 6.9),
        (2000, 1.9, 3.4, 4.5, 6.0),
        (3000, 1.5, 2.8, 4.1, 5.7),
    ],
)
def test_spread_of_the_measured_reduction(people: int, poisson: float, plain: float, three: float, five: float) -> None:
    """Percentage points without a true effect; a Poisson count is a shape without bound."""
    assert round(100 * standard_error(people, MEAN, 1e12, CONTROLS), 1) == poisson
    for matching, points in ((0.0, plain), (0.03, three), (0.05, five)):
        assert round(100 * standard_error(people, MEAN, SHAPE, CONTROLS, 0.0, matching), 1) == points


MATCHING = (0.0, 0.03, 0.05)
PASSES = {  # of 1,000 at 10 %, of 2,000 and of 3,000 at 7.5 %, each by matching error
    0.0: ((0.014, 0.031, 0.064), (0.011, 0.042, 0.098), (0.002, 0.028, 0.086)),
    0.05: ((0.13, 0.17, 0.22), (0.22, 0.28, 0.33), (0.17, 0.26, 0.32)),
    0.075: ((0.29, 0.32, 0.35), (0.50, 0.50, 0.50), (0.50, 0.50, 0.50)),
    0.10: ((0.50, 0.50, 0.50), (0.79, 0.73, 0.67), (0.84, 0.75, 0.68)),
    0.125: ((0.72, 0.69, 0.66), (0.95, 0.89, 0.82), (0.98, 0.91, 0.83)),
    0.15: ((0.88, 0.84, 0.79), (0.99, 0.97, 0.92), (1.00, 0.98, 0.93)),
    0.20: ((0.99, 0.98, 0.95), (1.00, 1.00, 0.99), (1.00, 1.00, 0.99)),
}


@pytest.mark.parametrize("effect", PASSES)
def test_chance_of_passing(effect: float) -> None:
    digits = 3 if effect == 0 else 2
    for (people, test), printed in zip(((1000, 0.10), (2000, 0.075), (3000, 0.075)), PASSES[effect], strict=True):
        error = standard_error(people, MEAN, SHAPE, CONTROLS, effect, np.array(MATCHING))
        found = pass_probability(effect, test, error)
        assert np.abs(found - printed).max() <= 0.5 * 10**-digits + 1e-12


# ── the model's own lines ──────────────────────────────────────────────────────────────────────


def test_in_the_base_case_the_measured_effect_is_the_true_one() -> None:
    case = small_base({"assumptions.effect": by_cohort(First=0.05, Second=-0.02)})
    lives = case.model.outcomes.lives[EVENTS]
    for cohort, life, effect in zip(case.measured.cohorts, lives, (0.05, -0.02), strict=True):
        assert life.effect is not None
        assert case.figure(life.effect) == effect
        assert case.figure(cohort.truth.effect) == pytest.approx(effect, abs=1e-12)
        assert case.figure(cohort.effect) == pytest.approx(effect, abs=1e-12)
        assert case.figure(cohort.avoided) == pytest.approx(case.figure(cohort.truth.avoided))


def test_a_worse_comparison_group_looks_like_an_effect() -> None:
    """A comparison rate 5 % too high in logs makes 1 − exp(−0.05) of nothing, and for all cohorts alike."""
    case = small_base({"assumptions.effect": 0, "assumptions.matching_error": 0.05})
    for cohort in case.measured.cohorts:
        assert case.figure(cohort.truth.effect) == 0
        assert case.figure(cohort.effect) == pytest.approx(-np.expm1(-0.05))
    assert case.figure(case.measured.effect) == pytest.approx(-np.expm1(-0.05))


def test_everyone_eligible_is_measured() -> None:
    """Intention to treat: an effect of 20 % among the 60 % who engage is one of 12 % over all, in all three names."""
    case = small_base({"assumptions.effect": 0.2, "assumptions.effect_among": "engaged", "assumptions.engagement": 0.6})
    first = case.measured.cohorts[0]
    assert case.figure(first.truth.effect) == pytest.approx(0.12)
    assert case.figure(first.effect) == pytest.approx(0.12)
    assert case.figure_of(f"People compared, First, {EVENTS}") == pytest.approx(10 * 1000)


def test_nobody_eligible_is_no_effect() -> None:
    case = small_base({"assumptions.volume": by_cohort(First=0.0, Second=1.0)})
    first = case.measured.cohorts[0]
    assert case.figure(first.effect) == 0
    assert case.figure(first.avoided) == 0
    assert case.figure(case.measured.effect) == pytest.approx(0.12)


SIMULATED = 16_384
TESTS = {"cohort": 0.10, "pool": 0.075}


def three_cohorts(effect: float, matching: float) -> Deal:
    """Three cohorts of 1,000 with the tests of Peterborough, nothing uncertain but counts and matching."""
    plain = data()
    plain["cohorts"] = [
        {"name": name, "people": 1000, "referrals": {"start": start, "months": 10}}
        for name, start in (("A", "2027-04"), ("B", "2028-04"), ("C", "2029-04"))
    ]
    plain["assumptions"]["effect"] = effect
    plain["assumptions"]["matching_error"] = {"normal": {"mean": 0, "sd": matching}} if matching else 0
    return deal_of(plain)


def exactly(effect: float, matching: float, test: float, people: int) -> float:
    """P(a cohort passes), without approximation: over all counts of the comparison group, and over its bias."""
    controls = people * CONTROLS
    compared = nbinom(controls * SHAPE, SHAPE / (SHAPE + MEAN))
    mean = MEAN * (1 - effect)
    served = nbinom(people * SHAPE, SHAPE / (SHAPE + mean))
    counts = np.arange(compared.ppf(1e-12), compared.ppf(1 - 1e-12) + 1)
    weights = compared.pmf(counts)
    nodes, mass = np.polynomial.hermite_e.hermegauss(41 if matching else 1)
    chances = [
        (weights * served.cdf(np.floor((1 - test) * counts / CONTROLS * np.exp(matching * node) + 1e-9))).sum()
        for node in nodes
    ]
    return float(np.dot(mass / mass.sum(), chances))


@pytest.fixture(scope="module", params=[(0.0, 0.0), (0.0, 0.05), (0.10, 0.0), (0.10, 0.05)], ids=str)
def setting(request: pytest.FixtureRequest) -> tuple[float, float, Simulation]:
    effect, matching = request.param
    with np.errstate(all="raise"):
        return effect, matching, simulate(build(three_cohorts(effect, matching)), SIMULATED, seed=11)


def test_simulated_cohorts_pass_as_often_as_they_should(setting: tuple[float, float, Simulation]) -> None:
    effect, matching, simulation = setting
    exact = exactly(effect, matching, TESTS["cohort"], 1000)
    error = np.sqrt(exact * (1 - exact) / SIMULATED)
    for name in "ABC":
        share = (simulation.figures[f"measured_reduction, {name}"] >= TESTS["cohort"]).mean()
        assert abs(share - exact) < 4 * error
    formula = pass_probability(effect, TESTS["cohort"], standard_error(1000, MEAN, SHAPE, CONTROLS, effect, matching))
    assert formula == pytest.approx(exact, abs=0.01)  # METHOD 2.7: "agrees to within 1 point"


def test_simulated_pools_pass_as_often_as_the_formula_says(setting: tuple[float, float, Simulation]) -> None:
    effect, matching, simulation = setting
    share = (simulation.figures["measured_reduction"] >= TESTS["pool"]).mean()
    formula = pass_probability(effect, TESTS["pool"], standard_error(3000, MEAN, SHAPE, CONTROLS, effect, matching))
    exact = exactly(effect, matching, TESTS["pool"], 3000)  # of the ratio of sums; that of means is a hair away
    assert abs(share - exact) < 4 * np.sqrt(exact * (1 - exact) / SIMULATED)
    assert formula == pytest.approx(exact, abs=0.01)


PRINTED = {  # any cohort at 10 %, the pool at 7.5 %, any payment: 400,000 simulations (METHOD 2.7)
    (0.0, 0.0): (0.047, 0.003, 0.048),
    (0.0, 0.05): (0.152, 0.088, 0.159),
    (0.10, 0.0): (0.88, 0.84, 0.91),
    (0.10, 0.05): (0.75, 0.69, 0.77),
}


def test_the_whole_rule_pays_as_often_as_it_should(setting: tuple[float, float, Simulation]) -> None:
    effect, matching, simulation = setting
    figures = simulation.figures
    any_cohort = np.any([figures[f"measured_reduction, {name}"] >= TESTS["cohort"] for name in "ABC"], axis=0)
    pool = figures["measured_reduction"] >= TESTS["pool"]
    digits = 3 if effect == 0 else 2
    for found, printed in zip((any_cohort, pool, figures["payments"] > 0), PRINTED[effect, matching], strict=True):
        error = np.sqrt(printed * (1 - printed) * (1 / SIMULATED + 1 / 400_000))
        assert abs(found.mean() - printed) < 4 * error + 0.5 * 10**-digits


def test_the_matching_error_is_the_same_for_all_cohorts_and_the_counts_are_not() -> None:
    """Without a common error cohorts' measured effects are independent; with one, they share its variance."""
    for matching in (0.0, 0.05):
        figures = simulate(build(three_cohorts(0.0, matching)), 8192, seed=5).figures
        together = np.corrcoef([figures[f"measured_reduction, {name}"] for name in "ABC"])
        variance = standard_error(1000, MEAN, SHAPE, CONTROLS) ** 2
        expected = matching**2 / (matching**2 + variance)
        for pair in (together[0, 1], together[0, 2], together[1, 2]):
            assert abs(pair - expected) < 4 / np.sqrt(8192)
