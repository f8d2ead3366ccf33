"""Value for money: discount factors against the Green Book's, worths and prices by hand, means by means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sibmodel.analysis.value_for_money.judging import COUNTED, ValueForMoney, value_for_money
from sibmodel.analysis.value_for_money.lines import ValueLines, build
from sibmodel.deal import Deal
from sibmodel.deals import examples, read
from sibmodel.errors import DealError
from sibmodel.lines import Values, evaluate
from sibmodel.model import build as build_model
from sibmodel.simulation import simulate
from tests.deals import data, deal_of, small

PRISON = {
    "name": "Food and the like",
    "kind": "cashable",
    "per_event": 100,
    "prices": 2026,
    "source": "assumed",
}
HARM = {"name": "Harm", "kind": "social", "basis": "value", "per_event": 20_000, "prices": 2020, "source": "assumed"}
UNCERTAIN = {"effect": {"normal": {"mean": 0.1, "sd": 0.05}}, "matching_error": {"normal": {"mean": 0, "sd": 0.04}}}


def worth(*benefits: Mapping[str, Any], **value: Any) -> Deal:
    """The small deal, which starts in the last months of 2026-27, with these benefits."""
    return deal_of(data() | {"value": {"benefits": list(benefits)} | value})


def lines(deal: Deal) -> tuple[ValueLines, Values]:
    model = build_model(deal)
    found = build(model)
    return found, evaluate(model.book.lines, model.book.periods)


def judged(deal: Deal, paths: int = 2_048) -> ValueForMoney:
    return value_for_money(deal.replace("assumptions", deal.assumptions.plain() | UNCERTAIN), paths)


def test_discount_factors_are_those_of_the_green_book() -> None:
    """3.5 % for 30 years, then 3.0 %: to the five digits of a table of factors."""
    found, values = lines(small({"months": 400}))
    factors = values.row(found.real_factor)[:373:12]
    printed = {0: 1.0, 1: 0.96618, 5: 0.84197, 8: 0.75941, 10: 0.70892, 30: 0.35628, 31: 0.34590}
    assert {year: round(float(factors[year]), 5) for year in printed} == printed


def test_money_of_the_day_is_brought_to_one_years_prices_before_it_is_discounted() -> None:
    found, values = lines(worth(price_year=2026, inflation=0.02))
    nominal, real = values.row(found.nominal_factor), values.row(found.real_factor)
    assert nominal[:3] == pytest.approx(real[:3])  # January to March 2027 are in 2026-27
    assert nominal[3:15] == pytest.approx(real[3:15] / 1.02)
    assert nominal[15:27] == pytest.approx(real[15:27] / 1.02**2)
    paid = -sum(values.row(flow) for flow in _flows_of_payers(found))
    assert values.figure(found.cost) == pytest.approx(float((paid * nominal).sum()))


def _flows_of_payers(found: ValueLines) -> list[Any]:
    book = found.cost.section.book
    return [line for line in book.lines if line.name in ("Cash flow, Ministry", "Cash flow, Fund")]


def test_a_worth_of_older_prices_is_brought_to_the_price_year() -> None:
    found, values = lines(worth(HARM, price_year=2026, inflation=0.02))
    assert values.figure(found.benefits[0].per_event) == pytest.approx(20_000 * 1.02**6)
    index = {2019: 95.0, 2020: 100.0, 2021: 104.0, 2022: 110.0}
    found, values = lines(worth(HARM, price_year=2022, inflation=0.5, deflator=index))
    assert values.figure(found.benefits[0].per_event) == pytest.approx(20_000 * 1.10)
    # Beyond its last year, prices move with inflation.
    found, values = lines(worth(HARM, price_year=2024, inflation=0.5, deflator=index))
    assert values.figure(found.benefits[0].per_event) == pytest.approx(20_000 * 1.10 * 1.5**2)


def test_events_are_avoided_evenly_over_each_persons_window() -> None:
    """The first cohort: 100 people a month from April 2027 to January 2028, a window of 12 months."""
    deal = worth(PRISON)
    found, values = lines(deal)
    events = values.row(found.events["Reconviction events"])
    avoided = 0.12 * 1.55 * 1_000
    assert events[:3] == pytest.approx(0)
    assert events[3:13] == pytest.approx(avoided / 12 * np.arange(1, 11) / 10)
    assert events.sum() == pytest.approx(0.12 * 1.55 * 1_500)
    by_hand = (events * values.row(found.real_factor)).sum() * values.figure(found.benefits[0].per_event)
    assert values.figure(found.by_kind["cashable"]) == pytest.approx(by_hand)


@pytest.mark.parametrize("name", [one.name for one in examples()])
def test_all_true_outcomes_are_counted_once(name: str) -> None:
    deal = next(one for one in examples() if one.name == name).deal()
    model = build_model(deal)
    found = build(model)
    values = evaluate(model.book.lines, model.book.periods)
    for one in model.effects:
        assert values.row(found.events[one.metric]).sum() == pytest.approx(values.figure(one.true_units), abs=1e-6)


def test_kinds_are_kept_apart_and_added_up_only_where_the_deal_says_so() -> None:
    apart = judged(worth(PRISON, HARM))
    assert [one.of for one in apart.nets] == ["cashable", "social"]
    together = judged(worth(PRISON, HARM, counts=["cashable", "social"]))
    assert [one.of for one in together.nets] == ["cashable", "social", COUNTED]
    cash, harm, both = (one.benefits.mean.value for one in together.nets)
    assert both == pytest.approx(cash + harm)
    assert all(
        one.net.mean.value == pytest.approx(one.benefits.mean.value - together.cost.mean.value) for one in together.nets
    )


def test_ratios_are_means_by_means() -> None:
    found = judged(worth(HARM))
    one = found.nets[0]
    assert one.by_cost.value == pytest.approx(one.benefits.mean.value / found.cost.mean.value)
    simulation = simulate(found.model, 2_048, 1)
    payments, true = simulation.figures["payments"], simulation.figures["true_avoided"]
    assert found.outcomes[0].true.value == pytest.approx(payments.mean() / true.mean())
    assert found.bill.mean.value == pytest.approx(payments.mean())
    assert found.bill.highest == payments.max()
    assert sum(spread.mean.value for _, spread in found.years) == pytest.approx(payments.mean())


def test_the_switching_value_is_where_the_net_value_turns() -> None:
    """Held at that effect, the deal's mean net value is nil within its error."""
    found = judged(worth(HARM | {"per_event": 12_000}))
    switching = found.nets[0].switching
    assert switching.always == ""
    assert 0 < switching.effect.value < 0.2
    assert 0 < switching.effect.error < 0.02
    held = found.deal.replace("assumptions.effect", switching.effect.value)
    net = value_for_money(held, 2_048).nets[0].net.mean
    slope = 12_000 * 1.55 * 1_500
    assert abs(net.value) < 4 * net.error + slope * 0.005  # straight lines between effects 2.5 points apart


