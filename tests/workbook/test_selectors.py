"""The sheets Scenarios and Paths: what can be chosen there, what is refused, and what is counted as changed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from sibmodel.errors import NotFoundError
from sibmodel.lines import column_name
from sibmodel.results import Run, run
from sibmodel.scenarios import BASE_CASE, OWN
from sibmodel.simulation import paths_by_rank
from sibmodel.workbook import lay_out, write_workbook
from sibmodel.workbook.path_sheet import BASE_ROW, RANKS
from sibmodel.workbook.sheet import Live
from sibmodel.workbook.showing import Choice, Showing
from tests.deals import data, deal_of
from tests.test_cli import by_itself
from tests.workbook.exported import Exported, export_deal

SCENARIOS = [
    {"name": "Low, *odd?", "description": "Worse.", "changes": {"payments[0].price": 8_000}},
    {"name": "Longer", "changes": {"months": 96}},
    {"name": "=1+1", "source": "a board paper", "changes": {"assumptions.effect": "12%"}},
]


@pytest.fixture(scope="module")
def made() -> Run:
    return run(deal_of({**data(), "scenarios": SCENARIOS}), 1_200)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export_deal(deal_of({**data(), "scenarios": SCENARIOS}), "scenarios", tmp_path_factory.mktemp("scenarios"))


def test_the_list_of_paths_begins_with_the_ranks_and_the_first_ones(made: Run) -> None:
    paths = lay_out(made, [17, 1_100]).paths.paths
    ranks = paths_by_rank(made.simulation)
    assert [(label, number) for label, number, _ in paths[:7]] == [(RANKS[one][0], ranks[one]) for one in ranks]
    assert paths[7] == ("Path 1100", 1_100, "asked for")
    assert [number for _, number, _ in paths[8:]] == list(range(1, 1_001))
    assert paths[8 + 16] == ("Path 17", 17, "asked for")
    assert len({label for label, _, _ in paths}) == len(paths)


def test_a_path_that_is_not_there_is_refused_and_nothing_is_written(made: Run, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"There are 1,200 paths.*no path 1,201"):
        write_workbook(made, tmp_path / "deal.xlsx", [1_201])
    assert list(tmp_path.iterdir()) == []
    done = by_itself("run", "peterborough", "--paths", "40", "--replay", "41", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "no path 41" in done.stderr
    assert not list((tmp_path / "out").iterdir())
    assert "with commas between them" in by_itself("run", "peterborough", "--replay", "x", cwd=tmp_path).stderr


def test_scenarios_that_are_the_same_model_can_be_chosen(exported: Exported, made: Run) -> None:
    sheet = exported.book.scenarios
    assert sheet.columns == [BASE_CASE, "Low, *odd?", "=1+1", OWN]
    book = openpyxl.load_workbook(exported.path)["Scenarios"]
    (listed,) = [one for one in book.data_validations.dataValidation if str(one.sqref) == "D7"]
    assert [cell.value for cell in book[listed.formula1.replace("$", "")][0]] == sheet.columns
    words = {str(value) for cell, value in exported.stored.items() if cell[0] == "Scenarios"}
    (why,) = [one for one in words if "Not in the selector" in one]
    assert "it has 96 periods instead of 72" in why
    longer = next(one for one in made.scenarios if one.scenario.name == "Longer")
    npv = longer.figure(made.model.returns.everyone.npv, made.model)
    assert npv is not None
    row = sheet.first_figure + [one.key for one in sheet.figures].index("npv") + 1
    assert exported.stored["Scenarios", f"{column_name(sheet.fixed_at)}{row}"] == pytest.approx(npv)


def test_names_with_wildcards_and_formulas_are_only_names(exported: Exported) -> None:
    for case in exported.book.scenarios.live:
        name = case.scenario.name
        found = exported.judge.formulas_with({("Scenarios", "D7"): name})
        assert exported.wrong(Showing(exported.python(case.values), Choice(name)), found) == []
        assert exported.status(found, "Scenario in use: compared") == 1
        assert found["Cover", "A4"] == f"Showing: scenario {name}. Inputs: as exported"


def test_a_changed_cell_of_a_scenario_is_counted_and_nothing_is_compared(exported: Exported) -> None:
    sheet = exported.book.scenarios
    cell = next(one for one in exported.inputs if one.path == "payments[0].price")
    for column in (sheet.own_at, sheet.own_at - 1, sheet.own_at - 2):
        found = exported.judge.formulas_with({exported.cell_in_scenario(column, cell): 9_500.0})
        assert exported.status(found, "Inputs changed since the export") == 1
        assert exported.status(found, "Scenario in use: compared") == 0
        changed = (sheet.changed_at, sheet.own_at)
        assert found["Scenarios", f"{column_name(changed[0])}{sheet.rows[cell] + 1}"] == "changed"


def test_a_choice_that_is_not_in_the_list_is_the_base_case(exported: Exported) -> None:
    found = exported.judge.formulas_with({("Scenarios", "D7"): "High", ("Paths", "D7"): "Path 0"})
    assert exported.wrong(exported.run.base, found) == []


def test_what_was_drawn_stands_in_the_path_s_row(exported: Exported) -> None:
    sheet = exported.book.paths
    draw = exported.run.model.book.draws[0]
    column = column_name(next(at for one, at in sheet._at.items() if draw in one.lines))
    for place in (1, 20):
        assert exported.stored["Paths", f"{column}{BASE_ROW + place + 1}"] == sheet.values_in(place)[draw]


def test_headings_of_live_figures_say_which_case_they_show(exported: Exported) -> None:
    sheet = next(one for one in exported.book.sheets if one.name == "Commissioner view")
    heads = [
        (sheet.name, f"{column_name(column)}{row + 1}")
        for (row, column), written in sheet.cells.items()
        if isinstance(written.content, Live) and str(written.content.read(exported.run.base)) == BASE_CASE
    ]
    assert heads
    label, number, _ = exported.book.paths.paths[20]
    chosen = {
        BASE_CASE: {},
        "Scenario: =1+1": {("Scenarios", "D7"): "=1+1"},
        f"Path {number}": {("Paths", "D7"): label, ("Scenarios", "D7"): "=1+1"},
    }
    for expected, cells in chosen.items():
        found = exported.judge.formulas_with(cells)
        assert {found[cell] for cell in heads} == {expected}
