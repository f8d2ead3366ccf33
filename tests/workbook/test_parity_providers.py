"""The same judgement of the workbook as every example has, on a consortium with every kind of provider's terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibmodel.deal import Deal
from sibmodel.files import read_terms
from tests.workbook.exported import Exported, export_deal
from tests.workbook.test_parity import (
    test_each_formula_cell_has_its_counterpart,
    test_every_input_is_followed,
    test_libreoffice_agrees,
    test_many_inputs_together,
    test_scenarios_and_paths_go_through_the_book,
    test_stored_values_are_pythons,
    test_the_base_case,
)

__all__ = [
    "test_each_formula_cell_has_its_counterpart",
    "test_every_input_is_followed",
    "test_libreoffice_agrees",
    "test_many_inputs_together",
    "test_scenarios_and_paths_go_through_the_book",
    "test_stored_values_are_pythons",
    "test_the_base_case",
]

MECHANICS = Path(__file__).parent.parent / "mechanics"


@pytest.fixture(scope="module", params=["37-guaranteed-referrals", "40-costs-outside-the-bond", "41-consortium"])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    name: str = request.param
    return export_deal(read_terms(MECHANICS / f"{name}.yaml", Deal), name, tmp_path_factory.mktemp(name))


@pytest.fixture(scope="module")
def exported_example(exported: Exported) -> Exported:
    return exported
