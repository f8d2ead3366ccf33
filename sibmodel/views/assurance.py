"""Assurance: who stands behind the figures, what was checked, how good the evidence is, and what they are not for."""

from __future__ import annotations

from collections import Counter

from sibmodel.assurance import RATINGS, Assurance
from sibmodel.cautions import cautions
from sibmodel.results import Run
from sibmodel.results.assurance import Rated, errors_of_headlines, limits, made_with, rated
from sibmodel.views.common import KIND_OF_UNIT, Block, Cell, Constant, Figure, Kind, Table, View, Words
from sibmodel.views.sentences import sampler_words
from sibmodel.words import number

NOBODY = "not named"
KINDS: dict[str, Kind] = {"money": "money", "share": "share"}


def assurance(run: Run) -> View:
    """The assurance of a run on a page."""
    every, told = rated(run), run.deal.assurance or Assurance()
    blocks: list[Block] = [
        _headline(run, every),
        _people(told),
        _made(run),
        _errors(run),
        _ratings(every),
        Words(tuple(limits(run)), "What the figures must not be used for"),
    ]
    said = [f"{one.path}: {one.message}" for one in cautions(run.model)]
    if said:
        blocks.append(Words(tuple(said), "Cautions"))
    if told.changes:
        blocks.append(_changes(told))
    return View(
        "Assurance", "Who stands behind the figures, what was checked, and how good the evidence is.", tuple(blocks)
    )


def _headline(run: Run, every: list[Rated]) -> Words:
    checks, failing = run.model.checks.every, int(run.figure(run.model.checks.failing))
    held = f"All {len(checks)} checks hold" if not failing else f"{failing} of {len(checks)} checks fail"
    counts = Counter(one.rating for one in every if one.uncertain or one.status not in ("as signed", "convention"))
    red, all_of_them = counts["red"], sum(counts.values())
    return Words(
        (
            f"{held}; {red} of {all_of_them} beliefs and figures that were not signed rest on judgement.",
            "The model was assured by "
            f"{(run.deal.assurance or Assurance()).assurer or 'nobody whom the deal file names'}.",
        )
    )


def _people(told: Assurance) -> Table:
    rows = (
        ("What it is for", told.purpose or NOBODY.replace("named", "said")),
        ("Commissioner of the analysis", told.commissioner or NOBODY),
        ("Analyst", told.analyst or NOBODY),
        ("Assurer", told.assurer or NOBODY),
        ("Approver", told.approver or NOBODY),
    )
    note = "The roles of the Aqua Book. They stand in the deal file, under assurance."
    return Table("Who stands behind it", ("Role", "Who"), rows, note)


def _made(run: Run) -> Table:
    simulation = run.simulation
    how = f"{number(simulation.paths)} paths, seed {simulation.seed}{sampler_words(simulation)}"
    rows = (
        ("Simulation", how),
        ("Deal's fingerprint", run.hash),
        *((f"Version of {name}", text) for name, text in made_with().items()),
    )
    return Table(
        "What it was made with", ("What", "Which"), rows, "The same of all these give the same file, byte for byte."
    )


def _errors(run: Run) -> Table:
    rows = tuple(
        (title, Constant(value, KINDS[kind]), Constant(error, KINDS[kind]))
        for title, kind, value, error in errors_of_headlines(run)
    )
    return Table("How exact the simulation is", ("Figure", "Simulated", "Monte Carlo error"), rows)


def _ratings(every: list[Rated]) -> Table:
    counts = Counter(one.rating for one in every)
    rows = tuple((rating, meaning, Constant(float(counts[rating]), "count")) for rating, meaning in RATINGS.items())
    note = "Rated by the deal file, or else by the kind of source (assumed rule). Each is on the sheet Assumptions log."
    return Table("How good the evidence is", ("Rating", "What it means", "Inputs"), rows, note)


def _changes(told: Assurance) -> Table:
    rows = tuple((one.version, one.date, one.who, one.what, one.checked_by or NOBODY) for one in told.changes)
    return Table("Changes of the deal", ("Version", "Day", "Who", "What and why", "Checked by"), rows)


def assumptions_log(run: Run) -> View:
    """Every input that was not signed, with owner, rating and source; those on judgement first."""
    order = ("red", "amber", "green")
    chosen = [one for one in rated(run) if one.uncertain or one.status != "as signed"]
    rows = [_logged(one) for one in sorted(chosen, key=lambda one: order.index(one.rating))]
    header = ("Assumption", "Base case", "Unit", "In the simulation", "Rating", "Status", "Owner", "Source")
    note = (
        "Signed terms are on the sheet Inputs. Green: published, agreed or reported; amber: derived, or a convention; "
    )
    note += "red: judgement."
    table = Table("Assumptions", header, tuple(rows), note)
    return View("Assumptions log", "What is believed, on what evidence, and who answers for it.", (table,))


def _logged(one: Rated) -> tuple[Cell, ...]:
    return (
        one.cell.name,
        Figure(one.cell, KIND_OF_UNIT.get(one.cell.unit, "number")),
        one.cell.unit,
        "uncertain" if one.uncertain else "fixed",
        one.rating,
        one.status,
        one.owner or NOBODY,
        one.cell.source,
    )
