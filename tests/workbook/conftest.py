"""Every example deal, and some small ones, exported once for all tests of the workbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibmodel.deal import Deal
from sibmodel.deals import example, examples
from sibmodel.files import read_terms
from tests.workbook.exported import Exported, export_deal

HERE = Path(__file__).parent
MECHANICS = HERE.parent / "mechanics"
SMALL = {
    **{path.stem: path for path in sorted((HERE / "deals").glob("*.yaml"))},
    **{name: MECHANICS / f"{name}.yaml" for name in ("27-segments", "33-early-end", "33-stop-option", "38-actuals")},
}
"""Small deals with lines that no example has."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage is measured while workbooks are made, not while they are judged: that takes minutes."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.no_cover)


_EXPORTED: dict[str, Exported] = {}


def _export(name: str, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    if name not in _EXPORTED:
        deal = read_terms(SMALL[name], Deal) if name in SMALL else example(name).deal()
        _EXPORTED[name] = export_deal(deal, name, tmp_path_factory.mktemp(name))
    return _EXPORTED[name]


@pytest.fixture(scope="session", params=[*(example.name for example in examples()), *SMALL])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return _export(request.param, tmp_path_factory)


@pytest.fixture(scope="session", params=[example.name for example in examples()])
def exported_example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return _export(request.param, tmp_path_factory)
