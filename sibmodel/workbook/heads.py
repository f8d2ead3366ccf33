"""What stands at the top of every sheet: title, purpose, whether checks hold, whether inputs are as exported."""

from __future__ import annotations

from sibmodel.lines import Line, Values
from sibmodel.model import Model
from sibmodel.workbook.layout import WorkbookLayout
from sibmodel.workbook.sheet import Live, Sheet, Value
from sibmodel.workbook.style import STATUS, SUBTITLE, TITLE

TITLE_ROW, PURPOSE_ROW, CHECKS_ROW, CHANGED_ROW = 0, 1, 2, 3
TITLE_HEIGHT = 24.0


def write_head(sheet: Sheet, title: str, purpose: str, model: Model, layout: WorkbookLayout, changed: Live) -> None:
    """Write the first four rows. `changed` counts the inputs that are not as they were exported."""
    sheet.write(TITLE_ROW, 0, title, TITLE)
    sheet.heights[TITLE_ROW] = TITLE_HEIGHT
    sheet.write(PURPOSE_ROW, 0, purpose, SUBTITLE)
    sheet.write(CHECKS_ROW, 0, master(model.checks.failing, len(model.checks.every), layout, sheet.name), STATUS)
    sheet.alarms.append((CHECKS_ROW, 0, CHANGED_ROW, 0))
    sheet.write(CHANGED_ROW, 0, changes(changed), SUBTITLE)


def master(failing: Line, count: int, layout: WorkbookLayout, sheet: str) -> Live:
    """The master check in words."""
    cell = layout.cell(failing, sheet)

    def read(values: Values) -> Value:
        number = values.figure(failing)
        return "Checks: all hold" if number == 0 else f"Checks: {number:.0f} fail, see the sheet Checks"

    return Live(f'=IF({cell}=0,"Checks: all hold","Checks: "&{cell}&" fail, see the sheet Checks")', read)


def changes(changed: Live) -> Live:
    """Whether the simulated figures, which do not move, still belong to the inputs."""
    cell = changed.formula.removeprefix("=")

    def read(values: Values) -> Value:
        number = changed.read(values)
        assert isinstance(number, float)
        if number == 0:
            return "Inputs: as exported"
        return f"Inputs: {number:.0f} changed since the export; simulated figures are those of the export"

    return Live(
        f'=IF({cell}=0,"Inputs: as exported",'
        f'"Inputs: "&{cell}&" changed since the export; simulated figures are those of the export")',
        read,
    )
