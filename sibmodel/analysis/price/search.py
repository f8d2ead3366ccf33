"""A target sought along a term: a scan of its whole range with few paths, then every crossing with all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.analysis.asking import Event, Figure, Target, estimate, read_question
from sibmodel.analysis.estimates import CHANCE
from sibmodel.analysis.price.crossings import Bracket, brackets, closed_in, closed_in_whole
from sibmodel.analysis.price.response import Floats, Response, responding
from sibmodel.analysis.price.solution import Crossing, Tried
from sibmodel.analysis.price.term import Term
from sibmodel.deal import Deal
from sibmodel.errors import SibmodelError
from sibmodel.model import Model
from sibmodel.simulation import Estimate, Sampling

FEW = 2_048
"""Paths of the scan: they find where the figure crosses the goal, and do not say where exactly."""
CLOSE = 1e-6
CLOSE_IF_SIMULATED = 1e-5
"""How closely a crossing is found, against the size of the term."""
STEP = 0.03
"""How far to either side the slope is measured, against the size of the term. Assumed: beyond the luck of a few paths
that pass a threshold, and within what is nearly straight."""
ENOUGH = 1e-3
"""How close a simulated figure comes to the goal, against its own error."""
JUMP = 0.01
"""A gap at a crossing above this share of the figure's range is a jump."""


@dataclass(eq=False)
class Search:
    """A target sought along a term."""

    term: Term
    target: Target
    response: Response
    few: Response
    replicates: int
    paths: int

    def at(self, value: float) -> Estimate:
        """The figure at a value, with all paths; nan where the deal cannot have it."""
        question = self.target.question
        if not question.simulated:
            found = self.response.base(np.array([value])).get(question.of.name, np.array([np.nan]))
            return Estimate(float(found[0]), 0.0)
        return self._simulated(self.response, value)

    def _simulated(self, response: Response, value: float, replicates: int | None = None) -> Estimate:
        question = self.target.question
        try:
            found = response.simulated(value)[question.of.name]
        except SibmodelError:
            return Estimate(math.nan, math.nan)
        return estimate(question.statistic, found, self.replicates if replicates is None else replicates)

    def scan(self) -> tuple[Tried, ...]:
        """The figure at the values that are tried first, simulated with few paths."""
        tried = self.term.tried()
        if self.target.question.simulated:
            found = [self._simulated(self.few, float(value), 1) for value in tried]
        else:
            base = self.response.base(tried).get(self.target.question.of.name, np.full(tried.shape, np.nan))
            found = [Estimate(float(figure), 0.0) for figure in base]
        return tuple(Tried(float(value), figure) for value, figure in zip(tried, found, strict=True))

    def heights(self, scanned: Sequence[Tried]) -> tuple[Floats, Floats]:
        """The values of a scan, and the figure's height over the goal at each."""
        figures = np.array([one.reached.value for one in scanned])
        return np.array([one.value for one in scanned]), self.height(figures)

    def height(self, figure: Any) -> Any:
        """The figure less the goal; its sign turned where less is wanted, so that reaching the goal is positive."""
        return (self.target.goal - figure) if self.target.sense == "<=" else (figure - self.target.goal)

    def crossings(self, tried: Floats, heights: Floats) -> list[Crossing]:
        known = heights[np.isfinite(heights)]
        widest = float(known.max() - known.min()) if known.size else 0.0
        found = []
        for bracket in brackets(tried, heights):
            whole = self._with_all_paths(bracket, tried)
            if whole is not None:
                found.append(self._crossing(whole, widest))
        return found

    def _with_all_paths(self, bracket: Bracket, tried: Floats) -> Bracket | None:
        """The bracket with all paths: wider by a value tried on either side where they say otherwise than the few."""
        if not self.target.question.simulated:
            return bracket
        places = np.searchsorted(tried, [bracket.low, bracket.high])
        for wider in range(3):
            first, last = max(int(places[0]) - wider, 0), min(int(places[1]) + wider, tried.size - 1)
            ends = [float(tried[first]), float(tried[last])]
            low, high = (float(self.height(self.at(one).value)) for one in ends)
            if math.isfinite(low) and math.isfinite(high) and (low >= 0) != (high >= 0):
                return Bracket(ends[0], low, ends[1], high)
        return None

    def _crossing(self, bracket: Bracket, widest: float) -> Crossing:
        def height(value: float) -> float:
            return float(self.height(self.at(value).value))

        if self.term.whole:
            close = closed_in_whole(height, bracket)
        else:
            close = closed_in(height, bracket, self._near(), self._enough(bracket))
        jumps = self.term.whole or (close.gap > JUMP * widest and close.width <= self._near())
        low_is_better = close.below >= 0 if self.target.sense != "=" else abs(close.below) <= abs(close.above)
        value, other = (close.low, close.high) if low_is_better else (close.high, close.low)
        reached = self.at(value)
        error = 0.0 if not self.target.question.simulated else self._error(value, reached, jumps)
        rising = close.rising if self.target.sense != "<=" else not close.rising
        return Crossing(value, error, reached, self.at(other).value, jumps, rising)

    def _near(self) -> float:
        return (CLOSE_IF_SIMULATED if self.target.question.simulated else CLOSE) * self.term.scale

    def _enough(self, bracket: Bracket) -> float:
        """How close to the goal is close enough: of a chance, a path; of what is simulated, a little of its error."""
        question = self.target.question
        if not question.simulated:
            return 0.0
        if question.statistic == CHANCE:
            return 1.5 / self.paths
        return ENOUGH * float(np.nan_to_num(self.at(bracket.low).error))

    def _error(self, value: float, reached: Estimate, jumps: bool) -> float:
        """The error of the figure, by its slope."""
        if jumps:
            return math.nan
        step = STEP * (abs(value) or self.term.scale)
        low, high = max(value - step, self.term.lowest), min(value + step, self.term.highest)
        slope = (self.at(high).value - self.at(low).value) / (high - low)
        return reached.error / abs(slope) if slope else math.nan


def search_for(deal: Deal, term: Term, ties: Sequence[Term], wanted: Target, spread: Sampling, seed: int) -> Search:
    """A search for a target along a term, by the faster way that is right."""
    words = _question_of(wanted)

    def ask(model: Model) -> list[Figure | Event]:
        return [read_question(words, model).of]

    response = responding(deal, term, ties, ask, spread.paths, seed, spread)
    few = response
    if wanted.question.simulated and spread.paths > FEW:
        few = responding(deal, term, ties, ask, FEW, seed, Sampling("random", FEW))
    return Search(term, wanted, response, few, spread.replicates, spread.paths)


def _question_of(target: Target) -> str:
    """The question of a target in words, to ask it of another model."""
    text = target.question.text
    return text[: text.rindex(f" {target.sense} ")]
