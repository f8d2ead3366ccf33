"""Does the workbook calculate what Python calculates? Every formula cell, recalculated by programs that see no Python.

The judges spoil every stored result first. Python's value of each cell comes from the array reading of its line.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from sibmodel.lines import Input
from sibmodel.workbook.sheet import Live
from tests.workbook.exported import FIXED, Exported, same, shocked
from tests.workbook.judges import Cell, IroncalcBook, formula_cells, recalculate_libreoffice, stored_values
from tests.workbook.judges import Input as Entry

SETS = 6
CHANGED_IN_A_SET = 0.3
MANY = 180
"""Inputs of a deal that are each changed by themselves."""


def changes_of_cells(exported: Exported, changes: dict[Input, float]) -> dict[Cell, Entry]:
    return {exported.cell(cell): value for cell, value in changes.items()}


def test_each_formula_cell_has_its_counterpart(exported: Exported) -> None:
    assert formula_cells(exported.path) == frozenset(exported.formulas)


def test_stored_values_are_pythons(exported: Exported) -> None:
    stored = stored_values(exported.path)
    for cell, written in exported.formulas.items():
        assert isinstance(written.content, Live)
        expected = written.content.read(exported.run.base)
        assert stored[cell] == expected or same(expected, stored[cell], "")


def test_the_base_case(exported: Exported) -> None:
    found = IroncalcBook(exported.path).values()
    assert list(exported.differences(exported.run.base, found)) == []


def one_of_each_kind(inputs: list[Input]) -> list[Input]:
    """All inputs; of more than `MANY`, one for each field. Eleven providers of one deal have the same formulas."""
    if len(inputs) <= MANY:
        return inputs
    return list({re.sub(r"\[.*?\]", "[]", cell.path) or cell.name: cell for cell in inputs}.values())


def test_each_input_by_itself(exported: Exported) -> None:
    book = IroncalcBook(exported.path)
    sets = [{cell: shocked(exported, cell)} for cell in one_of_each_kind(exported.inputs)]
    for changes, python in zip(sets, exported.python_each(sets), strict=True):
        found = book.values_with(changes_of_cells(exported, changes))
        assert list(exported.differences(python, found)) == [], [cell.name for cell in changes]


def random_sets(exported: Exported) -> list[dict[Input, float]]:
    """Sets of several inputs, changed far."""
    rng = np.random.default_rng(20270401)
    sets = []
    for _ in range(SETS):
        changes = {}
        for cell in exported.inputs:
            allowed = exported.limits(cell)
            if cell.path in FIXED or not cell.path or rng.random() > CHANGED_IN_A_SET:
                continue
            if "effect" in cell.path:
                value = float(rng.uniform(-0.05, 0.3))
            elif allowed.whole:
                value = cell.value + int(rng.integers(-3, 7))
            else:
                value = cell.value * float(rng.uniform(0.4, 1.7))
            changes[cell] = float(np.clip(value, allowed.minimum, allowed.maximum))
        sets.append(changes)
    return sets


def test_many_inputs_together(exported: Exported) -> None:
    """A spreadsheet's IRR is asked only where there is one rate; elsewhere its cells are left out, and only they."""
    book = IroncalcBook(exported.path)
    with_a_rate = 0
    for changes in random_sets(exported):
        python = exported.python(changes)
        left_out = exported.cells_of(exported.without_a_rate(python))
        with_a_rate += not left_out
        found = book.values_with(changes_of_cells(exported, changes))
        differences = [one for one in exported.differences(python, found) if one[0] not in left_out]
        assert differences == [], {cell.name: value for cell, value in changes.items()}
    assert with_a_rate >= 1  # otherwise no rate was compared at all


@pytest.mark.libreoffice
def test_libreoffice_agrees(exported_example: Exported) -> None:
    exported = exported_example
    wanted = ("price", "effect", "referrals.start")
    shocks = [
        {cell: shocked(exported, cell)}
        for part in wanted
        for cell in [next((one for one in exported.inputs if part in one.path), None)]
        if cell is not None
    ]
    sets = [{}, *shocks]
    answers = recalculate_libreoffice(exported.path, [changes_of_cells(exported, changes) for changes in shocks])
    for changes, found in zip(sets, answers, strict=True):
        python = exported.python(changes)
        assert list(exported.differences(python, found)) == [], {cell.name: value for cell, value in changes.items()}
