"""What must hang together in a deal as a whole, one file for each subject. `CHECKS` is the list."""

from sibmodel.agreement import cohorts, dates, funding, names, payments, tranches
from sibmodel.agreement.names import ALL_INVESTORS, NAMES_OF_THE_POOL, WORLD_OUTSIDE

CHECKS = (
    names.names,
    dates.dates,
    payments.payers,
    payments.measures,
    cohorts.beliefs,
    cohorts.named,
    funding.waterfall,
    tranches.tranches,
    names.parties,
)
"""Every check of a whole deal, in the order in which its faults are told."""

__all__ = ["ALL_INVESTORS", "CHECKS", "NAMES_OF_THE_POOL", "WORLD_OUTSIDE"]
