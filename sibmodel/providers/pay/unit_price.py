"""A unit price: for each start, each month of service, or each person who completes it."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import model_validator

from sibmodel.lines import Line, delayed, sum_of
from sibmodel.providers.pay.common import Job, ProviderContract
from sibmodel.reading import fault_at
from sibmodel.terms import choice, money, share, yearly_rate


class UnitPrice(ProviderContract):
    """A price for each unit, such as a call-off service or a person's budget has."""

    kind: Literal["unit price"] = "unit price"
    price: float = money("Price of a unit", unit="£ a unit")
    unit: Literal["start", "month in service", "completion"] = choice(
        "What is priced: a start, a month of a person's service, or a person who completes it", default="start"
    )
    completing: float = share("Share of starts who complete their months of service", default=1.0)
    indexation: float = yearly_rate(
        "Rise of the price on each anniversary of the deal's first month", default=0.0, minimum=-0.5
    )

    @model_validator(mode="after")
    def _completing_has_a_use(self) -> Self:
        if self.unit != "completion" and self.completing != 1.0:
            raise fault_at(("completing",), f"has no use where a {self.unit} is priced.", "Leave it out.")
        return self

    def price_over_time(self, job: Job) -> Line:
        """The price in each month."""
        desk, where = job.desk, f"{job.desk.path}.pay"
        key = (where, "price over time")
        if key not in desk.lines_made:
            price = desk.cells.number(self, "price", where, f"{desk.name}: price of a {self.unit}")
            rise = desk.cells.number(self, "indexation", where, f"{desk.name}: rise of the price")
            index = desk.indexed("price", rise)
            desk.lines_made[key] = desk.line("unit price", price * index, f"Of a {self.unit}.", "£ a unit")
        return desk.lines_made[key]

    def units(self, job: Job) -> Line:
        """The units of each month."""
        desk = job.desk
        uptake = desk.uptake(job.terms)
        if self.unit == "start":
            of: list[Any] = [stream.started for stream in job.served]
        elif self.unit == "month in service":
            of = [stream.in_service for stream in job.served]
        else:
            of = [delayed(stream.started, stream.months_of_service) for stream in job.served]
        units: Any = uptake * sum_of(of)
        if self.unit == "completion":
            completing = desk.cells.number(
                self, "completing", f"{desk.path}.pay", f"{desk.name}: share who complete the service"
            )
            units = units * completing
        return desk.line("units", units, f"A unit is a {self.unit}.", "people")

    def earned(self, job: Job) -> tuple[Any, str]:
        """Units × price."""
        return self.units(job) * self.price_over_time(job), "Units by their price."
