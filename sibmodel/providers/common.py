"""What a provider gives to the rest of the model."""

from __future__ import annotations

from dataclasses import dataclass, field

from sibmodel.ledger import Bill
from sibmodel.lines import Line
from sibmodel.providers.pay.common import AtRisk


@dataclass(frozen=True, eq=False)
class ProviderLines:
    """A provider's bill and what its service really costs it, over time."""

    name: str
    bill: Bill
    """What falls due to it, in the month in which it should be paid."""
    cost: Line
    """What its own service really costs."""
    cost_paid: Line
    """The same, in the months in which it pays it."""
    earned: Line
    """What it earns, before anything is deferred, held back or paid late."""
    paid_by: str
    """Who pays its bill: the vehicle, or the provider that leads."""
    running: Line
    """1 while its service runs."""
    mobilisation: Line | None = None
    risks: tuple[AtRisk, ...] = field(default=())
    """Its pay that hangs on results."""
