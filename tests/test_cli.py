"""The command as a user meets it: verbs, exit codes, errors in words, nothing half-written."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from sibmodel.cli import main


@dataclass(frozen=True)
class Done:
    """What a command ended with, and what it said."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def sibmodel(monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, in this process, which has loaded the package; `by_itself` is the command at a terminal."""

    def run(*arguments: str, cwd: Path) -> Done:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["sibmodel", *arguments])
        done = CliRunner().invoke(main, arguments)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    return run


def by_itself(*arguments: str, cwd: Path) -> Done:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "sibmodel.cli", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stdout + done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def test_examples_are_listed(sibmodel: Command, tmp_path: Path) -> None:
    done = sibmodel("examples", "--json", cwd=tmp_path)
    assert done.returncode == 0
    assert {"peterborough", "through-the-gate"} <= {one["name"] for one in json.loads(done.stdout)}
    assert "peterborough" in sibmodel("examples", cwd=tmp_path).stdout


def test_from_a_new_file_to_results(tmp_path: Path) -> None:
    assert by_itself("new", "mine.yaml", cwd=tmp_path).returncode == 0
    assert "No faults" in by_itself("check", "mine.yaml", cwd=tmp_path).stdout
    done = by_itself("run", "mine.yaml", "--paths", "300", "--out", "results", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {file.name for file in (tmp_path / "results").iterdir()} == {"mine.xlsx", "mine.json"}
    assert "Chance of losing money" in done.stdout
    assert "Next:" in done.stdout


def test_json_stands_alone_and_equals_the_file(tmp_path: Path) -> None:
    done = by_itself("run", "peterborough", "--paths", "300", "--seed", "7", "--json", cwd=tmp_path)
    printed = json.loads(done.stdout)
    assert printed == json.loads((tmp_path / "out" / "peterborough.json").read_text(encoding="utf-8"))
    assert printed["simulation"]["paths"] == 300
    assert printed["simulation"]["seed"] == 7


def test_set_changes_a_term_and_the_hash(sibmodel: Command, tmp_path: Path) -> None:
    plain = json.loads(sibmodel("run", "peterborough", "--paths", "50", "--json", cwd=tmp_path).stdout)
    dearer = json.loads(
        sibmodel(
            "run", "peterborough", "--paths", "50", "--set", "payments[0].price=£11,000", "--json", cwd=tmp_path
        ).stdout
    )
    assert dearer["base"]["commissioner"]["payments"] > plain["base"]["commissioner"]["payments"]
    assert dearer["deal_hash"] != plain["deal_hash"]


def test_explain_names_formula_value_and_precedents(sibmodel: Command, tmp_path: Path) -> None:
    done = sibmodel(
        "explain", "peterborough", "Outcome payment: under its cap", "--period", "2017-07", "--json", cwd=tmp_path
    )
    found = json.loads(done.stdout)
    assert found["formula"].startswith("the smaller of Outcome payment: payable")
    assert {one["name"] for one in found["precedents"]} >= {"Outcome payment: cap"}
    text = sibmodel(
        "explain", "peterborough", "Reconviction events: measured effect, Cohort 1", "--path", "17", cwd=tmp_path
    ).stdout
    assert "Reconviction events: measured effect, Cohort 1 = " in text


def test_explain_of_a_path_is_the_figure_of_that_path(tmp_path: Path) -> None:
    import sibmodel as sib

    run = sib.run(sib.read("peterborough"), paths=40, seed=5)
    done = by_itself(
        "explain",
        "peterborough",
        "Outcome payments in all",
        "--path",
        "33",
        "--paths",
        "40",
        "--seed",
        "5",
        "--json",
        cwd=tmp_path,
    )
    assert json.loads(done.stdout)["value"] == run.simulation.figures["payments"][32]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("    threshold: 10%", "    treshold: 10%"), 'is not a field of "threshold". Did you mean "threshold"?'),
        (("    threshold: 10%", "    threshold: 10"), "10 is not a share between 0 and 1. For 10 % write 0.10 or 10%."),
        (("start: 2010-09\n", "start: 2010-13\n"), "there is no month 13"),
        (("    people: 1000", "    people: -5"), "-5 is not"),
        (
            ("tranches: [Charitable trusts and foundations, Private individuals]", "tranches: [Charitable trusts]"),
            '"Charitable trusts" is not a tranche of this deal. Did you mean "Charitable trusts and foundations"?',
        ),
    ],
)
def test_a_wrong_deal_is_told_with_its_place(
    sibmodel: Command, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    sibmodel("new", "deal.yaml", "--from", "peterborough", cwd=tmp_path)
    text = (tmp_path / "deal.yaml").read_text(encoding="utf-8")
    line = text[: text.index(change[0])].count("\n") + 1
    (tmp_path / "deal.yaml").write_text(text.replace(*change, 1), encoding="utf-8")
    for verb in ("check", "run"):
        done = sibmodel(verb, "deal.yaml", cwd=tmp_path)
        assert done.returncode == 1
        assert f"line {line} " in done.stderr
        assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "out").exists()


