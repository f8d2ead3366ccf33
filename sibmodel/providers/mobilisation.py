"""Mobilisation: what it takes to begin, over which months it is spent, and who pays for it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from sibmodel.lines import Line, ratio, step_lookup, sum_of
from sibmodel.month import Month
from sibmodel.providers.desk import Desk
from sibmodel.reading import fault_at
from sibmodel.terms import Terms, money, month, months, number, part, share, text


class Billed(Terms):
    """The provider bills it."""

    kind: Literal["bill"] = "bill"


class OwnReserves(Terms):
    """The provider pays it from its own reserves, and bills nobody."""

    kind: Literal["own reserves"] = "own reserves"


class Granted(Terms):
    """Somebody gives it, month by month as it is spent."""

    kind: Literal["grant"] = "grant"
    giver: str = text("Who gives it")


class Advanced(Terms):
    """Whoever pays the provider, or a lender, advances it; later bills repay it. A loan is no income: what mobilisation
    costs must be earned by what the provider bills."""

    kind: Literal["advance"] = "advance"
    lender: str | None = text("Who lends it; whoever pays the provider's bills unless named", default=None)
    repaid_share: float = share("Share of each later bill that repays it, until it is repaid")


FUNDERS = (Billed, OwnReserves, Granted, Advanced)
"""Every way to fund mobilisation."""

FundedBy = Annotated[Billed | OwnReserves | Granted | Advanced, Field(discriminator="kind")]
"""Who funds mobilisation, told apart by `kind`."""


class Mobilisation(Terms):
    """What it takes to begin: recruiting, training, systems, before the first client."""

    cost: float = money("Cost of mobilisation")
    start: Month = month("First month of mobilisation")
    months: int = months("Months over which it is spent, evenly", default=3, minimum=1)
    weights: tuple[float, ...] = number(
        "How it is spread over the months from the start, where not evenly: a weight for each month",
        default=(),
        unit="weight",
        minimum=0.0,
    )
    funded_by: FundedBy | None = part("Who funds it; the provider bills it unless told", default=None)

    @model_validator(mode="after")
    def _weights_agree(self) -> Self:
        if not self.weights:
            return self
        if self.months not in (type(self).model_fields["months"].default, len(self.weights)):
            raise fault_at(
                ("weights",), f"There are {len(self.weights)} weights, and {self.months} months.", "Leave out months."
            )
        if sum(self.weights) <= 0:
            raise fault_at(("weights",), "All weights are 0.", "Give at least one month some of it.")
        return self

    @property
    def length(self) -> int:
        """Over how many months it is spent."""
        return len(self.weights) or self.months

    @property
    def billed(self) -> bool:
        """Whether it is part of what the provider bills."""
        return self.funded_by is None or isinstance(self.funded_by, Billed)

    def spent(self, desk: Desk) -> Line:
        """What is spent, over time."""
        where, name, period = f"{desk.path}.mobilisation", desk.name, desk.period
        cost = desk.cells.number(self, "cost", where, f"{name}: mobilisation")
        first = desk.cells.month(
            self.start, f"{where}.start", f"{name}: first period of mobilisation", "When it begins to spend."
        )
        if not self.weights:
            length = desk.cells.number(self, "months", where, f"{name}: months of mobilisation")
            return desk.line(
                "mobilisation",
                np.where(np.logical_and(period >= first, period < first + length), cost / length, 0.0),
                "Evenly over its months.",
            )
        numbers, weights = desk.steps(self, "weights", where, "weight of month")
        now = desk.line("month of mobilisation", period - first + 1, "The first is 1.", "number")
        all_weights = desk.line("weights of mobilisation", sum_of(weights) * 1, "In all.", "weight")
        weight = np.where(now > numbers[-1], 0.0, step_lookup(now, numbers, weights))
        return desk.line("mobilisation", cost * ratio(weight, all_weights), "By the months' weights.")
