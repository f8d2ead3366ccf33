"""The vehicle's accounts: the main one, silos that hold the receipts of some payments, and reserves.

A reserve is filled by a step, gives to bills before new capital is drawn, and is released when it is no longer needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from pydantic import model_validator

from sibmodel.binding import Cells
from sibmodel.lines import Corkscrew, Line, Section, delayed, running_total, sum_of, total, window_total
from sibmodel.month import Month
from sibmodel.terms import Terms, fault_at, money, month, months, part, text


class Silo(Terms):
    """An account for the receipts of some payments, from which only the steps pay that name it."""

    name: str = text("Name of the silo")
    payments: tuple[str, ...] = part("Payments whose receipts go there")


class ReserveAccount(Terms):
    """Cash kept for bills of later months."""

    name: str = text("Name of the reserve")
    target: float | None = money("Amount that it should hold", default=None)
    months_of_bills: int | None = months("Months of coming bills that it should hold", default=None, minimum=1)
    opens: Month | None = month("First month in which it is filled; the first unless told", default=None, key="from")
    release: Month | None = month(
        "Month in which what it holds goes to the main account; once no bills are to come unless told", default=None
    )

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.target is None) == (self.months_of_bills is None):
            raise fault_at(
                ("target",), "needs one of: target, months_of_bills.", "Write an amount, or `months_of_bills: 6`."
            )
        return self


@dataclass(eq=False)
class Account:
    """An account while the month's steps pay from it: `left` is what the steps so far have left."""

    name: str
    cash: Corkscrew
    received: Line
    left: Line
    outflows: list[Line] = field(default_factory=list)
    swept: list[Line] = field(default_factory=list)
    """Of the outflows, what goes to the main account."""

    def pay(self, paid: Line, left: Line) -> None:
        """Note what a step pays, and what is left then."""
        self.outflows.append(paid)
        self.left = left


@dataclass(eq=False)
class Reserve:
    """A reserve account over time."""

    name: str
    balance: Corkscrew
    target: Line
    released: Line
    """What goes to the main account because it is no longer needed."""
    used: Line
    """What goes to the main account because bills need it."""
    kept: Line
    additions: list[Line] = field(default_factory=list)

    def close(self) -> None:
        """Close the balance, once the waterfall has paid."""
        self.balance.close(additions=self.additions, reductions=[self.released, self.used])


def open_silo(section: Section, terms: Silo, receipts: Sequence[Line]) -> Account:
    """A silo's opening cash and what it receives."""
    name = terms.name
    section.heading = f"Silo: {name}"
    cash = section.corkscrew(f"{name}: cash", unit="£")
    received = section.line(f"{name}: received", sum_of(receipts) * 1, unit="£", note="By the payments of this silo.")
    left = section.line(
        f"{name}: cash to distribute", cash.opening + received, unit="£", note="What its steps start from."
    )
    return Account(name, cash, received, left)


def bills_to_come(section: Section, bills: Sequence[Line]) -> Line:
    """The bills of all later periods."""
    section.heading = "Bills to come"
    every = section.line("Bills of the month", sum_of(bills) * 1, unit="£", note="Without what is still owed.")
    return section.line(
        "Bills to come",
        np.maximum(total(every) - running_total(every), 0.0),
        unit="£",
        note="Of all later months.",
    )


def open_reserve(
    section: Section, cells: Cells, path: str, terms: ReserveAccount, to_come: Line, last: Line
) -> Reserve:
    """A reserve's opening balance, its target and what it releases; `used` is defined when the bills' need is known."""
    name, period = terms.name, section.book.period
    cells.heading(f"Reserve: {name}")
    section.heading = f"Reserve: {name}"
    balance = section.corkscrew(f"{name}: balance", unit="£")
    if terms.target is not None:
        wanted: Any = cells.number(terms, "target", path, f"{name}: target")
    else:
        ahead = cells.number(terms, "months_of_bills", path, f"{name}: months of bills")
        month_bills = next(line for line in section.lines if line.name == "Bills of the month")
        inside = section.line(
            f"{name}: bills of the months ahead, by month",
            window_total(month_bills, ahead),
            unit="£",
            note="Of as many months, this one included.",
        )
        wanted = section.line(
            f"{name}: bills of the months ahead",
            np.where(period + ahead <= last, delayed(inside, -ahead), to_come),
            unit="£",
            note="From the next month on; near the end, all that are to come.",
        )
    held: Any = to_come > 0
    if terms.release is not None:
        held = period < cells.month(
            terms.release, f"{path}.release", f"{name}: period of release", "It is then emptied."
        )
    target = section.line(
        f"{name}: target now", np.where(held, wanted, 0.0), unit="£", note="What it should hold at the month's end."
    )
    fills: Line = target
    if terms.opens is not None:
        first = cells.month(terms.opens, f"{path}.from", f"{name}: first period", "Before it, nothing is put by.")
        fills = section.line(
            f"{name}: target of the top-up", target * (period >= first), unit="£", note="From then on."
        )
    released = section.line(
        f"{name}: released",
        np.maximum(balance.opening - target, 0.0),
        unit="£",
        note="What it holds beyond its target.",
    )
    used = section.forward(f"{name}: used for bills", unit="£", note="Before new capital is drawn.")
    kept = section.line(
        f"{name}: kept", balance.opening - released - used, unit="£", note="Before this month's top-up."
    )
    return Reserve(name, balance, fills, released, used, kept)
