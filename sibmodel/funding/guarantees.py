"""Guarantees: what a guarantor pays to investors in the month of the call, of principal that has not been repaid.

A top-up brings what is recovered up to a share of what was drawn, and is nothing where as much has been recovered. A
first-loss guarantee bears the first part of the loss, however much was recovered. They differ: at a recovery of 90 %, a
top-up to 75 % pays nothing, and a first-loss guarantee of 10 % pays the whole loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from sibmodel.binding import Cells
from sibmodel.funding.investors import enter
from sibmodel.funding.tranche import TrancheLines
from sibmodel.ledger import Bill, Ledger
from sibmodel.lines import Line, Section, sum_of, total
from sibmodel.month import Month
from sibmodel.terms import Terms, money, month, part, share, text, yearly_rate


def guarantee_label(tranche: str) -> str:
    """What the ledger calls a guarantor's payment to a tranche's investor."""
    return f"Guarantee, {tranche}"


@dataclass(frozen=True, eq=False)
class GuaranteeLines:
    """A guarantee: its payments to each tranche over time, and in all."""

    terms: GuaranteeTerms
    by_tranche: dict[str, Line]
    paid_in_all: Line

    @property
    def name(self) -> str:
        return self.terms.name


class GuaranteeTerms(Terms):
    """What all guarantees share."""

    name: str = text("Name of the guarantee", default="Guarantee")
    guarantor: str = text("Who gives it")
    tranches: tuple[str, ...] = part("Tranches whose principal is guaranteed, each by itself")
    call: Month | None = month("Month in which it is called; the last unless told", default=None)
    most: float | None = money("Most that it pays in all, the tranches served in their order", default=None)
    fee: float = yearly_rate(
        "Fee a year to the guarantor, on the tranches' principal at the month's start", default=0.0, minimum=0.0
    )

    def covered(self, cells: Cells, path: str, drawn: Line, lost: Line) -> Any:
        """What it pays of a tranche's `lost` principal, of `drawn` in all."""
        raise NotImplementedError

    def call_period(self, cells: Cells, path: str, last: Line) -> Line:
        """The period in which it is called."""
        if self.call is None:
            return last
        key = (path, "call")
        if key not in cells.bound:
            cells.bound[key] = cells.month(
                self.call, f"{path}.call", f"{self.name}: period of the call", "After all steps of that month."
            )
        return cells.bound[key]

    def bill(self, section: Section, cells: Cells, path: str, tranches: Sequence[TrancheLines], last: Line) -> Bill:
        """The guarantor's fee over time, up to the call."""
        section.heading = self.name
        rate = cells.number(self, "fee", path, f"{self.name}: fee a year")
        balance = sum_of([one.principal.opening for one in tranches])
        line = section.line(
            f"{self.name}: fee",
            np.where(section.book.period <= self.call_period(cells, path, last), balance * rate / 12, 0.0),
            unit="£",
            note="A twelfth a month, on the principal at the month's start.",
        )
        return Bill(self.guarantor, f"Fee of {self.name}", line)

    def build(
        self, section: Section, cells: Cells, path: str, tranches: Sequence[TrancheLines], ledger: Ledger, last: Line
    ) -> GuaranteeLines:
        """What is paid in the month of the call, after all steps; entered in the ledger and in what is repaid."""
        name, period = self.name, section.book.period
        cells.heading(f"Guarantee: {name}")
        section.heading = name
        called = self.call_period(cells, path, last)
        room: Any = None if self.most is None else cells.number(self, "most", path, f"{name}: most in all")
        by_tranche: dict[str, Line] = {}
        for tranche in tranches:
            who = tranche.name
            paid = tranche.principal_paid
            lost = section.line(
                f"{name}: principal of {who} not repaid",
                np.maximum(tranche.principal_owed - sum_of(paid), 0.0) if paid else tranche.principal_owed,
                unit="£",
                note="After all steps of the month.",
            )
            covered = section.line(
                f"{name}: covers of {who}",
                self.covered(cells, path, tranche.drawn_in_all, lost),
                unit="£",
                note="If it were called in the month.",
            )
            if room is not None:
                before = list(by_tranche.values())
                covered = section.line(
                    f"{name}: within its limit, {who}",
                    np.minimum(covered, np.maximum(room - sum_of(before), 0.0) if before else room),
                    unit="£",
                    note="What the guarantee has left.",
                )
            line = section.line(
                f"{name}: to {who}",
                np.where(period == np.minimum(called, last), covered, 0.0),
                unit="£",
                note="In the month of the call.",
            )
            by_tranche[who] = line
            tranche.principal_paid.append(line)
            tranche.held += enter(
                section, ledger, self.guarantor, tranche.holders, guarantee_label(who), line, into=False
            )
        every = section.line(f"{name}: paid", sum_of(list(by_tranche.values())) * 1, unit="£", note="To all tranches.")
        in_all = section.line(f"{name}: paid in all", total(every), unit="£", note="What it costs the guarantor.")
        return GuaranteeLines(self, by_tranche, in_all)


class TopUpGuarantee(GuaranteeTerms):
    """Tops the principal recovered up to a share of what was drawn."""

    kind: Literal["top up"] = "top up"
    up_to: float = share("Share of the principal drawn up to which recovery is topped up")

    def covered(self, cells: Cells, path: str, drawn: Line, lost: Line) -> Any:
        """What recovery lacks to the share."""
        up_to = cells.once(self, "up_to", path, f"{self.name}: recovery is topped up to")
        return np.maximum(up_to * drawn - (drawn - lost), 0.0)


class FirstLossGuarantee(GuaranteeTerms):
    """Bears the loss up to a share of what was drawn."""

    kind: Literal["first loss"] = "first loss"
    share: float = share("Share of the principal drawn up to which it bears the loss")

    def covered(self, cells: Cells, path: str, drawn: Line, lost: Line) -> Any:
        """The loss, up to the share."""
        return np.minimum(lost, cells.once(self, "share", path, f"{self.name}: first loss borne") * drawn)


class FullGuarantee(GuaranteeTerms):
    """Bears the whole loss: the tranche's principal is protected."""

    kind: Literal["full"] = "full"

    def covered(self, cells: Cells, path: str, drawn: Line, lost: Line) -> Any:
        """All that is lost."""
        return lost


GUARANTEES = (TopUpGuarantee, FirstLossGuarantee, FullGuarantee)
"""Every kind of guarantee."""

Guarantee = Annotated[TopUpGuarantee | FirstLossGuarantee | FullGuarantee, Field(discriminator="kind")]
"""A guarantee in a deal file, told apart by `kind`."""
