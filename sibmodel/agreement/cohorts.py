"""Cohorts that are named, and the beliefs that a measure of them needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibmodel.agreement import segments
from sibmodel.agreement.common import Faults, unknown
from sibmodel.outcomes import MetricBeliefs, SegmentBeliefs
from sibmodel.reading import Place, fault_at, quantity_of
from sibmodel.uncertain import ByCohort

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def named(deal: Deal) -> Faults:
    """Cohorts that are named must exist."""
    known = [cohort.name for cohort in deal.cohorts]
    for number, provider in enumerate(deal.providers):
        if provider.cohorts is not None and not provider.cohorts:
            yield fault_at(
                ("providers", number, "cohorts"),
                f'"{provider.name}" serves no cohort.',
                "Name its cohorts, or leave this out for all.",
            )
        for place, name in enumerate(provider.cohorts or ()):
            yield from unknown(name, known, ("providers", number, "cohorts", place), "cohort")
    for number, payment in enumerate(deal.payments):
        if payment.cohorts is not None and not payment.cohorts:
            yield fault_at(
                ("payments", number, "cohorts"),
                f'"{payment.name}" is for no cohort.',
                "Name its cohorts, or leave this out for all.",
            )
        for place, name in enumerate(payment.cohorts or ()):
            yield from unknown(name, known, ("payments", number, "cohorts", place), "cohort")
        for inside, name in payment.cohorts_named():
            yield from unknown(name, known, ("payments", number, *inside), "cohort")
    for number, design in enumerate(deal.measurement):
        for place, name in enumerate(design.cohorts or ()):
            yield from unknown(name, known, ("measurement", number, "cohorts", place), "cohort")
    yield from _cohorts_of_beliefs(deal.assumptions, known, ("assumptions",))
    for metric, beliefs in deal.assumptions.by_metric.items():
        yield from _cohorts_of_beliefs(beliefs, known, ("assumptions", "by_metric", metric))
    for segment, about in deal.assumptions.by_segment.items():
        has_it = [cohort.name for cohort in deal.cohorts if segment in (one.name for one in cohort.segments)]
        yield from _cohorts_of_beliefs(about, has_it, ("assumptions", "by_segment", segment))


def beliefs(deal: Deal) -> Faults:
    """Each measure has the beliefs that it needs, and a design where it is compared."""
    for metric in deal.metrics:
        needs = list(metric.needs)
        if metric.compared:
            for cohort in deal.cohorts:
                designs = [one for one in deal.measurement if one.covers(metric.name, cohort.name)]
                if not designs:
                    yield fault_at(
                        ("measurement",),
                        f'Nothing says how "{metric.name}" of {cohort.name} is compared.',
                        "Add a design: matched, randomised, historical or blend.",
                    )
                    break
                needs += [name for name in designs[0].needs(metric) if name not in needs]
            if metric.relative and deal.assumptions.effect is None and not segments.all_have(deal, "effect"):
                yield fault_at(("assumptions", "effect"), f'is missing: "{metric.name}" needs it.', "Add it.")
            if getattr(metric, "per", "") == "reoffender":
                needs.append("share_reoffending")
        own = deal.assumptions.by_metric.get(metric.name)
        for name in needs:
            stated = getattr(deal.assumptions, name) is not None or (own is not None and getattr(own, name) is not None)
            if not stated and not segments.all_have(deal, name):
                field = MetricBeliefs.model_fields[name]
                quantity = quantity_of(field)
                sentence = f"{field.description} ({quantity.unit})" if quantity else field.description
                yield fault_at(("assumptions", name), f'is missing: "{metric.name}" needs it.', f"Add it: {sentence}.")


def _cohorts_of_beliefs(beliefs: MetricBeliefs | SegmentBeliefs, known: list[str], around: Place) -> Faults:
    for field in type(beliefs).model_fields:
        one = getattr(beliefs, field)
        if not isinstance(one, ByCohort) or not one.cohorts:
            continue
        for name in one.cohorts:
            yield from unknown(name, known, (*around, field, "by_cohort", name), "cohort")
        for name in known:
            if name not in one.cohorts:
                yield fault_at((*around, field, "by_cohort"), f'There is nothing for the cohort "{name}".', "Add it.")
