"""How much of what the views show is live: every figure of the base case, and nothing of the simulation."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from sibmodel.deals import read
from sibmodel.results import run
from sibmodel.views import every_view
from sibmodel.views.common import Cell, Constant, Figure, View

LIVE_HEADS = ("base case", "in use now", "now")
"""Words in a column's head, or at the end of a table's title, that promise a figure of the base case."""


def promised(view: View) -> Iterator[tuple[str, str, Cell]]:
    """The cells under heads that promise the base case, and those of tables whose title does."""
    for table in view.tables:
        whole = table.title.casefold().endswith("base case")
        for column, head in enumerate(table.header):
            words = head.casefold()
            if whole or any(words == one or words.endswith(f", {one}") for one in LIVE_HEADS):
                yield from ((table.title, head, row[column]) for row in table.rows)


@pytest.mark.parametrize("name", ["peterborough", "yorkshire-and-humber", "better-futures", "rikers-as-it-went"])
def test_every_figure_of_the_base_case_is_live(name: str) -> None:
    views = every_view(run(read(name), 60))
    figures = [cell for view in views for cell in promised(view) if not isinstance(cell[2], str)]
    dead = [
        (title, head, cell.value)
        for title, head, cell in figures
        if isinstance(cell, Constant) and math.isfinite(cell.value)
    ]
    assert dead == []
    live = sum(isinstance(cell, Figure) for _, _, cell in figures)
    known = sum(isinstance(cell, Figure) or math.isfinite(cell.value) for _, _, cell in figures)
    assert known > 50
    assert live / known == 1.0  # 100 % of base-case figures


def test_figures_found_by_trial_say_that_they_are_not_live() -> None:
    tables = {table.title: table for view in every_view(run(read("peterborough"), 60)) for table in view.tables}
    assert "Not live" in tables["What effect is needed"].note
    assert "Not live" in tables["What is paid at each measured effect"].note
