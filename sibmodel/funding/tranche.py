"""A tranche of capital: what may be drawn, what it costs, when it is repaid, and who holds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

from pydantic import model_validator

from sibmodel.funding.coupon import Interest
from sibmodel.funding.drawing import Condition, ScheduledDraw
from sibmodel.funding.fees import Fees
from sibmodel.funding.investors import Held, Holder, Holding
from sibmodel.funding.performance import Performance
from sibmodel.funding.repayment import AnyRepayment, Repayment, Sweep
from sibmodel.ledger import Bill, Ledger
from sibmodel.lines import Corkscrew, Input, Line, Section
from sibmodel.month import Month
from sibmodel.reading import fault_at
from sibmodel.terms import Terms, choice, money, month, part, share, text, yearly_rate

Kind = Literal["loan", "equity", "grant", "recyclable grant", "deferred fees"]
NO_USE = {
    "equity": ("coupon", "interest", "performance", "repayment"),
    "grant": ("coupon", "interest", "performance", "repayment", "fees", "issue_price"),
    "recyclable grant": ("coupon", "interest", "performance", "issue_price"),
    "deferred fees": ("investors", "draws", "issue_price", "fees"),
}
"""Terms that mean nothing for a kind."""
WHY = {
    "equity": "Equity has no interest and nothing falls due: it is paid by the steps that name it.",
    "grant": "A grant is given: nothing is paid for it.",
    "recyclable grant": "A recyclable grant is given back without interest.",
    "deferred fees": "Fees that are deferred are a provider's own bills, lent by it as they fall due.",
}


class Tranche(Terms):
    """Capital of one rank."""

    name: str = text("Name of the tranche")
    kind: Kind = choice(
        "A loan; equity, which is owed nothing and gets what its steps pay; a grant, never repaid; a recyclable grant, "
        "repaid without interest, to be granted again; or fees that a provider defers",
        default="loan",
    )
    investor: str | None = text("Name of the investor; the tranche's own name unless told", default=None)
    investors: tuple[Holding, ...] = part("Several investors, in place of one, and their shares", default=())
    commitment: float = money("Most that may be drawn")
    issue_price: float | None = share(
        "Cash that comes in for each pound of principal; all of it unless told", default=None, minimum=0.01, maximum=2.0
    )
    available_from: Month | None = month("First month in which it may be drawn", default=None)
    available_until: Month | None = month(
        "Last month in which it may be drawn; the undrawn rest is then cancelled", default=None
    )
    condition: Condition | None = part("What must be reached before any of it may be drawn", default=None)
    draws: tuple[ScheduledDraw, ...] = part("Draws by schedule; as cash is needed unless given", default=())
    coupon: float = yearly_rate(
        "Interest a year on what is drawn and unpaid: effective, or by the terms of `interest` where these are given",
        default=0.0,
        minimum=0.0,
    )
    interest: Interest | None = part(
        "How interest is reckoned; effective, compounding every month, paid as cash allows, unless given", default=None
    )
    performance: Performance | None = part("A coupon by a measured effect", default=None)
    fees: Fees | None = part("Fees beside interest", default=None)
    repayment: AnyRepayment | None = part(
        "When principal falls due; all the time, and so as cash allows, unless given", default=None
    )

    @property
    def holder(self) -> str:
        """The party that pays in and is paid, where it is one; of several the first."""
        return self.investors[0].name if self.investors else self.investor or self.name

    @property
    def parties(self) -> tuple[str, ...]:
        """All who hold it."""
        return tuple(one.name for one in self.investors) or (self.holder,)

    @property
    def repaid(self) -> Repayment:
        """How principal is repaid."""
        return self.repayment or Sweep()

    @property
    def bears_interest(self) -> bool:
        """Whether any interest is agreed."""
        steps = self.interest.steps if self.interest is not None else ()
        return self.coupon > 0 or self.performance is not None or any(one.rate > 0 for one in steps)

    @property
    def is_debt(self) -> bool:
        """Whether principal is owed."""
        return self.kind not in ("equity", "grant")

    @model_validator(mode="after")
    def _kind_fits(self) -> Self:
        for name in NO_USE.get(self.kind, ()):
            if getattr(self, name) != type(self).model_fields[name].default:
                raise fault_at(
                    (name,), f"has no use in a tranche of kind {self.kind}.", f"{WHY[self.kind]} Leave it out."
                )
        if self.investors and self.investor is not None:
            raise fault_at(("investor",), "stands beside `investors`.", "Write one of them.")
        if self.interest is not None and self.interest.every == "whole term" and isinstance(self.repaid, Sweep):
            raise fault_at(
                ("interest", "every"),
                "A sweep has no last month of repayment.",
                "Give `repayment` of another kind, such as `{kind: bullet, month: 2031-01}`.",
            )
        return self


@dataclass(eq=False)
class TrancheLines:
    """A tranche's lines over time. The lists fill as the waterfall pays; `close` then closes the balances."""

    terms: Tranche
    section: Section
    holders: tuple[Holder, ...]
    price: Input | None
    available: Line
    """Principal that may still be drawn."""
    scheduled: Line | None
    drawn: Line
    """Principal. Announced here, defined by the drawdown."""
    proceeds: Line
    """The cash that draws bring: `drawn`, or that at the issue price."""
    drawn_before: Corkscrew
    principal: Corkscrew
    interest: Corkscrew | None
    """What is owed of interest; None for capital that bears none."""
    accrued: Line | None
    principal_owed: Line
    """Before the period's repayment."""
    interest_owed: Line | None
    """Rolled up, with the period's own."""
    principal_due: Line
    """What of it may be asked for in the period."""
    interest_due: Line | None
    interest_foreseen: Line | None
    """What will be owed at the end of an interest period in arrears, as far as is known."""
    drawn_in_all: Line
    fees: tuple[Bill, ...]
    principal_paid: list[Line] = field(default_factory=list)
    interest_paid: list[Line] = field(default_factory=list)
    surplus_paid: list[Line] = field(default_factory=list)
    fees_paid: list[Line] = field(default_factory=list)
    """Those that its holders get."""
    held: list[Held] = field(default_factory=list)
    """All flows, by holder."""
    closing: list[Callable[[], None]] = field(default_factory=list)
    """What else waits for the waterfall's payments."""

    @property
    def name(self) -> str:
        return self.terms.name

    @property
    def paid(self) -> list[Line]:
        """All that holders get."""
        return [*self.interest_paid, *self.principal_paid, *self.surplus_paid, *self.fees_paid]

    @property
    def interest_asked(self) -> Line:
        """The interest due, of a tranche that a step of interest may name."""
        assert self.interest_due is not None
        return self.interest_due

    @property
    def to_keep_for(self) -> list[Line]:
        """All that it is owed, due or not, and foreseen."""
        owed = (self.principal_owed, self.interest_owed, self.interest_foreseen)
        return [line for line in owed if line is not None]

    @property
    def waits(self) -> bool:
        """Whether any of what is owed may fall due later, so that cash must be kept for it."""
        if not self.terms.is_debt:
            return False
        return self.principal_due is not self.principal_owed or self.interest_due is not self.interest_owed

    def collect_fees(self, ledger: Ledger) -> None:
        """Note which fees its holders have been paid, by the ledger."""
        for fee in self.fees:
            if fee.payee in self.terms.parties:
                for line in ledger.received(fee.payee, fee.label):
                    self.fees_paid.append(line)
                    self.held.append(Held(fee.payee, False, line))

    def close(self) -> None:
        """Close the balances, once the waterfall has paid."""
        self.section.heading = self.name
        self.drawn_before.close(additions=[self.drawn])
        self.principal.close(additions=[self.drawn], reductions=self.principal_paid)
        if self.interest is not None:
            self.interest.close(additions=[self.accrued], reductions=self.interest_paid)
        for one in self.closing:
            one()
