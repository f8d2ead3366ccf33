"""A workbook of the model whose inputs somebody has changed is the deal that it now shows."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import openpyxl
import pytest

from sibmodel.deal import Deal
from sibmodel.deals import find
from sibmodel.errors import DealError, Problem
from sibmodel.files import read_terms
from sibmodel.forms.exported import read_exported
from sibmodel.forms.opening import OpenedWorkbook
from sibmodel.lines import Input
from sibmodel.model import build
from sibmodel.month import Month
from sibmodel.results import run
from sibmodel.uncertain import SET_BY_HAND
from sibmodel.workbook.limits import limits
from sibmodel.workbook.sheet import Live, Sheet, Written
from sibmodel.workbook.write import lay_out, write_workbook
from tests.deals import data, deal_of
from tests.forms.filled import Changes, changed, read, saved

MECHANICS = Path(__file__).resolve().parent.parent / "mechanics"


def small() -> Deal:
    terms = data()
    terms["assumptions"]["effect"] = {"normal": {"mean": 0.12, "sd": 0.04}, "source": "a trial", "note": "see p. 3"}
    terms["funding"]["distributions_from"] = "2030-01"
    return deal_of(terms)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small deal's workbook, less the sheets that are not read, so that it is quickly changed."""
    path = tmp_path_factory.mktemp("exported") / "small.xlsx"
    write_workbook(run(small(), 20), path)
    book = openpyxl.load_workbook(path)
    for name in [name for name in book.sheetnames if name not in ("Inputs", "Deal file")]:
        book.remove(book[name])
    return saved(book)


def cells(content: bytes) -> dict[str, str]:
    """The cell of each input's value, by its name."""
    page = openpyxl.load_workbook(io.BytesIO(content))["Inputs"]
    return {str(row[0].value): f"D{row[0].row}" for row in page.iter_rows() if row[0].value}


def with_inputs(content: bytes, values: dict[str, Any]) -> bytes:
    found = cells(content)
    changes: Changes = {("Inputs", found[name]): value for name, value in values.items()}
    return changed(content, changes)


def told(content: bytes, folder: Path) -> list[str]:
    with pytest.raises(DealError) as caught:
        read(content, folder)
    return [re.sub(" +", " ", line).strip() for line in str(caught.value).splitlines()[1:]]


def test_the_workbook_of_a_run_is_read_as_its_deal(tmp_path: Path) -> None:
    write_workbook(run(small(), 20), tmp_path / "out.xlsx")
    deal, name = find(str(tmp_path / "out.xlsx"))
    assert (deal, name) == (small(), "out")


def test_changed_terms_and_beliefs_are_taken_over(workbook: bytes, tmp_path: Path) -> None:
    names = cells(workbook)
    (price,) = [name for name in names if "price" in name]
    (people,) = [name for name in names if "eople" in name and "First" in name]
    found = {price: 12_345.67, people: 1100, "Senior: coupon": 0.06}
    deal = read(with_inputs(workbook, found), tmp_path)
    assert deal.payments[0].model_dump()["price"] == 12_345.67
    assert deal.cohorts[0].people == 1100
    assert deal.funding.tranches[0].coupon == 0.06
    assert (
        deal.replace("payments[0].price", 10_000)
        .replace("cohorts[0].people", 1000)
        .replace("funding.tranches[0].coupon", 0.05)
        == small()
    )


def test_a_distribution_keeps_its_shape_and_its_source(workbook: bytes, tmp_path: Path) -> None:
    effects = [name for name in cells(workbook) if name.startswith("True effect")]
    deal = read(with_inputs(workbook, dict.fromkeys(effects, 0.1)), tmp_path)
    effect = deal.assumptions.effect
    assert effect is not None
    assert (effect.base, effect.source, effect.note) == (0.1, "a trial", "see p. 3")
    assert effect.distribution == cast(Any, small().assumptions.effect).distribution


def test_one_belief_becomes_one_for_each_cohort_where_they_differ(workbook: bytes, tmp_path: Path) -> None:
    deal = read(with_inputs(workbook, {"Engagement, First": 0.7, "True effect, Second": 0.08}), tmp_path)
    engagement, effect = deal.assumptions.engagement, deal.assumptions.effect
    assert effect is not None
    assert engagement.for_cohort("First").base == 0.7
    assert engagement.for_cohort("First").source == SET_BY_HAND
    assert engagement.for_cohort("Second").base == 1
    assert effect.for_cohort("First").base == pytest.approx(0.12)
    assert effect.for_cohort("Second").base == 0.08
    assert effect.for_cohort("Second").distribution == effect.for_cohort("First").distribution


