"""What all payment mechanisms share: who pays, and what a mechanism gives to the rest of the model."""

from __future__ import annotations

from dataclasses import dataclass

from sibmodel.lines import Line
from sibmodel.terms import Terms, share, text


class Payer(Terms):
    """An outcome payer and the share of each payment that it bears."""

    name: str = text("Name of the outcome payer")
    share: float = share("Share of each payment", default=1.0)


@dataclass(frozen=True, eq=False)
class CohortPayment:
    """What one cohort was paid for: an amount, and the reduction that it stands for."""

    cohort: str
    amount: Line
    reduction: Line


@dataclass(frozen=True, eq=False)
class PaymentLines:
    """A mechanism's payments over time, before and after its cap."""

    name: str
    payers: tuple[Payer, ...]
    due: Line
    paid: Line
    cohorts: tuple[CohortPayment, ...]
    beyond_the_end: Line
    """Decisions that fell beyond the timeline: a figure that should be 0."""
