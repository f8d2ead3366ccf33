"""From a run to a workbook: which sheets there are, in which order; drawn in memory, then put in its place at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sibmodel.errors import OutputError
from sibmodel.forms import deal_file
from sibmodel.results import Run
from sibmodel.views import cover, every_view
from sibmodel.workbook import path_sheet, scenario_sheet
from sibmodel.workbook.calculations import calculation_sheet
from sibmodel.workbook.cover import cover_sheet
from sibmodel.workbook.deal_file import deal_file_sheet
from sibmodel.workbook.draw import draw
from sibmodel.workbook.flows import flows
from sibmodel.workbook.heads import write_head
from sibmodel.workbook.inputs import input_sheet
from sibmodel.workbook.layout import WorkbookLayout
from sibmodel.workbook.pages import view_sheet
from sibmodel.workbook.path_sheet import PathSheet
from sibmodel.workbook.scenario_sheet import ScenarioSheet
from sibmodel.workbook.sheet import Block, Sheet
from sibmodel.workbook.status import SHEET, StatusBlock, case_in_use, count_of_changes

FIRST = ("Guide", "Investor view", "Commissioner view")
"""Views that stand before the inputs: who decides reads them first. The others stand after the calculations."""
INPUTS = "Inputs"


@dataclass(frozen=True, eq=False)
class Workbook:
    """A workbook before it is drawn: its sheets in order, and where the tables of charts stand."""

    sheets: tuple[Sheet, ...]
    blocks: dict[str, Block]
    layout: WorkbookLayout
    scenarios: ScenarioSheet
    paths: PathSheet

    @property
    def calculations(self) -> frozenset[str]:
        """The names of the sheets of calculations."""
        return frozenset(sheet.name for sheet in self.sheets if sheet.kind == "calculations")


def lay_out(run: Run, replay: Sequence[int] = ()) -> Workbook:
    """All sheets of a run; those of the sheet Paths hold the paths of the numbers `replay` too. Nothing is drawn.

    Raises NotFoundError for a path that the simulation has not.
    """
    model = run.model
    layout = WorkbookLayout(model.book)
    inputs = next(section for section in model.book.sections if section.name == INPUTS)
    totalled = flows(model)
    scenarios = ScenarioSheet(run, layout)
    paths = PathSheet(run, scenarios.figures, replay)
    blocks: dict[str, Block] = {}
    views = {view.name: view for view in every_view(run)}
    case = case_in_use(paths)
    pages = {name: view_sheet(view, layout, blocks, case) for name, view in views.items()}
    checks = pages[SHEET]
    block = StatusBlock(
        model, layout, scenarios, paths, count_of_changes(model.book.inputs, layout), checks.last_row + 2
    )
    status = block.write(checks)
    calculated = [
        calculation_sheet(section, model, layout, totalled, paths)
        for section in model.book.sections
        if section is not inputs
    ]
    given = [input_sheet(inputs, model, layout, scenarios, paths), scenarios.written(), paths.written()]
    purposes = {section.name: section.note for section in model.book.sections}
    purposes |= {view.name: view.purpose for view in views.values()}
    purposes |= {scenario_sheet.NAME_OF_SHEET: scenario_sheet.PURPOSE, path_sheet.NAME_OF_SHEET: path_sheet.PURPOSE}
    text = deal_file_sheet(run.deal)
    purposes[text.name] = deal_file.PURPOSE
    ordered = [pages[name] for name in FIRST] + given + calculated
    ordered += [page for name, page in pages.items() if name not in FIRST] + [text]
    for page in ordered:
        of_deal = f"{run.deal.name}. " if page.name in views else ""
        write_head(page, page.name, of_deal + purposes[page.name], status)
    front = cover_sheet(cover.facts(run), [(page.name, purposes[page.name]) for page in ordered])
    write_head(front, run.deal.name, cover.PURPOSE, status)
    return Workbook((front, *ordered), blocks, layout, scenarios, paths)


def write_workbook(run: Run, path: Path | str, replay: Sequence[int] = ()) -> None:
    """Write the run as an Excel workbook to `path`, at once or not at all. The sheet Paths holds the paths of the
    numbers `replay` too, beside those that it always holds.

    Raises OutputError where the folder cannot be written or the file is open in another program, and NotFoundError for
    a path that the simulation has not.
    """
    path = Path(path)
    plan = lay_out(run, replay)
    save(draw(plan.sheets, plan.blocks, run.base, run.deal.name), path)


def save(content: bytes, path: Path) -> None:
    """Write a workbook's bytes, at once or not at all. Raises OutputError as `write_workbook` does."""
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
