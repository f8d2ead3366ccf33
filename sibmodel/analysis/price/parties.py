"""What a change of terms costs or brings each party: all its money in less out, before and after."""

from __future__ import annotations

from dataclasses import dataclass

from sibmodel.agreement import WORLD_OUTSIDE
from sibmodel.analysis.asking import Figure, Trials, estimate
from sibmodel.analysis.asking.figures import in_all
from sibmodel.analysis.asking.trials import in_base_case
from sibmodel.analysis.estimates import MEAN
from sibmodel.deal import Deal
from sibmodel.model import Model, build
from sibmodel.simulation import Estimate, Sampling

CRUMB = 0.5
"""Half a pound: a party whose money moves by less is left out."""


@dataclass(frozen=True)
class Change:
    """A party's money in less out over the whole deal, in pounds of the day: in the base case, and on average over the
    same paths."""

    party: str
    base_before: float
    base_after: float
    before: Estimate
    after: Estimate
    difference: Estimate
    """Of the means; its error is that of a difference over the same paths."""


def changes(before: Deal, after: Deal, paths: int, seed: int, spread: Sampling) -> tuple[Change, ...]:
    """The parties whose money moves; together the changes are nil but for what leaves the deal."""
    then, now = build(before), build(after)
    replicates = spread.replicates
    bases = [in_base_case(one, _flows(one), {}) for one in (then, now)]
    sums = [Trials(one, _flows(one), (), paths, seed, spread).at() for one in (then, now)]
    found = []
    for party in sums[0]:
        apart = estimate(MEAN, sums[1][party] - sums[0][party], replicates)
        base_before, base_after = (float(one[party][0]) for one in bases)
        if max(abs(apart.value), abs(base_after - base_before)) > CRUMB:
            mean_before, mean_after = (estimate(MEAN, one[party], replicates) for one in sums)
            found.append(Change(party, base_before, base_after, mean_before, mean_after, apart))
    return tuple(found)


def _flows(model: Model) -> list[Figure]:
    return [in_all(party, flow) for party, flow in model.flows.of.items() if party != WORLD_OUTSIDE]
