"""A path opened whole: the simulation's own figures, a ledger that adds up, and files that are safe to open."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from sibmodel.audit import find_line, shown
from sibmodel.cli import main
from sibmodel.deals import read
from sibmodel.errors import NotFoundError, OutputError
from sibmodel.model import build
from sibmodel.one_path import Opened, as_data, as_text, open_path, write_ledger
from sibmodel.one_path import _shown as in_words
from sibmodel.simulation import RANKS, paths_by_rank, simulate
from tests.deals import data, deal_of


@pytest.fixture(scope="module")
def opened() -> Opened:
    return open_path(read("through-the-gate"), rank="p25", paths=1_024, seed=3)


def test_a_path_by_rank_is_that_of_the_simulation(opened: Opened) -> None:
    simulation = simulate(opened.model, 1_024, seed=3, sampler="sobol")
    assert opened.number == paths_by_rank(simulation)["p25"]
    figures = {name: value for name, value, _ in opened.headlines()}
    for name, figure in (("Net present value", "npv"), ("Outcome payments", "payments"), ("Invested", "invested")):
        assert figures[name] == pytest.approx(simulation.figures[figure][opened.number - 1], rel=1e-12)
    again = open_path(opened.deal, opened.number, seed=3, paths=1_024)
    assert [one.value for one in again.drawn()] == [one.value for one in opened.drawn()]


def test_the_ledger_adds_up_to_every_partys_cash_flow(opened: Opened) -> None:
    entries, balances = list(opened.ledger()), opened.balances()
    assert sum(received - paid for received, paid in balances.values()) == pytest.approx(0, abs=1e-6)
    for party, (received, paid) in balances.items():
        assert received == pytest.approx(sum(one.amount for one in entries if one.payee == party), abs=0.5)
        assert paid == pytest.approx(sum(one.amount for one in entries if one.payer == party), abs=0.5)
        flow = opened.values.row(opened.model.flows.of[party])
        assert received - paid == pytest.approx(flow.sum(), abs=1e-6)
    assert {one.month for one in entries} <= {str(opened.deal.start.plus(one)) for one in range(opened.deal.months)}


def test_what_was_drawn_stands_with_its_share_and_counts_with_their_mean(opened: Opened) -> None:
    drawn = {one.name: one for one in opened.drawn()}
    matching = drawn["Matching error"]
    uncertain = next(one for one in opened.model.uncertain if one.cell.name == "Matching error")
    assert matching.share is not None
    assert uncertain.column(matching.share) == pytest.approx(matching.value)
    counted = drawn["Events counted, First cohort"]
    expected = next(one for one in opened.model.book.lines if one.name == "Events expected, First cohort")
    assert counted.usual == opened.values.figure(expected)
    assert counted.value == int(counted.value) != counted.usual


def test_it_is_told_in_words_as_data_and_as_csv(opened: Opened, tmp_path: Path) -> None:
    text = as_text(opened)
    for said in (f"path {opened.number:,} of seed 3", "the p25 by npv", "Matching error", "→", "Foundation"):
        assert said in text
    told = as_data(opened)
    assert json.loads(json.dumps(told))["path"] == opened.number
    write_ledger(opened, tmp_path / "ledger.csv")
    with (tmp_path / "ledger.csv").open(encoding="utf-8-sig", newline="") as reading:
        rows = list(csv.DictReader(reading))
    assert [float(one["amount"]) for one in rows] == [one["amount"] for one in told["ledger"]]
    assert [one.name for one in tmp_path.iterdir()] == ["ledger.csv"]
    with pytest.raises(OutputError, match="cannot be written"):
        write_ledger(opened, tmp_path / "nowhere" / "ledger.csv")


def test_a_name_that_looks_like_a_formula_is_a_text_in_a_csv(tmp_path: Path) -> None:
    plain = data()
    plain["payments"][0]["payers"] = [{"name": '=HYPERLINK("x")'}]
    write_ledger(open_path(deal_of(plain), number=1, paths=32, sampler="random"), tmp_path / "ledger.csv")
    with (tmp_path / "ledger.csv").open(encoding="utf-8-sig", newline="") as reading:
        cells = [cell for row in csv.reader(reading) for cell in row[1:4]]
    assert '\'=HYPERLINK("x")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_wrong_numbers_ranks_and_figures_are_refused() -> None:
    deal = deal_of(data())
    with pytest.raises(NotFoundError, match="Give one of both"):
        open_path(deal)
    with pytest.raises(NotFoundError, match=r'"middle" is no rank\. There are: worst, p5'):
        open_path(deal, rank="middle")
    with pytest.raises(NotFoundError, match=r'no figure "pay"\. Did you mean'):
        open_path(deal, rank="worst", by="pay", paths=32)
    with pytest.raises(NotFoundError, match="There are 1,024 paths: there is no path 2000"):
        open_path(deal, 2_000, paths=1_024)


def test_the_command_opens_a_path(tmp_path: Path) -> None:
    file = str(tmp_path / "ledger.csv")
    done = CliRunner().invoke(main, ["path", "rikers", "--rank", "best", "--by", "payments", "--csv", file])
    assert done.exit_code == 0, done.output
    assert "the best by payments" in done.output
    assert f"Wrote {file}" in done.output
    told = json.loads(CliRunner().invoke(main, ["path", "rikers", "--number", "5", "--json"]).output)
    assert told["path"] == 5
    assert "rank" not in told
    assert CliRunner().invoke(main, ["path", "rikers"]).exit_code == 2
    choices = next(one for one in main.commands["path"].params if one.name == "rank").type
    assert list(choices.choices) == list(RANKS)  # type: ignore[attr-defined]
    assert math.isfinite(np.sum([one["net"] for one in told["parties"]]))


def test_a_month_is_one_and_shares_have_a_decimal() -> None:
    assert shown(1.0, "months") == "1 month"
    assert shown(2.0, "months") == "2 months"
    assert in_words(-1.0, "share a year") == "−100.0% a year"


def test_the_line_of_all_investors_is_offered_first() -> None:
    with pytest.raises(NotFoundError, match=r"Did you mean: All investors: rate of return; "):
        find_line(build(read("through-the-gate")), "rate of return")
