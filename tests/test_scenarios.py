"""Scenarios of a deal: how they are read, what they change, and what is wrong with some."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.deal import Deal
from sibmodel.deals import examples
from sibmodel.errors import DealError, NotFoundError
from sibmodel.files import read_terms, write_yaml
from tests.deals import SMALL, data, deal_of

LOW = {"name": "Low", "changes": {"payments[0].price": "£9,000", "assumptions.effect.base": "4%"}}


def with_scenarios(*scenarios: dict[str, Any]) -> dict[str, Any]:
    return {**data(), "scenarios": list(scenarios)}


def test_all_changes_of_a_scenario_are_made() -> None:
    deal = deal_of(with_scenarios(LOW))
    low = deal.in_scenario("Low")
    assert (low.payments[0].price, low.assumptions.effect.base) == (9_000, 0.04)
    assert low.assumptions.effect.distribution == deal.assumptions.effect.distribution
    assert low.scenarios == ()
    assert deal.scenarios[0].source == "assumed"


def test_changes_that_hold_only_together_are_made_together() -> None:
    """Cohorts and what is believed of each by name: either alone would be refused."""
    plain = with_scenarios()
    cohorts = [{**plain["cohorts"][0], "name": "New"}, plain["cohorts"][1]]
    by_cohort = {"by_cohort": {"New": 0.03, "Second": 0.05}}
    plain["assumptions"]["effect"] = {"by_cohort": {"First": 0.08, "Second": 0.05}}
    plain["scenarios"] = [{"name": "Other", "changes": {"cohorts": cohorts, "assumptions.effect": by_cohort}}]
    assert deal_of(plain).in_scenario("Other").assumptions.effect.cohorts == ("New", "Second")


def test_a_scenario_may_say_what_the_deal_leaves_out() -> None:
    deal = deal_of(with_scenarios({"name": "Capped", "changes": {"payments_cap": "£1m", "payments[0].cap": "£2m"}}))
    capped = deal.in_scenario("Capped")
    assert (capped.payments_cap, capped.payments[0].cap) == (1e6, 2e6)


def test_a_written_deal_keeps_its_scenarios() -> None:
    deal = deal_of(
        with_scenarios(
            LOW, {"name": "Odd: one", "changes": {"assumptions.effect": {"uniform": {"low": 0, "high": "10%"}}}}
        )
    )
    assert read_terms(write_yaml(deal), Deal) == deal


def test_a_change_of_another_term_leaves_scenarios_as_they_are() -> None:
    deal = deal_of(with_scenarios(LOW))
    assert deal.replace("payments[0].price", 12_000).in_scenario("Low").payments[0].price == 9_000
    with pytest.raises(DealError, match="payments"):
        deal.replace("scenarios[0].changes", {"payments[0].price": -1})


def test_a_scenario_that_no_longer_fits_is_refused_when_it_is_asked_for() -> None:
    by_cohort = {"by_cohort": {"First": 0.03, "Second": 0.05}}
    deal = deal_of(with_scenarios(LOW)).replace("assumptions.effect", by_cohort)
    with pytest.raises(DealError, match="stands beside by_cohort"):
        deal.in_scenario("Low")


@pytest.mark.parametrize(
    ("scenarios", "path", "words"),
    [
        ([LOW, LOW], "scenarios", '2 of the scenarios are named "Low"'),
        ([{"name": "base case", "changes": {"months": 60}}], "scenarios[0].name", "always there"),
        ([{"name": "Low", "changes": {}}], "scenarios[0].changes", "no changes"),
        ([{"name": "A", "changes": {"payments[0].prise": 1}}], 'scenarios[0].changes["payments[0].prise"]', '"price"'),
        ([{"name": "Low", "changes": {"payments[0].price": -1}}], 'scenarios[0].changes["payments[0].price"]', "Low"),
        ([{"name": "Low", "changes": {"scenarios": []}}], "scenarios[0].changes.scenarios", "no scenarios"),
        (
            [{"name": "Low", "changes": {"payments[0].price": 1, "payments[Tariff].price": 2}}],
            "scenarios[0].changes",
            "changed twice",
        ),
        (
            [{"name": "Low", "changes": {"months": 5, "payments[0].price": 1}}],
            "scenarios[0].changes",
            "In the scenario Low",
        ),
        ([{"name": str(one), "changes": {"months": 90}} for one in range(13)], "scenarios", "Keep at most 12"),
        ([{"nam": "Low", "changes": {"months": 90}}], "scenarios[0].nam", '"name"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_its_place(scenarios: list[dict[str, Any]], path: str, words: str) -> None:
    with pytest.raises(DealError) as raised:
        deal_of(with_scenarios(*scenarios))
    found = [one for one in raised.value.problems if one.path == path]
    assert any(words in f"{one.message} {one.fix}" for one in found), str(raised.value)


def test_a_fault_names_the_line_of_its_change() -> None:
    text = SMALL + "scenarios:\n  - name: Low\n    changes:\n      months: 90\n      payments[0].price: ten\n"
    with pytest.raises(DealError) as raised:
        read_terms(text, Deal)
    assert [problem.place for problem in raised.value.problems] == [f"line {len(text.splitlines())}"]


def test_an_unknown_scenario_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match="There are: Low"):
        deal_of(with_scenarios(LOW)).in_scenario("High")
    with pytest.raises(NotFoundError, match="It has none"):
        deal_of(data()).in_scenario("High")


def test_three_examples_have_a_low_and_a_high() -> None:
    named = {one.name: [scenario.name for scenario in one.deal().scenarios] for one in examples()}
    assert [name for name, found in named.items() if found == ["Low", "High"]] == [
        "peterborough",
        "through-the-gate",
        "yorkshire-and-humber",
    ]
