"""Dates: what must lie inside the deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults
from sibmodel.reading import fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def dates(deal: Deal) -> Faults:
    """What runs over months runs inside the deal."""
    last = deal.start.plus(deal.months - 1)
    for number, cohort in enumerate(deal.cohorts):
        first, closes = cohort.referrals.start, cohort.referrals.start.plus(cohort.referrals.months - 1)
        where = ("cohorts", number, "referrals", "start")
        if first < deal.start:
            yield fault_at(where, f"{first} is before the deal starts, {deal.start}.", "Start the deal earlier.")
        if closes > last:
            yield fault_at(
                where, f"The cohort closes in {closes}, after the deal ends, {last}.", "Give the deal more months."
            )
    for number, payment in enumerate(deal.payments):
        span = payment.span()
        if span is not None and (span[0] < deal.start or span[1] > last):
            yield fault_at(
                ("payments", number, "start"),
                f"It runs from {span[0]} to {span[1]}, which is not all inside the deal, {deal.start} to {last}.",
                "Move it, or the deal's start or end.",
            )
    for number, provider in enumerate(deal.providers):
        if provider.mobilisation is None:
            continue
        first, months_long = provider.mobilisation.start, provider.mobilisation.length
        if first < deal.start or first.plus(months_long - 1) > last:
            yield fault_at(
                ("providers", number, "mobilisation", "start"),
                f"Mobilisation, {first} to {first.plus(months_long - 1)}, is not all inside the deal, "
                f"{deal.start} to {last}.",
                "Move it, or the deal's start or end.",
            )
    opens = deal.funding.distributions_from
    if opens is not None and opens > last:
        yield fault_at(
            ("funding", "distributions_from"),
            f"{opens} is after the deal ends, {last}, so investors would never be paid.",
            "Write an earlier month, or leave it out.",
        )
