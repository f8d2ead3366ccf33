"""A fee: fixed amounts, whatever comes of it: a month while the service runs, or a total over a schedule."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import ratio, step_lookup, sum_of
from sibmodel.month import Month
from sibmodel.providers.pay.common import Job, ProviderContract
from sibmodel.reading import fault_at
from sibmodel.terms import money, month, months, number, yearly_rate


class Fee(ProviderContract):
    """So much a month while the service runs, or a total, evenly over months or by weights."""

    kind: Literal["fee"] = "fee"
    per_month: float | None = money("Fee in each month of service", default=None, unit="£ a month")
    total: float | None = money("Fee in all", default=None)
    start: Month | None = month("First month in which the total is paid", default=None)
    months: int | None = months("Months over which the total is paid, evenly", default=None, minimum=1)
    weights: tuple[float, ...] = number(
        "How the total is spread over the months from the start, where not evenly: a weight for each month",
        default=(),
        unit="weight",
        minimum=0.0,
    )
    indexation: float = yearly_rate(
        "Rise of the fee on each anniversary of the deal's first month", default=0.0, minimum=-0.5
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.per_month is None) == (self.total is None):
            raise fault_at((), "needs per_month or total, and not both.", "Give one of them.")
        scheduled = self.start is not None or self.months is not None or bool(self.weights)
        if self.total is None and scheduled:
            raise fault_at((), "is paid each month while the service runs.", "Leave out start, months and weights.")
        if self.total is not None and self.start is None:
            raise fault_at(("start",), "is missing.", "Say in which month the total begins to be paid.")
        if self.total is not None and (self.months is None) == (not self.weights):
            raise fault_at((), "needs months or weights for its total, and not both.", "Give one of them.")
        if self.weights and sum(self.weights) <= 0:
            raise fault_at(("weights",), "All weights are 0.", "Give at least one month some of it.")
        return self

    @property
    def length(self) -> int:
        """Over how many months a total is paid; 0 for a fee a month."""
        return len(self.weights) or self.months or 0

    def earned(self, job: Job) -> tuple[Any, str]:
        """The fee, over time."""
        desk, where = job.desk, f"{job.desk.path}.pay"
        rise = desk.cells.number(self, "indexation", where, f"{desk.name}: rise of the fee")
        index = desk.indexed("fee", rise)
        if self.per_month is not None:
            per_month = desk.cells.number(self, "per_month", where, f"{desk.name}: fee a month")
            return per_month * job.costs.running * index, "A fee in each month of service."
        assert self.start is not None
        total = desk.cells.number(self, "total", where, f"{desk.name}: fee in all")
        first = desk.cells.month(self.start, f"{where}.start", f"{desk.name}: first period of the fee", "It begins.")
        now = desk.line("month of the fee", desk.period - first + 1, "The first is 1.", "number")
        if self.months is not None:
            length = desk.cells.number(self, "months", where, f"{desk.name}: months of the fee")
            inside = np.logical_and(now >= 1, now <= length)
            return np.where(inside, ratio(total, length), 0.0) * index, "Evenly over its months."
        numbers, weights = desk.steps(self, "weights", where, "weight of fee")
        all_weights = desk.line("weights of the fee", sum_of(weights) * 1, "In all.", "weight")
        weight = np.where(now > numbers[-1], 0.0, step_lookup(now, numbers, weights))
        return total * ratio(weight, all_weights) * index, "By the months' weights."
