"""Groups of drivers: what nobody knows, sorted by what it is about, so that it can be said who bears which risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sibmodel.early_end import SHOCK
from sibmodel.model import Model

EFFECT, NOISE = "True effect", "Measurement"
BASELINE, VOLUME, COST, TIMING, END = "Baseline", "Volume", "Cost", "Timing", "Early end"
GROUPS = (EFFECT, NOISE, BASELINE, VOLUME, COST, TIMING, END)
"""All groups, in METHOD 4.5's order."""
WHAT = {
    EFFECT: "how far the service works, and how often milestones are reached",
    NOISE: "the luck of counts, and what the comparison cannot see",
    BASELINE: "how often people would reoffend without the service, and its drift",
    VOLUME: "how many people come, and how many of them take part",
    COST: "what delivery costs against its budget",
    TIMING: "when outcomes are decided",
    END: "whether the contract is ended before its term",
}
"""What belongs to each."""

BELIEFS = {
    "effect": EFFECT,
    "desistance": EFFECT,
    "overlap": EFFECT,
    "score gain": EFFECT,
    "success rate": EFFECT,
    "success factor": EFFECT,
    "deadweight": EFFECT,
    "matching error": NOISE,
    "dispersion": NOISE,
    "design effect": NOISE,
    "severity spread": NOISE,
    "score spread": NOISE,
    "events per person": BASELINE,
    "share reoffending": BASELINE,
    "severity": BASELINE,
    "score change": BASELINE,
    "drift": BASELINE,
    "drift per reoffender": BASELINE,
    "volume": VOLUME,
    "engagement": VOLUME,
    "uptake": VOLUME,
    "cost overrun": COST,
    "delay": TIMING,
    "policy shock chance": END,
}
"""The group of each belief, by how its stream of luck is called up to the first comma."""


@dataclass(frozen=True)
class Group:
    """A group of drivers that a model has, and the streams of luck that belong to it."""

    name: str
    streams: frozenset[str]


def groups_of(model: Model) -> tuple[Group, ...]:
    """The groups that the model has anything uncertain of, in the order of `GROUPS`."""
    found: dict[str, set[str]] = {name: set() for name in GROUPS}
    for one in model.uncertain:
        found[group_of(one.stream)].add(one.stream)
    for draw in model.book.draws:
        found[END if draw.distribution is SHOCK else NOISE].add(draw.stream)
    return tuple(Group(name, frozenset(streams)) for name, streams in found.items() if streams)


def group_of(stream: str) -> str:
    """The group of a belief by its stream. The effect of a call-off service is named after its provider."""
    head = stream.partition(", ")[0]
    return EFFECT if head.startswith("effect of ") else BELIEFS[head]


def linked_across(model: Model, groups: Sequence[Group]) -> list[tuple[str, str]]:
    """Pairs of groups of which the deal lets some drivers go together."""
    of = {stream: group.name for group in groups for stream in group.streams}
    pairs = {tuple(sorted((of[a], of[b]))) for group in model.groups for a, b in group.ranks if of[a] != of[b]}
    return sorted((first, second) for first, second in pairs)
