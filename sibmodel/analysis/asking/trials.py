"""Trials: the same paths calculated again and again, with other values of some inputs and the same luck.

The model is planned once, as a tape in which the inputs that are varied have columns of their own; luck is drawn once.
So a trial costs the play of the tape and no more, and the difference of two trials is theirs and not of their luck.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from sibmodel.analysis.asking.figures import Event, Figure, Floats
from sibmodel.lines import Draw, Input, Line, Plan, Tape
from sibmodel.model import Model
from sibmodel.simulation import SEED, Sampling
from sibmodel.simulation.paths import INDEPENDENT, Luck, blocks

TOGETHER = 2_048
"""Paths that are played together."""

Part = tuple[int, dict[Input, Floats], dict[Draw, Floats]]
"""Some paths: how many, the columns of uncertain inputs, and the uniform numbers of draws."""


class Trials:
    """Some figures and events of a model over the paths of a simulation, where the inputs of `varied` may be held."""

    def __init__(
        self,
        model: Model,
        asked: Sequence[Figure | Event],
        varied: Collection[Input] = (),
        paths: int = 8_192,
        seed: int = SEED,
        spread: Sampling = INDEPENDENT,
    ) -> None:
        self.model, self.asked, self.paths = model, list(asked), paths
        self.replicates = spread.replicates
        lines = _lines(self.asked)
        uncertain = dict.fromkeys([*(one.cell for one in model.uncertain), *varied])
        self._tape = Tape(lines, model.book.periods, list(uncertain), model.book.draws, lines)
        self._varied = list(varied)
        self._parts = parts_of(model, paths, seed, spread)

    def at(
        self, held: Mapping[Input, float] | None = None, changed: Mapping[Input, Any] | None = None
    ) -> dict[str, Any]:
        """The figures `[path]` by name, with inputs `held` at a value whatever is believed of them. `changed` gives
        functions of an input's values, uncertain or not."""
        held, changed = held or {}, changed or {}
        found: list[list[Any]] = [[] for _ in self.asked]
        for count, columns, draws in self._parts:
            given = dict(columns)
            for cell in self._varied:
                given.setdefault(cell, np.full(count, cell.value))
            for cell, change in changed.items():
                given[cell] = change(given[cell])
            for cell, value in held.items():
                given[cell] = np.full(count, value)
            values = self._tape.evaluate(given, draws)
            for each, one in zip(found, self.asked, strict=True):
                each.append(one.read(values, count))
        return {one.name: np.concatenate(each) for one, each in zip(self.asked, found, strict=True)}


def parts_of(model: Model, paths: int, seed: int, spread: Sampling = INDEPENDENT) -> list[Part]:
    """The luck of all paths, in parts that are played together."""
    parts = []
    for block, wanted in blocks(paths):
        luck = Luck(model, seed, block, spread)
        for first in range(0, wanted, TOGETHER):
            count = min(TOGETHER, wanted - first)
            parts.append((count, *luck.cut(slice(first, first + count))))
    return parts


def in_base_case(model: Model, asked: Sequence[Figure], columns: Mapping[Input, Floats]) -> dict[str, Floats]:
    """Figures of the base case, with other values of some inputs: many at once, `[value]` each."""
    lines = _lines(asked)
    width = max((np.size(one) for one in columns.values()), default=1)
    values = Plan(lines, keep=lines).evaluate(model.book.periods, columns)
    return {one.name: one.read(values, width) for one in asked}


def _lines(asked: Sequence[Figure | Event]) -> list[Line]:
    return list(dict.fromkeys(line for one in asked for line in one.lines))
