"""Ways to pay a provider, one file for each kind; `PROVIDER_CONTRACTS` is the list. Beside a kind stand holdback,
deferred fee and bonus or malus: they change when, and whether, a bill is paid."""

from typing import Annotated

from pydantic import Field

from sibmodel.providers.pay.bonus_malus import ProviderBonusMalus
from sibmodel.providers.pay.common import AtRisk, Job, Kept, ProviderContract, Subcontract
from sibmodel.providers.pay.cost_plus import CostPlus
from sibmodel.providers.pay.deferred import DeferredFee
from sibmodel.providers.pay.fee import Fee
from sibmodel.providers.pay.guarantee import GuaranteedStarts, MinimumPay
from sibmodel.providers.pay.holdback import Holdback
from sibmodel.providers.pay.outcome_share import OutcomeShare
from sibmodel.providers.pay.reimbursement import CostReimbursement
from sibmodel.providers.pay.unit_price import UnitPrice

PROVIDER_CONTRACTS = (CostPlus, CostReimbursement, Fee, UnitPrice, OutcomeShare)
"""Every way to pay a provider."""

Pay = Annotated[CostPlus | CostReimbursement | Fee | UnitPrice | OutcomeShare, Field(discriminator="kind")]
"""A way to pay a provider, told apart by `kind`."""

__all__ = [
    "PROVIDER_CONTRACTS",
    "AtRisk",
    "CostPlus",
    "CostReimbursement",
    "DeferredFee",
    "Fee",
    "GuaranteedStarts",
    "Holdback",
    "Job",
    "Kept",
    "MinimumPay",
    "OutcomeShare",
    "Pay",
    "ProviderBonusMalus",
    "ProviderContract",
    "Subcontract",
    "UnitPrice",
]
