"""What a provider gives to the rest of the model."""

from __future__ import annotations

from dataclasses import dataclass

from sibmodel.ledger import Bill
from sibmodel.lines import Line


@dataclass(frozen=True, eq=False)
class ProviderLines:
    """A provider's bill and what its service really costs it, over time."""

    name: str
    bill: Bill
    cost: Line
