"""The steps of a waterfall: each asks for an amount, gets what is left up to that, and leaves the rest to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from sibmodel.funding.investors import enter
from sibmodel.funding.tranche import TrancheLines
from sibmodel.ledger import Bill, Ledger
from sibmodel.lines import Corkscrew, Line, Section, ratio, sum_of
from sibmodel.terms import Terms, part, text


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
    """What the steps share: the section they write in, the vehicle, its ledger, the bills and the tranches."""

    section: Section
    ledger: Ledger
    vehicle: str
    arrears: Sequence[Arrears]
    tranches: dict[str, TrancheLines]
    open: Line
    """1 in the periods in which money may be distributed."""
    outflows: list[Line] = field(default_factory=list)
    log: list[StepLines] = field(default_factory=list)

    def take(self, title: str, ask: Any, left: Line) -> StepLines:
        """Ask, get up to what is left, and say what is left then; writes the log."""
        self.section.heading = title
        asked = self.section.line(f"{title}: asked", ask, unit="£", note="What the step is owed.")
        paid = self.section.line(
            f"{title}: paid", np.minimum(asked, left), unit="£", note="Up to the cash that is left."
        )
        rest = self.section.line(f"{title}: left", left - paid, unit="£", note="For the steps below.")
        self.outflows.append(paid)
        self.log.append(StepLines(title, asked, paid, rest))
        return self.log[-1]

    def named(self, names: Sequence[str]) -> list[TrancheLines]:
        """The tranches of those names."""
        return [self.tranches[name] for name in names]

    def still_owed(self, title: str, tranche: TrancheLines, owed: Line, paid: Sequence[Line]) -> Line:
        """What a tranche is owed, less what earlier steps of the period have paid of it."""
        if not paid:
            return owed
        return self.section.line(
            f"{title}: still owed to {tranche.name}",
            np.maximum(owed - sum_of(paid), 0.0),
            unit="£",
            note="After the steps above.",
        )

    def free(self, title: str, left: Line) -> Line:
        """What is surplus of the cash left: beyond all that tranches are owed and that only falls due later."""
        waiting = [one for one in self.tranches.values() if one.waits]
        if not waiting:
            return left
        kept = [
            self.section.line(
                f"{title}: kept for {one.name}",
                sum_of(one.to_keep_for) - sum_of([*one.principal_paid, *one.interest_paid]),
                unit="£",
                note="All that it is owed, due or not, after the steps above.",
            )
            for one in waiting
        ]
        return self.section.line(
            f"{title}: free", np.maximum(left - sum_of(kept), 0.0), unit="£", note="Beyond what is kept."
        )

    def share_out(
        self, step: StepLines, label: str, tranches: Sequence[TrancheLines], weights: Sequence[Line]
    ) -> list[Line]:
        """What a step pays, to tranches in proportion to their weights; entered in the ledger."""
        lines = []
        alone = len(tranches) == 1
        for tranche, weight in zip(tranches, weights, strict=True):
            line = self.section.line(
                f"{step.title}: to {tranche.name}",
                step.paid if alone else step.paid * ratio(weight, sum_of(weights)),
                unit="£",
                note="All of the step." if alone else "In proportion.",
            )
            label_here = f"{label}, {tranche.name}"
            tranche.held += enter(
                self.section, self.ledger, self.vehicle, tranche.holders, label_here, line, into=False
            )
            lines.append(line)
        return lines


class PayCosts(Terms):
    """Pay the bills: service, management, assessment. All rank alike; what cannot be paid stays owed."""

    kind: Literal["costs"] = "costs"

    def build(self, number: int, desk: Desk, left: Line) -> Line:
        """The step's lines; returns the cash that it leaves."""
        step = desk.take(f"Step {number}, costs", sum_of([one.asked for one in desk.arrears]), left)
        for one in desk.arrears:
            line = desk.section.line(
                f"{one.bill.payee}: {one.bill.label.lower()} paid",
                one.asked * ratio(step.paid, step.asked),
                unit="£",
                note="Its part of what the step pays.",
            )
            one.owed.close(additions=[one.bill.line], reductions=[line])
            desk.ledger.transfer(desk.vehicle, one.bill.payee, one.bill.label, line)
        return step.left


class PayInterest(Terms):
    """Pay the interest of tranches, in proportion to what each is owed."""

    kind: Literal["interest"] = "interest"
    tranches: tuple[str, ...] = part("Tranches that share this step")

    def build(self, number: int, desk: Desk, left: Line) -> Line:
        """The step's lines; returns the cash that it leaves."""
        tranches = desk.named(self.tranches)
        title = f"Step {number}, interest"
        owed = [desk.still_owed(title, one, one.interest_asked, one.interest_paid) for one in tranches]
        step = desk.take(title, sum_of(owed) * desk.open, left)
        for tranche, line in zip(tranches, desk.share_out(step, "Interest", tranches, owed), strict=True):
            tranche.interest_paid.append(line)
        return step.left


class RepayPrincipal(Terms):
    """Repay the principal of tranches, in proportion to what each is owed."""

    kind: Literal["principal"] = "principal"
    tranches: tuple[str, ...] = part("Tranches that share this step")

    def build(self, number: int, desk: Desk, left: Line) -> Line:
        """The step's lines; returns the cash that it leaves."""
        tranches = desk.named(self.tranches)
        title = f"Step {number}, principal"
        owed = [desk.still_owed(title, one, one.principal_due, one.principal_paid) for one in tranches]
        step = desk.take(title, sum_of(owed) * desk.open, left)
        for tranche, line in zip(tranches, desk.share_out(step, "Repayment", tranches, owed), strict=True):
            tranche.principal_paid.append(line)
        return step.left


class ShareSurplus(Terms):
    """Pay all that is left to tranches, in proportion to what each has put in."""

    kind: Literal["surplus"] = "surplus"
    tranches: tuple[str, ...] = part("Tranches that share the surplus")

    def build(self, number: int, desk: Desk, left: Line) -> Line:
        """The step's lines; returns the cash that it leaves."""
        tranches = desk.named(self.tranches)
        put_in = [tranche.drawn_in_all for tranche in tranches]
        # Before the first draw nobody has put anything in, and there is nobody to share with.
        title = f"Step {number}, surplus"
        free = desk.free(title, left)
        step = desk.take(title, np.where(sum_of(put_in) > 0, free * desk.open, 0.0), left)
        for tranche, line in zip(tranches, desk.share_out(step, "Surplus", tranches, put_in), strict=True):
            tranche.surplus_paid.append(line)
        return step.left


class PaySurplusTo(Terms):
    """Pay all that is left to a named party."""

    kind: Literal["surplus to"] = "surplus to"
    party: str = text("Who gets what is left")

    def build(self, number: int, desk: Desk, left: Line) -> Line:
        """The step's lines; returns the cash that it leaves."""
        title = f"Step {number}, surplus to {self.party}"
        step = desk.take(title, desk.free(title, left) * desk.open, left)
        desk.ledger.transfer(desk.vehicle, self.party, "Surplus", step.paid)
        return step.left


STEPS = (PayCosts, PayInterest, RepayPrincipal, ShareSurplus, PaySurplusTo)
"""Every kind of step."""

Step = Annotated[PayCosts | PayInterest | RepayPrincipal | ShareSurplus | PaySurplusTo, Field(discriminator="kind")]
"""A step in a deal file, told apart by `kind`."""
