"""The sheet of inputs: every number that somebody gives, with where it comes from and what it was at export."""

from __future__ import annotations

from dataclasses import replace

from sibmodel.binding import Uncertain
from sibmodel.evidence.citing import source_text, status
from sibmodel.lines import Input, Section, Values
from sibmodel.model import Model
from sibmodel.views.provenance import drawn_from
from sibmodel.workbook.layout import HEADER, WorkbookLayout
from sibmodel.workbook.limits import limits
from sibmodel.workbook.path_sheet import PLACE, PathSheet
from sibmodel.workbook.scenario_sheet import OTHER, SAME, ScenarioSheet
from sibmodel.workbook.sheet import Live, Sheet, Value, figure
from sibmodel.workbook.showing import own
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
    "Used now",
    "Allowed",
    "Status",
    "In the simulation",
    "Source",
    "Place in the deal",
)
(
    NAME_AT,
    UNIT_AT,
    NOTE_AT,
    VALUE_AT,
    EXPORTED_AT,
    CHANGED_AT,
    USED_AT,
    ALLOWED_AT,
    STATUS_AT,
    SIMULATED_AT,
    SOURCE_AT,
    PATH_AT,
) = range(12)
WIDTHS = (56.0, 18.0, 60.0, 16.0, 16.0, 15.0, 16.0, 22.0, 15.0, 36.0, 62.0, 46.0)
INDENTED_AT = (CHANGED_AT, ALLOWED_AT, STATUS_AT)
PRINT_SCALE = 58


def input_sheet(
    section: Section, model: Model, layout: WorkbookLayout, scenarios: ScenarioSheet, paths: PathSheet
) -> Sheet:
    """The sheet of a section of inputs, without its head."""
    sheet = Sheet(section.name, "inputs", freeze=(HEADER + 1, 1), widths=dict(enumerate(WIDTHS)), scale=PRINT_SCALE)
    sheet.page_columns = [STATUS_AT]
    for column, title in enumerate(COLUMNS):
        right = column in (VALUE_AT, EXPORTED_AT, USED_AT)
        indented = replace(COLUMN, indent=2) if column in INDENTED_AT else COLUMN
        sheet.write(HEADER, column, title, COLUMN_RIGHT if right else indented)
    uncertain = {one.cell: one for one in model.uncertain}
    for group in layout.groups[section]:
        if group.row is not None:
            for column in range(len(COLUMNS)):
                sheet.write(group.row, column, group.heading if column == 0 else None, HEADING)
        for line in group.lines:
            assert isinstance(line, Input)
            _input(sheet, line, layout.place(line).row - 1, uncertain.get(line), _used(line, scenarios, paths))
    rows = [row for row, _ in sheet.takes]
    sheet.alarms.append((min(rows), CHANGED_AT, max(rows), CHANGED_AT))
    return sheet


def _input(sheet: Sheet, cell: Input, row: int, uncertain: Uncertain | None, used: str) -> None:
    number = input_format(cell.unit, cell.value)
    sheet.write(row, NAME_AT, cell.name, NAME)
    sheet.write(row, UNIT_AT, cell.unit, UNIT)
    sheet.write(row, NOTE_AT, cell.note, NOTE)
    sheet.write(row, VALUE_AT, cell.value, Look(number=number, ink=INPUT_INK, fill=INPUT_FILL))
    sheet.write(row, EXPORTED_AT, cell.value, Look(number=number, ink=QUIET))
    text = f'=IF(D{row + 1}=E{row + 1},"{SAME}","{OTHER}")'
    sheet.write(row, CHANGED_AT, Live(text, lambda values: _changed(values, cell)), INDENTED)
    sheet.write(row, USED_AT, Live(used, figure(cell)), Look(number=number, right=True, bold=True))
    allowed = limits(cell, cell.book.periods)
    sheet.write(row, ALLOWED_AT, allowed.range("%" if cell.unit.startswith("share") else ""), INDENTED)
    sheet.write(row, STATUS_AT, status(cell.source), INDENTED)
    sheet.write(row, SIMULATED_AT, "fixed" if uncertain is None else drawn_from(uncertain), NOTE)
    sheet.write(row, SOURCE_AT, source_text(cell.source), NOTE)
    sheet.write(row, PATH_AT, cell.path, NOTE)
    sheet.takes[row, VALUE_AT] = allowed


def _used(cell: Input, scenarios: ScenarioSheet, paths: PathSheet) -> str:
    """What the whole book reads: the scenario's value, or what was drawn in the path that is put through."""
    drawn = paths.in_use(cell)
    scenario = scenarios.in_use(cell)
    return f"={scenario}" if drawn is None else f"=IF({PLACE}=0,{scenario},{drawn})"


def _changed(values: Values, cell: Input) -> Value:
    return SAME if own(values, cell) == cell.value else OTHER
