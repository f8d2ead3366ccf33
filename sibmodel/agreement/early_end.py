"""The early end: what its terms name must exist, and hang together with the beliefs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults, unknown
from sibmodel.outcomes import Milestone
from sibmodel.reading import fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def early_end(deal: Deal) -> Faults:
    """A shock has terms that say what follows; an option names a cohort whose measure can decide it in time."""
    terms = deal.early_end
    if terms is None:
        if deal.assumptions.policy_shock is not None:
            yield fault_at(
                ("assumptions", "policy_shock"),
                "has nothing that says what follows.",
                "Add `early_end: {outcomes: paid}` with what is agreed for that case.",
            )
        return
    if terms.ends is not None and not deal.start < terms.ends:
        yield fault_at(("early_end", "ends"), f"{terms.ends} is not after the deal starts.", "Write a later month.")
    option = terms.stop_option
    if option is not None:
        where = ("early_end", "stop_option")
        compared = [metric.name for metric in deal.metrics if not isinstance(metric, Milestone)]
        yield from unknown(option.cohort, [one.name for one in deal.cohorts], (*where, "cohort"), "cohort")
        if option.measure is not None:
            yield from unknown(option.measure, compared, (*where, "measure"), "measure with a comparison")
        elif not compared:
            yield fault_at((*where, "measure"), "There is no measure with a comparison to decide it.", "Add one.")
        for cohort in deal.cohorts:
            if cohort.name == option.cohort and cohort.referrals.start >= option.before:
                yield fault_at(
                    (*where, "before"),
                    f"{option.cohort} begins in {cohort.referrals.start}: it cannot decide whether it takes place.",
                    "Write a later month, or an earlier cohort.",
                )
    if terms.compensation is not None and terms.compensation.payer == deal.funding.vehicle:
        yield fault_at(
            ("early_end", "compensation", "payer"), "The vehicle cannot compensate itself.", "Name the payer."
        )
