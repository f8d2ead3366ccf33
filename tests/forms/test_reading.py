"""A form as people fill it in: the ways they write, and every fault at once by sheet and cell."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from sibmodel.deal import Deal
from sibmodel.deals import example, find
from sibmodel.errors import DealError, NotFoundError
from sibmodel.forms import finding
from sibmodel.month import Month
from sibmodel.workbook.form import form_bytes
from tests.deals import data, deal_of
from tests.forms.filled import cell_of, changed, compact, read, saved

SMALL = compact(deal_of(data()))
FULL = form_bytes(example("through-the-gate").deal())
BLANK_FORM = form_bytes(None)


def told(content: bytes, folder: Path) -> list[str]:
    """The faults of a form, one line each."""
    with pytest.raises(DealError) as caught:
        read(content, folder)
    assert str(caught.value).startswith("mine.xlsx has ")
    return [re.sub(" +", " ", line).strip() for line in str(caught.value).splitlines()[1:]]


def edited(change: Callable[[openpyxl.Workbook], None], content: bytes = SMALL) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    return saved(book)


def at(sheet: str, field: str, column: str = "B") -> tuple[str, str]:
    return sheet, cell_of(SMALL, sheet, field, column)


@pytest.mark.parametrize(
    ("field", "typed", "means"),
    [
        ("price", "£12,500", 12_500),
        ("price", " 12,500.50 ", 12_500.5),
        ("price", "1.2m", 1_200_000),
        ("price", 12_500, 12_500),
        ("threshold", "7.5%", 0.075),
        ("threshold", 0.075, 0.075),
        ("carry_forward", "Yes", True),
        ("carry_forward", True, True),
        ("test", "Difference", "difference"),
        ("fallback.pooled", " 5% ", 0.05),
    ],
)
def test_payments_are_typed_as_people_do(field: str, typed: Any, means: Any, tmp_path: Path) -> None:
    deal = read(changed(SMALL, {at("Payments", field): typed}), tmp_path)
    found: Any = deal.payments[0]
    for name in field.split("."):
        found = getattr(found, name)
    assert found == means


@pytest.mark.parametrize("typed", ["2027-02", datetime(2027, 2, 1), datetime(2027, 2, 14, 9, 30), "2027-02-14"])
def test_months_are_typed_as_people_do(typed: Any, tmp_path: Path) -> None:
    change = {at("Deal", "start"): typed, at("Providers", "mobilisation.start"): "2027-02"}
    assert read(changed(SMALL, change), tmp_path).start == Month(2027, 2)


@pytest.mark.parametrize("typed", ["First; Second", "First, Second", '["First", "Second"]', " First ;Second; "])
def test_lists_are_typed_as_people_do(typed: str, tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Payments"].append(["cohorts", typed])

    assert read(edited(change), tmp_path).payments[0].cohorts == ("First", "Second")


def test_a_number_alone_may_stand_where_several_may(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Providers"].append(["ramp_up.shares", 0.6])

    provider = read(edited(change), tmp_path).providers[0]
    assert provider.ramp_up is not None
    assert provider.ramp_up.shares == (0.6,)


def test_numbers_with_commas_of_their_own_may_stand_in_a_list(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Providers"].append(["ramp_up.shares", "60%, 80%"])
        book["Providers"].append(["mobilisation.weights", "1,000; 2,000; 3"])
        book["Providers"]["B" + cell_of(SMALL, "Providers", "mobilisation.months")[1:]] = None

    provider = read(edited(change), tmp_path).providers[0]
    assert provider.ramp_up is not None
    assert provider.mobilisation is not None
    assert provider.ramp_up.shares == (0.6, 0.8)
    assert provider.mobilisation.weights == (1000, 2000, 3)


def test_blank_cells_and_spaces_are_left_out(tmp_path: Path) -> None:
    change = {at("Deal", "months"): None, at("Payments", "threshold"): "   "}
    assert told(changed(SMALL, change), tmp_path) == [
        f"{'!'.join(at('Deal', 'months'))} months is missing. Add it: Number of months of the model (months)."
    ]


def test_a_date_of_the_old_macintosh_calendar_is_the_same_month(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, datetime):
                        cell.value = cell.value  # written anew, counted from 1904

    assert read(edited(change), tmp_path) == deal_of(data())


def test_a_form_opened_and_saved_by_another_program_is_the_same_deal(tmp_path: Path) -> None:
    assert read(edited(lambda book: None, FULL), tmp_path) == example("through-the-gate").deal()


def test_rows_and_columns_may_be_moved(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        for sheet in book.worksheets[1:]:
            sheet.insert_rows(1, 3)
            sheet.insert_cols(1, 2)
        book["Payments"].insert_rows(7, 2)
        book["Payments"].insert_cols(4)
        book["Payments"]["D4"] = "Our own notes"
        book["Payments"]["D5"] = "Not agreed yet"
        book.create_sheet("Workings")["A1"] = "=1+1"
        book.move_sheet("Deal", 4)

    assert read(edited(change), tmp_path) == deal_of(data())


def test_members_are_counted_by_their_columns_that_are_filled_in(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        page = book["Cohorts"]
        for row in page.iter_rows(min_col=2, max_col=3):
            row[0].offset(0, 3).value, row[1].offset(0, 3).value = row[0].value, row[1].value
            row[0].value, row[1].value = None, None
        for column, number in (("B", 1), ("C", 2), ("D", 3), ("E", 4), ("F", 5)):
            page[f"{column}1"] = f"Cohort {number}"

    assert read(edited(change), tmp_path) == deal_of(data())


def test_all_faults_are_told_at_once_by_cell(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Deal"]["B2"] = datetime(2027, 4, 1)
        book["Deal"]["B4"] = "=6*12"
        book["Cohorts"]["B3"] = 9.5
        book["Cohorts"]["C3"] = "#N/A"
        book["Payments"]["B10"] = "5%"
        book["Payments"]["A11"] = "tset"
        book["Payments"]["B12"] = 10
        book["Payments"]["B14"] = "from nil"
        book["Providers"]["B3"] = time(12, 30)
        book["Providers"]["C1"] = "Providr 2"
        book["Providers"]["D6"] = 12
        book["Providers"]["A8"] = None
        book["Tranches"]["B2"] = "lone"
        book["Waterfall"]["C3"] = True
        book["Assumptions"]["C2"] = "triangular"
        book["Assumptions"]["F2"] = 3
        book["Assumptions"]["D3"] = 3
        book["Assumptions"]["A4"] = "matching_eror"
        book["Assumptions"]["I5"] = "{degrees"

    lines = told(edited(change), tmp_path)
    assert "\n".join(lines) == TOLD


TOLD = """\
Deal!B2 name is a date, 2027-04-01, and should be a text. Excel has taken it for a date: type an apostrophe before it.
Deal!B4 months is a formula, "=6*12". Copy the cell and paste it as a value.
Cohorts!B3 cohorts[0].people 9.5 is not a whole number. Write a number of people like 1000.
Cohorts!C3 cohorts[1].people is the error #N/A. Write a value, or leave it blank.
Payments!B10 payments[0].price 5% is not an amount of money. Leave out the per-cent sign: 12500, £12,500 or £1.2m.
Payments!B11 payments[0].tset is not a field of "threshold". Did you mean "test"?
Payments!B12 payments[0].threshold 10 is not a share between 0 and 1. For 10 % write 0.10 or 10%.
Payments!B14 payments[0].pays "from nil" is not one of: from zero, excess.
Providers!C1 "Providr 2" is not a heading that is read. Did you mean "Provider 1"?
Providers!B3 providers[0].mobilisation.cost is a time of day. Format the cell as a number or text, and type it again.
Providers!D6 providers.fixed_per_month stands in a column without a heading. Write a heading above it, or move it to a column that has one.
Providers!B8 is filled in, but its row has no field. Write the field under Field, or move what is no value of the deal to a column of your own.
Tranches!B2 funding.tranches[0].kind "lone" is not one of: loan, equity, grant, recyclable grant, deferred fees. Did you mean "loan"?
Waterfall!C3 funding.waterfall[1].tranches true is not a list. Write the items with semicolons between.
Assumptions!G2 assumptions.events_per_person.triangular.mode is missing. Add it: Likeliest value.
Assumptions!H2 assumptions.events_per_person.triangular.high is missing. Add it: Highest value.
Assumptions!D3 assumptions.dispersion is a number of a distribution, and none is chosen. Choose one under Distribution, or leave this cell blank.
Assumptions!B4 assumptions.matching_eror is not a field of "assumptions". Did you mean "matching_error"?
Assumptions!I5 assumptions.effect is a number of a distribution, and none is chosen. Choose one under Distribution, or leave this cell blank."""  # noqa: E501 - a snapshot of what the user reads


def test_what_is_missing_in_a_blank_form_is_told_by_sheet(tmp_path: Path) -> None:
    lines = told(BLANK_FORM, tmp_path)
    assert [line.split(" is missing")[0] for line in lines] == [
        *("Deal!E6 name", "Deal!E8 start", "Deal!E9 months"),
        *("the sheet Cohorts cohorts", "the sheet Metrics metrics", "the sheet Payments payments"),
        *("the sheet Providers providers", "the sheet Funding funding", "the sheet Assumptions assumptions"),
    ]


def test_a_missing_field_is_told_where_it_would_stand(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(FULL))
    page = book["Payments"]
    row = next(cell.row for cell in page["A"] if cell.value == "price")
    page.cell(row, 6).value = None
    assert told(saved(book), tmp_path)[0].startswith(f"Payments!F{row} payments[0].price is missing. Add it: ")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda book: book.remove(book["Measurement"]), "the sheet Measurement is missing. Take it from a new form"),
        (
            lambda book: setattr(book["Measurement"], "title", "Measurment"),
            'the sheet Measurement is missing. Did you rename it to "Measurment"?',
        ),
        (lambda book: book["Metrics"].delete_rows(1), 'the sheet Metrics has no row of headings with "Field" in it.'),
        (lambda book: book["Payments"].merge_cells("B3:C3"), "Payments!B3 is merged with others, B3:C3. Unmerge"),
        (
            lambda book: book["Payments"].append(["payers[0].name", "Other"]),
            "Payments!B15 payments[0].payers[0].name is given twice: first in Payments!B4. Keep one of them.",
        ),
        (
            lambda book: book["Payments"].append(["thresholds[]", 0.1]),
            'Payments!A15 "thresholds[]" is not a field. Write the name between the brackets.',
        ),
        (lambda book: book["Payments"].append(["a..b", 0.1]), 'Payments!A15 "a..b" is not a field. Write it like'),
        (lambda book: book["Payments"].append([None, 0.1]), "Payments!B15 is filled in, but its row has no field."),
        (lambda book: book["Payments"].append(["=A2", 0.1]), 'Payments!A15 is a formula, "=A2". Copy the cell and'),
        (
            lambda book: book["Payments"].append(["fallback", 0.1]),
            "Payments!B15 payments[0].fallback is given twice: first in Payments!B13.",
        ),
        (
            lambda book: book["Assumptions"].append(["copula_degrees", 4, None, "me"]),
            "Assumptions!D16 assumptions.copula_degrees stands beside a field that takes a value alone.",
        ),
    ],
)
def test_what_goes_wrong_in_excel_is_told(change: Any, line: str, tmp_path: Path) -> None:
    lines = told(edited(change), tmp_path)
    assert [found for found in lines if found.startswith(line)], lines


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (2, "the sheet Guide was made by version 2; this program reads forms of version 1. Update sibmodel."),
        (0, "the sheet Guide was made by version 0; this program reads forms of version 1. Make a new form"),
        ("one", "the sheet Guide does not say by which version it was made, as a form does. Make"),
        (None, "the sheet Guide does not say by which version it was made, as a form does. Make"),
        ("=1", "the sheet Guide does not say by which version it was made, as a form does. Make"),
    ],
)
def test_a_form_of_another_version_is_refused_with_the_way_out(version: Any, said: str, tmp_path: Path) -> None:
    (line,) = told(changed(SMALL, {("Guide", "B1"): version}), tmp_path)
    assert line.startswith(said)


def test_a_form_of_an_older_version_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fields are known by their names, which an older form has too."""
    monkeypatch.setattr(finding, "VERSION", 3)
    assert read(SMALL, tmp_path) == deal_of(data())


