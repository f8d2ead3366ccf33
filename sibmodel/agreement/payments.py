"""Payments: their payers, and the measures that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults, different, unknown
from sibmodel.outcomes import Milestone
from sibmodel.payments import Payment
from sibmodel.reading import Place, fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def payers(deal: Deal) -> Faults:
    """Each payment has payers, and their shares make it whole."""
    for number, payment in enumerate(deal.payments):
        where = ("payments", number, "payers")
        if not payment.payers:
            yield fault_at(where, "There are no payers.", "A payment needs at least one.")
            continue
        yield from different("payers", (payer.name for payer in payment.payers), "payments", number)
        shares = sum(payer.share for payer in payment.payers)
        if abs(shares - 1.0) > 1e-9:
            yield fault_at(
                where,
                f"The payers' shares add up to {shares:.10g}, not to 1.",
                "Write shares that add up to 100 %.",
            )


def measures(deal: Deal) -> Faults:
    """Measures that are named must exist, and be of the kind that is asked for."""
    names = [metric.name for metric in deal.metrics]
    for name in deal.assumptions.by_metric:
        yield from unknown(name, names, ("assumptions", "by_metric", name), "measure")
    for number, design in enumerate(deal.measurement):
        for place, name in enumerate(design.metrics or ()):
            yield from unknown(name, names, ("measurement", number, "metrics", place), "measure")
    milestones = [metric.name for metric in deal.metrics if isinstance(metric, Milestone)]
    compared = [name for name in names if name not in milestones]
    for number, metric in enumerate(deal.metrics):
        if isinstance(metric, Milestone) and metric.of not in ("starts", "people"):
            before = [one.name for one in deal.metrics[:number] if isinstance(one, Milestone)]
            yield from unknown(
                metric.of, ["starts", "people", *before], ("metrics", number, "of"), "milestone listed before"
            )
    kinds = {"compared": compared, "achieved": milestones, "either": names}
    called = {"compared": "measure with a comparison", "achieved": "milestone", "either": "measure"}
    for number, payment in enumerate(deal.payments):
        for inside, name, kind in payment.further_measures():
            yield from unknown(name, kinds[kind], ("payments", number, *inside), called[kind])
        where = ("payments", number, "metric")
        if payment.metric is None and payment.measure() is not None:
            continue  # named elsewhere in its terms, and looked up there
        if payment.wants == "none":
            yield from _without_a_measure(payment, ("payments", number))
        elif payment.wants == "compared" or (payment.wants == "either" and payment.metric is None and compared):
            if not compared:
                yield fault_at(
                    where, f"A payment of kind {payment.kind} needs a measure with a comparison.", "Add one."
                )
            elif payment.metric is not None:
                yield from unknown(payment.metric, compared, where, "measure with a comparison")
        elif payment.wants in ("achieved", "either"):
            if payment.metric is None:
                yield fault_at(
                    where, "is missing.", f"Name a milestone: {', '.join(milestones) or 'there is none yet'}."
                )
            else:
                yield from unknown(
                    payment.metric, milestones if payment.wants == "achieved" else names, where, "measure"
                )


def _without_a_measure(payment: Payment, around: Place) -> Faults:
    """Terms that mean nothing for a payment that is for no measure and no cohort."""
    for name in ("metric", "cap_per_cohort", "cap_per_person", "engagement_floor"):
        if getattr(payment, name) is not None:
            yield fault_at((*around, name), f"A payment of kind {payment.kind} has no use for it.", "Leave it out.")
