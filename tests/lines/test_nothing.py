"""Why a line is nil: the tests that fail behind it, in the language and in the audit trail of a deal."""

from __future__ import annotations

import numpy as np
import pytest

from sibmodel.audit import explanation, explanation_text
from sibmodel.deals import read
from sibmodel.lines import Book, evaluate, why_nothing


def names(book: Book, line: object) -> list[str]:
    values = evaluate(book.lines, book.periods)
    (found,) = book.find(str(line))
    return [one.name for one in why_nothing(found, values)]


def test_a_test_that_fails_is_the_cause_and_one_that_holds_is_not() -> None:
    book = Book(periods=3)
    section = book.section("Payments")
    effect, threshold = section.input("effect", 0.05, unit="share"), section.input("threshold", 0.1, unit="share")
    price = section.input("price", 100.0, unit="£")
    passes = section.line("passes", effect >= threshold, unit="1 or 0", note="A test.")
    counts = section.line("counts", effect >= 0, unit="1 or 0", note="Another, which holds.")
    units = section.line("units", passes * counts, unit="units", note="What is paid for.")
    due = section.line("due", np.where(book.period > 1, price * units, 0.0), unit="£", note="Due.")
    section.line("paid", due + 0, unit="£", note="Paid.")
    assert names(book, "paid") == ["passes"]
    assert names(book, "price") == []
    (found,) = why_nothing(book.find("paid")[0], evaluate(book.lines, book.periods))
    assert {one.name: one.value for one in found.precedents} == {"effect": 0.05, "threshold": 0.1}


def test_a_price_of_nothing_is_a_cause() -> None:
    book = Book(periods=2)
    section = book.section("Payments")
    price = section.input("price", 0.0, unit="£")
    units = section.line("units", section.input("people", 5.0, unit="people") + 1, unit="units", note="Some.")
    amount = section.line("amount", price * units, unit="£", note="Due.")
    section.line("paid", amount + 0, unit="£", note="Paid.")
    assert names(book, "paid") == ["amount"]


@pytest.mark.parametrize("name", ["Outcome payments", "Outcome payments in all"])
def test_a_deal_that_pays_nothing_says_which_tests_fail(name: str) -> None:
    deal = read("peterborough").replace("assumptions.effect", {"value": 0.02, "source": "assumed"})
    found = explanation(deal, name)
    assert [one.name for one in found.why_nothing] == [
        "Outcome payment: passes, Cohort 1",
        "Outcome payment: the pool passes",
        "Outcome payment: passes, Cohort 2",
    ]
    said = explanation_text(found, deal)
    assert "passes, Cohort 1: no. Reconviction events: measured effect, Cohort 1 = 2.000%; " in said
    assert "Outcome payment: threshold = 10.000%" in said
    assert "rounding" not in said
    assert len(found.as_dict()["why_nothing"]) == 3


def test_a_path_that_pays_nothing_says_so_and_one_that_pays_does_not() -> None:
    deal = read("peterborough")
    told = [explanation(deal, "Outcome payments", path=path, paths=1024) for path in range(1, 9)]
    nothing = [one for one in told if not one.value]
    assert 0 < len(nothing) < len(told)
    assert all(one.why_nothing for one in nothing)
    assert not any(one.why_nothing for one in told if one.value)
    assert "Outcome payments, in every month = £0.00" in explanation_text(nothing[0], deal)
