"""Providers: what they cost, how they are paid, and who holds the cash; one file for each kind."""

from sibmodel.providers import cash, stage
from sibmodel.providers.common import ProviderLines
from sibmodel.providers.desk import Desk
from sibmodel.providers.figures import ProviderCash
from sibmodel.providers.intermediary import Assessor, Intermediary
from sibmodel.providers.mobilisation import FUNDERS, Mobilisation
from sibmodel.providers.pay import PROVIDER_CONTRACTS
from sibmodel.providers.provider import Provider

__all__ = [
    "FUNDERS",
    "PROVIDER_CONTRACTS",
    "Assessor",
    "Desk",
    "Intermediary",
    "Mobilisation",
    "Provider",
    "ProviderCash",
    "ProviderLines",
    "cash",
    "stage",
]
