"""Assurance: who stands behind the figures, what was checked, how good the evidence is, and what they are not for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container

from sibmodel.assurance import RATINGS, Assurance
from sibmodel.results import Run
from sibmodel.results.assurance import Rated, errors_of_headlines, limits, made_with, rated
from sibmodel.scenario_files import from_files
from sibmodel.views.common import Block, Constant, Kind, Table, View, Words
from sibmodel.views.sentences import sampler_words
from sibmodel.words import number

NOBODY = "not named"
KINDS: dict[str, Kind] = {"money": "money", "share": "share"}


def _all_of_it(_path: str) -> bool:
    return True


def assurance(run: Run, sees: Callable[[str], bool] = _all_of_it, headlines: Container[str] | None = None) -> View:
    """The assurance of a run on a page: of all of it, or of what one party sees, by its path in the deal, with those
    `headlines` of the simulation that are its own."""
    every, told = [one for one in rated(run) if sees(one.cell.path)], run.deal.assurance or Assurance()
    blocks: list[Block] = [
        _headline(run, every),
        _people(told),
        _made(run),
        _errors(run, headlines),
        _ratings(every),
        Words(tuple(limits(run)), "What the figures must not be used for"),
    ]
    said = [f"{one.path}: {one.message}" for one in run.cautions if sees(one.path)]
    if said:
        blocks.append(Words(tuple(said), "Cautions"))
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
        *((f"Scenarios of {file}", ", ".join(names)) for file, names in from_files(run.deal).items()),
        *((f"Version of {name}", text) for name, text in made_with().items()),
    )
    return Table(
        "What it was made with", ("What", "Which"), rows, "The same of all these give the same file, byte for byte."
    )


def _errors(run: Run, headlines: Container[str] | None) -> Table:
    rows = tuple(
        (title, Constant(value, KINDS[kind]), Constant(error, KINDS[kind]))
        for title, kind, value, error in errors_of_headlines(run)
        if headlines is None or title in headlines
    )
    return Table("How exact the simulation is", ("Figure", "Simulated", "Monte Carlo error"), rows)


def _ratings(every: list[Rated]) -> Table:
    counts = Counter(one.rating for one in every)
    rows = tuple((rating, meaning, Constant(float(counts[rating]), "count")) for rating, meaning in RATINGS.items())
    note = "Rated by the deal file, or else by the kind of source (assumed rule). The log of assumptions has each."
    return Table("How good the evidence is", ("Rating", "What it means", "Inputs"), rows, note)
