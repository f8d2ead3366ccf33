"""What stands behind a provider: its own cash, what it can borrow, and, when both are used up, the commissioner.

A provider whose own cash is told fails in the first month in which it can no longer pay. The commissioner then steps
in: it pays what is missing, and a share of that for the trouble; later receipts pay it back first. A provider whose
own cash is not told has no known limit. Where it is paid by results it borrows what it lacks, and what it still owes
when the last outcome is decided it repays then, out of its other means; otherwise its cash may fall below nil, as in
the deal itself. METHOD 4.3 to 4.5 (docs/method.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.agreement import WORLD_OUTSIDE
from sibmodel.analysis.transfer.ledgers import COMMISSIONER, Drafting
from sibmodel.lines import Corkscrew, Line, sum_of, total
from sibmodel.model import Model
from sibmodel.providers import Provider

LENDERS = "Lenders to providers"
STEP_IN, STEP_IN_REPAID, STEP_IN_COST = "Step-in", "Step-in paid back", "Cost of stepping in"
LOAN, LOAN_REPAID = "Loan", "Loan repaid with interest"


@dataclass(frozen=True, eq=False)
class Backing:
    """How a provider with cash of its own fares. Both lines are figures."""

    provider: str
    failed: Line
    """1 where somebody must step in."""
    cost: Line
    """What that costs the commissioner in all, less what is paid back."""


def stand_behind(draft: Drafting, *, borrows: bool) -> tuple[Backing, ...]:
    """Enter in the form's ledger what stands behind each provider. `borrows` says whether this form has lenders."""
    found = []
    for place, terms in enumerate(draft.model.deal.providers):
        limited = terms.opening_cash is not None or terms.members is not None
        lends = borrows and (not limited or bool(draft.terms.credit))
        if limited or lends:
            stand = _Stand(draft, terms, place)
            backing = stand.write(limited=limited, lends=lends)
            found += [] if backing is None else [backing]
    return tuple(found)


def decisions(model: Model) -> list[Line]:
    """The periods in which outcomes are decided. All are figures."""
    compared = [one.decision for cohorts in model.outcomes.true.values() for one in cohorts]
    return compared + [one.decision for each in model.outcomes.achieved.values() for one in each.cohorts]


@dataclass(eq=False)
class _Stand:
    """A provider's cash while it is written."""

    draft: Drafting
    terms: Provider
    place: int

    @property
    def name(self) -> str:
        return self.terms.name

    def line(self, what: str, value: Any, note: str, unit: str = "£") -> Line:
        return self.draft.section.line(f"{self.name}: {what}", value, unit=unit, note=note)

    def write(self, *, limited: bool, lends: bool) -> Backing | None:
        section, ledger = self.draft.section, self.draft.ledger
        section.heading = f"{self.name}: what stands behind it"
        into = [self.line("receipts", sum_of(ledger.received(self.name)) * 1, "All that reaches it.")]
        out = [self.line("payments", sum_of(ledger.paid(self.name)) * 1, "All that it pays.")]
        into += [self._own_cash()] if limited else []
        cash = section.corkscrew(f"{self.name}: cash", unit="£")
        before = self.line("cash before help", sum_of([cash.opening, *into]) - out[0], "From its own means.")
        lacks = self.line("lacks", np.maximum(-before, 0.0), "What it cannot pay itself.")
        spare = self.line("spare cash", np.maximum(before, 0.0), "What it can pay back from.")
        stepped_in, debt, loan, back = None, None, None, None
        if lends:
            debt = _Debt(self, section.corkscrew(f"{self.name}: debt", unit="£"))
            loan = debt.lend(lacks, limited=limited)
            into.append(loan)
        if limited:
            owed = section.corkscrew(f"{self.name}: owed for stepping in", unit="£")
            stepped_in = self.line("step-in", lacks if loan is None else lacks - loan, "What nobody else pays.")
            back = self.line("step-in paid back", np.minimum(owed.opening, spare), "Before anything else.")
            owed.close([stepped_in], [back])
            into.append(stepped_in)
            out.append(back)
        if debt is not None and loan is not None:
            out.append(debt.repay(loan, spare if back is None else spare - back, limited=limited))
        cash.close(into, out)
        return None if stepped_in is None or back is None else self._stepped_in(stepped_in, back)

    def _own_cash(self) -> Line:
        """Its own cash, and its members' capital, in the first month."""
        paths = (f"providers[{self.place}].opening_cash", f"providers[{self.place}].members.capital")
        own = [cell for cell in self.draft.model.book.inputs if cell.path in paths]
        period = self.draft.section.book.period
        return self.line("own cash", np.where(period == 1, sum_of(own), 0.0), "And members' capital, at the start.")

    def _stepped_in(self, stepped_in: Line, back: Line) -> Backing:
        draft = self.draft
        rate = draft.cells.once(draft.terms, "step_in_cost", "comparison", "Cost of stepping in")
        trouble = self.line("cost of stepping in", stepped_in * rate, "Beside the cash that is missing.")
        draft.pay(COMMISSIONER, self.name, STEP_IN, stepped_in)
        draft.pay(self.name, COMMISSIONER, STEP_IN_REPAID, back)
        draft.pay(COMMISSIONER, WORLD_OUTSIDE, STEP_IN_COST, trouble)
        in_all = self.line("step-in in all", total(stepped_in), "Over the whole deal.")
        failed = self.line("fails", in_all > _crumb(draft.model), "1 where somebody must step in.", "1 or 0")
        net = self.line("cost of its failure", stepped_in - back + trouble, "To the commissioner.")
        cost = self.line("cost of its failure in all", total(net), "To the commissioner, over the whole deal.")
        return Backing(self.name, failed, cost)


