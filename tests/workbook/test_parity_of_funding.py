"""Silos, reserves, triggers, guarantees, caps and income: does the workbook calculate what Python calculates?"""

from __future__ import annotations

from pathlib import Path

import pytest

from sibmodel.deal import Deal
from sibmodel.files import read_terms
from tests.workbook.exported import Exported, export_deal, shocked
from tests.workbook.judges import IroncalcBook
from tests.workbook.test_parity import changes_of_cells, random_sets

DEAL = Path(__file__).parent.parent / "funding" / "every_feature.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export_deal(read_terms(DEAL, Deal), "every-feature", tmp_path_factory.mktemp("every-feature"))


def test_the_base_case(made: Exported) -> None:
    assert list(made.differences(made.run.base, IroncalcBook(made.path).values())) == []


def test_each_input_by_itself(made: Exported) -> None:
    book = IroncalcBook(made.path)
    for cell in made.inputs:
        changes = {cell: shocked(made, cell)}
        python = made.python(changes)
        left_out = made.cells_of(made.without_a_rate(python))
        found = book.values_with(changes_of_cells(made, changes))
        wrong = [one for one in made.differences(python, found) if one[0] not in left_out]
        assert wrong == [], cell.name


def test_many_inputs_together(made: Exported) -> None:
    book = IroncalcBook(made.path)
    for changes in random_sets(made):
        python = made.python(changes)
        left_out = made.cells_of(made.without_a_rate(python))
        found = book.values_with(changes_of_cells(made, changes))
        wrong = [one for one in made.differences(python, found) if one[0] not in left_out]
        assert wrong == [], {cell.name: value for cell, value in changes.items()}
