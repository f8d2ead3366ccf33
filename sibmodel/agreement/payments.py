"""Payments: their payers, and the measures that they name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults, different, unknown
from sibmodel.outcomes import Milestone
from sibmodel.payments import Payer, Payment
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
        for place, payer in enumerate(payment.payers):
            yield from _later_shares(deal, payer, (*where, place, "later_shares"))
        yield from _shares_add_up(deal, payment.payers, where)
    known = list(dict.fromkeys(payer.name for payment in deal.payments for payer in payment.payers))
    for name in deal.payer_caps:
        yield from unknown(name, known, ("payer_caps", name), "payer")


def _later_shares(deal: Deal, payer: Payer, around: Place) -> Faults:
    """Shares that change do so inside the deal, in the order of time."""
    last, before = deal.start.plus(deal.months - 1), deal.start
    for step, later in enumerate(payer.later_shares):
        where = (*around, step, "start")
        if later.start > last:
            yield fault_at(
                where, f"{later.start} is after the deal ends, {last}.", "Leave it out, or give the deal more months."
            )
        elif later.start <= before:
            since = f"the deal's first month, {before}" if step == 0 else f"the change before it, {before}"
            way_out = "Write that share as `share`." if step == 0 else "List changes in the order of time."
            yield fault_at(where, f"{later.start} is not after {since}.", way_out)
        before = max(before, later.start)


def _shares_add_up(deal: Deal, payers: Sequence[Payer], where: Place) -> Faults:
    """In each month of the deal; the first in which they do not is named."""
    changes = sorted({later.start for payer in payers for later in payer.later_shares})
    for month in [deal.start, *(one for one in changes if deal.start < one <= deal.start.plus(deal.months - 1))]:
        shares = sum(payer.share_in(month) for payer in payers)
        if abs(shares - 1.0) > 1e-9:
            when = f" in {month}" if changes else ""
            yield fault_at(
                where,
                f"The payers' shares{when} add up to {shares:.10g}, not to 1.",
                f"Write shares that add up to 100 %{' in each month' if changes else ''}.",
            )
            return


def stopped(deal: Deal) -> Faults:
    """Payments that another payment's termination stops are listed below it, and are stopped by one only."""
    names = [payment.name for payment in deal.payments]
    by: dict[str, str] = {}
    for number, payment in enumerate(deal.payments):
        termination = getattr(payment, "termination", None)
        for place, name in enumerate(termination.also_stops if termination is not None else ()):
            where = ("payments", number, "termination", "also_stops", place)
            if name in names[: number + 1]:
                own = name == payment.name
                yield fault_at(
                    where,
                    f'"{name}" is {"this payment itself" if own else "listed above this payment"}.',
                    "Write `stops_payment: true` for it." if own else "List it below.",
                )
            elif name in by:
                yield fault_at(where, f'"{name}" is stopped by "{by[name]}" already.', "Keep one of them.")
            else:
                yield from unknown(name, names, where, "payment")
            by.setdefault(name, payment.name)


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
