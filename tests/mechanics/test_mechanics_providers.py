"""Providers' terms written as deal files: guaranteed referrals, costs outside the bond, a consortium; by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibmodel.deal import Deal
from sibmodel.files import read_terms
from sibmodel.providers import ProviderCash
from tests.deals import Case, base_case, when

HERE = Path(__file__).parent


def read(name: str) -> Deal:
    return read_terms(HERE / f"{name}.yaml", Deal)


def of(case: Case, name: str) -> ProviderCash:
    return next(one for one in case.model.provider_cash if one.name == name)


def test_guaranteed_referrals() -> None:
    made = base_case(read("37-guaranteed-referrals"))
    one = of(made, "Charity")
    assert made.figure(one.income) == pytest.approx(450_000 + 168_750)
    assert made.figure_of("Outcome payments in all") == pytest.approx(0.75 * 1_500 * 1.55 * 0.12 * 10_000)
    assert made.row(one.received)[[3, 15]] == pytest.approx([75 * 400 + 15 * 250, 37.5 * 400 + 52.5 * 250])
    assert made.figure(made.model.checks.failing) == 0


def test_costs_outside_the_bond() -> None:
    made = base_case(read("40-costs-outside-the-bond"))
    assert sum(made.row(line).sum() for line in made.model.funding.outflows[:1]) == pytest.approx(960_000)
    closing = {one.name: made.row(one.cash.closing)[-1] for one in made.model.provider_cash}
    assert closing == pytest.approx({"With a grant": 0, "From reserves": -5_000, "By an advance": -30_000}, abs=1e-6)
    assert made.figure(of(made, "From reserves").worst) == pytest.approx(5_000)
    bills = when(made.row(made.model.providers[2].bill.line))
    expected = {**dict.fromkeys((1, 2, 3), 10_000), **dict.fromkeys(range(4, 19), 8_000)}
    assert bills == pytest.approx(expected | dict.fromkeys(range(19, 31), 10_000))


def test_a_consortium() -> None:
    made = base_case(read("41-consortium").replace("assumptions.cost_overrun", 0).replace("assumptions.effect", "12%"))
    budget = 20_000 * 0.5 * 1.1 * 1.05 * 1.05
    assert made.row_of("Lead: budgeted cost")[3] == pytest.approx(budget)
    assert made.row_of("Lead: bill")[3] == pytest.approx(budget * 1.05)
    # Nobody completes the specialist's service before period 10: 100 x 12 % x 90 % at £500.
    assert made.row_of("Specialist: basic pay")[9] == pytest.approx(5_400)
    centre = made.row_of("Women's centre: bill")
    assert centre[[3, 14]] == pytest.approx([9_000, 12 * 10_000 - 10 * 9_000])
    assert centre.sum() == pytest.approx(27 * 10_000)
    assert made.row_of("Budget holder: bill").sum() == pytest.approx(2_700)
    assert made.row_of("Housing partner: bill").sum() == pytest.approx(90_000)
    assert made.row_of("Court team: real cost").sum() == pytest.approx(15 * 3_000 + 4_000)
    assert made.row_of("Court team: bill").sum() == pytest.approx(40_000)
    failing = [check.name for check in made.model.checks.every if made.figure(check.holds) != 1]
    assert failing == ["Bills are paid at once"]  # commitments are short on purpose: providers carry the deal
