"""A tranche of capital: a commitment drawn as cash is needed, with a coupon that is rolled up until it is paid."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sibmodel.binding import Cells
from sibmodel.lines import Corkscrew, Line, Section
from sibmodel.terms import Terms, money, text, yearly_rate


class Tranche(Terms):
    """Capital of one rank from one investor."""

    name: str = text("Name of the tranche")
    investor: str | None = text("Name of the investor; the tranche's own name unless told", default=None)
    commitment: float = money("Most that may be drawn")
    coupon: float = yearly_rate("Interest a year on what is drawn and unpaid, effective", default=0.0, minimum=0.0)

    @property
    def holder(self) -> str:
        """The party that pays in and is paid."""
        return self.investor or self.name


@dataclass(eq=False)
class TrancheLines:
    """A tranche's lines over time. The lists fill as the waterfall pays; `close` then closes the balances."""

    terms: Tranche
    section: Section
    available: Line
    """What may still be drawn."""
    drawn: Line
    """Announced here, defined by the drawdown."""
    drawn_before: Corkscrew
    principal: Corkscrew
    interest: Corkscrew
    accrued: Line
    principal_owed: Line
    """Before the period's repayment."""
    interest_owed: Line
    """Rolled up, with the period's own."""
    drawn_in_all: Line
    principal_paid: list[Line] = field(default_factory=list)
    interest_paid: list[Line] = field(default_factory=list)
    surplus_paid: list[Line] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.terms.name

    def close(self) -> None:
        """Close the balances, once the waterfall has paid."""
        self.section.heading = self.name
        self.drawn_before.close(additions=[self.drawn])
        self.principal.close(additions=[self.drawn], reductions=self.principal_paid)
        self.interest.close(additions=[self.accrued], reductions=self.interest_paid)


def open_tranche(section: Section, cells: Cells, path: str, terms: Tranche) -> TrancheLines:
    """The tranche's opening balances, its interest of the period, and what it is owed."""
    name = terms.name
    cells.heading(f"Tranche: {name}")
    section.heading = name
    commitment = cells.number(terms, "commitment", path, f"{name}: commitment")
    coupon = cells.number(terms, "coupon", path, f"{name}: coupon")
    monthly_rate = section.line(
        f"{name}: interest a month", np.exp(np.log(1 + coupon) / 12) - 1, unit="share a month", note="A twelfth root."
    )
    drawn_before = section.corkscrew(f"{name}: drawn so far", unit="£")
    principal = section.corkscrew(f"{name}: principal", unit="£")
    interest = section.corkscrew(f"{name}: interest rolled up", unit="£")
    available = section.line(
        f"{name}: undrawn",
        commitment - drawn_before.opening,
        unit="£",
        note="What may still be drawn, before this period.",
    )
    drawn = section.forward(f"{name}: drawn", unit="£", note="As cash is needed.")
    accrued = section.line(
        f"{name}: interest of the period",
        (principal.opening + interest.opening) * monthly_rate,
        unit="£",
        note="On the opening balance, rolled up interest included.",
    )
    owed = section.line(
        f"{name}: principal owed", principal.opening + drawn, unit="£", note="Before this period's repayment."
    )
    interest_owed = section.line(
        f"{name}: interest owed", interest.opening + accrued, unit="£", note="Rolled up, with this period's."
    )
    in_all = section.line(f"{name}: drawn in all", drawn_before.opening + drawn, unit="£", note="Up to this period.")
    return TrancheLines(
        terms, section, available, drawn, drawn_before, principal, interest, accrued, owed, interest_owed, in_all
    )
