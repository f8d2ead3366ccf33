"""The steps of a waterfall: each asks for an amount, gets what is left up to that, and leaves the rest to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from sibmodel.funding.tranche import TrancheLines
from sibmodel.ledger import Bill, Ledger
from sibmodel.lines import Corkscrew, Line, Section, ratio, sum_of
from sibmodel.terms import Terms, part, text


class PayCosts(Terms):
    """Pay the bills: service, management, assessment. What cannot be paid stays owed."""

    kind: Literal["costs"] = "costs"


class PayInterest(Terms):
    """Pay the interest of tranches, in proportion to what each is owed."""

    kind: Literal["interest"] = "interest"
    tranches: tuple[str, ...] = part("Tranches that share this step")


class RepayPrincipal(Terms):
    """Repay the principal of tranches, in proportion to what each is owed."""

    kind: Literal["principal"] = "principal"
    tranches: tuple[str, ...] = part("Tranches that share this step")


class ShareSurplus(Terms):
    """Pay all that is left to tranches, in proportion to what each has put in."""

    kind: Literal["surplus"] = "surplus"
    tranches: tuple[str, ...] = part("Tranches that share the surplus")


class PaySurplusTo(Terms):
    """Pay all that is left to a named party."""

    kind: Literal["surplus to"] = "surplus to"
    party: str = text("Who gets what is left")


Step = Annotated[
    PayCosts | PayInterest | RepayPrincipal | ShareSurplus | PaySurplusTo,
    Field(discriminator="kind"),
]
STEPS = (PayCosts, PayInterest, RepayPrincipal, ShareSurplus, PaySurplusTo)


@dataclass(frozen=True, eq=False)
class Arrears:
    """A bill and what of it is still owed. `asked` is what is owed with this period's bill."""

    bill: Bill
    owed: Corkscrew
    asked: Line


@dataclass(frozen=True, eq=False)
class StepLines:
    """The log of one step: what it asked, got and left, over time."""

    title: str
    asked: Line
    paid: Line
    left: Line


@dataclass(eq=False)
class Desk:
    """What the steps share: the section they write in, the vehicle's parties, the bills and the tranches."""

    section: Section
    ledger: Ledger
    vehicle: str
    arrears: Sequence[Arrears]
    tranches: dict[str, TrancheLines]
    open: Line
    """1 in the periods in which money may be distributed."""
    outflows: list[Line] = field(default_factory=list)
    log: list[StepLines] = field(default_factory=list)

    def take(self, title: str, ask: Any, left: Line) -> tuple[Line, Line, Line]:
        """Ask, get up to what is left, and say what is left then; writes the log."""
        self.section.heading = title
        asked = self.section.line(f"{title}: asked", ask, unit="£", note="What the step is owed.")
        paid = self.section.line(f"{title}: paid", np.minimum(asked, left), unit="£", note="Up to the cash that is left.")
        rest = self.section.line(f"{title}: left", left - paid, unit="£", note="For the steps below.")
        self.outflows.append(paid)
        self.log.append(StepLines(title, asked, paid, rest))
        return asked, paid, rest

    def named(self, names: Sequence[str]) -> list[TrancheLines]:
        return [self.tranches[name] for name in names]


def build_step(step: Any, number: int, desk: Desk, left: Line) -> Line:
    """The lines of one step; returns the cash that it leaves."""
    if isinstance(step, PayCosts):
        return _costs(number, desk, left)
    if isinstance(step, PaySurplusTo):
        title = f"Step {number}, surplus to {step.party}"
        _, paid, rest = desk.take(title, left * desk.open, left)
        desk.ledger.transfer(desk.vehicle, step.party, "Surplus", paid)
        return rest
    if isinstance(step, ShareSurplus):
        return _to_tranches(f"Step {number}, surplus", "Surplus", "drawn_in_all", "surplus_paid", step.tranches, desk, left, left)
    if isinstance(step, PayInterest):
        return _to_tranches(
            f"Step {number}, interest", "Interest", "interest_owed", "interest_paid", step.tranches, desk, left, None
        )
    return _to_tranches(
        f"Step {number}, principal", "Repayment", "principal_owed", "principal_paid", step.tranches, desk, left, None
    )


def _costs(number: int, desk: Desk, left: Line) -> Line:
    title = f"Step {number}, costs"
    asked, paid, rest = desk.take(title, sum_of([one.asked for one in desk.arrears]), left)
    for one in desk.arrears:
        label = f"{one.bill.payee}: {one.bill.label.lower()} paid"
        line = desk.section.line(
            label, one.asked * ratio(paid, asked), unit="£", note="Its part of what the step pays: all bills rank alike."
        )
        one.owed.close(additions=[one.bill.line], reductions=[line])
        desk.ledger.transfer(desk.vehicle, one.bill.payee, one.bill.label, line)
    return rest


def _to_tranches(
    title: str, label: str, owed: str, paid_into: str, names: Sequence[str], desk: Desk, left: Line, ask: Line | None
) -> Line:
    tranches = desk.named(names)
    weights: list[Line] = [getattr(tranche, owed) for tranche in tranches]
    title = f"{title} of {' and '.join(names)}" if label != "Surplus" else f"{title} to {' and '.join(names)}"
    total_weight = sum_of(weights)
    if ask is None:
        asked, paid, rest = desk.take(title, total_weight * desk.open, left)
    else:
        # Nobody has put anything in before the first draw: then there is nobody to share with.
        asked, paid, rest = desk.take(title, np.where(total_weight > 0, ask * desk.open, 0.0), left)
    for tranche, weight in zip(tranches, weights, strict=True):
        line = desk.section.line(
            f"{title}: to {tranche.name}" if len(tranches) > 1 else f"{title}: paid to {tranche.name}",
            paid * ratio(weight, total_weight) if len(tranches) > 1 else paid,
            unit="£",
            note="In proportion." if len(tranches) > 1 else "All of the step.",
        )
        getattr(tranche, paid_into).append(line)
        desk.ledger.transfer(desk.vehicle, tranche.terms.holder, f"{label}, {tranche.name}", line)
    return rest
