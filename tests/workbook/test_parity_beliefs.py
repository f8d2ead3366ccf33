"""The same judgement of the workbook as every example has, on a deal whose beliefs are elicited, mixed and linked."""

from __future__ import annotations

import pytest

from tests.deals import data, deal_of
from tests.workbook.exported import Exported, export_deal
from tests.workbook.test_parity import (
    test_each_formula_cell_has_its_counterpart,
    test_every_input_is_followed,
    test_many_inputs_together,
    test_scenarios_and_paths_go_through_the_book,
    test_stored_values_are_pythons,
    test_the_base_case,
)

__all__ = [
    "test_each_formula_cell_has_its_counterpart",
    "test_every_input_is_followed",
    "test_many_inputs_together",
    "test_scenarios_and_paths_go_through_the_book",
    "test_stored_values_are_pythons",
    "test_the_base_case",
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    plain = data()
    plain["assumptions"] |= {
        "effect": {"mixture": {"of": [0, {"student_t": {"mean": "12%", "sd": "4%", "degrees": 5}}], "weights": [1, 9]}},
        "volume": {"quantiles": {"shares": [0.1, 0.5, 0.9], "values": [0.6, 0.9, 1.05]}},
        "engagement": {"truncated": {"of": {"normal": {"mean": "80%", "sd": "15%"}}, "low": "50%", "high": "100%"}},
        "events_per_person": {"between": {"low": 1.3, "high": 1.8, "shape": "lognormal"}},
        "cost_overrun": {"empirical": {"values": ["-2%", 0, 0, "4%", "11%"]}},
        "correlations": [{"between": ["effect", "volume"], "rank": 0.3}],
        "copula": "t",
    }
    return export_deal(deal_of(plain), "beliefs", tmp_path_factory.mktemp("beliefs"))
