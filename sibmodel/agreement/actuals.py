"""Actuals: what is known is about what there is, and could be known by then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sibmodel.actuals import CohortActuals
from sibmodel.agreement.common import Faults, unknown
from sibmodel.cohorts import Cohort
from sibmodel.month import Month
from sibmodel.outcomes import Milestone
from sibmodel.reading import Place, fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def actuals(deal: Deal) -> Faults:
    """Cohorts and measures that are named must exist; nothing is known before it can be, or beyond what is possible."""
    if deal.actuals is None:
        return
    as_of = deal.actuals.as_of
    if as_of < deal.start:
        yield fault_at(
            ("actuals", "as_of"), f"{as_of} is before the deal starts, {deal.start}.", "Write a later month."
        )
    if not deal.actuals.cohorts:
        yield fault_at(("actuals", "cohorts"), "Nothing is known of any cohort.", "Add one, or leave out actuals.")
    cohorts = {cohort.name: cohort for cohort in deal.cohorts}
    for name, facts in deal.actuals.cohorts.items():
        where: Place = ("actuals", "cohorts", name)
        if name not in cohorts:
            yield from unknown(name, list(cohorts), where, "cohort")
            continue
        yield from _measures(deal, facts, where)
        yield from _closed(deal, cohorts[name], facts, as_of, where)
        yield from _decided(deal, cohorts[name], facts, as_of, where)
        yield from _segments(cohorts[name], facts, where)
        for metric in _milestones(deal, facts):
            yield from _counted(deal, cohorts[name], facts, metric, where)


def _closes(deal: Deal, cohort: Cohort) -> Month:
    """The last month of a cohort's referrals; earlier where the contract is known to have ended."""
    last = cohort.referrals.start.plus(cohort.referrals.months - 1)
    ends = None if deal.early_end is None else deal.early_end.ends
    return last if ends is None else min(last, ends.plus(-1))


def _measures(deal: Deal, facts: CohortActuals, where: Place) -> Faults:
    compared = {metric.name: metric for metric in deal.metrics if metric.compared}
    for name, value in facts.measured.items():
        yield from unknown(name, list(compared), (*where, "measured", name), "measure with a comparison")
        if name in compared and compared[name].relative and abs(value) > 1:
            yield fault_at(
                (*where, "measured", name),
                f"{value:.10g} is not a reduction between -1 and 1.",
                f"For {value:.10g} % write {value:.10g}%.",
            )
    for name, level in facts.comparison.items():
        yield from unknown(name, list(facts.measured), (*where, "comparison", name), "published effect")
        if name in compared and compared[name].relative and level <= 0:
            yield fault_at(
                (*where, "comparison", name),
                f"{level:.10g} is nothing to compare with.",
                "Write the level of those not served, above 0.",
            )
    achieved = [metric.name for metric in deal.metrics if not metric.compared]
    for name in facts.counted:
        if not achieved:
            yield fault_at((*where, "counted", name), "There are no milestones.", "Write it under measured.")
        else:
            yield from unknown(name, achieved, (*where, "counted", name), "milestone")


def _closed(deal: Deal, cohort: Cohort, facts: CohortActuals, as_of: Month, where: Place) -> Faults:
    closes = _closes(deal, cohort)
    for field in ("people", "starts"):
        if getattr(facts, field) is not None and closes > as_of:
            yield fault_at(
                (*where, field),
                f"{cohort.name} closes in {closes}, after {as_of}: it is not known by then.",
                "Write a later as_of, the referrals as they went, or leave it out.",
            )


def _decided(deal: Deal, cohort: Cohort, facts: CohortActuals, as_of: Month, where: Place) -> Faults:
    if facts.decided is None:
        return
    closes = _closes(deal, cohort)
    if facts.decided > as_of:
        yield fault_at(
            (*where, "decided"),
            f"{facts.decided} is after {as_of}: a later decision is not known by then.",
            "Write a later as_of, or leave out decided and measured.",
        )
    if facts.decided <= closes:
        yield fault_at(
            (*where, "decided"),
            f"{facts.decided} is not after {cohort.name} closes, {closes}.",
            "Write the month of the decision, or the referrals as they went.",
        )


def _segments(cohort: Cohort, facts: CohortActuals, where: Place) -> Faults:
    if not cohort.segments:
        return
    for field in ("people", "starts", "counted"):
        value = getattr(facts, field)
        if value is not None and value != {}:
            yield fault_at(
                (*where, field),
                f"{cohort.name} has segments, and nothing says how many of each.",
                "Leave it out, or leave out the cohort's segments.",
            )


def _milestones(deal: Deal, facts: CohortActuals) -> Iterator[Milestone]:
    for metric in deal.metrics:
        if isinstance(metric, Milestone) and metric.name in facts.counted:
            yield metric


def _counted(deal: Deal, cohort: Cohort, facts: CohortActuals, metric: Milestone, where: Place) -> Faults:
    """Of those who may reach a milestone, who must be known as well; and once the last of them has, or has not."""
    here: Place = (*where, "counted", metric.name)
    last = _closes(deal, cohort).plus(metric.months_after_start)
    as_of = deal.actuals.as_of if deal.actuals is not None else last
    if last > as_of:
        yield fault_at(
            here,
            f"The last person may reach it in {last}, after {as_of}: it is not known by then.",
            "Write a later as_of, or leave it out.",
        )
    if metric.of in ("starts", "people"):
        those = facts.starts if metric.of == "starts" else facts.people
        field, what = metric.of, metric.of
    else:
        those, field, what = facts.counted.get(metric.of), "counted", f'those who reached "{metric.of}"'
    if cohort.segments:
        return
    if those is None:
        yield fault_at((*where, field), f'is missing: "{metric.name}" is counted of {what}.', "Add it.")
    elif facts.counted[metric.name] > those:
        yield fault_at(here, f"{facts.counted[metric.name]} are counted, of {those}.", f"Write at most {those}.")
