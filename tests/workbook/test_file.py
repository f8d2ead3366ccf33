"""The file itself: the same bytes again, readable without Excel, safe against any name, never half-written."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import openpyxl
import pandas
import pytest

from sibmodel.deals import read
from sibmodel.errors import OutputError
from sibmodel.results import Run, run
from sibmodel.workbook import write_workbook
from sibmodel.workbook.layout import HEADER
from tests.deals import data, deal_of
from tests.workbook.exported import Exported
from tests.workbook.judges import recalculate_ironcalc, stored_values

NAMES = ['=HYPERLINK("http://example.org")', "@SUM(1+1)", "+1", "-1", "{=1}", "A & B <C> 'D'"]


@pytest.fixture(scope="module")
def small() -> Run:
    return run(deal_of(data()), 100)


def test_the_same_run_gives_the_same_bytes(exported: Exported, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_workbook(exported.run, again)
    assert again.read_bytes() == exported.path.read_bytes()


def test_figures_are_there_without_recalculation(exported: Exported) -> None:
    """What previewers and pandas see: stored values, and dates as dates."""
    sections = exported.run.model.book.sections
    frames = pandas.read_excel(exported.path, sheet_name=[section.name for section in sections], header=HEADER)
    for section in sections:
        frame = frames[section.name]
        lines = frame[frame[frame.columns[1]].notna()]
        assert len(lines) == len(section.lines)
        if section.name in exported.book.calculations and any(line.timed for line in section.lines):
            months = frame.columns[5:]
            assert len(months) == exported.run.model.book.periods
            assert str(months[0])[:7] == str(exported.run.deal.start)
            for line, row in zip(lines[frame.columns[0]], lines[months].isna().sum(axis=1), strict=True):
                assert row in (0, len(months)), line


def test_openpyxl_reads_it_without_complaint(exported: Exported) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = openpyxl.load_workbook(exported.path)
    assert book.sheetnames == [sheet.name for sheet in exported.book.sheets]
    assert book["Funding"].freeze_panes == "B7"
    assert len(book["Inputs"].data_validations.dataValidation) == len(exported.inputs)
    assert all(book[name].sheet_view.showGridLines is False for name in book.sheetnames)


def test_names_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    deal = data()
    deal["name"], deal["description"] = NAMES[0], NAMES[1]
    deal["cohorts"][0]["name"], deal["cohorts"][1]["name"] = NAMES[2], NAMES[3]
    deal["providers"][0]["name"], deal["payments"][0]["name"] = NAMES[4], NAMES[5]
    deal["funding"]["vehicle"] = NAMES[0]
    path = tmp_path / "named.xlsx"
    write_workbook(run(deal_of(deal), 50), path)
    stored = stored_values(path)
    assert stored["Cover", "A1"] == NAMES[0]
    assert {NAMES[0], NAMES[2], NAMES[3]} <= {value for value in stored.values() if isinstance(value, str)}
    book = openpyxl.load_workbook(path)
    texts = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert not any("HYPERLINK" in str(text) for text in texts)
    recalculated = recalculate_ironcalc(path)
    assert recalculated["Checks", "A3"] == "Checks: all hold"


def test_importing_the_package_leaves_the_writer_alone() -> None:
    code = "import sys, sibmodel, sibmodel.workbook; sys.exit('xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_a_folder_that_is_not_there(small: Run, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot be written to .*nowhere.*Choose another folder"):
        write_workbook(small, tmp_path / "nowhere" / "deal.xlsx")


def test_a_folder_in_place_of_the_file(small: Run, tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_workbook(small, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_open_elsewhere_is_left_as_it_was(
    small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "deal.xlsx"
    path.write_text("what stood there before")

    def locked(*places: object) -> None:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(OutputError, match="close the file if it is open"):
        write_workbook(small, path)
    assert path.read_text() == "what stood there before"
    assert [one.name for one in tmp_path.iterdir()] == ["deal.xlsx"]


def test_a_table_that_no_page_holds_begins_below_the_words(tmp_path: Path) -> None:
    """Otherwise the first printed page of the waterfall would be empty but for its title."""
    write_workbook(run(read("yorkshire-and-humber"), 1), tmp_path / "deal.xlsx")
    book = openpyxl.load_workbook(tmp_path / "deal.xlsx")
    assert [one.id for one in book["Waterfall"].row_breaks.brk] == []
    assert len(book["Investor view"].row_breaks.brk) > 0
