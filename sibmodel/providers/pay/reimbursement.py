"""Cost reimbursement: what is really spent, by open book, up to a ceiling."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from sibmodel.providers.pay.common import Job, ProviderContract
from sibmodel.terms import money


class CostReimbursement(ProviderContract):
    """The real cost, open book, up to a ceiling for the whole contract; beyond it the provider bears it."""

    kind: Literal["cost reimbursement"] = "cost reimbursement"
    ceiling: float | None = money("Most that is reimbursed in all", default=None)

    covers_mobilisation: ClassVar[bool] = True

    def earned(self, job: Job) -> tuple[Any, str]:
        """The real cost of the month, while the ceiling is not reached."""
        desk, costs = job.desk, job.costs
        spent = costs.mobilisation * (1 + desk.overrun) if costs.mobilisation is not None else None
        own = job.without_unbilled("real cost to bill", costs.real, spent)
        claimed = desk.line("cost claimed", job.with_subcontracts(own) * 1, "By open book.")
        if self.ceiling is None:
            return claimed * 1, "The real cost."
        ceiling = desk.cells.number(self, "ceiling", f"{desk.path}.pay", f"{desk.name}: ceiling")
        so_far = desk.section.corkscrew(f"{desk.name}: reimbursed", unit="£")
        paid = desk.line(
            "cost reimbursed", np.minimum(claimed, np.maximum(ceiling - so_far.opening, 0.0)), "Up to the ceiling."
        )
        so_far.close(additions=[paid])
        return paid * 1, "The real cost, up to the ceiling."
