"""The sheet of inputs: what each cell takes, where its number comes from; and which lines have a total."""

from __future__ import annotations

import numpy as np
import pytest

from sibmodel.binding import status
from sibmodel.deals import example
from sibmodel.lines import Input
from sibmodel.model import Model, build
from sibmodel.views.provenance import drawn_from
from sibmodel.workbook.flows import flows
from sibmodel.workbook.limits import limits
from sibmodel.workbook.sheet import wrapped
from sibmodel.workbook.style import NOTE, input_format
from tests.workbook.exported import Exported


@pytest.fixture(scope="module")
def model() -> Model:
    return build(example("through-the-gate").deal())


def named(model: Model, name: str) -> Input:
    return next(cell for cell in model.book.inputs if cell.name == name)


@pytest.mark.parametrize(
    ("name", "lowest", "highest", "whole"),
    [
        ("People planned, First cohort", 1.0, 1e15, True),
        ("Outcome payment: threshold", 0.0, 1.0, False),
        ("Lead charity: months of mobilisation", 1.0, 1e15, True),
        ("Lead charity: margin", -1.0, 1.0, False),
        ("True effect, Second cohort", -5.0, 1.0, False),
        ("Delay of the assessment, First cohort", 0.0, 1e15, False),
        ("First period of referrals, First cohort", 1.0, 84.0, True),
        ("First month of the financial year", 0.0, 11.0, True),
        ("Tolerance, money", 0.0, 1e15, False),
    ],
)
def test_a_cell_takes_what_the_deal_takes(model: Model, name: str, lowest: float, highest: float, whole: bool) -> None:
    found = limits(named(model, name), model.book.periods)
    assert (found.minimum, found.maximum, found.whole) == (lowest, highest, whole)


def test_every_input_stands_within_its_limits(exported: Exported) -> None:
    for cell in exported.inputs:
        found = exported.limits(cell)
        assert found.minimum <= cell.value <= found.maximum, cell.name
        assert not found.whole or cell.value == int(cell.value), cell.name


def test_limits_in_words(model: Model) -> None:
    assert limits(named(model, "Outcome payment: threshold"), 84).words() == (
        "This cell takes a number from 0 up to 1. Write 10 % as 10% or 0.10."
    )
    assert limits(named(model, "People planned, First cohort"), 84).words() == (
        "This cell takes a whole number from 1."
    )


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("as signed", "as signed"),
        ("assumed (favourable prior)", "assumed"),
        ("derived: twice a figure, https://example.org", "derived"),
        ("https://example.org/report", "published"),
        ("half a penny", "convention"),
    ],
)
def test_status(source: str, word: str) -> None:
    assert status(source) == word


def test_distributions_in_words(model: Model) -> None:
    words = {one.cell.name: drawn_from(one) for one in model.uncertain}
    assert words["Volume against plan, First cohort"] == "triangular: low 0.6, mode 0.95, high 1.05"
    assert words["True effect, First cohort"] == "log reduction: mean 0.08, sd 0.06"


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        ("share", 0.08387, "0.000%"),
        ("share", 0.5, "0%"),
        ("£", 3.4e6, "#,##0"),
        ("£", 0.005, "0.000"),
        ("£ an event", 10_550.5, "#,##0.00"),
        ("period", 84.0, "#,##0"),
        ("months since year 0", 24_128.0, "0"),
        ("shape", 0.693, "#,##0.000"),
    ],
)
def test_inputs_are_shown_as_fine_as_they_are(unit: str, value: float, shown: str) -> None:
    assert input_format(unit, value) == shown


def test_a_changed_input_is_named_and_counted(exported: Exported) -> None:
    cell = next(one for one in exported.inputs if one.path.startswith("payments[0]") and one.value > 100)
    found = exported.judge.formulas_with({exported.cell(cell): cell.value + 1})
    row = exported.book.layout.place(cell).row
    assert found["Inputs", f"F{row}"] == "changed"
    words = "Showing: base case. Inputs: 1 changed since the export; simulated figures are those of the export"
    assert {found[sheet.name, "A4"] for sheet in exported.book.sheets} == {words}


def test_totals_are_of_flows_only(model: Model) -> None:
    found = flows(model)
    assert {transfer.line for transfer in model.ledger.transfers} <= found
    for line in found:
        assert line.timed
        assert not line.name.endswith((", opening", ", closing", ": left", ": asked", "net position", "undrawn"))
    names = {line.name for line in found}
    assert {"Referred, First cohort", "Lead charity: budgeted cost", "Senior: interest of the period"} <= names


def test_long_words_and_empty_texts_have_lines() -> None:
    assert wrapped("", 10, NOTE) == [""]
    assert len(wrapped("https://example.org/" + "x" * 200, 40, NOTE)) > 3
    assert max(map(len, wrapped("some words " * 30, 40, NOTE))) <= np.ceil(40 * 1.2)
