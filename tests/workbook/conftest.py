"""Every example deal, and the deals beside these tests, exported once for all tests of the workbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibmodel.deals import examples
from tests.workbook.exported import DEALS, Exported, export

NAMES = [*(example.name for example in examples()), *sorted(path.stem for path in DEALS.glob("*.yaml"))]


@pytest.fixture(scope="session", params=NAMES)
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    name: str = request.param
    folder: Path = tmp_path_factory.mktemp(name)
    return export(name, folder)
