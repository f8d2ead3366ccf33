"""From a run to a workbook: which sheets there are, in which order; drawn in memory, then put in its place at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sibmodel.errors import OutputError
from sibmodel.forms import deal_file
from sibmodel.results import Run
from sibmodel.views import cover, every_view
from sibmodel.workbook.calculations import calculation_sheet
from sibmodel.workbook.cover import cover_sheet
from sibmodel.workbook.deal_file import deal_file_sheet
from sibmodel.workbook.draw import draw
from sibmodel.workbook.flows import flows
from sibmodel.workbook.heads import write_head
from sibmodel.workbook.inputs import count_of_changes, input_sheet
from sibmodel.workbook.layout import WorkbookLayout
from sibmodel.workbook.pages import view_sheet
from sibmodel.workbook.sheet import Block, Sheet

FIRST = ("Investor view", "Commissioner view")
"""Views that stand before the inputs: who decides reads them first. The others stand after the calculations."""
INPUTS = "Inputs"


@dataclass(frozen=True, eq=False)
class Workbook:
    """A workbook before it is drawn: its sheets in order, and where the tables of charts stand."""

    sheets: tuple[Sheet, ...]
    blocks: dict[str, Block]
    layout: WorkbookLayout

    @property
    def calculations(self) -> frozenset[str]:
        """The names of the sheets of calculations."""
        return frozenset(sheet.name for sheet in self.sheets if sheet.kind == "calculations")


def lay_out(run: Run) -> Workbook:
    """All sheets of a run. Nothing is drawn."""
    model = run.model
    layout = WorkbookLayout(model.book)
    inputs = next(section for section in model.book.sections if section.name == INPUTS)
    changed = count_of_changes(inputs, layout)
    totalled = flows(model)
    blocks: dict[str, Block] = {}
    views = {view.name: view for view in every_view(run)}
    pages = {name: view_sheet(view, layout, blocks) for name, view in views.items()}
    for name, page in pages.items():
        write_head(page, name, f"{run.deal.name}. {views[name].purpose}", model, layout, changed)
    lines = [input_sheet(inputs, model, layout)]
    lines += [
        calculation_sheet(section, model, layout, totalled) for section in model.book.sections if section is not inputs
    ]
    notes = {section.name: section.note for section in model.book.sections}
    for page in lines:
        write_head(page, page.name, notes[page.name], model, layout, changed)
    ordered = [pages[name] for name in FIRST] + lines + [page for name, page in pages.items() if name not in FIRST]
    lines_of_file = deal_file_sheet(run.deal)
    write_head(lines_of_file, lines_of_file.name, deal_file.PURPOSE, model, layout, changed)
    notes[lines_of_file.name] = deal_file.PURPOSE
    ordered.append(lines_of_file)
    contents = [(page.name, views[page.name].purpose if page.name in views else notes[page.name]) for page in ordered]
    front = cover_sheet(cover.facts(run), contents)
    write_head(front, run.deal.name, cover.PURPOSE, model, layout, changed)
    return Workbook((front, *ordered), blocks, layout)


def write_workbook(run: Run, path: Path | str) -> None:
    """Write the run as an Excel workbook to `path`, at once or not at all.

    Raises OutputError where the folder cannot be written or the file is open in another program.
    """
    path = Path(path)
    plan = lay_out(run)
    content = draw(plan.sheets, plan.blocks, run.base, run.deal.name)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            temporary.write_bytes(content)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"The workbook cannot be written to {path}: {reason}. Choose another folder, or close the file if it is "
            "open in another program. Nothing that stood there was changed."
        ) from None
