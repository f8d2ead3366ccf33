"""Names: what there must be at least one of, and how parts, lines and parties are told apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults, different, some, taken
from sibmodel.reading import Place, fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal

WORLD_OUTSIDE = "Staff and suppliers"
"""The party to which providers pay what their service costs."""
ALL_INVESTORS = "All investors"
"""What the returns call all tranches together."""
NAMES_OF_THE_POOL = ("pool", "pooled")
"""What payments and outcomes call all cohorts together."""


def names(deal: Deal) -> Faults:
    """What there must be at least one of, and the names by which parts and lines are told apart."""
    for name in ("cohorts", "metrics", "payments", "providers"):
        yield from some(getattr(deal, name), name)
        yield from different(name, (one.name for one in getattr(deal, name)))
    yield from some(deal.funding.tranches, "tranches", "funding")
    yield from different("tranches", (tranche.name for tranche in deal.funding.tranches), "funding")
    called = {f"Investor {one.name}" for tranche in deal.funding.tranches for one in tranche.investors}
    for number, cohort in enumerate(deal.cohorts):
        if cohort.name in NAMES_OF_THE_POOL:
            yield taken(cohort.name, "the cohorts together", "cohorts", number, "name")
    for number, tranche in enumerate(deal.funding.tranches):
        if tranche.name == ALL_INVESTORS:
            yield taken(tranche.name, "the tranches together", "funding", "tranches", number, "name")
        if tranche.name in called:
            yield taken(tranche.name, "an investor's returns", "funding", "tranches", number, "name")


def parties(deal: Deal) -> Faults:
    """Names by which money moves are told apart: nobody pays itself, and nobody bills under another's name."""
    vehicle = deal.funding.vehicle
    if vehicle == WORLD_OUTSIDE:
        yield taken(WORLD_OUTSIDE, "those whom providers pay", "funding", "vehicle")
    roles = {vehicle: "the vehicle", WORLD_OUTSIDE: "the world outside"}
    for name, role, apart_from, where in _roles(deal):
        held = roles.setdefault(name, role)
        if held in apart_from:
            yield fault_at(where, f'"{name}" is the name of {held} and of {role}.', "Give one of them another name.")
    investors = {name for tranche in deal.funding.tranches for name in tranche.parties}
    for number, step in enumerate(deal.funding.waterfall):
        at = ("funding", "waterfall", number, "party")
        if step.kind == "surplus to" and step.party == vehicle:
            yield fault_at(at, "The vehicle cannot pay its surplus to itself.", "Name another party.")
        elif step.kind == "surplus to" and step.party in investors:
            yield fault_at(
                at,
                f'"{step.party}" is an investor: this way the surplus would not count in its return.',
                "Write a step of kind surplus, with its tranches.",
            )


def _roles(deal: Deal) -> Iterator[tuple[str, str, tuple[str, ...], Place]]:
    """Each party's name, its role, the roles that it cannot have as well, and where it is named."""
    outside = ("the vehicle", "the world outside")
    billing = (*outside, "a provider", "the intermediary")
    for number, provider in enumerate(deal.providers):
        yield provider.name, "a provider", outside, ("providers", number, "name")
        by = None if provider.mobilisation is None else provider.mobilisation.funded_by
        for field in ("giver", "lender"):
            if getattr(by, field, None) == WORLD_OUTSIDE:
                yield WORLD_OUTSIDE, "a funder", outside, ("providers", number, "mobilisation", "funded_by", field)
    if deal.intermediary is not None:
        yield deal.intermediary.name, "the intermediary", billing[:-1], ("intermediary", "name")
    if deal.assessor is not None:
        yield deal.assessor.name, "the assessor", billing, ("assessor", "name")
    for number, tranche in enumerate(deal.funding.tranches):
        around: Place = ("funding", "tranches", number)
        if tranche.fees is not None and tranche.fees.agent is not None:
            yield tranche.fees.agent, "an agent", outside, (*around, "fees", "agent")
        if tranche.kind == "deferred fees":
            continue  # held by a provider, which has been named already
        key = "name" if tranche.investor is None else "investor"
        for place, name in enumerate(tranche.parties):
            where: Place = ("investors", place, "name") if tranche.investors else (key,)
            yield name, "an investor", billing[:-1], (*around, *where)
    for number, payment in enumerate(deal.payments):
        for place, payer in enumerate(payment.payers):
            yield payer.name, "an outcome payer", outside, ("payments", number, "payers", place, "name")
