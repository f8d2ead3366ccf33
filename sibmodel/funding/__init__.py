"""Funding: tranches, drawdown, accounts, guarantees, and the waterfall as an ordered list of steps (`steps/`)."""

from sibmodel.funding.accounts import Account, Reserve, ReserveAccount, Silo
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
    "STEPS",
    "Account",
    "After",
    "FirstLossGuarantee",
    "FullGuarantee",
    "Funding",
    "FundingLines",
    "GuaranteeLines",
    "Income",
    "PayCosts",
    "PayInterest",
    "PaySurplusTo",
    "PayToMain",
    "RepayPrincipal",
    "Reserve",
    "ReserveAccount",
    "ReturnCap",
    "Seen",
    "ShareSurplus",
    "Silo",
    "StepLines",
    "TopUpGuarantee",
    "TopUpReserve",
    "Tranche",
    "TrancheLines",
    "When",
    "build",
    "guarantee_label",
]
