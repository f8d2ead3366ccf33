"""What is written by hand calculates the same figures as the model: only then does a race mean anything."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.readings import Trial, array_reading, trial, unlike
from sibmodel.deals import read

DEAL = Path(__file__).resolve().parents[2] / "benchmarks" / "benchmark_deal.yaml"
PATHS = 1_024


@pytest.fixture(scope="module")
def larger() -> Trial:
    return trial(read(DEAL))


@pytest.mark.no_cover
@pytest.mark.parametrize("written", ["vectors", "kernel"])
def test_by_hand_gives_the_figures_of_the_array_reading(larger: Trial, written: str) -> None:
    if written == "kernel":
        pytest.importorskip("numba")
    calculate = import_module(f"benchmarks.by_hand.{written}").calculate
    others = calculate({line.key: values[:PATHS] for line, values in larger.given.items()})
    figures, status = array_reading(larger, PATHS)
    assert unlike(figures, status, others, "by hand") == []
    others["payments"] = others["payments"] * (1 + 1e-8)
    assert len(unlike(figures, status, others, "by hand")) == 1
