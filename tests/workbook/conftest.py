"""Every example deal, and some small ones, exported once for all tests of the workbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibmodel.deal import Deal
from sibmodel.deals import example, examples
from sibmodel.files import read_terms
from tests.workbook.exported import Exported, export_deal

MECHANICS = Path(__file__).parent.parent / "mechanics"
ALSO = ("27-segments", "33-early-end", "33-stop-option")
"""Small deals of mechanics with lines that no example has."""


@pytest.fixture(scope="session", params=[*(example.name for example in examples()), *ALSO])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    name: str = request.param
    folder: Path = tmp_path_factory.mktemp(name)
    path = MECHANICS / f"{name}.yaml"
    return export_deal(read_terms(path, Deal) if path.exists() else example(name).deal(), name, folder)
