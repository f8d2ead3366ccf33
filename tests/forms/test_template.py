"""The form itself: made from the terms, fresh in templates/, and such that Excel helps to fill it in."""

from __future__ import annotations

import io
import re
import zipfile
from importlib import resources
from typing import Any

import openpyxl
import pytest

from sibmodel.deal import Deal
from sibmodel.fields import describe
from sibmodel.forms.row import Row
from sibmodel.forms.rows import rows_of
from sibmodel.forms.sheets import GUIDE, LISTS, SHEETS, FormSheet
from sibmodel.lines import column_name
from sibmodel.payments import PAYMENTS
from sibmodel.terms import kind_of
from sibmodel.workbook.form import form_bytes
from sibmodel.workbook.form.write import HEADER
from sibmodel.workbook.sheet import Sheet
from sibmodel.workbook.style import PLAIN
from tests.deals import data, deal_of

BLANK = form_bytes(None)
BELIEFS = ("assumptions.by_metric[].", "assumptions.by_segment[].")
"""Beliefs of one measure or segment, which a form shows where there are any."""


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(BLANK))


def values(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    found = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in found}


def test_the_template_is_fresh() -> None:
    """Make it so with: python scripts/make_template.py"""
    stands = resources.files("sibmodel.templates").joinpath("deal.xlsx").read_bytes()
    assert values(stands) == values(BLANK)


def test_every_field_of_a_deal_has_its_row() -> None:
    rows = {f"{sheet.part}{'[]' if sheet.member else ''}.{row.path}".lstrip(".") for sheet, row in every_row()}
    known = {re.sub(r"\[[0-9]+\]", "[]", path) for path in rows}
    fields = list(describe(Deal))
    groups = {re.split(r"\.[^.]*$", field.path)[0] for field in fields if "." in field.path}
    for field in fields:
        path = re.sub(r"\[\]$", "", field.path)
        inside_a_belief = any(path.startswith(f"{row}.") for row in rows if row.startswith("assumptions."))
        if field.path in groups or f"{field.path}[]" in groups or inside_a_belief or path.startswith(BELIEFS):
            continue
        if path in ("sources", "assumptions.by_metric", "assumptions.by_segment"):
            continue
        assert {path, f"{path}[]"} & known, path


def every_row() -> list[tuple[FormSheet, Row]]:
    return [(sheet, row) for sheet in SHEETS for row in rows_of(sheet, None)]


def test_sheets_are_in_order_with_a_guide_before_and_lists_behind(book: Any) -> None:
    assert book.sheetnames == [GUIDE, *(sheet.name for sheet in SHEETS), LISTS]
    assert all(book[sheet.name].freeze_panes for sheet in SHEETS)


def test_every_choice_is_a_drop_down(book: Any) -> None:
    for sheet in SHEETS:
        rules = {str(rule.sqref).split(":")[0]: rule for rule in book[sheet.name].data_validations.dataValidation}
        for at, row in enumerate(rows_of(sheet, None), HEADER + 2):
            own = [rule for cell, rule in rules.items() if re.fullmatch(rf"[A-Z]+{at}", cell)]
            if row.form == "choice":
                assert choices(book, own[0]) == list(row.choices)
            if row.form == "belief":
                assert {"list", "decimal"} <= {rule.type for rule in own}
            if row.form == "number" and row.quantity is not None:
                assert [rule.type for rule in own] == ["decimal"]
                assert own[0].errorStyle == "warning"  # so that £1.2m may be typed


def choices(book: Any, rule: Any) -> list[str]:
    assert rule.type == "list"
    area = re.fullmatch(r"Lists!\$([A-Z]+)\$([0-9]+):\$[A-Z]+\$([0-9]+)", rule.formula1)
    assert area is not None
    return [str(cell[0].value) for cell in book[LISTS][f"{area[1]}{area[2]}:{area[1]}{area[3]}"]]


def test_each_kind_of_payment_is_explained(book: Any) -> None:
    texts = {str(row[0]): row[1] for row in columns(book[LISTS])}
    for kind in map(kind_of, PAYMENTS):
        assert len(texts[kind]) > 20


def columns(page: Any) -> list[tuple[Any, Any]]:
    """What stands in the sheet Lists beside something else."""
    rows = list(page.iter_rows(min_row=6, values_only=True))
    return [(row[at], row[at + 1]) for at in range(len(rows[0]) - 1) for row in rows if row[at] and row[at + 1]]


def test_nothing_in_a_form_is_a_formula_or_reaches_out() -> None:
    terms = data()
    terms["name"], terms["providers"][0]["name"] = '=HYPERLINK("http://example.org")', "@SUM(1+1)"
    terms["funding"]["vehicle"] = "+44 20"
    content = form_bytes(deal_of(terms))
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in found if cell.data_type == "f"]
    texts = [cell for cell in found if isinstance(cell.value, str) and cell.value.startswith(("=", "@", "+"))]
    assert len(texts) == 4  # the name stands on the sheet Guide too
    assert all(cell.quotePrefix for cell in texts if cell.parent.title != GUIDE)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = parts.namelist()
        assert not [name for name in names if "external" in name.lower() or "vba" in name.lower()]
        assert b"TargetMode" not in b"".join(parts.read(name) for name in names if name.endswith(".rels"))


def test_fields_of_kinds_that_a_deal_does_not_use_are_folded() -> None:
    book = openpyxl.load_workbook(io.BytesIO(form_bytes(deal_of(data()))))
    page = book["Payments"]
    row_of = {cell.value: cell.row for cell in page["A"]}
    assert page.row_dimensions[row_of["benefit_a_year"]].hidden  # a stream's
    assert not page.row_dimensions[row_of["price"]].hidden
    filled = [
        cell.row for row in page.iter_rows(min_row=HEADER + 2, min_col=6) for cell in row if cell.value is not None
    ]
    assert not [row for row in filled if page.row_dimensions[row].hidden]


def test_a_field_that_is_not_for_the_kind_turns_grey() -> None:
    book = openpyxl.load_workbook(io.BytesIO(BLANK))
    page = book["Payments"]
    row = next(cell.row for cell in page["A"] if cell.value == "benefit_a_year")
    rules = [rule for area, rules in page.conditional_formatting._cf_rules.items() for rule in rules
             if str(area.sqref).startswith(f"{column_name(5)}{row}:")]  # fmt: skip
    assert any(f'SEARCH("; "&F$6&";","; "&$E{row}&";")' in rule.formula[0] for rule in rules)


def test_a_text_of_the_model_stays_text_when_it_is_edited() -> None:
    sheet = Sheet("Names", "outputs")
    for row, text in enumerate(("=1+1", "+44", "-1", "@SUM(1)", "\t=1", "Plain")):
        sheet.write(row, 0, text, PLAIN)
    assert [written.look.apostrophe for written in sheet.cells.values()] == [True] * 5 + [False]
