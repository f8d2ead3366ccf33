"""Price: the value of a signed term at which a deal reaches a target, what it costs whom, and a bidder's curse."""

from sibmodel.analysis.price.contract import Contract, contract
from sibmodel.analysis.price.frontier import Frontier, Point, frontier, read_along
from sibmodel.analysis.price.parties import Change
from sibmodel.analysis.price.solution import Constraint, Crossing, Solution, Tried
from sibmodel.analysis.price.solving import solve
from sibmodel.analysis.price.term import Term, read_term
from sibmodel.analysis.price.winners_curse import (
    Curse,
    WinnersCurse,
    bid_at_risk,
    overstatement,
    winners_curse,
    with_effect,
)

__all__ = [
    "Change",
    "Constraint",
    "Contract",
    "Crossing",
    "Curse",
    "Frontier",
    "Point",
    "Solution",
    "Term",
    "Tried",
    "WinnersCurse",
    "bid_at_risk",
    "contract",
    "frontier",
    "overstatement",
    "read_along",
    "read_term",
    "solve",
    "winners_curse",
    "with_effect",
]
