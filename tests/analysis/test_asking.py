"""What may be asked, in words: what they mean, and what is said where they mean nothing."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sibmodel.analysis.asking import Trials, events, figures, read_question, read_target
from sibmodel.analysis.asking.trials import in_base_case
from sibmodel.analysis.estimates import estimate
from sibmodel.errors import NotFoundError
from sibmodel.lines import evaluate
from sibmodel.metrics import expected_shortfall
from sibmodel.model import Model, build
from sibmodel.simulation import simulate
from tests.deals import small


@pytest.fixture(scope="module")
def model() -> Model:
    return build(small({"assumptions.effect": {"normal": {"mean": 0.1, "sd": 0.06}}}))


@pytest.mark.parametrize(
    ("text", "statistic", "figure", "sense", "goal"),
    [
        ("irr=5%", "base", "irr", "=", 0.05),
        ("Investor IRR ≥ 5%", "base", "irr", ">=", 0.05),
        ("mean npv = 0", "mean", "npv", "=", 0.0),
        ("expected bill <= £6m", "mean", "payments", "<=", 6e6),
        ("p95 payments at most £1.5m", "percentile", "payments", "<=", 1.5e6),
        ("median irr > 3%", "percentile", "irr", ">=", 0.03),
        ("worst 5% npv >= -£200k", "worst", "npv", ">=", -2e5),
        ("Charity margin = £50,000", "base", "Charity margin", "=", 5e4),
        ("Senior moic >= 1.1", "base", "Senior moic", ">=", 1.1),
        ("payback <= 48", "base", "payback", "<=", 48.0),
        ("P(loss) <= 20%", "chance", "loss", "<=", 0.2),
        ("P(investor irr >= 5%) >= 80%", "chance", "irr >= 5%", ">=", 0.8),
        ("chance of (provider cash below zero) < 5%", "chance", "provider cash below zero", "<=", 0.05),
    ],
)
def test_words_mean(model: Model, text: str, statistic: str, figure: str, sense: str, goal: float) -> None:
    found = read_target(text, model)
    assert found.question.statistic.name == statistic
    assert (found.question.of.name, found.sense) == (figure, sense)
    assert found.goal == pytest.approx(goal, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("irr", "it needs a sign and a value"),
        ("irr >=", "it needs a sign and a value"),
        ("ir = 5%", 'Did you mean "irr"?'),
        ("mean npw = 0", 'Did you mean "npv"?'),
        ("chartiy margin = 5", 'Did you mean "charity margin"?'),
        ("mean irr = 5%", "the return of nothing"),
        ("irr = £5", "Leave out the pound sign"),
        ("loss = 5%", "ask for its chance, P(loss)"),
        ("P(los) <= 5%", 'Did you mean "loss"?'),
        ("P(irr = 5%) >= 5%", "hardly ever happens exactly"),
        ("P(provider cash below reserves) <= 5%", 'Did you mean "provider cash below zero"?'),
    ],
)
def test_words_that_mean_nothing_are_told_what_would(model: Model, text: str, said: str) -> None:
    with pytest.raises(NotFoundError, match=re.escape(said)):
        read_target(text, model)


def test_what_can_be_asked_is_listed(model: Model) -> None:
    with pytest.raises(NotFoundError) as found:
        read_question("nonsense", model)
    for name in ("irr", "npv", "Senior irr", "Fund payments", "Charity margin", "true effect", "peak funding need"):
        assert name in str(found.value)


def test_figures_are_those_of_a_run(model: Model) -> None:
    simulation = simulate(model, 700, seed=3)
    names = {"npv": "npv", "irr": "irr", "payments": "payments", "true effect": "true_reduction"}
    asked = [figures(model)[name] for name in names] + [events(model)["loss"]]
    found = Trials(model, asked, (), 700, 3).at()
    for name, other in names.items():
        np.testing.assert_allclose(found[name], simulation.figures[other], rtol=1e-9, atol=1e-6)
    lost = simulation.figures["received"] < simulation.figures["invested"] - 0.005
    assert (found["loss"] == lost).all()
    base = evaluate(model.book.lines, model.book.periods)
    here = in_base_case(model, [figures(model)["npv"]], {})
    assert here["npv"][0] == pytest.approx(base.figure(model.returns.everyone.npv), rel=1e-12)


def test_statistics_are_what_they_say(model: Model) -> None:
    values = np.random.default_rng(1).normal(3, 2, 4_000)
    for text, wanted in (
        ("mean npv", values.mean()),
        ("p95 npv", np.quantile(values, 0.95)),
        ("worst 10% npv", expected_shortfall(values, 0.1)),
    ):
        found = estimate(read_question(text, model).statistic, values)
        assert found.value == pytest.approx(wanted)
        assert 0 < found.error < 0.2