@dataclass(eq=False)
class _Debt:
    """What a provider that is paid by results borrows."""

    stand: _Stand
    balance: Corkscrew
    owed: Line | None = None

    def lend(self, lacks: Line, *, limited: bool) -> Line:
        """What is lent in the month: what is lacking, up to the credit that is left."""
        draft, stand = self.stand.draft, self.stand
        rate = draft.cells.once(draft.terms, "borrowing_rate", "comparison", "Rate at which providers borrow")
        growth = stand.line("growth of debt", np.exp(np.log(1 + rate) / 12), "In a month.", "ratio")
        self.owed = stand.line("owed to lenders", self.balance.opening * growth, "With the month's interest.")
        lent: Any = lacks
        if draft.terms.credit is not None:
            credit = draft.cells.once(draft.terms, "credit", "comparison", "Most that a provider can borrow")
            lent = np.minimum(lent, np.maximum(credit - self.owed, 0.0))
        if not limited:
            lent = np.where(draft.section.book.period < self._settled(), lent, 0.0)
        return stand.line("borrowed", lent, "What it lacks, as far as it can borrow.")

    def repay(self, loan: Line, spare: Any, *, limited: bool) -> Line:
        """What is repaid in the month: all that it can, and where it has other means all that it owes in the end."""
        stand, owed = self.stand, self.owed
        assert owed is not None
        paid: Any = np.minimum(owed, spare)
        if not limited:
            paid = np.where(stand.draft.section.book.period < self._settled(), paid, owed)
        repaid = stand.line("repaid", paid, "As soon as it can.")
        interest = stand.line("interest", owed - self.balance.opening, "Of the month.")
        self.balance.close([loan, interest], [repaid])
        stand.draft.pay(LENDERS, stand.name, LOAN, loan)
        stand.draft.pay(stand.name, LENDERS, LOAN_REPAID, repaid)
        return repaid

    def _settled(self) -> Line:
        """The period in which the last outcome is decided, at the latest the last one."""
        name = "Last outcome decided"
        made = [line for line in self.stand.draft.section.lines if line.name == name]
        if made:
            return made[0]
        latest: Any = 0
        for one in decisions(self.stand.draft.model):
            latest = np.maximum(latest, one)
        last = self.stand.draft.model.timeline.last_period
        return self.stand.draft.section.line(
            name, np.minimum(latest, last), unit="period", note="What is still owed to lenders falls due then."
        )


def _crumb(model: Model) -> Line:
    """The smallest sum that counts, which the returns have as an input."""
    return next(cell for cell in model.book.inputs if cell.name == "Smallest sum that counts")