def test_a_wrong_deal_as_json(tmp_path: Path) -> None:
    (tmp_path / "deal.yaml").write_text("name: x\n", encoding="utf-8")
    done = by_itself("check", "deal.yaml", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"]


def test_an_empty_file_is_a_wrong_deal(sibmodel: Command, tmp_path: Path) -> None:
    (tmp_path / "deal.yaml").write_text("", encoding="utf-8")
    done = sibmodel("check", "deal.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "empty" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "no-such-deal"),
        ("run", "no-such-file.yaml"),
        ("run", "peterborough", "--paths", "0"),
        ("run", "peterborough", "--set", "payments[0].prise=3"),
        ("run", "peterborough", "--set", "nothing"),
        ("explain", "peterborough", "No such line"),
        ("explain", "peterborough", "Outcome payment: paid", "--period", "2031-01"),
        ("explain", "peterborough", "Outcome payment: paid", "--period", "soon"),
        ("new", "deal.txt"),
        ("new", "deal.yaml", "--from", "nowhere"),
        ("chekc", "peterborough"),
    ],
)
def test_a_wrong_command_ends_with_two(sibmodel: Command, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = sibmodel(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_a_set_term_cannot_have_is_a_wrong_deal(sibmodel: Command, tmp_path: Path) -> None:
    done = sibmodel("run", "peterborough", "--set", "payments[0].threshold=10", cwd=tmp_path)
    assert done.returncode == 1
    assert "For 10 % write 0.10 or 10%." in done.stderr


def test_new_does_not_write_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "deal.yaml").write_text("mine", encoding="utf-8")
    assert by_itself("new", "deal.yaml", cwd=tmp_path).returncode == 2
    assert (tmp_path / "deal.yaml").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written_is_told_and_left_alone(sibmodel: Command, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    done = sibmodel("run", "peterborough", "--paths", "20", "--out", "taken/results", cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]


def test_contracts_side_by_side_and_value_for_money(sibmodel: Command, tmp_path: Path) -> None:
    done = sibmodel("compare", "rikers", "--with", "rikers-as-it-went", "--paths", "200", "--json", cwd=tmp_path)
    printed = json.loads(done.stdout)
    assert printed == json.loads((tmp_path / "out" / "rikers-compared.json").read_text(encoding="utf-8"))
    names = [one["name"] for one in printed["contracts"]]
    assert names == ["Fee for service", "Payment by results", "Bond", "rikers-as-it-went"]
    assert (tmp_path / "out" / "rikers-compared.xlsx").exists()
    done = sibmodel("value", "one-service", "--paths", "200", "--set", "value.counts=[]", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Switching value" in done.stdout
    assert "Wrote out/one-service-value.xlsx" in done.stdout
