"""Sobol' indices: the share of a figure's variance that comes from each driver, alone and with all its company.

First order: Var(E[Y | driver]) ÷ Var(Y), what would go on average if the driver became known. Total: E[Var(Y | all
others)] ÷ Var(Y), what would be left if all others did. By pick-freeze over two worlds drawn from one sequence
(`sibmodel/simulation/frozen.py`), in which what is not kept is drawn given what is: so both hold for drivers that go
together. Of such drivers, first-order indices count what they share more than once, and a total may be below them;
only for independent drivers do first-order indices sum to at most 1, and totals to at least 1.

Estimators: the covariance of a path with the difference that keeping the driver makes (A. Saltelli et al., "Variance
based sensitivity analysis of model output", Computer Physics Communications 181, 2010), and half the mean squared
difference (M. J. W. Jansen, "Analysis of variance designs for model output", Computer Physics Communications 117,
1999).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.analysis.asking import Event, Figure, Kind, Question
from sibmodel.analysis.sensitivity.drivers import Driver, Floats, drivers_of
from sibmodel.lines import Tape
from sibmodel.model import Model
from sibmodel.simulation import SEED, Estimate, Sampling, TwoWorlds, sampling, streams_of
from sibmodel.simulation.paths import blocks

PATHS = 16_384
TOGETHER = 2_048
BATCHES = 16
"""Independent batches of pseudo-random paths, from which errors are told as from replicates."""


@dataclass(frozen=True)
class Index:
    """A driver's share of variance: by itself, and with all its interactions."""

    driver: Driver
    first: Estimate
    total: Estimate


@dataclass(frozen=True)
class Indices:
    """The indices of a figure, the largest total first; nan where the figure does not vary."""

    asked: str
    kind: Kind
    variance: float
    indices: tuple[Index, ...]
    linked: bool
    """Whether drivers go together, so that indices do not add up."""
    paths: int


def first_order(own: Floats, kept: Floats, new: Floats) -> float:
    """Var(E[Y | driver]) ÷ Var(Y), from paths `[path]`: `kept` has the driver in common with `own` and all else with
    `new`, which has nothing in common with it. Exactly nil for a driver that the figure does not have."""
    variance = np.concatenate([own, kept]).var()
    return float(((own - own.mean()) * (kept - new)).mean() / variance) if variance > 0 else math.nan


def total_order(own: Floats, kept: Floats) -> float:
    """E[Var(Y | all others)] ÷ Var(Y), from pairs of paths `[path]` that have all but the driver in common."""
    variance = np.concatenate([own, kept]).var()
    return float(((own - kept) ** 2).mean() / 2 / variance) if variance > 0 else math.nan


def by_batches(statistic: Callable[..., float], batches: int, *worlds: Floats) -> Estimate:
    """An index over all paths of some worlds, and its standard error: by the spread between independent batches."""
    whole = statistic(*worlds)
    size = worlds[0].size // batches
    if size < 2:
        return Estimate(whole, math.nan)
    parts = [statistic(*(one[n * size : (n + 1) * size] for one in worlds)) for n in range(batches)]
    return Estimate(whole, float(np.std(parts, ddof=1) / math.sqrt(batches)))


def indices(
    model: Model, questions: Sequence[Question], paths: int = PATHS, seed: int = SEED, sampler: str = "sobol"
) -> tuple[Indices, ...]:
    """The indices of the figure of each question, its statistic left aside; a path without the figure counts as nil.

    Raises NotFoundError for a sampler that does not exist or cannot take so many paths.
    """
    spread, every = sampling(sampler, paths), drivers_of(model)
    streams = set(streams_of(model))
    kept_by = [streams, set(), *(set(one.streams) for one in every), *(streams - set(one.streams) for one in every)]
    asked = [one.of for one in questions]
    found = _worlds(model, asked, kept_by, spread, seed)
    batches = spread.replicates if spread.replicates > 1 else BATCHES
    made = []
    for question, values in zip(questions, found, strict=True):
        own, new, first, rest = values[0], values[1], values[2 : len(every) + 2], values[len(every) + 2 :]
        each = [
            Index(
                driver,
                by_batches(first_order, batches, own, one, new),
                by_batches(total_order, batches, own, other),
            )
            for driver, one, other in zip(every, first, rest, strict=True)
        ]
        each.sort(key=lambda one: -one.total.value if math.isfinite(one.total.value) else math.inf)
        made.append(
            Indices(question.text, question.kind, float(own.var()), tuple(each), bool(model.groups), spread.paths)
        )
    return tuple(made)


def _worlds(
    model: Model, asked: Sequence[Figure | Event], kept_by: Sequence[set[str]], spread: Sampling, seed: int
) -> list[list[Floats]]:
    """Of each figure, its values `[path]` in paths that keep each set of streams."""
    lines = list(dict.fromkeys(line for one in asked for line in one.lines))
    tape = Tape(lines, model.book.periods, [one.cell for one in model.uncertain], model.book.draws, lines)
    parts: list[list[list[Any]]] = [[[] for _ in kept_by] for _ in asked]
    for block, wanted in blocks(spread.paths):
        worlds = TwoWorlds(model, seed, block, spread)
        for place, kept in enumerate(kept_by):
            luck = worlds.keeping(kept)
            for start in range(0, wanted, TOGETHER):
                count = min(TOGETHER, wanted - start)
                values = tape.evaluate(*luck.cut(slice(start, start + count)))
                for each, one in zip(parts, asked, strict=True):
                    each[place].append(np.nan_to_num(np.asarray(one.read(values, count), dtype=float)))
    return [[np.concatenate(one) for one in each] for each in parts]
