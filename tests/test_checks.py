"""Do the checks hold where they should, and fail where something is wrong?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sibmodel.deals import examples
from sibmodel.lines import Values, evaluate
from sibmodel.model import Model, build
from sibmodel.simulation.paths import Luck
from tests.deals import data, deal_of

BASE_CASE_OF_THE_DEAL = ("Bills are paid", "decided in time")
"""Checks that speak of the deal and not of our arithmetic: a path may fail them."""


def failing(model: Model, values: Values) -> set[str]:
    return {check.name for check in model.checks.every if not values.figure(check.holds)}


def checked(plain: dict[str, Any], **changes: float) -> set[str]:
    """The names of the failing checks of a deal, with some of its inputs (by path) at other values."""
    model = build(deal_of(plain))
    columns = {cell: np.array([changes[cell.path]]) for cell in model.book.inputs if cell.path in changes}
    values = evaluate(model.book.lines, model.book.periods, columns)
    found = failing(model, values)
    assert values.figure(model.checks.failing) == len(found)
    return found


@pytest.mark.parametrize("name", [example.name for example in examples()])
def test_all_hold_in_the_base_case_of_every_example(name: str) -> None:
    model = build(next(one for one in examples() if one.name == name).deal())
    values = evaluate(model.book.lines, model.book.periods)
    assert failing(model, values) == set()
    assert len(model.checks.every) >= 14


@pytest.mark.parametrize("name", [example.name for example in examples()])
def test_our_arithmetic_holds_in_every_path(name: str) -> None:
    model = build(next(one for one in examples() if one.name == name).deal())
    columns, draws = Luck(model, 1, 0).cut(slice(0, 300))
    values = evaluate(model.book.lines, model.book.periods, columns, draws)
    for check in model.checks.every:
        if not any(part in check.name for part in BASE_CASE_OF_THE_DEAL):
            assert np.all(values[check.holds] == 1), check.name


def test_a_small_deal_holds() -> None:
    assert checked(data()) == set()


def test_commitments_that_do_not_cover_the_bills() -> None:
    plain = data()
    for tranche in plain["funding"]["tranches"]:
        tranche["commitment"] = 10_000
    plain["assumptions"]["effect"] = 0.0
    assert checked(plain) == {"Bills are paid in the end", "Bills are paid at once"}


def test_bills_that_outcomes_pay_late() -> None:
    plain = data()
    for tranche in plain["funding"]["tranches"]:
        tranche["commitment"] = 100_000
    assert checked(plain) == {"Bills are paid at once"}


def test_decisions_beyond_the_timeline() -> None:
    assert checked({**data(), "months": 45}) == {"Tariff: decided in time"}


def test_payers_that_bear_too_little() -> None:
    broken = checked(data(), **{"payments[0].payers[0].share": 0.5})
    assert broken == {"Tariff: payers bear all of it"}


def test_financial_years_that_no_longer_fit_the_months() -> None:
    plain = {**data(), "start": "2027-04", "months": 48}
    plain["providers"][0]["mobilisation"]["start"] = "2027-04"
    for cohort, first in zip(plain["cohorts"], ("2027-07", "2028-07"), strict=True):
        cohort["referrals"]["start"] = first
    assert checked(plain) == set()
    assert checked(plain, start=2027 * 12 + 4.0) == {"Financial years add up"}


def test_a_cap_is_never_passed() -> None:
    plain = data()
    plain["payments"][0]["cap"] = 100_000
    model = build(deal_of(plain))
    assert "Tariff: within the cap" in {check.name for check in model.checks.every}
    assert checked(plain) == set()
