"""The commands with Excel: a form made, checked, run, turned into YAML and back; nothing written over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sibmodel.cli import main
from sibmodel.deal import Deal
from sibmodel.deals import example, find
from sibmodel.files import read_terms
from sibmodel.results import run
from sibmodel.workbook import write_workbook
from tests.deals import data, deal_of
from tests.forms.filled import compact


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sibmodel(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_new_form_is_checked_and_explained(folder: Path) -> None:
    made = sibmodel("new", "mine.xlsx")
    assert made.exit_code == 0
    assert "Wrote mine.xlsx, a copy of through-the-gate. Open it in Excel" in made.output
    assert find("mine.xlsx")[0] == example("through-the-gate").deal()
    assert sibmodel("check", "mine.xlsx").output.startswith("No faults, 1 caution. Through the gate: 3 cohorts")
    assert "Outcome payments" in sibmodel("explain", "mine", "Outcome payments").output


def test_from_yaml_to_excel_and_back(folder: Path) -> None:
    deal = deal_of(data())
    (folder / "small.xlsx").write_bytes(compact(deal))
    assert sibmodel("new", "small.yaml", "--from", "small.xlsx").exit_code == 0
    assert read_terms(folder / "small.yaml", Deal) == deal
    assert sibmodel("new", "again.xlsx", "--from", "small.yaml").exit_code == 0
    assert find("again")[0] == deal
    assert sibmodel("new", "copy.yaml", "--from", "peterborough").exit_code == 0
    assert (folder / "copy.yaml").read_text(encoding="utf-8") == example("peterborough").text  # with its comments


def test_a_blank_form_says_what_is_missing() -> None:
    assert json.loads(sibmodel("new", "blank.xlsx", "--blank", "--json").output) == {"file": "blank.xlsx", "from": None}
    told = sibmodel("check", "blank.xlsx")
    assert told.exit_code == 1
    assert "Deal!E8" in told.output
    for arguments in (("mine.yaml", "--blank"), ("mine.xlsx", "--blank", "--from", "rikers"), ("mine.docx",)):
        assert sibmodel("new", *arguments).exit_code == 2


def test_a_form_from_a_wrong_deal_is_not_written(folder: Path) -> None:
    (folder / "wrong.yaml").write_text("name: Wrong\n", encoding="utf-8")
    assert sibmodel("new", "mine.xlsx", "--from", "wrong.yaml").exit_code == 1
    assert not (folder / "mine.xlsx").exists()
    (folder / "mine.xlsx").write_bytes(b"something")
    assert sibmodel("new", "mine.xlsx").exit_code == 2
    assert (folder / "mine.xlsx").read_bytes() == b"something"


def test_results_are_never_written_over_the_workbook_they_come_from(folder: Path) -> None:
    write_workbook(run(deal_of(data()), 20), folder / "small.xlsx")
    before = (folder / "small.xlsx").read_bytes()
    for name in ("small.xlsx", "small"):
        told = sibmodel("run", name, "--out", ".", "--paths", "20")
        assert told.exit_code == 2
        assert f"The results would be written over {name}. Choose another folder with --out." in told.output
    assert (folder / "small.xlsx").read_bytes() == before
