"""Providers and what they are paid, one file for each kind."""

from sibmodel.providers.common import ProviderLines
from sibmodel.providers.intermediary import Assessor, Intermediary
from sibmodel.providers.provider import Mobilisation, Provider

__all__ = ["Assessor", "Intermediary", "Mobilisation", "Provider", "ProviderLines"]
