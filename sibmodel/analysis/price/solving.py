"""The value of a signed term at which a deal reaches a target.

The term is tried over its whole range, with few paths, so that every place where the figure crosses the goal is found,
however it jumps or turns; each is then closed in with all paths. All trials share their luck. The answer's Monte Carlo
error is that of the figure, by how fast the figure moves with the term.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sibmodel.analysis.asking import Target, read_target
from sibmodel.analysis.price.parties import changes
from sibmodel.analysis.price.response import Floats, changed_deal
from sibmodel.analysis.price.search import FEW, Search, search_for
from sibmodel.analysis.price.solution import Constraint, Crossing, Solution, Tried
from sibmodel.analysis.price.term import Term, read_term
from sibmodel.analysis.price.why import why_not
from sibmodel.deal import Deal
from sibmodel.errors import DealError
from sibmodel.model import build
from sibmodel.simulation import SEED, Sampling, sampling


def solve(
    deal: Deal,
    path: str,
    target: str,
    subject_to: Sequence[str] = (),
    in_proportion: Sequence[str] = (),
    paths: int | None = None,
    seed: int = SEED,
    sampler: str | None = None,
    parties: bool = True,
) -> Solution:
    """The value of the term at `path` at which the deal reaches `target`; among several, the nearest to what is signed.

    `path` may say where to seek: `payments[0].price=£5,000..£20,000`. `subject_to` are further targets, told of at the
    answer. The terms of `in_proportion` move with it (a cap that is a multiple of a price). Raises NotFoundError for
    words that cannot be read, and DealError for an answer that the deal cannot have.
    """
    model, spread = build(deal), sampling(sampler, paths)
    term = read_term(deal, path)
    ties = tuple(read_term(deal, one) for one in in_proportion)
    wanted = read_target(target, model)
    others = [read_target(one, model) for one in subject_to]
    search = search_for(deal, term, ties, wanted, spread, seed)
    scanned = search.scan()
    tried, heights = search.heights(scanned)
    crossings = search.crossings(tried, heights)
    answer = min(crossings, key=lambda one: abs(one.value - term.value), default=None)
    solved = None if answer is None else changed_deal(deal, term, ties, answer.value)
    nearest, why = None, ""
    if answer is None:
        nearest, why = _cannot(search, deal, ties, tried, heights, seed)
    return Solution(
        deal, term, tuple(one.path for one in ties), wanted, search.at(term.value), tuple(crossings), answer, solved,
        nearest, why, scanned, min(spread.paths, FEW),
        tuple(_held(deal, term, ties, one, answer, spread, seed) for one in others),
        changes(deal, solved, spread.paths, seed, spread) if parties and solved is not None else (),
        spread.paths, seed, spread.sampler,
    )  # fmt: skip


def _cannot(
    search: Search, deal: Deal, ties: Sequence[Term], tried: Floats, heights: Floats, seed: int
) -> tuple[Tried | None, str]:
    """The nearest that comes to the goal, and why no value reaches it; nothing where every value does."""
    known = np.isfinite(heights)
    if not known.any():
        return None, f"There is no such figure at any value of {search.term.path} that was tried."
    if search.target.sense != "=" and (heights[known] >= 0).all():
        return None, ""
    better = -np.abs(heights) if search.target.sense == "=" else heights
    value = _nearest_as_good(tried, better, search.term.value)
    reached = search.at(value)
    return Tried(value, reached), why_not(
        changed_or_same(deal, search.term, ties, value),
        search.term.path,
        [one.path for one in ties],
        heights[known],
        search.target.question.simulated,
        seed,
    )


def _nearest_as_good(tried: Floats, better: Floats, signed: float) -> float:
    """The value nearest to what is signed at which the figure is as good as anywhere, to a thousandth of its range."""
    reach = float(np.nanmax(better) - np.nanmin(better))
    good = tried[np.isfinite(better) & (better >= np.nanmax(better) - 1e-3 * reach)]
    return float(good[np.argmin(np.abs(good - signed))])


def changed_or_same(deal: Deal, term: Term, ties: Sequence[Term], value: float) -> Deal:
    """The deal at a value, or as signed where it cannot have it."""
    try:
        return changed_deal(deal, term, ties, value)
    except DealError:
        return deal


def _held(
    deal: Deal,
    term: Term,
    ties: Sequence[Term],
    other: Target,
    answer: Crossing | None,
    spread: Sampling,
    seed: int,
) -> Constraint:
    """A further target at the answer, and where along the term it is met."""
    search = search_for(deal, term, ties, other, spread, seed)
    here = term.value if answer is None else answer.value
    found = search.at(here)
    met = other.met_by(found.value, 1e-9 * max(1.0, abs(other.goal)))
    limit = math.nan
    if not met:
        limits = [one.value for one in search.crossings(*search.heights(search.scan()))]
        limit = min(limits, key=lambda one: abs(one - here), default=math.nan)
    return Constraint(other.text, other.question.kind, other.sense, other.goal, found, met, limit)
