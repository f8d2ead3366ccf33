"""How long it takes to plan the tape, for the deals and for a model of many lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from benchmarks.rounds import Spread, spread
from benchmarks.tables import Table
from sibmodel.lines import Book, Input, Line, Tape, previous, ratio, sum_of, total
from sibmodel.model import Model
from sibmodel.simulation.kept import kept_of

LINES, MONTHS = 1_000, 120


def many_lines(lines: int = LINES, months: int = MONTHS) -> tuple[Book, list[Input], list[Line]]:
    """A made-up book of so many lines over so many months, each of them uncertain: costs that grow, bills with
    arrears, payments under a cap, balances. Its uncertain inputs, and the figures that are asked for."""
    book = Book(months)
    section = book.section("Many lines")
    price, growth, late = (section.input(name, 1, unit="£") for name in ("Price", "Growth", "Late"))
    totals: list[Line] = []
    cash: Line = section.line("Cash 0", price * book.period, unit="£")
    while len(book.lines) < lines - 10:
        number = len(totals) + 1
        size = section.input(f"Size {number}", number, unit="£")
        cost = section.line(f"Cost {number}", price * book.period + growth * size, unit="£")
        owed = section.corkscrew(f"Owed {number}", unit="£")
        asked = section.line(f"Asked {number}", owed.opening + cost, unit="£")
        paid = section.line(f"Paid {number}", np.minimum(asked, cash), unit="£")
        owed.close([cost], [paid])
        share = section.line(f"Share {number}", ratio(paid, asked), unit="share")
        due = section.line(f"Due {number}", np.where(book.period >= late, price * share, 0), unit="£")
        cash = section.line(f"Cash {number}", np.maximum(cash - paid + previous(due), 0), unit="£")
        totals.append(section.line(f"Total {number}", total(cash), unit="£"))
    section.line("Total of all", sum_of(totals), unit="£")
    return book, [price, growth, late], totals


def planning(models: Mapping[str, Model], rounds: int) -> Table:
    """Processor time of planning the tape for all headline figures, and for a made-up model of many lines."""
    rows = []
    for deal, model in models.items():
        keep, cells = kept_of(model).lines, [one.cell for one in model.uncertain]
        seconds = _seconds(partial(Tape, keep, model.book.periods, cells, model.book.draws, keep), rounds)
        rows.append((deal, f"{len(model.book.lines):,}", f"{model.book.periods}", seconds.text(".2f")))
    book, uncertain, wanted = many_lines()
    seconds = _seconds(partial(Tape, wanted, book.periods, uncertain, keep=wanted), rounds)
    rows.append(("made-up lines", f"{len(book.lines):,}", f"{book.periods}", seconds.text(".2f")))
    return Table(
        "Planning the tape",
        f"Processor time, once in a run. Median [lowest..highest] of {rounds} rounds.",
        ("model", "lines", "months", "seconds"),
        rows,
    )


def _seconds(plan: Callable[[], object], rounds: int) -> Spread:
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        plan()
        taken.append(time.process_time() - start)
    return spread(taken)