def test_months_are_read_from_their_periods(workbook: bytes, tmp_path: Path) -> None:
    found = cells(workbook)
    first = next(name for name in found if name.startswith("First period of distributions"))
    deal = read(with_inputs(workbook, {first: 40}), tmp_path)
    assert deal.funding.distributions_from == Month(2030, 4)
    moved = read(with_inputs(workbook, {"First month": 2028 * 12.0}), tmp_path)
    assert moved.start == Month(2028, 1)
    assert moved.cohorts[0].referrals.start == Month(2028, 4)
    assert moved.funding.distributions_from == Month(2031, 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("=6*2000", 'is a formula, "=6*2000". Copy the cell and paste it as a value.'),
        ("£12,500", "£12,500 is not a number. Write a number: the formulas need one."),
        (None, "is blank. Write a number."),
        (True, '"True" is not a number. Write a number: the formulas need one.'),
        (datetime(2027, 4, 1), "2027-04-01 00:00:00 is not a number. Write a number: the formulas need one."),
        (-5, "payments[0].price -5 is not an amount of money of £0 or more."),
    ],
)
def test_what_is_no_value_is_told_by_cell(workbook: bytes, typed: Any, said: str, tmp_path: Path) -> None:
    (name,) = [name for name in cells(workbook) if "price" in name]
    (line,) = told(with_inputs(workbook, {name: typed}), tmp_path)
    assert line.startswith(f"Inputs!{cells(workbook)[name]} payments[0].price ")
    assert line.endswith(said)


def test_what_is_no_term_of_the_deal_cannot_be_changed(workbook: bytes, tmp_path: Path) -> None:
    (line,) = told(with_inputs(workbook, {"First month of the financial year": 0}), tmp_path)
    assert line.endswith("is no term of the deal, so it cannot be read back. Put back 3.")


def test_a_row_or_a_sheet_that_was_deleted_is_told(workbook: bytes, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    book["Inputs"].delete_rows(10)
    (line,) = told(saved(book), tmp_path)
    assert line.startswith("the sheet Inputs")
    assert line.endswith("Export the workbook again, and make the changes there.")
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    book.remove(book["Deal file"])
    (line,) = told(saved(book), tmp_path)
    assert "is neither a form nor a workbook of the model" in line


def test_the_deal_file_may_be_edited_and_is_checked(workbook: bytes, tmp_path: Path) -> None:
    page = openpyxl.load_workbook(io.BytesIO(workbook))["Deal file"]
    (row,) = [cell.row for cell in page["A"] if str(cell.value).strip() == "price: 10000"]
    (line,) = told(changed(workbook, {("Deal file", f"A{row}"): "    price: -1"}), tmp_path)
    assert line == f"Deal file!A{row} payments[0].price -1 is not an amount of money of £0 or more."
    (line,) = told(changed(workbook, {("Deal file", f"A{row}"): "=B1"}), tmp_path)
    assert line.startswith(f'Deal file!A{row} is a formula, "=B1".')


class SheetsOfARun:
    """The two sheets of a workbook that are read, without the file."""

    name = "mine.xlsx"

    def __init__(self, deal: Deal) -> None:
        self.book = lay_out(run(deal, 20))
        self.read = {sheet.name: sheet for sheet in self.book.sheets if sheet.name in ("Inputs", "Deal file")}

    @property
    def inputs(self) -> list[Input]:
        return self.book.layout.book.inputs

    @property
    def sheets(self) -> list[str]:
        return list(self.read)

    def put(self, cell: Input, value: float) -> None:
        sheet, at = self.read["Inputs"], (self.book.layout.place(cell).row - 1, 3)
        sheet.cells[at] = dataclasses.replace(sheet.cells[at], content=value)

    def rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        sheet: Sheet = self.read[name]
        rows, columns = (1 + max(at[axis] for at in sheet.cells) for axis in (0, 1))
        for row in range(rows):
            written = [sheet.cells.get((row, column)) for column in range(columns)]
            yield tuple(SimpleNamespace(value=content_of(one), data_type="n") for one in written)


def content_of(written: Written | None) -> Any:
    return None if written is None or isinstance(written.content, Live) else written.content


def test_an_input_is_read_back_or_refused_by_its_cell() -> None:
    """Never another deal: the lines built from what was read have the value that the workbook shows."""
    sheets = SheetsOfARun(read_terms(MECHANICS / "38-actuals.yaml", Deal))
    taken = 0
    some = sheets.inputs[::5]
    for cell in some:
        value = shocked(cell)
        sheets.put(cell, value)
        deal, problems = taken_back(sheets)
        if deal is None:
            assert f"Inputs!D{sheets.book.layout.place(cell).row}" in {problem.place for problem in problems}
        else:
            again = {one.name: one.value for one in build(deal).book.inputs}
            assert again[cell.name] == pytest.approx(value, rel=1e-15)
            taken += 1
        sheets.put(cell, cell.value)
    assert taken > 0.8 * len(some)


def taken_back(sheets: SheetsOfARun) -> tuple[Deal | None, tuple[Problem, ...]]:
    try:
        return read_exported(cast(OpenedWorkbook, sheets)), ()
    except DealError as error:
        return None, error.problems


def shocked(cell: Input) -> float:
    """Another value for an input, within its range."""
    allowed = limits(cell, cell.book.periods)
    if allowed.whole:
        return cell.value + 1 if cell.value + 1 <= allowed.maximum else cell.value - 1
    larger = cell.value * 1.07 if cell.value else 0.01
    return larger if larger <= allowed.maximum else cell.value * 0.93
