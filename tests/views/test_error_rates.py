"""The error rates as a page of the workbook, on the screen and as data."""

from __future__ import annotations

import json
from math import ceil, erfc, hypot, log, sqrt

import pytest

import sibmodel as sib
from sibmodel.analysis.error_rates import error_rates
from sibmodel.analysis.power import designs, sample_sizes, what_designs_test
from sibmodel.faults import terms_from
from sibmodel.outcomes.base_case import events_and_shape, spread_of
from sibmodel.views.common import Table
from sibmodel.views.error_rates import CURVE
from sibmodel.views.error_rates import error_rates as page
from sibmodel.views.error_screen import document, screen


def test_the_page_holds_the_curve_with_its_errors() -> None:
    run = sib.run(sib.read("peterborough"), paths=400)
    view = page(run)
    assert view is not None
    assert run.errors is not None
    curve = next(block for block in view.blocks if isinstance(block, Table) and block.title == CURVE)
    assert len(curve.rows) == len(run.errors.curve)
    assert {"Chance of payment", "Monte Carlo error"} <= set(curve.header)


def test_a_deal_without_an_effect_has_no_page() -> None:
    run = sib.run(sib.read("better-futures"), paths=20)
    assert run.errors is None
    assert page(run) is None


def test_more_true_effect_is_paid_more_often() -> None:
    found = error_rates(sib.read("peterborough"), paths=1000)
    chances = [point.paid for point in found.curve]
    assert chances == sorted(chances)
    assert found.paid_without_effect.paid < found.at_target.paid
    assert found.judgement.true_if_paid < found.judgement.measured_if_paid


def test_screen_and_data_say_the_same() -> None:
    deal = sib.read("peterborough")
    found = error_rates(deal, paths=500)
    data = json.loads(json.dumps(document(deal, found), allow_nan=False))
    assert data["unpaid_at_target"] == 1 - data["at_target"]["paid"]
    assert len(data["curve"]) == len(found.curve)
    assert [one["people"] for one in data["sample_sizes"]] == sorted(
        [one["people"] for one in data["sample_sizes"]], reverse=True
    )
    assert "A service without any effect would be paid" in screen(deal, found)


def test_a_test_in_points_has_no_formula_table() -> None:
    deal = sib.read("doncaster")
    found = error_rates(deal, target=0.05, paths=200)
    assert document(deal, found)["designs"] == []


def test_a_deal_with_a_pooled_test_only_is_calculated_as_one_test() -> None:
    """By formula as simulated, but for the uncertain volume and baseline: about 5 % in both."""
    deal = sib.read("one-service")
    found = error_rates(deal, effects=(), paths=2_048)
    (this,) = (one for one in designs(deal, found.judgement.target) if one.name.startswith("This deal"))
    assert this.name == "This deal: all cohorts in one test"
    assert this.tests == 1
    assert this.false_payment == pytest.approx(found.paid_without_effect.paid, abs=0.02)
    assert "all cohorts in one test" in screen(deal, found)


def test_where_there_are_two_tests_it_is_said_which_the_formula_has() -> None:
    deal = sib.read("peterborough")
    (this,) = (one for one in designs(deal, 0.1) if one.name.startswith("This deal"))
    assert this.name == "This deal, the first test alone"
    assert what_designs_test(deal) == "each cohort's own test alone, without the pooled fallback"


def test_fees_are_in_neither_the_chance_nor_the_mean_payment() -> None:
    """A service that makes things worse is hardly ever paid for results, whatever its fees come to."""
    found = error_rates(sib.read("transforming-rehabilitation"), effects=(-0.5,), paths=256)
    worse = found.curve[0]
    assert worse.effect == -0.5
    assert worse.paid == 0
    assert worse.mean_payment == 0


def test_a_deal_that_pays_from_nil_on_names_no_target() -> None:
    deal = sib.read("transforming-rehabilitation")
    said = screen(deal, error_rates(deal, effects=(), paths=256))
    assert "a true effect of 0.0% would be paid nothing" not in said
    assert "--target" in said
    assert "a true effect of 10.0% would be paid nothing" in screen(deal, error_rates(deal, 0.1, effects=(), paths=256))


def test_people_needed_are_whole_and_said_to_be_against_nil() -> None:
    deal = sib.read("one-service")
    found = error_rates(deal, effects=(), paths=128)
    said = screen(deal, found)
    smallest = sample_sizes(deal)[0].people
    assert f"{ceil(smallest):,}" in said
    assert smallest != ceil(smallest)
    assert "against no effect" in said
    assert "not against the contract's threshold" in said


def test_a_historical_baseline_is_among_the_designs() -> None:
    """By hand: people alike but for luck, 0.045 × √4 = 9 % of drift, and none of luck in the baseline."""
    deal = sib.read("one-service")
    (historical,) = (one for one in designs(deal, 0.075) if one.name.startswith("Historical"))
    (own,) = (one for one in designs(deal, 0.075) if one.name.startswith("This deal"))
    assert historical.name == "Historical baseline, drift of 9%"
    assert historical.matching_error == pytest.approx(0.09)
    rate, shape = events_and_shape(deal.assumptions, deal.metrics[0].name, deal.cohorts[0])
    luck = (1 / rate + 1 / shape) / historical.people
    by_hand = 0.5 * erfc(-log(1 - own.threshold) / sqrt(luck + 0.09**2) / sqrt(2))
    assert historical.false_payment == pytest.approx(by_hand, rel=0.02)
    assert historical.false_payment > 2 * own.false_payment
    assert "over 4 years (assumed; the deal has none)" in screen(deal, error_rates(deal, effects=(), paths=100))


def test_a_deal_with_a_historical_baseline_has_its_designs() -> None:
    """By formula as simulated, with a drift of the deal's own; beside it a matched group."""
    plain = sib.read("one-service").plain()
    metric = plain["metrics"][0]["name"]
    rate = sib.read("one-service").assumptions.events_per_person.base
    plain["measurement"] = [{"kind": "historical", "metrics": [metric], "baseline": rate}]
    plain["assumptions"]["drift"] = {"normal": {"mean": 0, "sd": "6%"}, "source": "assumed"}
    deal = terms_from(plain, sib.Deal, "the deal")
    found = error_rates(deal, effects=(), paths=2_048)
    made = {one.name: one for one in designs(deal, found.judgement.target)}
    this = made["This deal: all cohorts in one test"]
    events = deal.assumptions.events_per_person
    assert this.matching_error == pytest.approx(hypot(0.06, spread_of(events) / events.base))
    assert this.false_payment == pytest.approx(found.paid_without_effect.paid, abs=0.03)
    assert made["Matched, error of 3%"].false_payment < this.false_payment
    assert "the deal's own" in screen(deal, found)
