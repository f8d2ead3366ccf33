"""Published tables: what the checklist of accessible spreadsheets asks for, and that the figures are the run's.

The checklist: Government Analysis Function, "Making spreadsheets accessible: a brief checklist of the basics",
https://analysisfunction.civilservice.gov.uk/policy-store/making-spreadsheets-accessible-a-brief-checklist-of-the-basics/
"""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import openpyxl
import pytest
from odf.opendocument import load
from odf.table import DatabaseRange, Table, TableCell, TableRow
from odf.text import P

from sibmodel.deals import read
from sibmodel.publication import Number, Publication, PublishedTable, publication, write_csv, write_ods, write_xlsx
from sibmodel.publication.tables import NOT_APPLICABLE, NOT_AVAILABLE
from sibmodel.results import Run, run
from sibmodel.views import every_view


@pytest.fixture(scope="module")
def made() -> Run:
    return run(read("through-the-gate"), 400)


@pytest.fixture(scope="module")
def published(made: Run) -> Publication:
    return publication(made, every_view(made))


@pytest.fixture(scope="module")
def xlsx(published: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "tables.xlsx"
    write_xlsx(published, path)
    return path


def test_every_table_of_the_views_is_there_once(made: Run, published: Publication) -> None:
    wanted = {table.title for view in every_view(made) for table in view.tables if table.rows}
    assert [title.partition(": ")[2] for title in (one.title for one in published.tables)] == list(
        dict.fromkeys(one.title.partition(": ")[2] for one in published.tables)
    )
    assert wanted <= {one.title.partition(": ")[2] for one in published.tables}


def test_no_cell_is_empty_and_no_header_is_twice(published: Publication) -> None:
    for table in published.tables:
        assert len(set(table.header)) == len(table.header), table.title
        assert all(table.header), table.title
        assert all(cell != "" for row in table.rows for cell in row), table.title
        assert all(len(row) == len(table.header) for row in table.rows), table.title


def test_figures_are_the_runs(made: Run, published: Publication) -> None:
    bill = next(one for one in published.tables if one.title.endswith(": The bill"))
    row = next(row for row in bill.rows if row[0] == "All outcome payers")
    base, mean = row[bill.header.index("Base case (£)")], row[bill.header.index("Mean (£)")]
    assert isinstance(base, Number)
    assert isinstance(mean, Number)
    assert base.value == pytest.approx(made.figure(made.model.commissioning.paid_in_all))
    assert mean.value == pytest.approx(made.simulation.figures["payments"].mean())


def test_shares_are_in_per_cent(made: Run, published: Publication) -> None:
    table = next(one for one in published.tables if one.title.endswith(": What may go wrong"))
    row = next(row for row in table.rows if row[0] == "Chance of losing money")
    lost = (made.simulation.figures["received"] < made.simulation.figures["invested"] - 0.005).mean()
    assert row[1] == "%"
    assert isinstance(row[2], Number)
    assert row[2].value == pytest.approx(100 * lost)


def test_the_workbook_meets_the_checklist(xlsx: Path, published: Publication) -> None:
    book = openpyxl.load_workbook(xlsx)
    assert (book.properties.title, book.properties.language) == (published.title, "en-GB")
    assert book.sheetnames[:2] == ["Cover", "Contents"]
    assert book.active is not None
    assert book.active.title == "Cover"
    for sheet in book.worksheets:
        assert sheet["A1"].value
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert sheet.sheet_state == "visible"
        assert not any(row.hidden for row in sheet.row_dimensions.values())
        assert {cell.fill.fill_type for row in sheet.iter_rows() for cell in row} == {None}
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        first, last = table.ref.split(":")
        assert first.startswith("A")
        assert sheet[last].row == sheet.max_row  # nothing stands below the table
        assert sheet[last].column == sheet.max_column
        assert table.autoFilter is None
        assert all(cell.value is not None for row in sheet[table.ref] for cell in row)


def test_the_two_spreadsheets_say_the_same(xlsx: Path, published: Publication, tmp_path: Path) -> None:
    path = tmp_path / "tables.ods"
    write_ods(published, path)
    document = load(str(path))
    tables = document.spreadsheet.getElementsByType(Table)
    book = openpyxl.load_workbook(xlsx)
    assert [one.getAttribute("name") for one in tables] == book.sheetnames
    assert len(document.spreadsheet.getElementsByType(DatabaseRange)) == len(published.tables) + 1
    for one in tables:
        rows = [row.getElementsByType(TableCell) for row in one.getElementsByType(TableRow)]
        other = [[cell for cell in row if cell.value is not None] for row in book[one.getAttribute("name")].iter_rows()]
        assert [len(row) for row in rows] == [len(row) for row in other]
        for mine, theirs in zip(rows, other, strict=True):
            for cell, beside in zip(mine, theirs, strict=True):
                if cell.getAttribute("valuetype") == "float":
                    # openpyxl writes 16 digits
                    assert float(cell.getAttribute("value")) == pytest.approx(beside.value, rel=1e-15)
                elif cell.getAttribute("valuetype") == "string":
                    assert "".join(str(part) for part in cell.getElementsByType(P)) == beside.value
                else:
                    assert cell.getAttribute("datevalue") == str(beside.value.date())


def test_a_text_that_would_be_a_formula_stays_text(tmp_path: Path) -> None:
    evil = "=HYPERLINK(0)"
    table = PublishedTable("Table_1", "Table 1: x", ("Name", "+Sum"), ((evil, Number(-1.5, 1)),), ())
    write_csv(table, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["Name", "'+Sum"], [f"'{evil}", "-1.5"]]
    write_xlsx(Publication("x", (), (table,)), tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "sheet" in name)


def test_what_is_not_there_is_said_so(published: Publication) -> None:
    shorthand = {cell for one in published.tables for row in one.rows for cell in row if str(cell).startswith("[")}
    assert shorthand <= {NOT_AVAILABLE, NOT_APPLICABLE}
    assert any("[x] means not available" in line for line in published.about)
