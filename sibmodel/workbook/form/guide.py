"""The sheet Guide: what a form is, how to fill it in, and the version by which it is known again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sibmodel.deal import Deal
from sibmodel.forms.sheets import LISTS, SHEETS, STAMP, VERSION
from sibmodel.workbook.form.looks import FormLooks, height
from sibmodel.workbook.style import SIZE

WIDTH = 110
"""Characters of the column of texts."""
STEPS = (
    "Fill in the blue cells, sheet by sheet. A cell left blank takes what stands under “If left blank”.",
    "Save the file, close it, and run: sibmodel check mydeal.xlsx. It names each cell that is wrong, all at once.",
    "Then: sibmodel run mydeal.xlsx. It writes the model as a workbook with live formulas.",
)
HOW = {
    "Money": "12500, £12,500 or £1.2m.",
    "Shares and rates": "10% or 0.10. In a cell that shows per cent, 10 typed is 10%.",
    "Months": "2027-04, or any date in the month.",
    "Several names, or numbers": "With semicolons between: Senior; Junior. Names with semicolons of their own are "
    'written ["Smith; Jones", "Other"].',
    "Formulas": "Are refused, so that a figure is what you see. Copy the cell and paste it as a value.",
    "Distributions": "On the sheet Assumptions, choose one under Distribution and fill in its own numbers: Mean and "
    "Standard deviation, or Low, Mode and High. Say where they come from. Others go under Other numbers, each with its "
    "name: degrees: 5.",
    "One member more": "A cohort, a payment, a provider is a column: fill in the next. Where none is free, copy the "
    "last column and count on in its heading: Payment 5.",
    "One more in a list": "The rows payers[0].name and payers[0].share are the first payer. For one more, copy the "
    "rows, insert them below, and count on in the brackets: payers[1].name.",
    "For a name": "A row such as thresholds[] waits for a name: write it between the brackets, thresholds[Cohort 1], "
    "and copy the row for the next.",
    "Moving things": "Rows are known by what stands under Field, columns by their headings, sheets by their names: "
    "they may be moved, and rows and columns inserted or deleted. Sheets of your own, and columns with headings of "
    "your own, are not read.",
}


def draw_guide(page: Any, looks: FormLooks, deal: Deal | None) -> None:
    """Write the sheet."""
    page.hide_gridlines(2)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, WIDTH)
    page.write_string(0, 0, "A deal to fill in" if deal is None else deal.name, looks.title)
    page.set_row(0, 24)
    page.write_string(1, 0, "The terms and beliefs of a social impact bond, for sibmodel.", looks.quiet)
    page.write_string(2, 0, STAMP, looks.quiet)
    page.write_number(2, 1, VERSION, looks(font_color="#595959", align="left"))
    row = _table(page, looks, 4, "In three steps", [(str(at), step) for at, step in enumerate(STEPS, 1)])
    row = _table(page, looks, row, "How to write it", list(HOW.items()))
    sheets = [(sheet.name, sheet.purpose) for sheet in SHEETS]
    row = _table(page, looks, row, "Sheets", [*sheets, (LISTS, "What the drop-downs offer, with a sentence on each.")])
    for at, (name, _) in enumerate(sheets, row - len(sheets) - 2):
        page.write_url(at, 0, f"internal:'{name}'!A1", looks(bold=True, underline=1, font_color="#12436D"), name)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _table(page: Any, looks: FormLooks, row: int, title: str, lines: Sequence[tuple[str, str]]) -> int:
    """Write a heading and lines of two cells; the row after them, with one left blank."""
    page.write_string(row, 0, title, looks.heading)
    page.write_blank(row, 1, None, looks.heading)
    for at, (name, text) in enumerate(lines, row + 1):
        page.write_string(at, 0, name, looks(bold=True))
        page.write_string(at, 1, text, looks.sentence)
        page.set_row(at, height([(text, WIDTH, SIZE)]))
    return row + len(lines) + 2
