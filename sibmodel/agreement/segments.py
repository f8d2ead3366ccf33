"""Segments: those that beliefs name must exist, and a belief has one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults, unknown
from sibmodel.outcomes import SegmentBeliefs
from sibmodel.reading import fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def segments(deal: Deal) -> Faults:
    """Beliefs about segments are about segments that there are, and do not contradict those about a measure."""
    names = list(dict.fromkeys(segment.name for cohort in deal.cohorts for segment in cohort.segments))
    for name, about in deal.assumptions.by_segment.items():
        where = ("assumptions", "by_segment", name)
        if not names:
            yield fault_at(where, "No cohort has segments.", "Give the cohorts segments, or leave this out.")
            continue
        yield from unknown(name, names, where, "segment")
        for field in SegmentBeliefs.model_fields:
            if getattr(about, field) is None:
                continue
            for metric, own in deal.assumptions.by_metric.items():
                if getattr(own, field, None) is not None:
                    yield fault_at(
                        (*where, field),
                        f'"{metric}" has a belief of its own about it, under by_metric.',
                        "Keep one of them: which of the two holds would not be clear.",
                    )
    yield from _shares_of_all_or_none(deal)
    yield from _served(deal)


def _shares_of_all_or_none(deal: Deal) -> Faults:
    """Whether people reoffend at all is believed of every segment of a cohort, or of none."""
    name = "share_reoffending"
    somewhere = any(getattr(about, name) is not None for about in deal.assumptions.by_segment.values())
    if somewhere and getattr(deal.assumptions, name) is None and not all_have(deal, name):
        yield fault_at(
            ("assumptions", name),
            "is missing: some segments have a share reoffending, others none.",
            "Give the others one, or one for everybody.",
        )


def _served(deal: Deal) -> Faults:
    """The segments that a provider serves are segments of its cohorts."""
    for number, provider in enumerate(deal.providers):
        if provider.segments is None:
            continue
        where = ("providers", number, "segments")
        cohorts = [one for one in deal.cohorts if provider.cohorts is None or one.name in provider.cohorts]
        names = list(dict.fromkeys(segment.name for cohort in cohorts for segment in cohort.segments))
        if not provider.segments or not names:
            yield fault_at(
                where, f'"{provider.name}" serves nobody.', "Name segments of its cohorts, or leave this out for all."
            )
            continue
        for place, name in enumerate(provider.segments):
            yield from unknown(name, names, (*where, place), "segment of its cohorts")


def all_have(deal: Deal, name: str) -> bool:
    """Whether every segment of every cohort has a belief of its own, so that none is needed for everybody."""
    about = deal.assumptions.by_segment
    return all(
        cohort.segments
        and all(one.name in about and getattr(about[one.name], name, None) is not None for one in cohort.segments)
        for cohort in deal.cohorts
    )
