"""Funding: tranches, drawdown, and the waterfall as an ordered list of steps. `STEPS` is the list of its kinds,
`REPAYMENTS` that of the ways to repay a tranche."""

from sibmodel.funding.coupon import Interest
from sibmodel.funding.drawing import Condition, ScheduledDraw
from sibmodel.funding.fees import Fees
from sibmodel.funding.investors import Holding
from sibmodel.funding.performance import Performance
from sibmodel.funding.repayment import REPAYMENTS, Bullet, Scheduled, Sweep, TargetBalance
from sibmodel.funding.steps import STEPS, PayCosts, PayInterest, PaySurplusTo, RepayPrincipal, ShareSurplus, StepLines
from sibmodel.funding.tranche import Tranche, TrancheLines
from sibmodel.funding.waterfall import Funding, FundingLines, build

__all__ = [
    "REPAYMENTS",
    "STEPS",
    "Bullet",
    "Condition",
    "Fees",
    "Funding",
    "FundingLines",
    "Holding",
    "Interest",
    "PayCosts",
    "PayInterest",
    "PaySurplusTo",
    "Performance",
    "RepayPrincipal",
    "Scheduled",
    "ScheduledDraw",
    "ShareSurplus",
    "StepLines",
    "Sweep",
    "TargetBalance",
    "Tranche",
    "TrancheLines",
    "build",
]
