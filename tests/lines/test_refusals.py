"""What cannot be recorded: each message names the line, the place in the source, and the way out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sibmodel import lines as language
from sibmodel.errors import LineError, UnknownOperation
from sibmodel.lines import Book, at, given, previous, running_total, total
from tests.lines.kit import Kind, Kit

# The mistake, and the parts of its message besides the place --------------------------------------------------------
RECORDING: dict[str, tuple[Callable[[Kit], Any], str]] = {
    "unknown function": (lambda k: np.sin(k.people), "no sin (“People”) … Use instead … np.exp"),
    "a ufunc's method": (lambda k: np.add.reduce(k.people), "add.reduce … “People” … total(line)"),
    "accumulate": (lambda k: np.add.accumulate(k.people), "add.accumulate … “People” … running_total(line)"),
    "a ufunc's keyword": (lambda k: np.add(k.people, 1, where=True), "add with where … “People” … without keywords"),
    "np.sum": (lambda k: np.sum(k.people), "no sum … “People” … total(line) … sum_of([...])"),
    "np.cumsum": (lambda k: np.cumsum(k.people), "no cumsum … “People” … running_total(line)"),
    "np.interp": (
        lambda k: np.interp(k.people, [0, 1], [0, 1]),
        "no interp … “People” … interpolate(x, knots, values)",
    ),
    "np.round": (lambda k: np.round(k.people), "no round … “People” … floor"),
    "np.ceil": (lambda k: np.ceil(k.people), "no ceil … “People” … -np.floor(-x)"),
    "np.square": (lambda k: np.square(k.people), "no square … “People” … x * x"),
    "np.max": (lambda k: np.max(k.people), "no max … “People” … highest(line)"),
    "np.mean": (lambda k: np.mean(k.people), "no mean … “People” … total(line)"),
    "np.where of one": (lambda k: np.where(k.people > 0), "where of 1 values … “People”"),
    "clip's keywords": (
        lambda k: np.clip(k.people, a_min=0, a_max=1),
        "clip with a_min, a_max … “People” … without keywords",
    ),
    "clip without an end": (lambda k: np.clip(k.people, 0, None), "NoneType … “People” … as inputs"),
    "an array's method": (lambda k: k.people.sum(), "no sum … “People” … total(line)"),
    "remainder": (lambda k: k.people % 12, "no remainder … “People” … x - b * np.floor(x / b)"),
    "remainder, turned": (lambda k: 12 % k.people, "no remainder … “People” … np.floor"),
    "floor division": (lambda k: k.people // 12, "no floor_divide … “People” … np.floor(a / b)"),
    "floor division, turned": (lambda k: 12 // k.people, "no floor_divide … “People” … np.floor(a / b)"),
    "matrix product": (lambda k: k.people @ k.people, "no matmul … “People” … Use instead"),
    "either or": (lambda k: (k.people > 0) ^ (k.people > 1), "no bitwise_xor … “People”"),
    "round()": (lambda k: round(k.people), "no round … “People” … floor"),
    "plus sign": (lambda k: +k.people, "no positive … “People” … the line itself"),
    "as a condition": (lambda k: 1 if k.people else 0, "truth value … “People” … np.where(condition"),
    "and": (lambda k: k.people > 0 and k.price > 0, "truth value … greater(“People”, 0) … np.logical_and"),
    "a<b<c": (lambda k: 0 < k.people < 100, "truth value … “People” … np.logical_and"),
    "in": (lambda k: k.people in [k.price], "truth value … “People” … np.where"),
    "max()": (lambda k: max(k.people, k.price), "truth value … “People” … np.where"),
    "float()": (lambda k: float(k.people), "not one number … “People” … Use the line itself"),
    "int()": (lambda k: int(k.people), "not one number … “People” … Use the line itself"),
    "range()": (lambda k: range(k.people), "not one number … “People”"),
    "math.exp": (lambda k: math.exp(k.people), "not one number … “People” … NumPy's functions in place of math's"),
    "iteration": (lambda k: list(k.people), "no iteration … “People” … total(line)"),
    "len()": (lambda k: len(k.people), "no len() … “People” … number of periods"),
    "indexing": (lambda k: k.people[0], "no indexing … “People” … at(line, period) … previous(line)"),
    "np.asarray": (lambda k: np.asarray(k.people), "conversion to an array … “People”"),
    "an array": (lambda k: k.people * np.arange(4.0), "ndarray … “People” … as inputs"),
    "an array, turned": (lambda k: np.arange(4.0) * k.people, "ndarray … “People” … as inputs"),
    "a list": (lambda k: k.people * [1, 2], "list … “People” … as inputs"),
    "a text": (lambda k: k.people + "1", "str … “People” … as inputs"),
    "a truth value": (lambda k: k.people * True, "bool … “People” … as inputs"),
    "nothing": (lambda k: k.people + None, "NoneType … “People” … as inputs"),
    "nan": (lambda k: k.people + math.nan, "nan is not a finite number … “People” … Give a finite one"),
    "infinity": (lambda k: np.minimum(k.people, math.inf), "inf is not a finite number … “People” … Give a finite one"),
    "sum of conditions": (
        lambda k: (k.people > 0) + (k.people > 1),
        "add of the condition greater(“People”, 0) … np.where",
    ),
    "condition plus one": (lambda k: (k.people > 0) + 1, "add of the condition … “People” … np.where(condition, 1, 0)"),
    "product of conditions": (lambda k: (k.people > 0) * (k.people > 1), "multiply of the condition … np.logical_and"),
    "minus a condition": (lambda k: -(k.people > 0), "negative of the condition … “People” … np.where"),
    "condition compared": (lambda k: (k.people > 0) == 1, "equal of the condition … “People” … np.where"),
    "total of a condition": (lambda k: total(k.people > 0), "total of the condition … “People” … np.where"),
    "choice of conditions": (
        lambda k: np.where(k.people, k.people > 0, k.people > 1),
        "where of the condition … np.logical_and",
    ),
    "given a condition": (lambda k: given(k.people, k.people > 0), "given of the condition … “People” … np.where"),
    "of what may be missing": (lambda k: given(k.price > 0, k.price) + 1, "may be not available … “Price” … add"),
    "total over a figure": (lambda k: total(k.price), "total needs a line over time … “Price” … the figure itself"),
    "total over a number": (lambda k: running_total(k.price), "running_total needs a line over time … “Price”"),
    "previous of a figure": (lambda k: previous(k.price), "previous needs a line over time … “Price”"),
    "total of an expression": (
        lambda k: total(k.people * k.price),
        "total needs a line with a name … multiply … “People”",
    ),
    "previous of an expression": (lambda k: previous(k.people + 1), "previous needs a line with a name … Define"),
    "delayed, an expression": (lambda k: language.delayed(k.people + 1, k.lag), "no delayed … line of its own"),
    "at, an expression": (lambda k: at(k.people + 1, k.lag), "no at … line of its own"),
    "delay over time": (
        lambda k: language.delayed(k.people, k.people),
        "delayed needs a figure … “People” … at(line, period)",
    ),
    "previous by none": (lambda k: previous(k.people, 0), "previous by 0 periods … “People” … delayed"),
    "previous by a part": (lambda k: previous(k.people, 1.5), "previous by 1.5 periods … “People” … delayed"),
    "previous by a negative": (lambda k: previous(k.people, -1), "previous by -1 periods … “People” … delayed"),
    "a table of numbers": (lambda k: language.step_lookup(k.people, [0, 1], [1, 2]), "step_lookup … (0) … an input"),
    "a table of rows": (
        lambda k: language.interpolate(k.price, [k.people], [k.price]),
        "interpolate … “People” … an input",
    ),
    "an uneven table": (
        lambda k: language.step_lookup(k.people, [k.lag], []),
        "as many values as knots … 1 knots and 0 values",
    ),
    # and where a line is defined
    "an unnamed number": (
        lambda k: k.section.line("Line", k.people * 0.075, unit="£"),
        "The number 0.075 … “Line” … Make it an input",
    ),
    "a large unnamed number": (
        lambda k: k.section.line("Line", k.people * 1234567, unit="£"),
        "The number 1234567  … “Line” … Make it an input",
    ),
    "no unit": (
        lambda k: k.section.line("Line", k.people, unit=" "),
        '“Line” of section “Payments” has no unit … unit="£"',
    ),
    "no name": (lambda k: k.section.line(" ", k.people, unit="£"), "“Payments” has no name … Give one"),
    "an array as a line": (
        lambda k: k.section.line("Line", np.arange(4.0), unit="£"),
        "ndarray cannot stand in a line in “Line” … as inputs",
    ),
    "not a number in a line": (
        lambda k: k.section.line("Line", math.nan, unit="£"),
        "nan is not a finite number in “Line”",
    ),
    "an input without unit": (lambda k: k.section.input("Cap", 1, unit=""), "“Cap” of section “Payments” has no unit"),
    "an infinite input": (lambda k: k.section.input("Cap", math.inf, unit="£"), "“Cap” needs a finite number, not inf"),
    "a text as input": (lambda k: k.section.input("Cap", "8m", unit="£"), "“Cap” needs a finite number, not '8m'"),
    "a line as input": (lambda k: k.section.input("Cap", k.price, unit="£"), "“Cap” needs a finite number … price"),
    "a draw over time": (
        lambda k: k.section.draw("Count", k.people, Kind(), unit="events"),
        "“Count” … time … at(line, period)",
    ),
    "a draw's unnamed number": (
        lambda k: k.section.draw("Count", k.price, Kind(), 0.8, unit="events"),
        "0.8 … “Count” … Make it an input",
    ),
    "a line of another book": (
        lambda k: k.section.line("Line", k.people + Kit().price, unit="£"),
        "“Line” uses “Price” of another book … input",
    ),
    "a section twice": (lambda k: k.book.section("payments"), "two sections named “payments” … another name"),
    "a section without name": (lambda k: k.book.section(""), "section has no name … Give one"),
}


@pytest.mark.parametrize("name", RECORDING)
def test_recording(name: str, kit: Kit) -> None:
    function, expected = RECORDING[name]
    with pytest.raises(LineError) as caught:
        function(kit)
    message = str(caught.value)
    assert re.search(rf"test_refusals\.py:{function.__code__.co_firstlineno}\b", message), message
    for part in expected.split(" … "):
        assert part in message


def test_operations_refused_are_type_errors_too(kit: Kit) -> None:
    with pytest.raises(TypeError) as caught:
        np.sin(kit.people)
    assert isinstance(caught.value, UnknownOperation)


def test_other_attributes_are_simply_missing(kit: Kit) -> None:
    assert not hasattr(kit.people, "shape")
    with pytest.raises(AttributeError, match="Calculated has no attribute 'colour'"):
        _ = kit.people.colour  # type: ignore[attr-defined]


def test_the_same_name_twice_names_both_places(kit: Kit) -> None:
    first = kit.section.line("Paid", kit.people, unit="£")
    with pytest.raises(LineError) as caught:
        kit.section.line("Paid", kit.people * 2, unit="£")
    message = str(caught.value)
    assert "Section “Payments” has two lines named “Paid”" in message
    assert f"at {first.origin} and at " in message
    assert message.count("test_refusals.py:") == 2
    assert "another name" in message


def test_the_same_name_in_another_section_is_fine(kit: Kit) -> None:
    kit.line(kit.people, name="Paid")
    other = kit.book.section("Costs").line("Paid", kit.people, unit="£")
    assert [line.key for line in kit.book.find("paid")] == ["Payments / Paid", "Costs / Paid"]
    assert kit.book.find("costs / PAID") == [other]


def test_a_refused_line_leaves_its_name_free(kit: Kit) -> None:
    with pytest.raises(LineError):
        kit.line(kit.people * 0.075, name="Paid")
    assert kit.line(kit.people, name="Paid") in set(kit.book.lines)


def test_a_book_without_periods() -> None:
    with pytest.raises(LineError, match="at least one period, not 0"):
        Book(0)
