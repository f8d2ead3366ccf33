"""Break-evens: the value of each input at which the base case reaches a goal, everything else as it is.

All inputs are tried at once: each has its own stretch of one wide calculation, in which only it moves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sibmodel.analysis.asking import Figure, Kind
from sibmodel.analysis.asking.trials import in_base_case
from sibmodel.analysis.price.crossings import brackets
from sibmodel.analysis.price.response import cells_at, name_of
from sibmodel.analysis.price.term import Term, read_term
from sibmodel.deal import Deal
from sibmodel.errors import NotFoundError
from sibmodel.lines import Input
from sibmodel.model import Model

GRID = 33
ROUNDS = 4
"""How often a stretch is divided again: to a millionth."""
BELIEFS = (
    *("effect", "volume", "engagement", "events_per_person", "delay_months", "cost_overrun", "matching_error"),
    "dispersion",
)
"""Beliefs that are tried unless told, in this order."""
TERMS = ("price", "threshold", "fallback.pooled", "cap")
"""Terms of each payment that are tried unless told."""


@dataclass(frozen=True)
class BreakEven:
    """An input: what it is, and the nearest value at which the goal is reached; nan where there is none in its
    range."""

    path: str
    name: str
    unit: str
    now: float
    value: float
    lowest: float
    highest: float

    @property
    def reachable(self) -> bool:
        return math.isfinite(self.value)


@dataclass(frozen=True)
class BreakEvens:
    """The break-evens of a figure of the base case, in the order of the deal."""

    asked: str
    kind: Kind
    goal: float
    now: float
    inputs: tuple[BreakEven, ...]


def break_evens(model: Model, figure: Figure, goal: float = 0.0, paths: Sequence[str] = ()) -> BreakEvens:
    """The value of each input at which a figure of the base case is `goal`: of those at `paths`, or of the usual ones.

    Raises NotFoundError for a path that holds no number or is no cell of the model.
    """
    terms = _named(model, paths) if paths else list(_usual(model))
    cells = [cells_at(model, one.path) for one in terms]
    now = float(in_base_case(model, [figure], {})[figure.name][0])
    stretches: list[np.ndarray] = [one.tried() for one in terms]
    places = list(range(len(terms)))
    values = [math.nan] * len(terms)
    for _ in range(ROUNDS):
        heights = _heights(model, figure, goal, [cells[place] for place in places], stretches)
        narrower, left = [], []
        for place, tried, height in zip(places, stretches, heights, strict=True):
            found = brackets(tried, height)
            if not found:
                continue
            near = min(found, key=lambda one: abs((one.low + one.high) / 2 - terms[place].value))
            # Between two values whose heights differ in sign, the nearer to nil by a straight line.
            values[place] = near.low + near.width * abs(near.below) / max(near.gap, 1e-300)
            left.append(place)
            narrower.append(np.linspace(near.low, near.high, GRID))
        places, stretches = left, narrower
        if not places:
            break
    return BreakEvens(
        figure.name, figure.kind, goal, now,
        tuple(
            BreakEven(
                term.path, name_of(cells[place]), cells[place][0].unit, term.value, values[place], term.lowest,
                term.highest,
            )
            for place, term in enumerate(terms)
        ),
    )  # fmt: skip


def _heights(
    model: Model, figure: Figure, goal: float, cells: Sequence[Sequence[Input]], stretches: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """The figure less the goal along each stretch, in one calculation."""
    sizes = [one.size for one in stretches]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
    columns: dict[Input, np.ndarray] = {}
    for place, (each, values) in enumerate(zip(cells, stretches, strict=True)):
        for cell in each:
            column = columns.setdefault(cell, np.full(int(starts[-1]), cell.value))
            column[starts[place] : starts[place + 1]] = values
    found = in_base_case(model, [figure], columns)[figure.name] - goal
    return [found[starts[place] : starts[place + 1]] for place in range(len(sizes))]


def _named(model: Model, paths: Sequence[str]) -> list[Term]:
    found = [read_term(model.deal, path) for path in paths]
    for one in found:
        if not cells_at(model, one.path):
            raise NotFoundError(
                f"{one.path} shapes the model and is no cell of it. Solve for it: sibmodel price --solve {one.path}."
            )
    return found


def _usual(model: Model) -> Sequence[Term]:
    """The inputs that are tried unless told: beliefs, and the terms of each payment."""
    deal = model.deal
    paths = [f"assumptions.{name}" for name in BELIEFS]
    paths += [f"payments[{number}].{name}" for number in range(len(deal.payments)) for name in TERMS]
    found = [term_at(deal, path) for path in paths]
    return [one for one in found if one is not None and cells_at(model, one.path)]


def term_at(deal: Deal, path: str) -> Term | None:
    """The term, or None where the deal does not have it; a belief by cohort at its first cohort's base."""
    try:
        return read_term(deal, path)
    except (NotFoundError, AttributeError):
        pass
    try:
        first = read_term(deal, f"{path}.by_cohort[{deal.cohorts[0].name}]")
    except (NotFoundError, AttributeError):
        return None
    return Term(path, first.value, first.quantity, first.lowest, first.highest)
