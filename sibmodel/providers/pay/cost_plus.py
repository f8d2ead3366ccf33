"""Cost plus: the budgeted cost and a margin. What it really costs beyond the budget is the provider's."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from sibmodel.providers.pay.common import Job, ProviderContract


class CostPlus(ProviderContract):
    """The budgeted cost of the people who come, and the provider's `margin` on it."""

    kind: Literal["cost plus"] = "cost plus"

    covers_mobilisation: ClassVar[bool] = True

    def earned(self, job: Job) -> tuple[Any, str]:
        """Budget × (1 + margin), and subcontracts with the lead's fee."""
        desk = job.desk
        margin = desk.cells.number(job.terms, "margin", desk.path, f"{desk.name}: margin")
        budget = job.without_unbilled("budgeted cost to bill", job.costs.budget, job.costs.mobilisation)
        note = "Budgeted cost and margin, and subcontracts." if job.subcontracts else "Budgeted cost and margin."
        return job.with_subcontracts(budget * (1 + margin)), note
