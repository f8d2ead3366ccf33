"""Why no value of a term reaches a target: what holds the figure back at the value that comes nearest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sibmodel.analysis.asking import Event, Trials, events
from sibmodel.analysis.asking.figures import CRUMB
from sibmodel.deal import Deal
from sibmodel.lines import Plan
from sibmodel.model import Model, build
from sibmodel.payments import caps_of
from sibmodel.words import in_a_hundred, money

PATHS = 2_048
FLAT = 1e-9
"""A figure that moves by less over all values, against its size, does not hang on the term."""


def why_not(deal: Deal, path: str, ties: Sequence[str], heights: Any, simulated: bool, seed: int) -> str:
    """What stands in the way, in a sentence or two, of a deal at its nearest; `heights` are the figure's over the
    goal at all values tried, `ties` what moves with the term, and `simulated` says whether it is one of
    the simulation."""
    if float(np.ptp(heights)) <= FLAT * max(1.0, float(np.abs(heights).max())):
        return f"It does not hang on {path}: it is the same at every value tried."
    model = build(deal)
    said = _often(model, seed) if simulated else _caps_in_the_base_case(model)
    return " ".join([*said, *_way_out(deal, {path, *ties})] if any(" cap" in one for one in said) else said)


def _way_out(deal: Deal, moving: set[str]) -> list[str]:
    """To let caps that stand still move with the term."""
    caps = [f"payments[{n}].cap" for n, one in enumerate(deal.payments) if getattr(one, "cap", None) is not None]
    caps += ["payments_cap"] if deal.payments_cap is not None else []
    options = [f"--in-proportion {one}" for one in caps if one not in moving]
    return [f"To let the cap move with the term: {' '.join(options)}."] if options else []


def _caps_in_the_base_case(model: Model) -> list[str]:
    cuts = caps_of(model.payments)
    lines = [cut.amount for _, cut in cuts]
    values = Plan(lines, keep=lines).evaluate(model.book.periods, {})
    said = []
    for (name, _), line in zip(cuts, lines, strict=True):
        amount = values.figure(line)
        if amount > CRUMB:
            said.append(f"The base case meets a cap there: {name} cuts off {money(amount)}.")
    return said


def _often(model: Model, seed: int) -> list[str]:
    """What happens so often in the simulation that it may stand in the way."""
    asked = [one for name, one in events(model).items() if name == "no payment" or name.endswith(" binds")]
    found = Trials(model, asked, (), PATHS, seed).at()
    return [_said(one, float(found[one.name].mean())) for one in asked if found[one.name].any()]


def _said(event: Event, chance: float) -> str:
    if event.name == "no payment":
        return f"In {in_a_hundred(chance)} paths nothing is paid for results."
    return f"In {in_a_hundred(chance)} paths a cap holds payment back ({event.name.removesuffix(' binds')})."
