"""A deferred fee: part of each bill waits, and is paid only out of what is received for outcomes."""

from __future__ import annotations

import numpy as np

from sibmodel.lines import Line, total
from sibmodel.providers.desk import Desk
from sibmodel.providers.pay.common import AtRisk, Kept
from sibmodel.terms import Terms, share


class DeferredFee(Terms):
    """A share of each bill that is paid from outcome payments as they come in; what they do not reach is lost."""

    from_receipts: float = share("Share of what the vehicle receives for outcomes that pays it", default=1.0)
    share: float = share("Share of each bill that is deferred")

    def keep(self, desk: Desk, bill: Line) -> Kept:
        """What is deferred, and what of it is paid, over time."""
        where = f"{desk.path}.deferred"
        rate = desk.cells.number(self, "share", where, f"{desk.name}: share deferred")
        from_receipts = desk.cells.number(
            self, "from_receipts", where, f"{desk.name}: share of outcome payments for what is deferred"
        )
        waiting = desk.section.corkscrew(f"{desk.name}: deferred fee", unit="£")
        kept = desk.line("deferred", bill * rate, "Its share of the bill.")
        paid = desk.line(
            "deferred fee due",
            np.minimum(waiting.opening + kept, from_receipts * desk.outcome_receipts()),
            "As outcome payments come in.",
        )
        waiting.close(additions=[kept], reductions=[paid])
        stake = desk.line("deferred in all", total(kept), "At risk.")
        lost = desk.line(
            "deferred and never due", np.maximum(stake - total(paid), 0.0), "Outcome payments did not reach it."
        )
        return Kept(kept, paid, AtRisk(stake, lost))
