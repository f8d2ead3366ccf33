"""The summary on the screen: what is unsure is told beside the figure that it is about."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

from sibmodel.cli import main
from sibmodel.metrics import summarise
from sibmodel.results import run
from sibmodel.views.summary import _unsure, summary
from sibmodel.words import money, times
from tests.deals import data, deal_of


def test_a_percentile_at_a_jump_is_told() -> None:
    """Of 10,000 paths 5,020 lose a million: the median may be that or nil."""
    figures = np.where(np.arange(10_000) < 5_020, -1e6, 0.0)
    error = summarise(figures).errors["p50"]
    assert error > 1e5
    (said,) = _unsure(summarise(figures), money)
    assert said.strip() == f"not settled: median ± {money(error)}, at a jump or from too few paths"


def test_settled_percentiles_need_no_line(rng: np.random.Generator) -> None:
    assert _unsure(summarise(rng.normal(size=5_000)), money) == []
    assert _unsure(summarise(np.ones(5_000)), money) == []
    assert _unsure(summarise([1.0, 2.0]), money) == []  # too few for an error


def test_the_base_case_is_judged_below_its_own_row() -> None:
    plain = data()
    plain["assumptions"]["effect"] = {"normal": {"mean": -0.5, "sd": 0.01}}
    lines = summary(run(deal_of(plain), 100)).splitlines()
    rate = next(place for place, line in enumerate(lines) if "Rate of return a year" in line)
    assert "Total loss" not in lines[rate]
    assert lines[rate + 1].strip().startswith("base case: Total loss")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.254, "1.25 times"),
        (0.0, "0.00 times"),
        (0.0012, "0.001 times"),
        (0.00012, "0.0001 times"),
        (1e-9, "0.00 times"),
    ],
)
def test_an_error_in_times_is_not_printed_as_nil(value: float, said: str) -> None:
    assert times(value) == said


def test_a_caution_is_broken_into_lines_that_fit_the_screen() -> None:
    ran = CliRunner().invoke(main, ["check", "through-the-gate"])
    assert "  Caution  payments  Without any true effect" in ran.output
    assert max(map(len, ran.output.splitlines())) <= 100
