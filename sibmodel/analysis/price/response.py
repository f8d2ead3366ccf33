"""How a deal answers to another value of a term: figures of the base case, and of the same simulated paths.

Most terms are one cell of the model: then the cell is given another value, and nothing is built or planned again.
Others shape the model; then the deal is built anew for each value. Which it is, is seen by trying both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sibmodel.analysis.asking import Event, Figure, Trials, figures
from sibmodel.analysis.asking.trials import in_base_case
from sibmodel.analysis.price.term import Term
from sibmodel.deal import Deal
from sibmodel.errors import SibmodelError
from sibmodel.lines import Input
from sibmodel.model import Model, build
from sibmodel.simulation import Sampling

Floats = npt.NDArray[np.float64]
Asking = Callable[[Model], Sequence[Figure | Event]]
"""What is asked of a model: asked again of every model that is built."""

SAME = 1e-9
"""How far two ways may differ, against the size of the figure: rounding."""
COMPARED = ("npv", "payments", "margin", "invested")
"""The figures by which the two ways are compared."""


class Response(Protocol):
    """Figures of the deal at a value of the term."""

    def base(self, values: Floats) -> dict[str, Floats]:
        """Figures of the base case by name, `[value]`; nan where the deal cannot have the value."""

    def simulated(self, value: float) -> dict[str, Any]:
        """Figures and events by name, `[path]`. Raises SibmodelError where the deal cannot have the value."""


class ByCells:
    """The term is some cells of the model: each a ratio of its value."""

    def __init__(
        self, model: Model, ratios: Mapping[Input, float], ask: Asking, paths: int, seed: int, spread: Sampling
    ) -> None:
        self._model, self._ratios, self._asked = model, ratios, list(ask(model))
        self._paths, self._seed, self._spread = paths, seed, spread
        self._trials: Trials | None = None

    def base(self, values: Floats) -> dict[str, Floats]:
        plain = [one for one in self._asked if isinstance(one, Figure)]
        return in_base_case(self._model, plain, {cell: ratio * values for cell, ratio in self._ratios.items()})

    def simulated(self, value: float) -> dict[str, Any]:
        if self._trials is None:
            self._trials = Trials(self._model, self._asked, list(self._ratios), self._paths, self._seed, self._spread)
        return self._trials.at({cell: ratio * value for cell, ratio in self._ratios.items()})


class ByDeals:
    """The deal is built anew for each value."""

    def __init__(self, changed: Callable[[float], Deal], ask: Asking, paths: int, seed: int, spread: Sampling) -> None:
        self._changed, self._ask = changed, ask
        self._paths, self._seed, self._spread = paths, seed, spread

    def base(self, values: Floats) -> dict[str, Floats]:
        rows = [self._base_at(float(value)) for value in values]
        names = dict.fromkeys(name for row in rows for name in row)
        return {name: np.array([row.get(name, np.nan) for row in rows]) for name in names}

    def _base_at(self, value: float) -> dict[str, float]:
        try:
            model = build(self._changed(value))
        except SibmodelError:
            return {}
        plain = [one for one in self._ask(model) if isinstance(one, Figure)]
        return {name: float(found[0]) for name, found in in_base_case(model, plain, {}).items()}

    def simulated(self, value: float) -> dict[str, Any]:
        model = build(self._changed(value))
        return Trials(model, list(self._ask(model)), (), self._paths, self._seed, self._spread).at()


def changed_deal(deal: Deal, term: Term, ties: Sequence[Term], value: float) -> Deal:
    """The deal with another value of the term, and of those that move in proportion to it."""
    deal = deal.replace(term.path, int(value) if term.whole else value)
    for tie in ties:
        deal = deal.replace(tie.path, tie.value * value / term.value)
    return deal


def responding(
    deal: Deal, term: Term, ties: Sequence[Term], ask: Asking, paths: int, seed: int, spread: Sampling
) -> Response:
    """The faster way in which the deal answers to the term that is right."""

    def changed(value: float) -> Deal:
        return changed_deal(deal, term, ties, value)

    model = build(deal)
    ratios = _cells(model, term, ties)
    if ratios and _agree(model, ratios, changed, term):
        return ByCells(model, ratios, ask, paths, seed, spread)
    return ByDeals(changed, ask, paths, seed, spread)


def _cells(model: Model, term: Term, ties: Sequence[Term]) -> dict[Input, float]:
    """The cells that the term and its ties are, each with its ratio to the term; none where any of them has no cell."""
    found: dict[Input, float] = {}
    for one in (term, *ties):
        cells = cells_at(model, one.path)
        if not cells:
            return {}
        ratio = 1.0 if one is term else one.value / term.value
        found |= dict.fromkeys(cells, ratio)
    return found


def cells_at(model: Model, path: str) -> list[Input]:
    """The inputs that a path of the deal stands for: a belief about all cohorts is one for each."""
    inside = tuple(path + one for one in (".by_cohort", "[", "."))
    own = [cell for cell in model.book.inputs if cell.path == path]
    if own or not path.startswith("assumptions."):
        return own
    return [cell for cell in model.book.inputs if cell.path.startswith(inside)]


def name_of(cells: Sequence[Input]) -> str:
    """What such inputs are called: of several cohorts' cells, without the cohort."""
    name = cells[0].name
    return name.rpartition(", ")[0] if len(cells) > 1 and ", " in name else name


def _agree(model: Model, ratios: Mapping[Input, float], changed: Callable[[float], Deal], term: Term) -> bool:
    """Whether cells with other values give what the deal with them gives, where it can have them."""
    asked = [figures(model)[name] for name in COMPARED if name in figures(model)]
    tried = term.tried()
    compared = 0
    for value in tried[[0, len(tried) // 3, 2 * len(tried) // 3, -1]]:
        try:
            other = build(changed(float(value)))
        except SibmodelError:
            continue
        fresh = in_base_case(other, [figures(other)[one.name] for one in asked], {})
        here = in_base_case(model, asked, {cell: np.array([ratio * value]) for cell, ratio in ratios.items()})
        compared += 1
        for name, found in fresh.items():
            if abs(found[0] - here[name][0]) > SAME * max(1.0, abs(found[0])):
                return False
    return compared > 0
