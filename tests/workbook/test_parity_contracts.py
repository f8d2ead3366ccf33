"""The judgement of every formula cell by another program, on the workbook that a comparison of contracts writes: with
credit, step-ins, benefits of several kinds, a deflator, and another deal beside it."""

from __future__ import annotations

import pytest

from sibmodel.deal import Deal
from sibmodel.results import compared
from tests.deals import data, deal_of
from tests.workbook.exported import PATHS, Exported, export
from tests.workbook.test_charts import (
    test_every_chart_has_title_and_named_axes,
    test_every_chart_has_words_in_its_place,
    test_what_a_chart_shows_stands_in_its_cells,
)
from tests.workbook.test_parity import (
    test_each_formula_cell_has_its_counterpart,
    test_many_inputs_together,
    test_stored_values_are_pythons,
    test_the_base_case,
)

__all__ = [
    "test_each_formula_cell_has_its_counterpart",
    "test_every_chart_has_title_and_named_axes",
    "test_every_chart_has_words_in_its_place",
    "test_many_inputs_together",
    "test_stored_values_are_pythons",
    "test_the_base_case",
    "test_what_a_chart_shows_stands_in_its_cells",
]


def deal() -> Deal:
    plain = data()
    plain["providers"][0] |= {"opening_cash": 60_000}
    partner = {"name": "Partner", "per_start": 100, "uptake": 0.5, "paid_by": "Charity"}
    plain["providers"] += [partner, {"name": "Housing", "fixed_per_month": 2_000}]
    plain |= {"intermediary": {"set_up": 10_000}, "assessor": {"per_assessment": 5_000}}
    plain["comparison"] = {"credit": 40_000, "assessment_under_fee": 0.5}
    plain["value"] = {
        "benefits": [
            {"name": "Food", "kind": "cashable", "per_event": 100, "prices": 2024, "source": "assumed"},
            {
                "name": "Harm",
                "kind": "social",
                "basis": "value",
                "per_event": 9_000,
                "prices": 2020,
                "source": "assumed",
            },
        ],
        "counts": ["cashable", "social"],
        "deflator": {2023: 100.0, 2024: 103.0, 2025: 106.5, 2026: 108.0, 2027: 110.0},
    }
    plain["assumptions"] |= {
        "effect": {"normal": {"mean": 0.1, "sd": 0.05}},
        "cost_overrun": {"normal": {"mean": 0, "sd": 0.1}},
    }
    return deal_of(plain)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    dearer = deal().replace("payments[0].price", 12_000)
    made = compared(deal(), [("Dearer", dearer)], PATHS)
    return export(made, "compared", tmp_path_factory.mktemp("compared"))
