"""A service provider: what its service costs, who pays for it, in which way, and when.

Unless told otherwise it bills its budgeted cost and a margin each month. What it really spends differs from the budget
by the cost overrun, which the provider bears, except where its real cost is reimbursed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from pydantic import model_validator

from sibmodel.ledger import Bill
from sibmodel.lines import Line, sum_of, total
from sibmodel.providers import costs
from sibmodel.providers.common import ProviderLines
from sibmodel.providers.costs import Contingency, CostIndexation, CostLines, IrrecoverableVat, RampUp
from sibmodel.providers.desk import Desk
from sibmodel.providers.members import Members
from sibmodel.providers.mobilisation import Advanced, Mobilisation
from sibmodel.providers.pay import (
    AtRisk,
    CostPlus,
    DeferredFee,
    GuaranteedStarts,
    Holdback,
    Job,
    Kept,
    MinimumPay,
    Pay,
    ProviderBonusMalus,
    Subcontract,
    UnitPrice,
)
from sibmodel.providers.people import streams
from sibmodel.reading import fault_at
from sibmodel.terms import Terms, money, number, part, share, share_of_any_sign, text


class Provider(Terms):
    """An organisation that delivers the service."""

    name: str = text("Name of the provider")
    mobilisation: Mobilisation | None = part("Costs before the first client", default=None)
    fixed_per_month: float = money("Fixed cost in each month in which the service runs", default=0.0, unit="£ a month")
    per_start: float = money("Cost of each start, spread over the months of service", default=0.0, unit="£ a start")
    uptake: float = share("Share of starts that use this provider", default=1.0)
    cohorts: tuple[str, ...] | None = part("Cohorts served; all unless named", default=None)
    segments: tuple[str, ...] | None = part("Segments of them served; everybody unless named", default=None)
    margin: float = share_of_any_sign("Margin on the budgeted cost", default=0.0)
    ramp_up: RampUp | None = part("How the fixed cost grows to its full size", default=None)
    overhead: float | None = share("Overhead, as a share of fixed and per-head cost", default=None, maximum=5.0)
    contingency: Contingency | None = part("What is budgeted for the unforeseen", default=None)
    indexation: CostIndexation | None = part("By how much its costs rise each year", default=None)
    vat: IrrecoverableVat | None = part("VAT that it cannot recover", default=None)
    pay: Pay | None = part("How it is paid; cost plus unless told", default=None)
    guarantee: GuaranteedStarts | None = part("Starts that are paid for whether or not they come", default=None)
    minimum: MinimumPay | None = part("Least that is paid, whatever is called off", default=None)
    deferred: DeferredFee | None = part("Part of the bill that waits for outcome payments", default=None)
    holdback: Holdback | None = part("Part of the bill that is kept until a month or a result", default=None)
    bonus_malus: ProviderBonusMalus | None = part("What it gains or loses by the measured effect", default=None)
    paid_by: str | None = text(
        "The provider that leads and pays this one; the vehicle pays it unless named", default=None
    )
    lead_fee: float | None = share("What the lead adds to this provider's bill, as a share of it", default=None)
    payment_days: float | None = number(
        "Days from a bill to its payment, 30 to the month; at once unless told", default=None, unit="days", minimum=0.0
    )
    supplier_days: float | None = number(
        "Days from a cost to its payment, 30 to the month; at once unless told", default=None, unit="days", minimum=0.0
    )
    opening_cash: float | None = money(
        "Cash at the start that it can use for this deal; none unless told", default=None
    )
    reserves: float | None = money("Reserves that its policy asks for, as an amount", default=None)
    reserves_months: float | None = number(
        "Reserves that its policy asks for, in months of its mean running cost",
        default=None,
        unit="months",
        minimum=0.0,
    )
    members: Members | None = part("Capital and profit share of an employee-owned mutual's members", default=None)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.margin != 0 and not isinstance(self.pay or CostPlus(), CostPlus):
            raise fault_at(
                ("margin",),
                f"has no use beside pay of kind {self.pay.kind if self.pay else ''}.",
                "Leave it out: the margin is what its pay leaves.",
            )
        a_start = isinstance(self.pay, UnitPrice) and self.pay.unit == "start"
        if self.guarantee is not None and self.guarantee.price is None and not a_start:
            raise fault_at(("guarantee", "price"), "is missing: no unit price of a start says it.", "Add it.")
        held = (self.deferred.share if self.deferred else 0) + (self.holdback.share if self.holdback else 0)
        if held > 1:
            raise fault_at(
                ("holdback", "share"), "With what is deferred, more than the whole bill is kept.", "Keep less of it."
            )
        if self.lead_fee is not None and self.paid_by is None:
            raise fault_at(
                ("lead_fee",), "has no use where no lead pays.", "Name the lead in paid_by, or leave it out."
            )
        if self.reserves is not None and self.reserves_months is not None:
            raise fault_at(("reserves",), "stands beside reserves_months.", "Keep one of them.")
        return self

    def build(self, desk: Desk, subcontracts: Sequence[Subcontract], paid_by: str) -> ProviderLines:
        """The provider's costs, what it earns, and when that falls due."""
        served = streams(desk.service, self.cohorts, self.segments)
        spent = costs.build(desk, self, served)
        job = Job(desk, self, spent, served, subcontracts)
        earned = self._earned(job)
        kept = self._kept(desk, earned)
        at_once = earned
        if kept:
            at_once = desk.line(
                "bill less what is kept", earned - sum_of([one.kept for one in kept]), "Not on results."
            )
        at_once, advance = self._less_repayment(desk, at_once, spent)
        later = [*[one.paid for one in kept], *([] if advance is None else [advance])]
        due = self._paid_on_time(desk, at_once)
        if later:
            due = desk.line(
                "due", sum_of([due, *later]), "With what is paid on results, and advanced: both without further delay."
            )
        return ProviderLines(
            self.name,
            Bill(self.name, "Service fee", due),
            spent.real,
            self._suppliers_paid(desk, spent.real),
            earned,
            paid_by,
            spent.running,
            spent.mobilisation,
            self._risks(desk, spent.real, earned, kept),
        )

    def subcontract(self, desk: Desk, bill: Line) -> Subcontract:
        """What its lead is billed, and what the lead adds to it."""
        if self.lead_fee is None:
            return Subcontract(bill, None)
        fee = desk.cells.number(self, "lead_fee", desk.path, f"{self.name}: lead's fee")
        return Subcontract(bill, fee)

    def _earned(self, job: Job) -> Line:
        desk, pay = job.desk, self.pay or CostPlus()
        value, note = pay.earned(job)
        if self.guarantee is None and self.minimum is None and (pay.covers_mobilisation or not job.bills_mobilisation):
            return desk.line("bill", value, note)
        parts = [desk.line("basic pay", value, note)]
        if self.guarantee is not None:
            parts.append(self.guarantee.top_up(job))
        if self.minimum is not None:
            base = parts[0]
            if len(parts) > 1:
                base = desk.line("pay before the minimum", sum_of(parts), "What the minimum is compared with.")
            parts.append(self.minimum.top_up(job, base))
        if job.bills_mobilisation and not pay.covers_mobilisation and job.costs.mobilisation is not None:
            parts.append(job.costs.mobilisation)
        return desk.line("bill", sum_of(parts) * 1, "All that it earns in the month.")

    def _kept(self, desk: Desk, earned: Line) -> list[Kept]:
        kept = [one.keep(desk, earned) for one in (self.deferred, self.holdback) if one is not None]
        if self.bonus_malus is not None:
            rest = earned
            if kept:
                rest = desk.line(
                    "bill that may be retained",
                    earned - sum_of([one.kept for one in kept]),
                    "What is not kept already.",
                )
            kept.append(self.bonus_malus.keep(desk, rest))
        return kept

    def _less_repayment(self, desk: Desk, payable: Line, spent: CostLines) -> tuple[Line, Line | None]:
        """What falls due on its bills, and what is advanced for mobilisation by whoever pays them."""
        by = None if self.mobilisation is None else self.mobilisation.funded_by
        if not isinstance(by, Advanced) or by.lender is not None or spent.mobilisation is None:
            return payable, None
        share_of_bill = desk.cells.number(
            by, "repaid_share", f"{desk.path}.mobilisation.funded_by", f"{self.name}: share of bills that repays"
        )
        owed = desk.section.corkscrew(f"{self.name}: advance to repay", unit="£")
        withheld = desk.line(
            "repayment of the advance",
            np.minimum(payable * share_of_bill, owed.opening),
            "Kept of the bill, until the advance is repaid.",
        )
        owed.close(additions=[spent.mobilisation], reductions=[withheld])
        return desk.line("payable after repayment", payable - withheld, "What is left of the bill."), spent.mobilisation

    def _paid_on_time(self, desk: Desk, payable: Line) -> Line:
        if self.payment_days is None:
            return payable
        days = desk.cells.number(self, "payment_days", desk.path, f"{self.name}: days to payment")
        return desk.late("bill due", payable, days)

    def _suppliers_paid(self, desk: Desk, cost: Line) -> Line:
        if self.supplier_days is None:
            return cost
        days = desk.cells.number(self, "supplier_days", desk.path, f"{self.name}: days to payment of suppliers")
        return desk.late("costs paid", cost, days)

    def _risks(self, desk: Desk, cost: Line, earned: Line, kept: Sequence[Kept]) -> tuple[AtRisk, ...]:
        if self.pay is None or not self.pay.all_at_risk:
            return tuple(one.risk for one in kept if one.risk is not None)
        stake = desk.line("cost at risk", total(cost), "Outcomes alone pay for it.")
        lost = desk.line(
            "cost that outcomes do not pay for", np.maximum(stake - total(earned), 0.0), "Lost of what is at risk."
        )
        return (AtRisk(stake, lost),)
