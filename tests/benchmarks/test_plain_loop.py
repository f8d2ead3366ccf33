"""The plain loop that the benchmark times calculates the same figures as the array reading: the race is a fair one."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.plain_functions import rate_of_return
from benchmarks.plain_loop import plain_loop
from benchmarks.readings import Trial, base_case, differences, loop_reading, trial
from sibmodel.deals import read
from sibmodel.metrics import irr
from sibmodel.model import build

CHECKOUT = Path(__file__).resolve().parents[2]
DEALS = [*sorted((CHECKOUT / "examples").glob("*.yaml")), CHECKOUT / "benchmarks" / "benchmark_deal.yaml"]
PATHS = 300


@pytest.fixture(scope="module", params=DEALS, ids=lambda path: path.stem)
def deal(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def simulated(deal: Path) -> Trial:
    return trial(read(deal))


def test_loop_gives_the_figures_of_the_array_reading(simulated: Trial) -> None:
    assert differences(simulated, PATHS) == []


def test_paths_differ_from_each_other(simulated: Trial) -> None:
    """Otherwise the comparison would say little."""
    shown = [simulated.loop.names.index(name) for name in ("measured_reduction", "payments", "npv")]
    assert len({tuple(figures[one] for one in shown) for figures in loop_reading(simulated, PATHS)}) > PATHS / 10


def test_loop_gives_the_base_case(deal: Path) -> None:
    assert differences(base_case(read(deal)), 1) == []


def test_a_wrong_figure_is_found(simulated: Trial) -> None:
    """The comparison itself: an input that is a millionth off in one path is said, with the path."""
    given = list(simulated.loop.given)
    effects = [line for line in given if "effect" in line.name.lower()]
    changed = effects[0] if effects else given[0]  # a deal of milestones has no effect: then any input will do
    by = 1e-6 if effects else 1e-2
    simulated.columns[changed.key][7] += by
    try:
        said = differences(simulated, PATHS)
    finally:
        simulated.columns[changed.key][7] -= by
    figure = "true_reduction " if effects else ""
    assert any(f"{figure}differs in 1 of 300 paths, first in path 8" in text for text in said)


def test_program_is_plain_python() -> None:
    """No array stands in it, and what nothing uncertain reaches is in front of the loop over paths."""
    text = plain_loop(build(read(DEALS[-1]))).text
    assert "numpy" not in text
    assert "np." not in text
    before, each_path = text.split("for path in range(paths):")
    assert "discount_factor = exp(" in before
    assert "discount_factor = exp(" not in each_path


@pytest.mark.parametrize(
    "flows",
    [
        [-100.0, 0.0, 110.0],
        [-100.0, -50.0, 20.0, 20.0, 30.0],
        [-1000.0, *[9.0] * 60, 1000.0],
        [-1000.0, *[0.0] * 60, 1e-3],
        [0.0, 0.0, -5.0, 0.0, 5.0],
    ],
)
def test_rate_of_return_is_the_model_s(flows: list[float]) -> None:
    assert rate_of_return(flows) == pytest.approx(float(irr(flows).rate), rel=1e-11, abs=1e-13)


def test_rate_of_return_without_a_rate() -> None:
    assert rate_of_return([-100.0, 0.0, 0.0]) == -1.0
    assert rate_of_return([0.0, 5.0]) != rate_of_return([0.0, 5.0])  # nan
