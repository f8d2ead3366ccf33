"""The reading in words: formulas in names, values, and where precedents stand in time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sibmodel.lines import (
    Book,
    Explanation,
    Values,
    at,
    delayed,
    evaluate,
    explain,
    previous,
    ratio,
    running_total,
    step_lookup,
    sum_of,
    total,
    window_total,
)
from sibmodel.lines.explain import words
from tests.lines.kit import PERIODS, Kind


class Deal:
    """Payments for people, a lag, and the money left under a cap."""

    def __init__(self) -> None:
        self.book = Book(PERIODS)
        section = self.section = self.book.section("Payments", "What is paid.")
        self.price = section.input(
            "Price", 10, unit="£", path="payments[0].price", source="contract", note="Of each person."
        )
        self.cap = section.input("Cap", 35, unit="£")
        self.lag = section.input("Lag", 2, unit="months")
        self.people = section.line("People", self.book.period * 1, unit="people")
        self.due = section.line("Due", self.price * self.people, unit="£", note="The price of each.")
        self.paid = section.forward("Paid", unit="£", note="Up to the cap.")
        self.so_far = section.corkscrew("Paid so far", unit="£")
        section.define(self.paid, np.minimum(self.due, self.cap - self.so_far.opening))
        self.so_far.close([self.paid])
        self.received = section.line("Received", delayed(self.paid, self.lag), unit="£")
        self.change = section.line("Change", self.paid - previous(self.paid), unit="£")
        self.values = evaluate(self.book.lines, PERIODS)

    def explain(self, line: Any, **options: Any) -> Explanation:
        return explain(line, self.values, **options)


@pytest.fixture
def deal() -> Deal:
    return Deal()


def shown(explanation: Explanation) -> list[tuple[str, int | None, float | None]]:
    return [(one.name, one.period, one.value) for one in explanation.precedents]


WORDS: dict[str, Callable[[Deal], Any]] = {
    "Price × People": lambda d: d.price * d.people,
    "Price + (Cap × Lag)": lambda d: d.price + d.cap * d.lag,
    "(Price + Cap) × Lag": lambda d: (d.price + d.cap) * d.lag,
    "Price − (Cap − Lag)": lambda d: d.price - (d.cap - d.lag),
    "(Price − Cap) − Lag": lambda d: d.price - d.cap - d.lag,
    "−(Price + Cap)": lambda d: -(d.price + d.cap),
    "Due ÷ 1000": lambda d: d.due / 1000,
    "(1 + Price) to the power Lag": lambda d: (1 + d.price) ** d.lag,
    "Due ÷ People (0 where People is 0)": lambda d: ratio(d.due, d.people),
    "the smaller of Due and (Cap − Paid of the period before)": lambda d: np.minimum(d.due, d.cap - previous(d.paid)),
    "the larger of Due and 0": lambda d: np.maximum(d.due, 0),
    "Due held between 0 and Cap": lambda d: np.clip(d.due, 0, d.cap),
    "Due where (Due is at least Cap), otherwise 0": lambda d: np.where(d.due >= d.cap, d.due, 0),
    "the sum of Due, Paid, Due × Price": lambda d: sum_of([d.due, d.paid, d.due * d.price]),
    "(Due is above Cap) and (Due is below Cap)": lambda d: np.logical_and(d.due > d.cap, d.due < d.cap),
    "Due or (not Paid)": lambda d: np.logical_or(d.due, np.logical_not(d.paid)),
    "not (Due equals Cap)": lambda d: np.logical_not(d.due == d.cap),
    "Due, Lag period(s) later": lambda d: delayed(d.due, d.lag),
    "Due 2 period(s) before": lambda d: previous(d.due, 2),
    "Due summed over the last Lag period(s)": lambda d: window_total(d.due, d.lag),
    "Due, summed since the start": lambda d: running_total(d.due),
    "the sum of Due over time": lambda d: total(d.due),
    "the sum of Due over the periods in which Period is Lag": lambda d: at(d.due, d.lag),
    "the step that Due has reached (0 below Cap)": lambda d: step_lookup(d.due, [d.cap], [d.price]),
    "Due rounded down": lambda d: np.floor(d.due),
    "Due": lambda d: d.due,
    "1000": lambda d: d.section.line("A thousand", 1000, unit="number").definition,
}


@pytest.mark.parametrize("expected", WORDS)
def test_a_formula_in_names(expected: str, deal: Deal) -> None:
    assert words(WORDS[expected](deal)) == expected


def test_a_line_in_one_period(deal: Deal) -> None:
    explanation = deal.explain(deal.due, period=3)
    assert (explanation.name, explanation.section, explanation.unit) == ("Due", "Payments", "£")
    assert explanation.note == "The price of each."
    assert explanation.formula == "Price × People"
    assert (explanation.value, explanation.period) == (30.0, 3)
    assert explanation.origin == str(deal.due.origin)
    assert "test_explain.py:" in explanation.origin
    assert shown(explanation) == [("Price", None, 10.0), ("People", 3, 3.0)]
    assert explanation.precedents[0].precedents == ()


def test_an_input_says_where_it_came_from(deal: Deal) -> None:
    explanation = deal.explain(deal.price)
    assert explanation.formula == "input (payments[0].price)"
    assert (explanation.source, explanation.value, explanation.period) == ("contract", 10.0, None)
    assert deal.explain(deal.cap).formula == "input"


def test_a_condition_is_one_or_nothing(deal: Deal) -> None:
    line = deal.section.line("Capped", deal.due > deal.paid, unit="1 or 0")
    values = evaluate([line], PERIODS)
    explanation = explain(line, values, period=4)
    assert explanation.formula == "1 if Due is above Paid, otherwise 0"
    assert explanation.value == 1.0


def test_a_draw_says_how_it_is_drawn(deal: Deal) -> None:
    draw = deal.section.draw("Count", deal.price * deal.lag, Kind(), deal.cap, unit="events")
    explanation = explain(draw, evaluate([draw], PERIODS))
    assert explanation.formula == "drawn: poisson with mean Price × Lag"
    assert explanation.value == 20.0
    assert shown(explanation) == [("Price", None, 10.0), ("Lag", None, 2.0), ("Cap", None, 35.0)]


def test_the_period_before(deal: Deal) -> None:
    assert shown(deal.explain(deal.so_far.opening, period=3)) == [("Paid so far, closing", 2, 30.0)]
    assert shown(deal.explain(deal.so_far.opening, period=1)) == [("Paid so far, closing", 0, 0.0)]


def test_this_period_and_the_one_before(deal: Deal) -> None:
    assert shown(deal.explain(deal.change, period=3)) == [("Paid", 3, 5.0), ("Paid", 2, 20.0)]


def test_a_delay_shows_the_period_it_came_from(deal: Deal) -> None:
    assert shown(deal.explain(deal.received, period=4)) == [("Paid", 2, 20.0), ("Lag", None, 2.0)]
    assert shown(deal.explain(deal.received, period=1)) == [("Paid", -1, 0.0), ("Lag", None, 2.0)]


def test_several_periods_before(deal: Deal) -> None:
    line = deal.section.line("Long before", previous(deal.due, deal.lag + 1), unit="£")
    explanation = explain(line, evaluate([line], PERIODS), period=4)
    assert shown(explanation) == [("Due", 1, 10.0), ("Lag", None, 2.0)]


def test_a_value_at_a_period(deal: Deal) -> None:
    line = deal.section.line("At the lag", at(deal.due, deal.lag), unit="£")
    explanation = explain(line, evaluate([line], PERIODS), period=4)
    assert (explanation.value, explanation.period) == (20.0, None)
    assert shown(explanation) == [("Due", 2, 20.0), ("Lag", None, 2.0)]


def test_whole_rows_have_no_one_period(deal: Deal) -> None:
    line = deal.section.line("In all", total(deal.due), unit="£")
    running = deal.section.line("Running", running_total(deal.due), unit="£")
    values = evaluate([line, running], PERIODS)
    assert shown(explain(line, values)) == [("Due", None, None)]
    assert shown(explain(running, values, period=2)) == [("Due", None, None)]


def test_as_deep_as_asked(deal: Deal) -> None:
    def depth(explanation: Explanation) -> int:
        return 1 + max((depth(one) for one in explanation.precedents), default=-1)

    for asked in range(4):
        assert depth(deal.explain(deal.paid, period=3, depth=asked)) == asked
    # Back to the start, and no further: before the first period there is nothing to explain.
    whole = deal.explain(deal.paid, period=3, depth=99)
    assert depth(whole) == 10
    assert deal.explain(deal.paid, depth=3).precedents[0].value is None


def test_a_line_that_meets_itself_without_a_period(deal: Deal) -> None:
    explanation = deal.explain(deal.book.period, depth=5)
    assert (explanation.value, explanation.precedents) == (None, ())


def test_a_path_of_many(deal: Deal) -> None:
    prices = np.array([10.0, 12.0, 7.0])
    values: Values = evaluate(deal.book.lines, PERIODS, {deal.price: prices})
    for path, price in enumerate(prices):
        explanation = explain(deal.due, values, period=2, path=path, depth=1)
        assert shown(explanation) == [("Price", None, price), ("People", 2, 2.0)]
        assert explanation.value == 2 * price


def test_a_path_of_an_uncertain_lag(deal: Deal) -> None:
    values = evaluate(deal.book.lines, PERIODS, {deal.lag: np.array([2.0, 0.0])})
    assert shown(explain(deal.received, values, period=3, path=1)) == [("Paid", 3, 5.0), ("Lag", None, 0.0)]


def test_as_plain_data(deal: Deal) -> None:
    explanation = json.loads(json.dumps(deal.explain(deal.due, period=3).as_dict()))
    assert explanation["formula"] == "Price × People"
    assert explanation["defined_at"].partition(":")[0].endswith("test_explain.py")
    assert [one["name"] for one in explanation["precedents"]] == ["Price", "People"]
    assert explanation["precedents"][0]["source"] == "contract"
