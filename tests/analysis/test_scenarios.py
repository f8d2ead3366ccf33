"""Scenarios calculated: those that are other numbers of the same model, and those that are another model."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.analysis.scenarios import scenario_cases
from sibmodel.lines import Line, difference, evaluate
from sibmodel.model import Model, build
from tests.deals import data, deal_of


def made(**changes: Any) -> tuple[Model, Any]:
    deal = deal_of({**data(), "scenarios": [{"name": "Other", "changes": changes}]})
    model = build(deal)
    (case,) = scenario_cases(deal, model)
    return model, case


def figures(model: Model) -> dict[str, Line]:
    return {"npv": model.returns.everyone.npv, "paid": model.commissioning.paid_in_all}


def test_a_scenario_of_numbers_is_the_same_model_with_other_inputs() -> None:
    model, case = made(**{"payments[0].price": 9_000, "cohorts[0].people": 800, "assumptions.engagement": "50%"})
    assert case.live
    assert {cell.path: value for cell, value in case.values.items()}["payments[0].price"] == 9_000
    columns = {cell: [value] for cell, value in case.values.items()}
    values = evaluate(model.book.lines, model.book.periods, columns)  # type: ignore[arg-type]
    for line in figures(model).values():
        assert values.figure(line) == pytest.approx(case.figure(line, model), rel=1e-12)
        assert values.figure(line) != evaluate(model.book.lines, model.book.periods).figure(line)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"months": 96}, "it has 96 periods instead of 72"),
        ({"payments[0].fallback": "none"}, "in the place of"),
        ({"payments[0].cap": "£1m"}, ""),
        ({"providers[0].margin": "3%", "assumptions.delay_months": 2}, None),
    ],
)
def test_a_scenario_of_another_structure_says_why(changes: dict[str, Any], why: str | None) -> None:
    model, case = made(**changes)
    if why is None:
        assert case.live
    else:
        assert not case.live
        assert why in case.problem
        assert case.values == {}
        assert case.figure(model.returns.everyone.npv, model) is not None


def test_a_scenario_that_no_longer_fits_is_told_and_calculated_no_further() -> None:
    plain = {**data(), "scenarios": [{"name": "Low", "changes": {"assumptions.effect.base": 0.02}}]}
    by_cohort = {"by_cohort": {"First": 0.03, "Second": 0.05}}
    deal = deal_of(plain).replace("assumptions.effect", by_cohort)
    (case,) = scenario_cases(deal, build(deal))
    assert "does not fit the deal" in case.problem
    assert case.base is None


def test_two_models_of_one_deal_do_not_differ() -> None:
    assert difference(build(deal_of(data())).book, build(deal_of(data())).book) == ""
