"""What must hang together in a deal as a whole, one file for each subject. `CHECKS` is the list."""

from sibmodel.agreement import (
    accounts,
    actuals,
    assurance,
    cohorts,
    dates,
    early_end,
    funding,
    names,
    payments,
    providers,
    segments,
    tranches,
)  # fmt: skip
from sibmodel.agreement.names import ALL_INVESTORS, NAMES_OF_THE_POOL, WORLD_OUTSIDE

CHECKS = (
    names.names,
    dates.dates,
    payments.payers,
    payments.stopped,
    payments.measures,
    cohorts.beliefs,
    segments.segments,
    cohorts.named,
    providers.leads,
    providers.uptake,
    providers.funders,
    providers.results,
    providers.dates,
    funding.waterfall,
    accounts.accounts,
    accounts.steps,
    accounts.guarantees,
    early_end.early_end,
    actuals.actuals,
    tranches.tranches,
    assurance.assurance,
    names.parties,
)
"""Every check of a whole deal, in the order in which its faults are told."""

__all__ = ["ALL_INVESTORS", "CHECKS", "NAMES_OF_THE_POOL", "WORLD_OUTSIDE"]
