"""A frontier: one term solved for the same target at each of several values of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sibmodel.analysis.price.contract import Contract, contract
from sibmodel.analysis.price.solution import Solution
from sibmodel.analysis.price.solving import solve
from sibmodel.analysis.price.term import Term, read_number, read_term
from sibmodel.deal import Deal
from sibmodel.errors import NotFoundError
from sibmodel.simulation import SEED, sampling

STEPS = 5
"""Values of the other term unless told, from the lowest to the highest."""
MOST = 50


@dataclass(frozen=True, eq=False)
class Point:
    """The other term's value, what was solved, and the contract with both; None where there is no answer."""

    along: float
    solution: Solution
    contract: Contract | None


@dataclass(frozen=True, eq=False)
class Frontier:
    """The points in the order in which they were asked for."""

    along: Term
    points: tuple[Point, ...]


def read_along(deal: Deal, text: str) -> tuple[Term, tuple[float, ...]]:
    """The other term and its values: `payments[0].threshold=0..10%`, `...=0..10%:6` in six, or `...=0,5%,7.5%`.

    Raises NotFoundError for words that mean none.
    """
    path, equals, rest = text.partition("=")
    if not equals or not rest.strip():
        raise NotFoundError(f'"{text}" has no values: write it like payments[0].threshold=0..10% or ...=0,5%,7.5%.')
    term = read_term(deal, path)
    if ".." not in rest:
        return term, tuple(read_number(one, term.quantity, term.path) for one in _listed(rest))
    ends, _, count = rest.partition(":")
    whole = read_term(deal, f"{path}={ends}")
    if count.strip() and (not count.strip().isdigit() or not 2 <= int(count) <= MOST):
        raise NotFoundError(f'"{count.strip()}" is no number of values from 2 to {MOST}: write it like 0..10%:6.')
    values = np.linspace(whole.lowest, whole.highest, int(count) if count.strip() else STEPS)
    return term, tuple(float(one) for one in (np.unique(np.round(values)) if term.whole else values))


def _listed(text: str) -> list[str]:
    """Values between commas; a comma within £12,500 stands between digits, three of which follow."""
    import re

    return [one for one in re.split(r",(?!\d{3}(?:\D|$))", text) if one.strip()]


def frontier(
    deal: Deal,
    path: str,
    target: str,
    along: str,
    subject_to: Sequence[str] = (),
    in_proportion: Sequence[str] = (),
    paths: int | None = None,
    seed: int = SEED,
    sampler: str | None = None,
) -> Frontier:
    """`solve` at each value of another term, with the same luck. Raises what `solve` and `read_along` do."""
    spread = sampling(sampler, paths)
    other, values = read_along(deal, along)
    if other.path == read_term(deal, path).path:
        raise NotFoundError(f"{other.path} cannot both be solved for and run along: name another term.")
    points = []
    for value in values:
        there = deal.replace(other.path, int(value) if other.whole else value)
        found = solve(there, path, target, subject_to, in_proportion, spread.paths, seed, sampler, parties=False)
        made = None if found.solved is None else contract(found.solved, spread.paths, seed, spread)
        points.append(Point(value, found, made))
    return Frontier(other, tuple(points))
