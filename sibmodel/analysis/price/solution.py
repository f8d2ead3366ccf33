"""What solving a term for a target finds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sibmodel.analysis.asking import Kind, Target
from sibmodel.analysis.asking.statements import Sense
from sibmodel.analysis.price.parties import Change
from sibmodel.analysis.price.term import Term
from sibmodel.deal import Deal
from sibmodel.simulation import Estimate


@dataclass(frozen=True)
class Crossing:
    """A value of the term at which the figure crosses the goal."""

    value: float
    error: float
    """Monte Carlo standard error: nil in the base case; nan where the figure jumps."""
    reached: Estimate
    """The figure there."""
    across: float
    """The figure on the other side, as near as it was sought: another one at a jump."""
    jumps: bool
    rising: bool
    """Whether the figure rises with the term there."""


@dataclass(frozen=True)
class Tried:
    """A value of the term, and the figure there; nan where the deal cannot have the value."""

    value: float
    reached: Estimate


@dataclass(frozen=True)
class Constraint:
    """Something else that is wanted, at the answer: what is asked, what it is there, and whether it is met."""

    text: str
    kind: Kind
    sense: Sense
    goal: float
    found: Estimate
    met: bool
    limit: float
    """The value of the term nearest to the answer that meets it; nan where none is known to."""


@dataclass(frozen=True, eq=False)
class Solution:
    """What solving a term for a target found."""

    deal: Deal = field(repr=False)
    """As signed."""
    term: Term
    ties: tuple[str, ...]
    target: Target
    now: Estimate
    """The figure as signed."""
    crossings: tuple[Crossing, ...]
    """Every value at which the figure crosses the goal, in rising order."""
    answer: Crossing | None
    """The crossing nearest to what is signed; None where there is none."""
    solved: Deal | None = field(repr=False)
    """The deal with the answer."""
    nearest: Tried | None
    """Where no value reaches the goal, the closest that it comes."""
    why: str
    """Why no value reaches it, in a sentence; empty where one does, or where every value does."""
    response: tuple[Tried, ...] = field(repr=False)
    """The figure at every value of the term that was tried first, in rising order: simulated with `few` paths."""
    few: int
    """Paths of the response; as many as all else has, where that is fewer."""
    constraints: tuple[Constraint, ...]
    parties: tuple[Change, ...]
    paths: int
    seed: int
    sampler: str

    @property
    def tried(self) -> tuple[float, float]:
        """The lowest and highest value of the term that was tried."""
        return self.response[0].value, self.response[-1].value

    @property
    def reach(self) -> tuple[float, float]:
        """The lowest and highest figure of the response; nan where there is none."""
        known = [one.reached.value for one in self.response if math.isfinite(one.reached.value)]
        return (min(known), max(known)) if known else (math.nan, math.nan)

    @property
    def met_as_signed(self) -> bool:
        """Whether the deal reaches the target as it is."""
        return self.target.met_by(self.now.value)
