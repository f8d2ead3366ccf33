"""The sheet of inputs: every number that somebody gives, with where it comes from and what it was at export."""

from __future__ import annotations

from typing import Any

from sibmodel.binding import Uncertain, status
from sibmodel.distributions import Component, Distribution
from sibmodel.lines import Input, Section, Values
from sibmodel.model import Model
from sibmodel.workbook.layout import HEADER, WorkbookLayout
from sibmodel.workbook.limits import limits
from sibmodel.workbook.sheet import Live, Sheet, Value
from sibmodel.workbook.style import (
    COLUMN,
    COLUMN_RIGHT,
    HEADING,
    INDENTED,
    INPUT_FILL,
    INPUT_INK,
    NAME,
    NOTE,
    QUIET,
    UNIT,
    Look,
    input_format,
)

COLUMNS = (
    "Input",
    "Unit",
    "What it is",
    "Value",
    "As exported",
    "Changed",
    "Status",
    "In the simulation",
    "Source",
    "Place in the deal",
)
NAME_AT, UNIT_AT, NOTE_AT, VALUE_AT, EXPORTED_AT, CHANGED_AT, STATUS_AT, SIMULATED_AT, SOURCE_AT, PATH_AT = range(10)
WIDTHS = (56.0, 18.0, 60.0, 16.0, 16.0, 15.0, 15.0, 36.0, 84.0, 46.0)
PRINT_SCALE = 60
SHOWN = 12
"""Values of a list that are written out."""
SAME, OTHER = "as exported", "changed"


def input_sheet(section: Section, model: Model, layout: WorkbookLayout) -> Sheet:
    """The sheet of a section of inputs, without its head."""
    sheet = Sheet(section.name, "inputs", freeze=(HEADER + 1, 1), widths=dict(enumerate(WIDTHS)), scale=PRINT_SCALE)
    sheet.page_columns = [SIMULATED_AT]
    for column, title in enumerate(COLUMNS):
        right = column in (VALUE_AT, EXPORTED_AT)
        sheet.write(HEADER, column, title, COLUMN_RIGHT if right else COLUMN)
    uncertain = {one.cell: one for one in model.uncertain}
    for group in layout.groups[section]:
        if group.row is not None:
            for column in range(len(COLUMNS)):
                sheet.write(group.row, column, group.heading if column == 0 else None, HEADING)
        for line in group.lines:
            assert isinstance(line, Input)
            _input(sheet, line, layout.place(line).row - 1, uncertain.get(line))
    rows = [row for row, _ in sheet.takes]
    sheet.alarms.append((min(rows), CHANGED_AT, max(rows), CHANGED_AT))
    return sheet


def _input(sheet: Sheet, cell: Input, row: int, uncertain: Uncertain | None) -> None:
    number = input_format(cell.unit, cell.value)
    sheet.write(row, NAME_AT, cell.name, NAME)
    sheet.write(row, UNIT_AT, cell.unit, UNIT)
    sheet.write(row, NOTE_AT, cell.note, NOTE)
    sheet.write(row, VALUE_AT, cell.value, Look(number=number, ink=INPUT_INK, fill=INPUT_FILL))
    sheet.write(row, EXPORTED_AT, cell.value, Look(number=number, ink=QUIET))
    text = f'=IF(D{row + 1}=E{row + 1},"{SAME}","{OTHER}")'
    sheet.write(row, CHANGED_AT, Live(text, lambda values: _changed(values, cell)), INDENTED)
    sheet.write(row, STATUS_AT, status(cell.source), INDENTED)
    sheet.write(row, SIMULATED_AT, "fixed" if uncertain is None else drawn_from(uncertain), NOTE)
    sheet.write(row, SOURCE_AT, cell.source, NOTE)
    sheet.write(row, PATH_AT, cell.path, NOTE)
    sheet.takes[row, VALUE_AT] = limits(cell, cell.book.periods)


def _changed(values: Values, cell: Input) -> Value:
    return SAME if values.figure(cell) == cell.value else OTHER


def count_of_changes(section: Section, layout: WorkbookLayout) -> Live:
    """How many inputs are not as they were exported: a formula for any sheet."""
    cells = [line for group in layout.groups[section] for line in group.lines if isinstance(line, Input)]
    rows = [layout.place(cell).row for cell in cells]
    return Live(
        f'=COUNTIFS({section.name}!$F${min(rows)}:$F${max(rows)},"{OTHER}")',
        lambda values: float(sum(_changed(values, cell) == OTHER for cell in cells)),
    )


def drawn_from(uncertain: Uncertain) -> str:
    """A distribution in words: `triangular: low 0.8, mode 0.95, high 1.05`."""
    return _in_words(uncertain.distribution)


def _in_words(distribution: Distribution) -> str:
    parts = ", ".join(f"{name.replace('_', ' ')} {_part(value)}" for name, value in distribution if value is not None)
    kind = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(distribution).__name__)
    return f"{kind.strip()}: {parts}"


def _part(value: Any) -> str:
    """A parameter: a number, a word, another distribution, or several of them."""
    if isinstance(value, tuple):
        shown = " / ".join(_part(one) for one in value[:SHOWN])
        return shown if len(value) <= SHOWN else f"{shown} / … ({len(value)} in all)"
    if isinstance(value, Component):
        return f"{value.value:g}" if value.value is not None else f"({_in_words(value.distribution)})"
    return f"{value:g}" if isinstance(value, float) else str(value)
