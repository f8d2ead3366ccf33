"""What solving a term for a target finds."""

from __future__ import annotations

from dataclasses import dataclass

from sibmodel.analysis.asking import Kind, Target
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
class Nearest:
    """The closest that the figure comes to the goal, and at which value of the term."""

    value: float
    reached: Estimate


@dataclass(frozen=True)
class Constraint:
    """Something else that is wanted, at the answer: what is asked, what it is there, and whether it is met."""

    text: str
    kind: Kind
    goal: float
    found: Estimate
    met: bool
    limit: float
    """The value of the term nearest to the answer that meets it; nan where none is known to."""


@dataclass(frozen=True, eq=False)
class Solution:
    """What solving a term for a target found."""

    deal: Deal
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
    solved: Deal | None
    """The deal with the answer."""
    nearest: Nearest | None
    """Where no value reaches the goal, the closest that it comes."""
    why: str
    """Why no value reaches it, in a sentence; empty where one does, or where every value does."""
    tried: tuple[float, float]
    """The lowest and highest value of the term that was tried."""
    reach: tuple[float, float]
    """The lowest and highest figure that was found; simulated with few paths."""
    constraints: tuple[Constraint, ...]
    parties: tuple[Change, ...]
    paths: int
    seed: int
    sampler: str

    @property
    def met_as_signed(self) -> bool:
        """Whether the deal reaches the target as it is."""
        return self.target.met_by(self.now.value)
