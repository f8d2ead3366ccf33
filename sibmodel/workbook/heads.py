"""What stands at the top of every sheet: title, purpose, whether checks hold, what the book shows."""

from __future__ import annotations

from dataclasses import replace

from sibmodel.workbook.sheet import Live, Sheet
from sibmodel.workbook.status import SHEET, Status
from sibmodel.workbook.style import STATUS, SUBTITLE, TITLE

TITLE_ROW, PURPOSE_ROW, CHECKS_ROW, SHOWING_ROW = 0, 1, 2, 3
TITLE_HEIGHT = 24.0


def write_head(sheet: Sheet, title: str, purpose: str, status: Status) -> None:
    """Write the first four rows."""
    sheet.write(TITLE_ROW, 0, title, TITLE)
    sheet.heights[TITLE_ROW] = TITLE_HEIGHT
    sheet.write(PURPOSE_ROW, 0, purpose, SUBTITLE)
    sheet.write(CHECKS_ROW, 0, _on(sheet, status.checks), STATUS)
    sheet.alarms.append((CHECKS_ROW, 0, SHOWING_ROW, 0))
    sheet.write(SHOWING_ROW, 0, _on(sheet, status.showing), SUBTITLE)


def _on(sheet: Sheet, live: Live) -> Live:
    """A reference to the sheet Checks, as it is written on a sheet: without a name on its own."""
    return replace(live, formula=live.formula.replace(f"{SHEET}!", "")) if sheet.name == SHEET else live
