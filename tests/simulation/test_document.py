"""The run as plain data: every figure with its error, and nothing that JSON cannot say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from sibmodel import results
from sibmodel.deals import read
from tests.deals import small

STATISTICS = ("mean", "sd", "p5", "p50", "p95")


@pytest.fixture(scope="module")
def run() -> results.Run:
    return results.run(read("peterborough"), paths=2000, seed=3)


@pytest.fixture(scope="module")
def document(run: results.Run) -> dict[str, Any]:
    return results.document(run)


def blocks(document: Any) -> Iterator[dict[str, Any]]:
    """All statistics of a document."""
    if isinstance(document, dict):
        if "p50" in document:
            yield document
        for part in document.values():
            yield from blocks(part)


def test_every_statistic_has_its_error(document: dict[str, Any]) -> None:
    found = list(blocks(document["simulation"]))
    assert len(found) == 7 + len(document["base"]["commissioner"]["payments_by_payer"])
    for block in found:
        for name in STATISTICS:
            error = block["error" if name == "mean" else f"{name}_error"]
            assert error is not None
            assert error >= 0
        assert block["error"] > 0


def test_errors_shrink_with_the_root_of_the_paths(run: results.Run, document: dict[str, Any]) -> None:
    fewer = results.document(results.run(run.deal, paths=500, seed=3))
    for place, name in (("investor", "npv"), ("commissioner", "payments")):
        ratio = fewer["simulation"][place][name]["error"] / document["simulation"][place][name]["error"]
        assert ratio == pytest.approx(2, rel=0.15)


def test_chances_are_those_of_the_paths(run: results.Run, document: dict[str, Any]) -> None:
    figures, told = run.simulation.figures, document["simulation"]
    assert told["investor"]["probability_of_loss"] == np.mean(figures["received"] < figures["invested"] - 0.005)
    assert told["commissioner"]["probability_of_payment"] == np.mean(figures["payments"] > 0.005)
    for chance in (
        (told["investor"]["probability_of_loss"], told["investor"]["probability_of_loss_error"]),
        (told["commissioner"]["probability_of_payment"], told["commissioner"]["probability_of_payment_error"]),
    ):
        assert chance[1] == pytest.approx(np.sqrt(chance[0] * (1 - chance[0]) / 2000), rel=0.01)


def test_the_statuses_of_all_paths_are_told(document: dict[str, Any]) -> None:
    investor = document["simulation"]["investor"]
    assert sum(investor["rates_of_return"].values()) == document["simulation"]["paths"]
    undefined = sum(investor["rates_of_return"][name] for name in ("never_invested", "borrowing"))
    assert undefined <= investor["irr"]["undefined"] <= undefined + investor["rates_of_return"]["no_rate"]


def test_the_base_case_adds_up(document: dict[str, Any]) -> None:
    base = document["base"]
    payments = base["commissioner"]["payments"]
    assert sum(base["commissioner"]["payments_by_payer"].values()) == pytest.approx(payments)
    assert sum(base["commissioner"]["payments_by_financial_year"].values()) == pytest.approx(payments)
    for name in ("invested", "received"):
        assert sum(one[name] for one in base["investor"]["tranches"]) == pytest.approx(base["investor"][name])
    assert base["investor"]["moic"] == pytest.approx(base["investor"]["received"] / base["investor"]["invested"])


def test_a_provider_that_is_paid_at_once_never_falls_behind(document: dict[str, Any]) -> None:
    """Not even by what rounding leaves."""
    assert [one["lowest_cash"] for one in document["base"]["providers"]] == [0, 0]


def test_a_provider_with_an_overrun_falls_behind_by_it() -> None:
    run = results.run(small({"assumptions.cost_overrun": 0.1}), paths=1)
    (provider,) = results.document(run)["base"]["providers"]
    assert provider["lowest_cash"] == pytest.approx(-0.1 * provider["bill"])


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"assumptions.effect": -0.2},  # nothing is ever paid
        {"assumptions.volume": 0},  # nobody comes
        {"providers[0].fixed_per_month": 0, "providers[0].per_start": 0, "providers[0].mobilisation": None},
        {"payments[0].price": 0},
        {"funding.tranches[0].commitment": 0, "funding.tranches[1].commitment": 0},  # never invested
    ],
    ids=["as it is", "no effect", "nobody", "no cost", "no price", "no capital"],
)
@pytest.mark.parametrize("paths", [1, 30])
def test_every_document_can_be_written(changes: dict[str, Any], paths: int) -> None:
    """JSON knows neither nan nor infinity; what is not available is null."""
    document = results.document(results.run(small(changes), paths=paths))
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_without_investment_there_is_no_rate() -> None:
    changes = {"funding.tranches[0].commitment": 0, "funding.tranches[1].commitment": 0, "assumptions.effect": 0}
    document = results.document(results.run(small(changes), paths=5))
    investor = document["base"]["investor"]
    assert (investor["irr"], investor["irr_status"], investor["moic"]) == (None, "never_invested", None)
    assert document["simulation"]["investor"]["irr"]["mean"] is None
    assert document["simulation"]["investor"]["irr"]["undefined"] == 5
