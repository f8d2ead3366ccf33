"""Does the workbook calculate what Python calculates? Every formula cell, recalculated by programs that see no Python.

The judges spoil every stored result first. Python's value of each cell comes from the array reading of its line. Each
kind of input is changed by itself, every other one together with some; each scenario and chosen paths are put through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from sibmodel.lines import Input
from sibmodel.lines import Values as Lines
from sibmodel.scenarios import OWN
from sibmodel.simulation import reopen
from sibmodel.workbook.path_sheet import CHOOSER as PATH_IN_USE
from sibmodel.workbook.scenario_sheet import CHOOSER as SCENARIO_IN_USE
from sibmodel.workbook.sheet import Live
from sibmodel.workbook.showing import Choice, Showing
from tests.workbook.exported import Exported, same, shocked
from tests.workbook.judges import Cell, Values, recalculate_libreoffice
from tests.workbook.judges import Input as Entry

SETS = 5
CHANGED_IN_A_SET = 0.3
FIXED = ("months", "start")
"""The timeline's length and start: another needs another export."""
AT_ONCE = 24
"""Sets of inputs that Python calculates together."""
FIRST_PATHS = (1, 2, 17)
"""Paths that are put through beside those of the ranks."""


def cell_of(address: str) -> Cell:
    """A cell as formulas refer to it, as judges do: `Paths!$D$7` is `("Paths", "D7")`."""
    sheet, _, cell = address.partition("!")
    return sheet, cell.replace("$", "")


def changes_of_cells(exported: Exported, changes: Mapping[Input, float]) -> dict[Cell, Entry]:
    return {exported.cell(cell): value for cell, value in changes.items()}


def test_each_formula_cell_has_its_counterpart(exported: Exported) -> None:
    assert exported.formula_cells == frozenset(exported.formulas)


def test_stored_values_are_pythons(exported: Exported) -> None:
    stored = exported.stored
    for cell, written in exported.formulas.items():
        assert isinstance(written.content, Live)
        expected = written.content.read(exported.run.base)
        assert stored[cell] == expected or same(expected, stored[cell], "")


def test_the_base_case(exported: Exported) -> None:
    assert list(exported.differences(exported.run.base, exported.judge.values())) == []


def kinds_of(inputs: Sequence[Input]) -> list[Input]:
    """One input of each kind: eleven providers of one deal have the same formulas."""
    return list({re.sub(r"\[.*?\]", "[]", cell.path) or cell.name: cell for cell in reversed(inputs)}.values())


def shocks(exported: Exported) -> list[dict[Input, float]]:
    """Each kind of input by itself; then all others, some at a time, so that every input of the deal is changed."""
    alone = kinds_of(exported.inputs)
    others = [cell for cell in exported.inputs if cell not in set(alone)]
    parts = [others[start::4] for start in range(4)]
    sets = [[cell] for cell in alone] + [part for part in parts if part]
    return [{cell: shocked(exported, cell) for cell in part} for part in sets]


def agree(exported: Exported, sets: Sequence[Mapping[Input, float]]) -> list[str]:
    """What differs under sets of changed inputs; rates of return are left out where there is no one answer."""
    wrong = []
    for start in range(0, len(sets), AT_ONCE):
        part = sets[start : start + AT_ONCE]
        for changes, python in zip(part, exported.python_many(part), strict=True):
            found = exported.judge.formulas_with(changes_of_cells(exported, changes))
            named = ", ".join(cell.name for cell in changes)
            wrong += [f"{named[:200]}: {difference}" for difference in exported.wrong(python, found)[:3]]
    return wrong


def test_every_input_is_followed(exported: Exported) -> None:
    sets = shocks(exported)
    assert {cell for changes in sets for cell in changes} == set(exported.inputs)
    assert agree(exported, sets) == []


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
    sets = random_sets(exported)
    assert agree(exported, sets) == []
    assert any(not exported.without_a_rate(exported.python(changes)) for changes in sets)  # rates were compared too


def cases(exported: Exported) -> list[tuple[dict[Cell, Entry], Showing]]:
    """Each scenario, the reader's own, and chosen paths: the cells to set, and what Python makes of it."""
    book, made = exported.book, []
    for case in book.scenarios.live:
        name = case.scenario.name
        made.append(({cell_of(SCENARIO_IN_USE): name}, Showing(exported.python(case.values), Choice(name))))
    own = next(cell for cell in exported.inputs if ".price" in cell.path or "commitment" in cell.path)
    value = shocked(exported, own)
    entries: dict[Cell, Entry] = {
        cell_of(SCENARIO_IN_USE): OWN,
        exported.cell_in_scenario(book.scenarios.own_at, own): value,
    }
    made.append((entries, Showing(exported.python({own: value}), Choice(OWN, cells={(OWN, own): value}))))
    numbers = [number for _, number, _ in book.paths.paths]
    for place in [*range(1, 8), *(numbers.index(number, 7) + 1 for number in FIRST_PATHS)]:
        label, number, _ = book.paths.paths[place - 1]
        python = reopen(exported.run.model, exported.run.simulation.seed, number)
        made.append(({cell_of(PATH_IN_USE): label}, Showing(python, Choice(path=place))))
    return made


def test_scenarios_and_paths_go_through_the_book(exported: Exported) -> None:
    """Every formula, and the workbook's own checks, which compare with what the simulation had: nil to the penny."""
    for entries, python in cases(exported):
        found = exported.judge.formulas_with(entries)
        assert exported.wrong(python, found) == [], entries
        if python.choice.path:
            assert exported.status(found, "Path in use: compared") == 1
            assert exported.status(found, "Path in use: off by") <= 0.005
        else:
            assert exported.status(found, "Scenario in use: compared") == (python.choice.scenario != OWN)
            assert exported.status(found, "Scenario in use: off by") <= 0.005


def test_nothing_is_compared_once_an_input_is_changed(exported: Exported) -> None:
    cell = next(one for one in exported.inputs if ".price" in one.path or "commitment" in one.path)
    changes = changes_of_cells(exported, {cell: shocked(exported, cell)})
    found = exported.judge.formulas_with({**changes, cell_of(PATH_IN_USE): "Median"})
    assert exported.status(found, "Path in use: compared") == 0
    assert exported.status(found, "Path in use: off by") == 0
    assert found["Cover", "A4"].startswith("Showing: path ")  # type: ignore[union-attr]
    assert "1 changed since the export" in str(found["Cover", "A4"])


@pytest.mark.libreoffice
def test_libreoffice_agrees(exported_example: Exported) -> None:
    """The base case, some inputs changed together, a scenario where there is one, and the median path."""
    exported = exported_example
    wanted = ("price", "effect", "referrals.start")
    found = [next((one for one in exported.inputs if part in one.path), None) for part in wanted]
    changes = {cell: shocked(exported, cell) for cell in found if cell is not None}
    chosen = cases(exported)
    median = next(one for one in chosen if one[0].get(cell_of(PATH_IN_USE)) == "Median")
    sets: list[tuple[dict[Cell, Entry], Lines]] = [
        (changes_of_cells(exported, changes), exported.python(changes)),
        *chosen[: min(1, len(exported.book.scenarios.live))],
        median,
    ]
    answers: list[Values] = recalculate_libreoffice(exported.path, [entries for entries, _ in sets])
    for (entries, python), answer in zip([({}, exported.run.base), *sets], answers, strict=True):
        assert exported.wrong(python, answer) == [], entries
