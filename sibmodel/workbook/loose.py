"""Views of constants as a workbook of their own: pages without a model behind them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sibmodel.lines import Book, Values
from sibmodel.views.common import View
from sibmodel.workbook.draw import draw
from sibmodel.workbook.heads import PURPOSE_ROW, TITLE_ROW
from sibmodel.workbook.layout import WorkbookLayout
from sibmodel.workbook.pages import view_sheet
from sibmodel.workbook.sheet import Block, Sheet
from sibmodel.workbook.style import SUBTITLE, TITLE
from sibmodel.workbook.write import save


def write_views(views: Sequence[View], title: str, path: Path) -> None:
    """Write the views, none of which has a live figure, to `path`, a sheet each. `title` is the deal's name.

    Raises OutputError as `write_workbook` does."""
    places: dict[str, Block] = {}
    layout = WorkbookLayout(Book(1))
    sheets = [_sheet(view, title, layout, places) for view in views]
    save(draw(sheets, places, Values({}, 1), title), path)


def _sheet(view: View, title: str, layout: WorkbookLayout, places: dict[str, Block]) -> Sheet:
    sheet = view_sheet(view, layout, places)
    sheet.write(TITLE_ROW, 0, view.name, TITLE)
    sheet.write(PURPOSE_ROW, 0, f"{title}. {view.purpose}", SUBTITLE)
    return sheet