def test_there_may_be_no_switching_value() -> None:
    assert judged(worth(HARM | {"per_event": 1})).nets[0].switching.always == "negative"
    free = worth(HARM).replace("payments[0].price", 0)
    assert np.isnan(judged(free).nets[0].by_cost.value)


def test_a_deal_that_says_nothing_of_value_still_has_its_cost() -> None:
    found = value_for_money(read("peterborough"), 512)
    assert found.nets == found.benefits == ()
    assert found.per_true_present.value > 0


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"benefits": [PRISON | {"basis": "average"}]}, "An average cost is not saved in cash"),
        ({"benefits": [PRISON | {"measure": "Jobs"}]}, '"Jobs" is not a measure of this deal'),
        ({"benefits": [PRISON], "counts": ["social"]}, "There is no benefit of kind social"),
        ({"benefits": [PRISON], "counts": ["cashable", "cashable"]}, "A kind is listed twice"),
        ({"benefits": [PRISON, PRISON]}, '2 of the benefits are named "Food and the like"'),
        ({"deflator": {2020: 100, 2022: 104}}, "A year between its first and last is missing"),
        ({"discounting": [{"from_year": 1, "rate": 0.035}]}, "do not begin with year 0"),
    ],
)
def test_what_cannot_be(value: dict[str, Any], said: str) -> None:
    with pytest.raises(DealError, match="problem") as caught:
        deal_of(data() | {"value": value})
    assert said in str(caught.value)
