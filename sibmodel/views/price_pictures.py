"""A solved price in pictures: the figure along the term, and what the answer moves from whom to whom."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sibmodel.analysis.price import Solution
from sibmodel.views.common import Chart, Constant, Kind, Series, Table
from sibmodel.views.kinds import UNITS, capital, shown
from sibmodel.views.price import Called, of_term
from sibmodel.views.sentences import scale
from sibmodel.words import money

STILL = 0.02
"""Of the range of a figure: what it moves less than this, it hardly moves."""
LONGEST_AXIS = 30
"""Characters of a figure beside its axis; the chart's title has it whole."""
MOST_PARTIES = 8
"""Parties that are drawn: those whose money moves most."""


def curve(found: Solution, called: Called, table: Table) -> Iterable[Chart]:
    """The figure along the term; nothing where it is known at fewer than two values."""
    if len(table.rows) < 2:
        return ()
    kind, figure, goal = (
        found.target.question.kind,
        capital(called.figure),
        shown(found.target.goal, found.target.question.kind),
    )
    if found.answer is not None:
        title = f"{figure} of {goal} is reached at {of_term(found.answer.value, found.term)}"
    elif found.nearest is not None:
        title = f"{figure} of {goal} is not reached: at best {shown(found.nearest.reached.value, kind)}"
    else:
        title = f"{figure} at each value tried"
    unit, axis = _axis(table, kind)
    of_what = "Chance" if called.figure.startswith("chance of ") else "Figure"
    return (
        Chart(
            title,
            table,
            (Series(table.header[1], "investors"), Series("Target", "reference", faint=True)),
            "curve",
            table.header[0],
            f"{figure if len(figure) <= LONGEST_AXIS else of_what}, {unit}",
            axis,
            f"Line of {called.figure} at each value tried of {called.term}, and a dashed line at the target. {title}. "
            f"The figures are in the table {table.title}.",
            _drawn(found),
        ),
    )


def _drawn(found: Solution) -> int:
    """How many values are drawn: as far as the answer and what is signed, and until the figure hardly moves any more,
    so that the part that matters is not pressed into a corner."""
    known = [one for one in found.response if math.isfinite(one.reached.value)]
    last, reach = known[-1].reached.value, found.reach[1] - found.reach[0]
    moving = [place for place, one in enumerate(known) if abs(one.reached.value - last) > STILL * reach]
    wanted = max(found.term.value, found.term.value if found.answer is None else found.answer.value)
    before = [place for place, one in enumerate(known) if one.value < wanted]
    return min(len(known), max([0, *moving, *before]) + 3)


def _axis(table: Table, kind: Kind) -> tuple[str, Kind]:
    """The unit and kind of the axis on which a table's figures are measured."""
    if kind != "money":
        return UNITS[kind], "number" if kind == "count" else kind
    return scale(max(abs(cell.value) for row in table.rows for cell in (row[1], row[-1]) if isinstance(cell, Constant)))


def moved(found: Solution, table: Table) -> Iterable[Chart]:
    """What the answer moves from whom to whom."""
    if not found.parties:
        return ()
    most = max(found.parties, key=lambda one: abs(one.difference.value))
    unit, kind = scale(max(abs(one.difference.value) for one in found.parties))
    title = f"Largest change of the mean: {most.party}, {money(most.difference.value)}"
    return (
        Chart(
            title,
            table,
            (Series("Change of the mean", "investors"),),
            "bar",
            "Party",
            f"Change of mean money in less money out, {unit}",
            kind,
            f"Bars by party of what the answer adds to its money in less its money out, on average over all paths: to "
            f"the right it gains, to the left it pays. {title}. The figures are in the table {table.title}.",
            min(len(table.rows), MOST_PARTIES),
        ),
    )
