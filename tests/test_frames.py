"""A run as pandas tables, and another program's word on its rate of return."""

from __future__ import annotations

import numpy as np
import pytest

import sibmodel as sib
from sibmodel import frames
from sibmodel.deals import examples
from sibmodel.metrics import RateStatus
from sibmodel.results import rate_status


@pytest.mark.parametrize("name", [one.name for one in examples()])
def test_numpy_financial_agrees_where_there_is_one_rate(name: str) -> None:
    run = sib.run(sib.read(name), paths=10)
    if rate_status(run) is RateStatus.UNIQUE:
        assert frames.second_opinion(run) == pytest.approx(run.figure(run.model.returns.everyone.irr), abs=1e-9)


def test_paths_are_counted_from_one_and_hold_the_figures() -> None:
    run = sib.run(sib.read("peterborough"), paths=30)
    frame = frames.paths(run)
    assert list(frame.index) == list(range(1, 31))
    assert np.array_equal(frame["payments"].to_numpy(), run.simulation.figures["payments"])
    assert set(frame["rate_status"]) <= {status.name.lower() for status in RateStatus}


def test_cash_flows_of_all_parties_are_nil_at_each_month_end() -> None:
    flows = frames.cash_flows(sib.run(sib.read("through-the-gate"), paths=1))
    assert str(flows.index[0].date()) == "2027-04-30"
    assert flows.sum(axis=1).abs().max() < 1e-6
