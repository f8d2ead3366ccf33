"""Payment mechanisms, one file each. `PAYMENTS` is the list: to add one, add a file and a line here."""

from typing import Annotated

from pydantic import Field

from sibmodel.payments.bonus_malus import BonusMalus
from sibmodel.payments.clawback import Bonus, ClawbackPayment
from sibmodel.payments.common import (
    CohortPayment,
    Cut,
    Desk,
    Due,
    DuePart,
    Indexation,
    LaterShare,
    PaidPart,
    Payer,
    PaymentLines,
    PaymentTerms,
    capped,
)
from sibmodel.payments.composite import CompositePayment, Guarantee, IndexPart
from sibmodel.payments.criterion import Criterion
from sibmodel.payments.fee_for_service import FeeForService, VolumeBand
from sibmodel.payments.foundation import FoundationPayment
from sibmodel.payments.hurdle import Hurdle, HurdlePayment
from sibmodel.payments.milestones import MilestonesPayment, Rung
from sibmodel.payments.rate_card import CardLine, RateCard, Uplift
from sibmodel.payments.savings import Ratchet, SavingsPayment, ShareBand
from sibmodel.payments.schedule import Knot
from sibmodel.payments.settlement import SettledPayment, Settlement, caps_of, settle
from sibmodel.payments.significance import SignificancePayment, Termination
from sibmodel.payments.standing_charge import StandingCharge
from sibmodel.payments.stream import StreamPayment
from sibmodel.payments.table import TablePayment
from sibmodel.payments.tariff import TariffPayment
from sibmodel.payments.threshold import PooledFallback, ThresholdPayment
from sibmodel.payments.tiers import PriceBand, TiersPayment
from sibmodel.payments.top_up import TopUpPayment

PAYMENTS = (
    ThresholdPayment,
    TariffPayment,
    TablePayment,
    TiersPayment,
    SavingsPayment,
    StreamPayment,
    CompositePayment,
    FeeForService,
    StandingCharge,
    FoundationPayment,
    ClawbackPayment,
    HurdlePayment,
    SignificancePayment,
    TopUpPayment,
    BonusMalus,
    MilestonesPayment,
    RateCard,
)
"""Every kind of payment."""

Payment = Annotated[
    ThresholdPayment
    | TariffPayment
    | TablePayment
    | TiersPayment
    | SavingsPayment
    | StreamPayment
    | CompositePayment
    | FeeForService
    | StandingCharge
    | FoundationPayment
    | ClawbackPayment
    | HurdlePayment
    | SignificancePayment
    | TopUpPayment
    | BonusMalus
    | MilestonesPayment
    | RateCard,
    Field(discriminator="kind"),
]
"""A payment in a deal file, told apart by `kind`."""

__all__ = [
    "PAYMENTS",
    "Bonus",
    "BonusMalus",
    "CardLine",
    "ClawbackPayment",
    "CohortPayment",
    "CompositePayment",
    "Criterion",
    "Cut",
    "Desk",
    "Due",
    "DuePart",
    "FeeForService",
    "FoundationPayment",
    "Guarantee",
    "Hurdle",
    "HurdlePayment",
    "IndexPart",
    "Indexation",
    "Knot",
    "LaterShare",
    "MilestonesPayment",
    "PaidPart",
    "Payer",
    "Payment",
    "PaymentLines",
    "PaymentTerms",
    "PooledFallback",
    "PriceBand",
    "Ratchet",
    "RateCard",
    "Rung",
    "SavingsPayment",
    "SettledPayment",
    "Settlement",
    "ShareBand",
    "SignificancePayment",
    "StandingCharge",
    "StreamPayment",
    "TablePayment",
    "TariffPayment",
    "Termination",
    "ThresholdPayment",
    "TiersPayment",
    "TopUpPayment",
    "Uplift",
    "VolumeBand",
    "capped",
    "caps_of",
    "settle",
]
