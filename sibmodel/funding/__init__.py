"""Funding: tranches, drawdown, and the waterfall as an ordered list of steps. `STEPS` is the list of its kinds."""

from sibmodel.funding.steps import STEPS, PayCosts, PayInterest, PaySurplusTo, RepayPrincipal, ShareSurplus, StepLines
from sibmodel.funding.tranche import Tranche, TrancheLines
from sibmodel.funding.waterfall import Funding, FundingLines, build

__all__ = [
    "STEPS",
    "Funding",
    "FundingLines",
    "PayCosts",
    "PayInterest",
    "PaySurplusTo",
    "RepayPrincipal",
    "ShareSurplus",
    "StepLines",
    "Tranche",
    "TrancheLines",
    "build",
]
