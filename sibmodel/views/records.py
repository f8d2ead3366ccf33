"""The record of the workbook: the log of assumptions, the sources, and the log of changes."""

from __future__ import annotations

from sibmodel import __version__
from sibmodel.binding import Status
from sibmodel.evidence.citing import source_text, status
from sibmodel.lines import Input
from sibmodel.results import Run
from sibmodel.results.assurance import rated
from sibmodel.views.common import KIND_OF_UNIT, Cell, Figure, FillIn, Table, View, Words
from sibmodel.views.provenance import RELIABILITY, drawn_from
from sibmodel.views.sentences import sampler_words
from sibmodel.words import number

BELIEFS = "assumptions."
NAMED = 4
"""Inputs that are named beside their source; more are counted."""
LINES_TO_FILL = 10
"""Empty lines of the log of changes."""


def assumptions_log(run: Run) -> View:
    """Every belief, and every term that is assumed, with how far it can be relied on."""
    uncertain = {one.cell: one for one in run.model.uncertain}
    rows: list[tuple[Cell, ...]] = [
        (
            one.cell.name,
            Figure(one.cell, KIND_OF_UNIT.get(one.cell.unit, "number")),
            one.cell.unit,
            drawn_from(uncertain[one.cell]) if one.uncertain else "fixed",
            f"{one.rating.capitalize()}: rated" if one.given else RELIABILITY[one.status],
            source_text(one.cell.source),
            one.owner or FillIn(),
            FillIn(),
            FillIn(),
        )
        for one in rated(run)
        if one.cell.path.startswith(BELIEFS) or one.given or one.status in ("assumed", "derived")
    ]
    known = ("Assumption", "In use now", "Unit", "In the simulation", "Reliability", "Source")
    header = (*known, "Owner", "Agreed by", "Date")
    count = sum(row[4] == RELIABILITY["assumed"] for row in rows)
    words = Words(
        (
            f"{number(count)} of {number(len(rows))} assumptions have no source: they are judgement.",
            "Reliability follows from the source unless the deal file rates it. Owners too come from the deal file; "
            "what it leaves open, who agreed and when, is for the reader to fill in.",
        )
    )
    table = Table("Log of assumptions", header, tuple(rows))
    return View(
        "Assumptions log", "What is believed, on what ground, and who answers for it.", (words, table), "control"
    )


def sources(run: Run) -> View:
    """Every source, and the inputs that rest on it."""
    by_source: dict[str, list[Input]] = {}
    for cell in run.model.book.inputs:
        by_source.setdefault(cell.source, []).append(cell)
    order: tuple[Status, ...] = ("published", "derived", "assumed", "as signed", "as reported", "convention")
    ranked = sorted(by_source.items(), key=lambda one: (order.index(status(one[0])), one[0].casefold()))
    rows: list[tuple[Cell, ...]] = [
        (source_text(source), status(source), number(len(cells)), _names(cells)) for source, cells in ranked
    ]
    header = ("Source", "Status", "Inputs", "Which")
    note = "As signed: a term of the deal for which the deal file names no source. Convention: of the package."
    return View(
        "Sources", "Where every input comes from.", (Table("Sources of inputs", header, tuple(rows), note),), "control"
    )


def _names(cells: list[Input]) -> str:
    named = "; ".join(cell.name for cell in cells[:NAMED])
    return named if len(cells) <= NAMED else f"{named}; and {len(cells) - NAMED} more"


def change_log(run: Run) -> View:
    """The export, and lines for what is changed after it."""
    what = (
        f"Exported from the deal {run.deal.name}, fingerprint {run.hash[:12]}: {number(run.simulation.paths)} paths, "
        f"seed {run.simulation.seed}{sampler_words(run.simulation)}."
    )
    changes = () if run.deal.assurance is None else run.deal.assurance.changes
    rows: list[tuple[Cell, ...]] = [
        (f"Deal {one.version}", one.what, one.who, one.date, one.checked_by or FillIn()) for one in reversed(changes)
    ]
    rows.append(("Export", what, f"sibmodel {__version__}", FillIn(), FillIn()))
    rows += [(f"Change {line}", FillIn(), FillIn(), FillIn(), FillIn()) for line in range(1, LINES_TO_FILL + 1)]
    header = ("Version", "What was changed, and why", "Who", "Date", "Checked by")
    note = (
        "The file says nothing of when it was made, so that the same deal and seed give the same bytes: write the date."
    )
    return View(
        "Change log",
        "What has happened to this file since it was exported.",
        (Table("Log of changes", header, tuple(rows), note),),
        "control",
    )
