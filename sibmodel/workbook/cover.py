"""The cover: what the workbook is, what may be changed, what is where, and what it is not good for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sibmodel.views.common import Words
from sibmodel.workbook.sheet import Sheet
from sibmodel.workbook.style import BLOCK_TITLE, INPUT_FILL, INPUT_INK, LINK, NAME, SENTENCE, UNIT, Look

FIRST_ROW = 5
WIDTHS = {0: 34.0, 1: 110.0}
KEY = (
    (
        "A number in a blue cell",
        Look(ink=INPUT_INK, fill=INPUT_FILL),
        "An input: you may change it. All are on the sheet Inputs.",
    ),
    ("A number in black", Look(), "A formula, or on the views a statistic of the simulation: leave it."),
)


def cover_sheet(facts: tuple[Words | tuple[tuple[str, str], ...], ...], contents: Sequence[tuple[str, str]]) -> Sheet:
    """The cover, without its head."""
    sheet = Sheet("Cover", "control", widths=dict(WIDTHS), portrait=True, freeze=(FIRST_ROW - 1, 0))
    row = FIRST_ROW
    for fact in facts:
        if isinstance(fact, Words):
            sheet.write(row, 0, fact.title, BLOCK_TITLE)
            for sentence in fact.sentences:
                row += 1
                sheet.write(row, 0, sentence, replace(SENTENCE, wrap=False))
        else:
            for label, text in fact:
                sheet.write(row, 0, label, UNIT)
                sheet.write(row, 1, text, NAME)
                row += 1
        row += 2
    sheet.write(row, 0, "Colours", BLOCK_TITLE)
    for label, look, meaning in KEY:
        row += 1
        sheet.write(row, 0, label, look)
        sheet.write(row, 1, meaning, NAME)
    row += 2
    sheet.write(row, 0, "Contents", BLOCK_TITLE)
    for name, purpose in contents:
        row += 1
        sheet.write(row, 0, name, LINK)
        sheet.links[row, 0] = name
        sheet.write(row, 1, purpose, NAME)
    return sheet
