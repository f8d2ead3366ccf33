"""The tape to read: counts that add up, and each line's operations in words."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sibmodel.cli import main
from sibmodel.deals import read
from sibmodel.model import build
from sibmodel.simulation.listed import Listed, listed


@pytest.fixture(scope="module")
def found() -> Listed:
    return listed(build(read("examples/peterborough.yaml")))


def test_counts_add_up(found: Listed) -> None:
    said = found.as_dict()
    kinds, lines = said["by_kind"], said["by_line"]
    assert isinstance(kinds, dict)
    assert isinstance(lines, dict)
    assert sum(kinds.values()) == sum(sum(of.values()) for of in lines.values()) == said["operations"]


def test_every_operation_belongs_to_one_line(found: Listed) -> None:
    steps = [step.row for line in found.model.book.lines for step in found.steps(line)]
    assert sorted(steps) == sorted(found.tape.player.order)


def said(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["operations", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_counts() -> None:
    text = said("peterborough")
    assert "operations on rows, beside" in text
    assert "more lines; --json has them all" in text
    assert json.loads(said("peterborough", "--json"))["deal"] == "HMP Peterborough social impact bond"


def test_the_command_writes_a_line_out() -> None:
    text = said("peterborough", "Cash needed")
    assert text.startswith("Funding / Cash needed: 168 operations in every path\n  2010-09  row ")
    assert "[Bills to pay] − row " in text
    assert " = the larger of row " in text
    steps = json.loads(said("peterborough", "Cash needed", "--json"))["steps"]
    assert len(steps) == 168
    assert steps[-1]["operation"] in text


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("Commissioning / Outcome payments", "its rows are those of Funding / Received from payers"),
        ("Timeline / Period", "it is the same in every path"),
    ],
)
def test_the_command_says_why_a_line_has_none(line: str, answer: str) -> None:
    assert answer in said("peterborough", line)
