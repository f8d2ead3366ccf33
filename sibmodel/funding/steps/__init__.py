"""The steps of a waterfall, one file for each kind. `STEPS` is the list; to add a kind, write its file and add it
here.

Each step asks for an amount, gets what its account has left up to that, and leaves the rest to the next.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sibmodel.funding.steps.common import Arrears, Desk, StepLines, StepTerms
from sibmodel.funding.steps.costs import PayCosts
from sibmodel.funding.steps.interest import PayInterest
from sibmodel.funding.steps.principal import RepayPrincipal
from sibmodel.funding.steps.reserve import TopUpReserve
from sibmodel.funding.steps.surplus import ShareSurplus
from sibmodel.funding.steps.surplus_to import PaySurplusTo
from sibmodel.funding.steps.to_main import PayToMain

STEPS = (PayCosts, PayInterest, RepayPrincipal, TopUpReserve, ShareSurplus, PaySurplusTo, PayToMain)
"""Every kind of step."""

Step = Annotated[
    PayCosts | PayInterest | RepayPrincipal | TopUpReserve | ShareSurplus | PaySurplusTo | PayToMain,
    Field(discriminator="kind"),
]
"""A step in a deal file, told apart by `kind`."""

__all__ = [
    "STEPS",
    "Arrears",
    "Desk",
    "PayCosts",
    "PayInterest",
    "PaySurplusTo",
    "PayToMain",
    "RepayPrincipal",
    "ShareSurplus",
    "Step",
    "StepLines",
    "StepTerms",
    "TopUpReserve",
]
