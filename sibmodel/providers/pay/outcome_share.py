"""A share of outcome payments: paid on results and on nothing else, which puts the provider's whole cost at risk."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from sibmodel.providers.pay.common import Job, ProviderContract
from sibmodel.terms import money, share


class OutcomeShare(ProviderContract):
    """A share of what the vehicle receives for outcomes, billed in the month in which it receives it."""

    kind: Literal["share of outcome payments"] = "share of outcome payments"
    cap: float | None = money("Most that is paid in all", default=None)
    share: float = share("Share of what the vehicle receives for outcomes")

    all_at_risk: ClassVar[bool] = True

    def earned(self, job: Job) -> tuple[Any, str]:
        """Share × what the vehicle receives, up to the cap."""
        desk, where = job.desk, f"{job.desk.path}.pay"
        part_of_it = desk.cells.number(self, "share", where, f"{desk.name}: share of outcome payments")
        value = part_of_it * desk.outcome_receipts()
        if self.cap is None:
            return value, "Its share of what the vehicle receives for outcomes."
        cap = desk.cells.number(self, "cap", where, f"{desk.name}: cap on its share")
        so_far = desk.section.corkscrew(f"{desk.name}: share of outcome payments so far", unit="£")
        paid = desk.line(
            "share of outcome payments", np.minimum(value, np.maximum(cap - so_far.opening, 0.0)), "Up to the cap."
        )
        so_far.close(additions=[paid])
        return paid * 1, "Its share of what the vehicle receives for outcomes, up to its cap."
