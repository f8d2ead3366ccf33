"""Accounts, triggers, income and guarantees: what a step names is there, and no money goes astray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults, different, taken, unknown
from sibmodel.agreement.names import WORLD_OUTSIDE
from sibmodel.funding.repayment import Sweep
from sibmodel.reading import Place, fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def accounts(deal: Deal) -> Faults:
    """Silos and reserves: their names, their payments, and the steps that use them."""
    funding = deal.funding
    names = [funding.vehicle, *(one.name for one in funding.silos), *(one.name for one in funding.reserves)]
    names += [tranche.name for tranche in funding.tranches]
    for kind in ("silos", "reserves"):
        for number, one in enumerate(getattr(funding, kind)):
            if names.count(one.name) > 1:
                yield taken(one.name, "another account, a tranche or the vehicle", "funding", kind, number, "name")
    yield from _names(deal)
    yield from _silos(deal)
    steps = funding.waterfall
    for number, reserve in enumerate(funding.reserves):
        if not any(getattr(step, "reserve", None) == reserve.name for step in steps):
            yield fault_at(
                ("funding", "reserves", number),
                f'No step of the waterfall fills "{reserve.name}".',
                f"Add `- {{kind: reserve, reserve: {reserve.name}}}`.",
            )
        if reserve.release is not None and reserve.release > deal.start.plus(deal.months - 1):
            yield fault_at(
                ("funding", "reserves", number, "release"),
                f"{reserve.release} is after the last month, so it would never be released.",
                "Write an earlier month, or leave it out.",
            )


def _names(deal: Deal) -> Faults:
    """Reserves, income and guarantees have names that nothing else has: lines are told apart by them."""
    funding = deal.funding
    others = {payment.name: "payments" for payment in deal.payments}
    others |= {provider.name: "providers" for provider in deal.providers}
    others |= {reserve.name: "reserves" for reserve in funding.reserves}
    for kind, what in (("income", "incomes"), ("guarantees", "guarantees")):
        yield from different(kind, [one.name for one in getattr(funding, kind)], "funding")
        for number, one in enumerate(getattr(funding, kind)):
            if one.name in others or one.name in (tranche.name for tranche in funding.tranches):
                yield taken(one.name, others.get(one.name, "tranches"), "funding", kind, number, "name")
        others |= {one.name: what for one in getattr(funding, kind)}
    for number, reserve in enumerate(funding.reserves):
        if reserve.name in [one.name for one in (*deal.payments, *deal.providers)]:
            yield taken(reserve.name, "payments or providers", "funding", "reserves", number, "name")


def _silos(deal: Deal) -> Faults:
    funding = deal.funding
    known = [payment.name for payment in deal.payments]
    held: dict[str, str] = {}
    for number, silo in enumerate(funding.silos):
        at: Place = ("funding", "silos", number, "payments")
        if not silo.payments:
            yield fault_at(at, "There are no payments.", "Name at least one.")
        for place, name in enumerate(silo.payments):
            yield from unknown(name, known, (*at, place), "payment")
            if name in held:
                yield fault_at((*at, place), f'"{name}" goes to "{held[name]}" already.', "Name it once.")
            held.setdefault(name, silo.name)
        if not any(step.silo == silo.name for step in funding.waterfall):
            yield fault_at(
                ("funding", "silos", number),
                f'No step of the waterfall pays from "{silo.name}".',
                f"Write `silo: {silo.name}` in the steps that do.",
            )


def steps(deal: Deal) -> Faults:
    """What steps name: silos, reserves, and what they wait for."""
    funding = deal.funding
    silos, reserves = [one.name for one in funding.silos], [one.name for one in funding.reserves]
    tranches = [one.name for one in funding.tranches]
    for number, step in enumerate(funding.waterfall):
        where: Place = ("funding", "waterfall", number)
        if step.silo is not None:
            if not step.in_silos:
                yield fault_at(
                    (*where, "silo"),
                    f"A step of kind {step.kind} pays from the main account.",
                    "Leave it out, and bring cash there by a step of kind to main account.",
                )
            elif not silos:
                yield fault_at((*where, "silo"), "There are no silos.", "List it under `silos`, with its payments.")
            else:
                yield from unknown(step.silo, silos, (*where, "silo"), "silo")
        if step.silo is not None:
            yield from _paid_from_silo(deal, number)
        if step.kind == "to main account" and step.silo is None:
            yield fault_at(where, "It names no silo.", "Write `silo`, with the silo that pays.")
        if step.kind == "costs" and step.may_be_off:
            yield fault_at(where, "Bills cannot wait for a trigger.", "Leave out from, until, after and when.")
        if step.kind == "reserve":
            if not reserves:
                yield fault_at((*where, "reserve"), "There are no reserves.", "List it under `reserves`.")
            else:
                yield from unknown(step.reserve, reserves, (*where, "reserve"), "reserve")
        if step.after is not None:
            yield from unknown(step.after.repaid, tranches, (*where, "after", "repaid"), "tranche")
        if step.opens is not None and step.until is not None and step.opens > step.until:
            yield fault_at((*where, "until"), f"{step.until} is before {step.opens}.", "Let it be later than from.")
        if step.opens is not None and step.opens > deal.start.plus(deal.months - 1):
            yield fault_at((*where, "from"), f"{step.opens} is after the last month.", "Write an earlier month.")
        yield from _waits_for(deal, number)


def _paid_from_silo(deal: Deal, number: int) -> Faults:
    """A silo pays before it is known what is drawn in the month, and so what falls due of an agreed repayment."""
    step = deal.funding.waterfall[number]
    if step.kind != "principal":
        return
    for place, name in enumerate(step.tranches):
        for tranche in deal.funding.tranches:
            if tranche.name == name and not isinstance(tranche.repaid, Sweep):
                yield fault_at(
                    ("funding", "waterfall", number, "tranches", place),
                    f'"{name}" has a repayment of kind {tranche.repaid.kind}, which a silo cannot follow.',
                    "Leave the repayment out, and let the step wait: `from` the month in which it falls due.",
                )


def _waits_for(deal: Deal, number: int) -> Faults:
    when, at = deal.funding.waterfall[number].when, ("funding", "waterfall", number, "when")
    if when is None:
        return
    metrics = {one.name: one for one in deal.metrics}
    cohorts = [one.name for one in deal.cohorts]
    if when.metric is not None:
        yield from unknown(when.metric, list(metrics), (*at, "metric"), "measure")
    if when.cohort is not None:
        yield from unknown(when.cohort, cohorts, (*at, "cohort"), "cohort")
    metric = metrics.get(when.metric or deal.metrics[0].name) if deal.metrics else None
    if metric is None:
        return
    if metric.compared and not metric.relative:
        yield fault_at((*at, "metric"), f'"{metric.name}" is a score, not a share.', "Name another measure.")
    if not metric.compared and when.cohort is None:
        yield fault_at(at, f'"{metric.name}" is a milestone, counted by cohort.', "Write `cohort`.")


def guarantees(deal: Deal) -> Faults:
    """Guarantees: their tranches, and that nobody guarantees itself."""
    funding = deal.funding
    tranches = {one.name: one for one in funding.tranches}
    last = deal.start.plus(deal.months - 1)
    for number, one in enumerate(funding.guarantees):
        where: Place = ("funding", "guarantees", number)
        if not one.tranches:
            yield fault_at((*where, "tranches"), "There are no tranches.", "Name at least one.")
        yield from different("tranches", one.tranches, *where)
        for place, name in enumerate(one.tranches):
            yield from unknown(name, list(tranches), (*where, "tranches", place), "tranche")
            if name in tranches and tranches[name].holder == one.guarantor:
                yield fault_at(
                    (*where, "guarantor"), f'"{one.guarantor}" holds "{name}" itself.', "Name another guarantor."
                )
        if one.guarantor in (funding.vehicle, WORLD_OUTSIDE):
            yield taken(one.guarantor, "the vehicle or the world outside", *where, "guarantor")
        if one.call is not None and one.call > last:
            yield fault_at((*where, "call"), f"{one.call} is after the last month.", "Give the deal more months.")
    for number, income in enumerate(funding.income):
        at: Place = ("funding", "income", number)
        if income.payer in (funding.vehicle, WORLD_OUTSIDE):
            yield taken(income.payer, "the vehicle or the world outside", *at, "payer")
        if income.start > last:
            yield fault_at((*at, "start"), f"{income.start} is after the last month.", "Give the deal more months.")