def test_any_other_workbook_is_refused(tmp_path: Path) -> None:
    (line,) = told(saved(openpyxl.Workbook()), tmp_path)
    assert line.startswith("the file is neither a form nor a workbook of the model. Make one with: sibmodel new")


def test_a_deal_is_found_by_the_name_of_its_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.xlsx").write_bytes(SMALL)
    deal, name = find("mine")
    assert (deal, name) == (deal_of(data()), "mine")
    assert find("mine.xlsx")[0] == deal
    with pytest.raises(NotFoundError, match=r"There is no file min\.xlsx\. Did you mean mine\.xlsx\?"):
        find("min.xlsx")
    Path("old.xls").write_bytes(b"")
    with pytest.raises(NotFoundError, match="Save it as"):
        find("old.xls")


def test_no_word_of_the_program_reaches_the_reader(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        for sheet in book.worksheets[1:]:
            for row in sheet.iter_rows(min_row=2, min_col=2):
                for cell in row:
                    cell.value = "rubbish" if cell.value is not None else None

    lines = "\n".join(told(edited(change), tmp_path))
    for word in ("pydantic", "Input should", "type=", "openpyxl", "Belief", "union", "extra_forbidden", "indented"):
        assert word not in lines
    assert "Deal!B3 start" in lines


def test_a_deal_is_its_form_as_it_is_its_yaml(tmp_path: Path) -> None:
    deal = read(SMALL, tmp_path)
    assert isinstance(deal, Deal)
    assert deal == deal_of(data())
