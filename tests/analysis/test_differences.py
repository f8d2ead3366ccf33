"""Differences of two deals: every change is found, and the steps lead from the one's figures to the other's."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sibmodel.analysis.differences import changes_between, difference
from sibmodel.cli import main
from sibmodel.deal import Deal
from sibmodel.deals import find, read
from sibmodel.errors import NotFoundError
from sibmodel.views.differences import screen
from tests.deals import data, deal_of, small


def uncertain(**changes: object) -> Deal:
    plain = data()
    plain["assumptions"] |= {"effect": {"normal": {"mean": 0.1, "sd": 0.05}}, **changes}
    return deal_of(plain)


def test_every_change_is_found_with_its_path_before_and_after() -> None:
    one = small()
    other = one.replace("payments[0].price", 20_000).replace("months", one.months + 6)
    found = {change.path: (change.before, change.after) for change in changes_between(one, other)}
    assert found == {
        "payments[0].price": (one.plain()["payments"][0]["price"], 20_000),
        "months": (one.months, one.months + 6),
    }


def test_a_deal_does_not_differ_from_itself() -> None:
    for name in ("peterborough", "through-the-gate"):
        assert changes_between(read(name), read(name)) == ()


def test_another_member_of_a_list_is_one_change() -> None:
    plain = data()
    plain["providers"] = [*plain["providers"], {"name": "Another", "fixed_per_month": 100}]
    (change,) = changes_between(small(), deal_of(plain))
    assert change.path == "providers"


def test_the_steps_lead_from_one_deal_to_the_other() -> None:
    """What the steps moved adds up to the whole, and the last step is the other deal by itself."""
    one = uncertain()
    other = one.replace("payments[0].price", 20_000).replace("assumptions.cost_overrun", 0.1)
    found = difference(("A", "B"), one, other, paths=400)
    assert [[change.path for change in step.changes] for step in found.steps] == [
        [],
        ["payments[0].price"],
        ["assumptions.cost_overrun"],
    ]
    alone = difference(("B", "B"), other, other, paths=400).steps[0].figures
    for name, last in found.steps[-1].figures.items():
        assert last.value == pytest.approx(alone[name].value, nan_ok=True)
    for name in ("npv", "mean npv", "mean payments", "P(loss)"):
        moved = sum(step.moved[name].value for step in found.steps[1:])
        assert moved == pytest.approx(found.steps[-1].figures[name].value - found.steps[0].figures[name].value)


def test_on_the_same_luck_a_difference_is_surer_than_the_figures() -> None:
    one = uncertain()
    found = difference(("A", "B"), one, one.replace("payments[0].price", one.payments[0].price * 1.03), paths=2_000)
    step = found.steps[1]
    assert step.moved["mean npv"].value > 0
    assert 0 < step.moved["mean npv"].error < step.figures["mean npv"].error / 3


def test_what_holds_together_only_at_the_end_is_one_step() -> None:
    """A cohort's new name is wrong until the beliefs about it have it too."""
    plain = data()
    name = plain["cohorts"][0]["name"]
    renamed = json.loads(json.dumps(plain).replace(json.dumps(name), json.dumps("Another name")))
    one, other = deal_of(plain), deal_of(renamed)
    found = difference(("A", "B"), one, other, paths=100)
    assert found.steps[-1].figures["npv"].value == pytest.approx(found.steps[0].figures["npv"].value)


def test_a_change_of_words_moves_nothing() -> None:
    found = difference(("A", "B"), small(), small({"name": "Another title"}), paths=100)
    assert len(found.steps) == 1
    assert "No figure hangs on what changed." in screen(found)


def test_each_tranche_has_its_own_figures_where_there_are_several() -> None:
    """On the screen they have the words of the base case. Of a tranche that is alone there is nothing apart."""
    one = read("through-the-gate")
    found = difference(("A", "B"), one, one.replace("payments[0].price", 30_000), paths=100)
    names = [tranche.name for tranche in one.funding.tranches]
    assert len(names) > 1
    base = [f"{name} {what}" for name in names for what in ("irr", "npv")]
    first, last = found.steps[0].figures, found.steps[-1].figures
    assert list(first)[: 5 + len(base)] == ["irr", "npv", "moic", "payments", "margin", *base]
    assert sum(last[name].value for name in base if name.endswith("npv")) == pytest.approx(last["npv"].value)
    told = screen(found)
    assert f"{names[0]} IRR, base case: " in told
    for title in ("MOIC, base case: ", " times → ", "Worst 5% NPV: ", "Chance of total loss: "):
        assert title in told
    single = read("newpin")
    assert len(single.funding.tranches) == 1
    alone = difference(("A", "B"), single, single, paths=100).steps[0].figures
    assert {"moic", "worst 5% npv", "P(total loss)"} < set(alone)
    assert not any(name.endswith(" irr") for name in alone)


def test_a_scenario_is_a_deal_of_its_own() -> None:
    deal, name = find("peterborough@Low")
    assert name == "peterborough-low"
    assert deal.model_copy(update={"name": read("peterborough").name}) == read("peterborough").in_scenario("low")
    assert deal.name.endswith("(scenario Low, in the base case alone; simulated figures are the deal's)")
    with pytest.raises(NotFoundError, match="has no scenario"):
        find("peterborough@Nowhere")


def test_the_command_needs_something_to_compare_with() -> None:
    ran = CliRunner().invoke(main, ["diff", "peterborough"])
    assert ran.exit_code == 2
    assert "Name another deal, a scenario" in ran.output
    ran = CliRunner().invoke(main, ["diff", "newpin", "--set", "months=90", "--paths", "100", "--json"])
    assert json.loads(ran.output)["changes"][0]["path"] == "months"
