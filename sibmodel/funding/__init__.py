"""Funding: tranches, drawdown, accounts, guarantees, and the waterfall as an ordered list of steps (`steps/`).

`STEPS`, `REPAYMENTS` and `GUARANTEES` are the lists of their kinds."""

from sibmodel.funding.accounts import Account, Reserve, ReserveAccount, Silo
from sibmodel.funding.coupon import Interest
from sibmodel.funding.drawing import Condition, ScheduledDraw
from sibmodel.funding.fees import Fees
from sibmodel.funding.guarantees import (
    GUARANTEES,
    FirstLossGuarantee,
    FullGuarantee,
    GuaranteeLines,
    TopUpGuarantee,
    guarantee_label,
)
from sibmodel.funding.hurdle import ReturnCap
from sibmodel.funding.income import Income
from sibmodel.funding.investors import Holding
from sibmodel.funding.performance import Performance
from sibmodel.funding.repayment import REPAYMENTS, Bullet, Scheduled, Sweep, TargetBalance
from sibmodel.funding.steps import (
    STEPS,
    PayCosts,
    PayInterest,
    PaySurplusTo,
    PayToMain,
    RepayPrincipal,
    ShareSurplus,
    StepLines,
    TopUpReserve,
)
from sibmodel.funding.tranche import Tranche, TrancheLines
from sibmodel.funding.triggers import After, Seen, When
from sibmodel.funding.waterfall import Funding, FundingLines, build

__all__ = [
    "GUARANTEES",
    "REPAYMENTS",
    "STEPS",
    "Account",
    "After",
    "Bullet",
    "Condition",
    "Fees",
    "FirstLossGuarantee",
    "FullGuarantee",
    "Funding",
    "FundingLines",
    "GuaranteeLines",
    "Holding",
    "Income",
    "Interest",
    "PayCosts",
    "PayInterest",
    "PaySurplusTo",
    "PayToMain",
    "Performance",
    "RepayPrincipal",
    "Reserve",
    "ReserveAccount",
    "ReturnCap",
    "Scheduled",
    "ScheduledDraw",
    "Seen",
    "ShareSurplus",
    "Silo",
    "StepLines",
    "Sweep",
    "TargetBalance",
    "TopUpGuarantee",
    "TopUpReserve",
    "Tranche",
    "TrancheLines",
    "When",
    "build",
    "guarantee_label",
]
