"""One party's own pages as a workbook: values only, so that nobody else's figures travel behind a formula."""

from __future__ import annotations

from pathlib import Path

from sibmodel import __version__
from sibmodel.evidence.citing import source_text, status
from sibmodel.lines import Input
from sibmodel.results import Run
from sibmodel.views.as_values import as_values
from sibmodel.views.audience import Audience
from sibmodel.views.common import KIND_OF_UNIT, Block, Cell, Constant, Table, View, Words
from sibmodel.views.provenance import drawn_from
from sibmodel.views.sentences import sampler_words
from sibmodel.words import number
from sibmodel.workbook.draw import draw
from sibmodel.workbook.heads import PURPOSE_ROW, TITLE_ROW
from sibmodel.workbook.layout import WorkbookLayout
from sibmodel.workbook.pages import view_sheet
from sibmodel.workbook.sheet import Block as Place
from sibmodel.workbook.sheet import Sheet
from sibmodel.workbook.style import SUBTITLE, TITLE

SINCE_YEAR_NIL = "months since year 0"
"""The unit of the deal's first month."""


def write_party(run: Run, party: Audience, path: Path) -> None:
    """Write the pages that a party may see to `path`."""
    views = [_about(run, party), *(as_values(view, run.base) for view in party.views(run)), _assumptions(run, party)]
    places: dict[str, Place] = {}
    layout = WorkbookLayout(run.model.book)
    sheets = [_sheet(view, run, layout, places) for view in views]
    path.write_bytes(draw(sheets, places, run.base, run.deal.name))


def _sheet(view: View, run: Run, layout: WorkbookLayout, places: dict[str, Place]) -> Sheet:
    sheet = view_sheet(view, layout, places)
    sheet.write(TITLE_ROW, 0, view.name, TITLE)
    sheet.write(PURPOSE_ROW, 0, f"{run.deal.name}. {view.purpose}", SUBTITLE)
    return sheet


def _about(run: Run, party: Audience) -> View:
    simulation, last = run.simulation, run.deal.start.plus(run.deal.months - 1)
    blocks: list[Block] = [
        Words(
            (
                f"These are the pages of {party.called}. They hold values, no formulas, and nothing that is private to "
                "another party.",
                "The base case is one course of events, not a forecast: read it beside the simulated range.",
                "Simulated figures hold only as far as the assumptions are right. Those marked “assumed” are "
                "judgement.",
            )
        ),
        Table(
            "About",
            ("What", "Which"),
            (
                ("Deal", run.deal.name),
                ("What it is", run.deal.description or "not described"),
                ("Months", f"{run.deal.months}, from {run.deal.start} to {last}"),
                (
                    "Simulation",
                    f"{number(simulation.paths)} paths, seed {simulation.seed}{sampler_words(simulation)}",
                ),
                ("Made with", f"sibmodel {__version__}"),
                ("Deal's fingerprint", run.hash),
            ),
        ),
    ]
    return View("About", "What this file is, and what it is not good for.", tuple(blocks))


def _assumptions(run: Run, party: Audience) -> View:
    """The inputs that the party is shown."""
    uncertain = {one.cell: drawn_from(one) for one in run.model.uncertain}
    rows = tuple(
        (cell.name, *_value(run, cell), uncertain.get(cell, "fixed"), status(cell.source), source_text(cell.source))
        for cell in run.model.book.inputs
        if cell.path and party.sees(cell)
    )
    header = ("Assumption", "Value", "Unit", "In the simulation", "Status", "Source")
    return View("Assumptions", "What these figures rest on.", (Table("Assumptions", header, rows),))


def _value(run: Run, cell: Input) -> tuple[Cell, str]:
    """A value and its unit; of a month its name, however the model counts it."""
    if cell.unit == "period":
        return str(run.deal.start.plus(round(cell.value) - 1)), "month"
    if cell.unit == SINCE_YEAR_NIL:
        return str(run.deal.start), "month"
    return Constant(
        cell.value, "money" if cell.unit.startswith("£") else KIND_OF_UNIT.get(cell.unit, "number")
    ), cell.unit
