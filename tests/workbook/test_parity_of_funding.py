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


@pytest.fixture(scope="module", params=[0.1, 0.01])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """With an effect of 10 % surpluses reach their caps; with 1 % guarantees are called."""
    deal = read_terms(DEAL, Deal).replace("assumptions.effect", request.param)
    return export_deal(deal, "every-feature", tmp_path_factory.mktemp("every-feature"))


def test_every_step_reserve_and_guarantee_is_at_work(made: Exported) -> None:
    funding, base = made.run.model.funding, made.run.base
    late = base.figure(made.run.model.effects[0].pooled.true) > 0.05
    for guarantee in funding.guarantees:
        assert (base.figure(guarantee.paid_in_all) > 1) != late
    for reserve in funding.reserves:
        assert base.row(reserve.used).sum() > 1
    assert sum(base.row(reserve.released).sum() for reserve in funding.reserves) > 1
    if late:
        assert [step.title for step in funding.log if base.row(step.paid).sum() < 1] == []


def test_the_base_case(made: Exported) -> None:
    assert list(made.differences(made.run.base, IroncalcBook(made.path).values())) == []


def test_each_input_by_itself(made: Exported) -> None:
    book = IroncalcBook(made.path)
    sets = [{cell: shocked(made, cell)} for cell in made.inputs]
    for changes, python in zip(sets, made.python_each(sets), strict=True):
        left_out = made.cells_of(made.without_a_rate(python))
        found = book.values_with(changes_of_cells(made, changes))
        wrong = [one for one in made.differences(python, found) if one[0] not in left_out]
        assert wrong == [], [cell.name for cell in changes]


def test_many_inputs_together(made: Exported) -> None:
    book = IroncalcBook(made.path)
    for changes in random_sets(made):
        python = made.python(changes)
        left_out = made.cells_of(made.without_a_rate(python))
        found = book.values_with(changes_of_cells(made, changes))
        wrong = [one for one in made.differences(python, found) if one[0] not in left_out]
        assert wrong == [], {cell.name: value for cell, value in changes.items()}
