"""Providers: who pays whom, what their pay needs, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sibmodel.agreement.common import Faults, unknown
from sibmodel.month import Month
from sibmodel.outcomes import Milestone
from sibmodel.providers.mobilisation import Advanced, Granted
from sibmodel.providers.pay import Fee, OutcomeShare
from sibmodel.reading import Place, fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def leads(deal: Deal) -> Faults:
    """Who is paid by a lead is paid by another provider, and nobody by way of itself."""
    names = [one.name for one in deal.providers]
    payers = {one.name: one.paid_by for one in deal.providers}
    for number, one in enumerate(deal.providers):
        where: Place = ("providers", number, "paid_by")
        if one.paid_by is None:
            continue
        if one.paid_by not in names:
            yield from unknown(one.paid_by, names, where, "provider")
            continue
        above, seen = payers.get(one.name), [one.name]
        while above is not None and above not in seen:
            seen.append(above)
            above = payers.get(above)
        if above == one.name:
            yield fault_at(where, f'"{one.name}" would be paid by way of itself.', "Let the vehicle pay one of them.")


def uptake(deal: Deal) -> Faults:
    """Beliefs about uptake, and about what call-off services do, name providers."""
    names = [one.name for one in deal.providers]
    for field in ("uptake", "call_off_effects"):
        for name in getattr(deal.assumptions, field):
            yield from unknown(name, names, ("assumptions", field, name), "provider")


def funders(deal: Deal) -> Faults:
    """A grant giver or lender is neither the provider itself nor the vehicle; an advance from the vehicle is written
    without a lender."""
    vehicle = deal.funding.vehicle
    for number, one in enumerate(deal.providers):
        by: Any = None if one.mobilisation is None else one.mobilisation.funded_by
        field = "giver" if isinstance(by, Granted) else "lender"
        party = getattr(by, field, None)
        where: Place = ("providers", number, "mobilisation", "funded_by", field)
        if party is not None and party == one.name:
            yield fault_at(where, f'"{party}" cannot fund itself this way.', "Write the kind: own reserves.")
        elif party is not None and party == vehicle and isinstance(by, Advanced):
            yield fault_at(where, f'"{party}" is the vehicle.', "Leave the lender out: the vehicle then advances it.")
        elif party is not None and party == vehicle:
            yield fault_at(where, f'"{party}" is the vehicle.', "Write the kind: bill.")


def results(deal: Deal) -> Faults:
    """Pay on results has a measure with a comparison; shares of outcome payments are at most all of them."""
    compared = [metric.name for metric in deal.metrics if not isinstance(metric, Milestone)]
    shares = 0.0
    for number, one in enumerate(deal.providers):
        wanted = [("bonus_malus", one.bonus_malus)] if one.bonus_malus is not None else []
        if one.holdback is not None and one.holdback.target is not None:
            wanted.append(("holdback", one.holdback))  # type: ignore[arg-type]
        for field, terms in wanted:
            where: Place = ("providers", number, field, "metric")
            if not compared:
                yield fault_at(where, "There is no measure with a comparison.", "Pay by a month, or add a measure.")
            elif terms.metric is not None:
                yield from unknown(terms.metric, compared, where, "measure with a comparison")
        if isinstance(one.pay, OutcomeShare) and one.paid_by is None:
            shares += one.pay.share
    if shares > 1 + 1e-9:
        yield fault_at(
            ("providers",),
            f"Providers are promised {shares:.10g} of what comes in for outcomes, more than all of it.",
            "Promise less.",
        )


def dates(deal: Deal) -> Faults:
    """Months that providers' terms name lie inside the deal."""
    last = deal.start.plus(deal.months - 1)
    for number, one in enumerate(deal.providers):
        named: list[tuple[Place, Month | None]] = []
        if one.holdback is not None:
            named.append((("holdback", "month"), one.holdback.month))
        if one.members is not None:
            named.append((("members", "paid_in"), one.members.paid_in))
        if isinstance(one.pay, Fee) and one.pay.start is not None:
            named.append((("pay", "start"), one.pay.start))
            named.append((("pay", "start"), one.pay.start.plus(one.pay.length - 1)))
        for inside, month in named:
            if month is not None and not deal.start <= month <= last:
                yield fault_at(
                    ("providers", number, *inside),
                    f"{month} is not inside the deal, {deal.start} to {last}.",
                    "Move it, or the deal's start or end.",
                )
