"""A service provider with mobilisation, fixed and per-head costs, paid its budgeted cost and a margin each month.

What it really spends differs from the budget by the cost overrun, which the provider bears.
"""

from __future__ import annotations

import numpy as np

from sibmodel.binding import Cells
from sibmodel.cohorts import CohortLines, Service
from sibmodel.ledger import Bill
from sibmodel.lines import Line, Section, sum_of
from sibmodel.month import Month
from sibmodel.providers.common import ProviderLines
from sibmodel.terms import Terms, money, month, months, part, share, share_of_any_sign, text


class Mobilisation(Terms):
    """What it takes to begin: recruiting, training, systems, before the first client."""

    cost: float = money("Cost of mobilisation")
    start: Month = month("First month of mobilisation")
    months: int = months("Months over which it is spent, evenly", default=3, minimum=1)


class Provider(Terms):
    """An organisation that delivers the service."""

    name: str = text("Name of the provider")
    mobilisation: Mobilisation | None = part("Costs before the first client", default=None)
    fixed_per_month: float = money("Fixed cost in each month in which the service runs", default=0.0, unit="£ a month")
    per_start: float = money("Cost of each start, spread over the months of service", default=0.0, unit="£ a start")
    uptake: float = share("Share of starts that use this provider", default=1.0)
    cohorts: tuple[str, ...] | None = part("Cohorts served; all unless named", default=None)
    margin: float = share_of_any_sign("Margin on the budgeted cost", default=0.0)

    def build(self, section: Section, cells: Cells, path: str, service: Service, overrun: Line) -> ProviderLines:
        """The provider's budget, bill and real cost."""
        name, period = self.name, section.book.period
        cells.heading(f"Provider: {name}")
        section.heading = name
        parts = []
        if self.mobilisation is not None:
            where = f"{path}.mobilisation"
            cost = cells.number(self.mobilisation, "cost", where, f"{name}: mobilisation")
            first = cells.month(
                self.mobilisation.start,
                f"{where}.start",
                f"{name}: first period of mobilisation",
                "When it begins to spend.",
            )
            length = cells.number(self.mobilisation, "months", where, f"{name}: months of mobilisation")
            parts.append(
                section.line(
                    f"{name}: mobilisation",
                    np.where(np.logical_and(period >= first, period < first + length), cost / length, 0.0),
                    unit="£",
                    note="Evenly over its months.",
                )
            )
        served = [cohort for cohort in service.cohorts if self.cohorts is None or cohort.name in self.cohorts]
        fixed = cells.number(self, "fixed_per_month", path, f"{name}: fixed cost a month")
        running = section.line(
            f"{name}: service runs",
            sum_of([cohort.open for cohort in served]) > 0,
            unit="1 or 0",
            note="1 while any cohort it serves is referred or in service.",
        )
        parts.append(section.line(f"{name}: fixed cost", fixed * running, unit="£", note="While the service runs."))
        parts.append(self._per_head(section, cells, path, served))
        budget = section.line(
            f"{name}: budgeted cost", sum_of(parts), unit="£", note="What the contract foresees for these people."
        )
        margin = cells.number(self, "margin", path, f"{name}: margin")
        bill = section.line(f"{name}: bill", budget * (1 + margin), unit="£", note="Budgeted cost and margin.")
        cost_line = section.line(
            f"{name}: real cost", budget * (1 + overrun), unit="£", note="The overrun is the provider's."
        )
        return ProviderLines(name, Bill(name, "Service fee", bill), cost_line)

    def _per_head(self, section: Section, cells: Cells, path: str, served: list[CohortLines]) -> Line:
        name = self.name
        per_start = cells.number(self, "per_start", path, f"{name}: cost a start")
        uptake = cells.number(self, "uptake", path, f"{name}: uptake")
        monthly = [
            section.line(
                f"{name}: people served, {cohort.name}",
                uptake * cohort.in_service / cohort.months_of_service,
                unit="start-equivalents",
                note="People in service in the month, as a share of their whole service.",
            )
            for cohort in served
        ]
        return section.line(
            f"{name}: per-head cost",
            per_start * sum_of(monthly),
            unit="£",
            note="The cost of a start, spread over the service.",
        )
