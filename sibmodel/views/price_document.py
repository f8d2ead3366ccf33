"""A solved price as plain data."""

from __future__ import annotations

from typing import Any

from sibmodel import __version__
from sibmodel.analysis.price import Contract, Crossing, Frontier, Solution, WinnersCurse
from sibmodel.files import deal_hash
from sibmodel.simulation import Estimate


def document(found: Solution) -> dict[str, Any]:
    """The answer as plain data."""
    return {
        "deal": found.deal.name,
        "version": __version__,
        "deal_hash": deal_hash(found.deal),
        "term": found.term.path,
        "as_signed": found.term.value,
        "in_proportion": list(found.ties),
        "target": found.target.text,
        "goal": found.target.goal,
        "figure_as_signed": _estimate(found.now),
        "answer": None if found.answer is None else _crossing(found.answer),
        "crossings": [_crossing(one) for one in found.crossings],
        "nearest": None
        if found.nearest is None
        else {"value": found.nearest.value, "figure": _estimate(found.nearest.reached)},
        "why": found.why,
        "tried": list(found.tried),
        "reach": list(found.reach),
        "response": [{"value": one.value, "figure": _estimate(one.reached)} for one in found.response],
        "paths_of_response": found.few,
        "constraints": [
            {"target": one.text, "figure": _estimate(one.found), "met": one.met, "nearest_value": one.limit}
            for one in found.constraints
        ],
        "parties": [
            {
                "party": one.party,
                "base_before": one.base_before,
                "base_after": one.base_after,
                "mean_before": _estimate(one.before),
                "mean_after": _estimate(one.after),
                "difference": _estimate(one.difference),
            }
            for one in found.parties
        ],
        "paths": found.paths,
        "seed": found.seed,
        "sampler": found.sampler,
    }


def frontier_document(found: Frontier) -> dict[str, Any]:
    """A frontier as plain data."""
    return {
        "along": found.along.path,
        "points": [
            {"value": one.along, "solution": document(one.solution), "contract": _contract(one.contract)}
            for one in found.points
        ],
    }


def curse_document(found: WinnersCurse) -> dict[str, Any]:
    """The winner's curse as plain data."""
    return {
        "estimate": found.estimate,
        "standard_error": found.error,
        "belief": {"mean": found.mean, "spread": found.spread},
        "bidders": [one.__dict__ for one in found.curses],
    }


def _contract(one: Contract | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {name: _estimate(each) if isinstance(each, Estimate) else each for name, each in one.__dict__.items()}


def _crossing(one: Crossing) -> dict[str, Any]:
    return {**one.__dict__, "reached": _estimate(one.reached)}


def _estimate(one: Estimate) -> dict[str, float]:
    return {"value": one.value, "error": one.error}
