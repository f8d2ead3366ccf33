"""What all steps of a waterfall share: the account that each pays from, its log, and how tranches share a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from sibmodel.binding import Cells
from sibmodel.funding.accounts import Account, Reserve
from sibmodel.funding.investors import enter
from sibmodel.funding.tranche import TrancheLines
from sibmodel.funding.triggers import After, Seen, When
from sibmodel.ledger import Bill, Ledger
from sibmodel.lines import Corkscrew, Line, Section, ratio, sum_of
from sibmodel.month import Month
from sibmodel.terms import Terms, month, part, text


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
    account: str = ""
    kind: str = ""


@dataclass(eq=False)
class Desk:
    """What the steps share: the section they write in, the vehicle, its ledger, its accounts, bills and tranches."""

    section: Section
    cells: Cells
    ledger: Ledger
    vehicle: str
    arrears: Sequence[Arrears]
    tranches: dict[str, TrancheLines]
    reserves: dict[str, Reserve]
    seen: Seen
    open: Line
    """1 in the periods in which money may be distributed."""
    account: Account
    """The account from which the steps pay just now."""
    owed_here: frozenset[str] = frozenset()
    """The tranches whose debts are paid from the main account, while its steps are taken."""
    number: int = 0
    """The place in the file, from 1, of the step that pays just now."""
    to_come: Line | None = None
    """Bills of later periods; None where no step asks for it."""
    crumb: Line | None = None
    log: list[StepLines] = field(default_factory=list)
    closers: list[Callable[[], None]] = field(default_factory=list)
    """What closes balances that need to know all that the period's waterfall pays."""

    def take(self, terms: StepTerms, title: str, ask: Any, *, distribution: bool = True) -> StepLines:
        """Ask, get up to what the account has left, and say what is left then; writes the log.

        A distribution asks nothing before distributions open; no step asks anything while its trigger is off.
        """
        self.section.heading = title
        account = self.account
        ask = ask * self.open if distribution else ask
        on = terms.trigger(self, title)
        asked = self.section.line(
            f"{title}: asked", ask if on is None else ask * on, unit="£", note="What the step is owed."
        )
        paid = self.section.line(
            f"{title}: paid", np.minimum(asked, account.left), unit="£", note="Up to the cash that is left."
        )
        rest = self.section.line(f"{title}: left", account.left - paid, unit="£", note="For the steps below.")
        account.pay(paid, rest)
        self.log.append(StepLines(title, asked, paid, rest, account.name, getattr(terms, "kind", "")))
        return self.log[-1]

    def named(self, names: Sequence[str]) -> list[TrancheLines]:
        """The tranches of those names."""
        return [self.tranches[name] for name in names]

    def smallest_sum(self) -> Line:
        """The sum below which an amount is nothing but rounding."""
        if self.crumb is None:
            self.crumb = self.cells.section.input(
                "Debt that is rounding",
                0.005,
                unit="£",
                source="half a penny",
                note="A tranche that is owed no more than this is repaid.",
            )
        return self.crumb

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

    def free(self, title: str) -> Line:
        """What is surplus of the cash left: beyond all that tranches are owed from the account and that only falls due
        later. A silo pays what was owed at the month's start, and keeps nothing for later."""
        left = self.account.left
        waiting = [one for one in self.tranches.values() if one.waits and one.name in self.owed_here]
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
            tranche.held += enter(
                self.section, self.ledger, self.vehicle, tranche.holders, f"{label}, {tranche.name}", line, into=False
            )
            lines.append(line)
        return lines


class StepTerms(Terms):
    """The terms that every step has: its account, and when it is on."""

    silo: str | None = text("The silo that it pays from; the main account unless named", default=None)
    opens: Month | None = month("First month in which it is paid", default=None, key="from")
    until: Month | None = month("Last month in which it is paid", default=None)
    after: After | None = part("What must be repaid before it is paid", default=None)
    when: When | None = part("The measured effect that it waits for", default=None)

    leaves_nothing: ClassVar[bool] = False
    """Whether it takes all that is left, as long as it is on."""
    in_silos: ClassVar[bool] = True
    """Whether it may pay from a silo."""

    @property
    def may_be_off(self) -> bool:
        """Whether it has a trigger."""
        return not (self.opens is None and self.until is None and self.after is None and self.when is None)

    def trigger(self, desk: Desk, title: str) -> Line | None:
        """1 in the periods in which the step is on; None where it always is."""
        conditions = self._conditions(desk, title)
        if not conditions:
            return None
        on: Any = conditions[0]
        for condition in conditions[1:]:
            on = np.logical_and(on, condition)
        return desk.section.line(f"{title}: on", on * 1, unit="1 or 0", note="1 in the months in which it is paid.")

    def _conditions(self, desk: Desk, title: str) -> list[Any]:
        period, path = desk.section.book.period, f"funding.waterfall[{desk.number - 1}]"
        found: list[Any] = []
        if self.opens is not None:
            first = desk.cells.month(
                self.opens, f"{path}.from", f"{title}: first period", "Before it, nothing is paid."
            )
            found.append(period >= first)
        if self.until is not None:
            last = desk.cells.month(self.until, f"{path}.until", f"{title}: last period", "After it, nothing is paid.")
            found.append(period <= last)
        if self.after is not None:
            found.append(self._after(desk, title, desk.tranches[self.after.repaid]))
        if self.when is not None:
            found.append(self.when.reached(desk.section, desk.cells, f"{path}.when", title, desk.seen))
        return found

    def _after(self, desk: Desk, title: str, tranche: TrancheLines) -> Line:
        assert desk.to_come is not None
        paid = [*tranche.principal_paid, *tranche.interest_paid]
        # A silo pays before this month's draw is known.
        principal = tranche.principal_owed if self.silo is None else tranche.principal.opening
        drawn = tranche.drawn_in_all if self.silo is None else tranche.drawn_before.opening
        owed: Any = principal if tranche.interest_owed is None else principal + tranche.interest_owed
        debt = desk.section.line(
            f"{title}: debt to {tranche.name}",
            owed - sum_of(paid) if paid else owed,
            unit="£",
            note="Principal and interest, after the steps above.",
        )
        begun = np.logical_or(drawn > 0, desk.to_come <= desk.smallest_sum())
        return desk.section.line(
            f"{title}: {tranche.name} is repaid",
            np.logical_and(debt <= desk.smallest_sum(), begun),
            unit="1 or 0",
            note="1 where it has been drawn, or no bills are to come, and it is owed nothing.",
        )
