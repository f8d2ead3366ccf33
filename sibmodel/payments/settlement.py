"""Settlement: what is really paid, once the cap on the whole contract and the payers' caps have been applied.

A payer's share may change from a month on; what it pays may be capped in each payment, and over all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.ledger import Bill, Ledger
from sibmodel.lines import Line, Section, sum_of, total
from sibmodel.lines.book import Corkscrew
from sibmodel.payments.caps import note_cut
from sibmodel.payments.common import CohortPayment, Cut, Payer, PaymentLines, capped


@dataclass(frozen=True, eq=False)
class SettledPayment:
    """A payment as it is paid: over time, by payer, and what each cohort was paid for."""

    lines: PaymentLines
    paid: Line
    by_payer: dict[str, Line]
    shares: dict[str, Line]
    """Each payer's share; over time where it changes."""
    cohorts: tuple[CohortPayment, ...]
    cuts: tuple[Cut, ...]

    @property
    def name(self) -> str:
        return self.lines.name

    @property
    def metric(self) -> str | None:
        return self.lines.metric

    @property
    def payers(self) -> tuple[Payer, ...]:
        return self.lines.payers

    @property
    def due(self) -> Line:
        return self.lines.all_due

    @property
    def beyond_the_end(self) -> Line | None:
        return self.lines.beyond_the_end

    @property
    def for_results(self) -> bool:
        """Whether it pays for results at all; a fee does not."""
        return self.lines.for_results


@dataclass(frozen=True, eq=False)
class Settlement:
    """All payments, and the bills for what is owed back."""

    payments: tuple[SettledPayment, ...]
    owed_back: tuple[Bill, ...]


def caps_of(payments: Sequence[SettledPayment]) -> list[tuple[str, Cut]]:
    """Every cap of a deal with its name, in the order in which they apply, payment by payment."""
    return [
        (cut.cap if cut.kind != "contract" else f"{payment.name}: contract's cap", cut)
        for payment in payments
        for cut in payment.cuts
    ]


@dataclass(eq=False)
class PayerCap:
    """The most that a payer pays over all payments; how much it has paid, and what the month's payments have taken."""

    cap: Line
    paid: Corkscrew
    this_month: list[Line] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Counter:
    """Where payments are settled, one after the other."""

    section: Section
    cells: Cells
    payer_caps: Mapping[str, PayerCap]


def settle(
    section: Section,
    cells: Cells,
    built: Sequence[PaymentLines],
    contract_cap: Line | None,
    payer_caps: Mapping[str, Line],
    transfers: Ledger,
    vehicle: str,
) -> Settlement:
    """Apply the contract's cap and the payers' caps, and enter what is paid in the ledger.

    `payer_caps` has the most that a payer pays over all payments, by its name.
    """
    paid_before: list[Line] = []
    payments, bills = [], []
    section.heading = "All payments, paid"
    room = section.corkscrew("All payments: paid so far", unit="£") if contract_cap is not None else None
    rooms = {
        name: PayerCap(cap, section.corkscrew(f"All payments: paid by {name} so far", unit="£"))
        for name, cap in payer_caps.items()
    }
    counter = _Counter(section, cells, rooms)
    for number, lines in enumerate(built):
        cuts: list[Cut] = list(lines.cuts)
        section.heading = f"{lines.name}, paid"
        payable = lines.payable
        if contract_cap is not None and room is not None:
            left = contract_cap - room.opening
            payable = section.line(
                f"{lines.name}: under the contract's cap",
                np.minimum(lines.payable, left - sum_of(paid_before) if paid_before else left),
                unit="£",
                note="What the cap on all payments leaves, after the payments listed above.",
            )
            cut = section.line(
                f"{lines.name}: contract's cap, cut off",
                lines.payable - payable,
                unit="£",
                note="What the cap cuts off.",
            )
            in_all = section.line(
                f"{lines.name}: contract's cap, cut off in all", total(cut), unit="£", note="Over time."
            )
            cuts.append(Cut("Contract's cap", in_all, "contract"))
        shares = {payer.name: _share(counter, lines, number, place, payer) for place, payer in enumerate(lines.payers)}
        by_payer = {
            payer.name: _of_payer(counter, lines, number, place, payer, payable * shares[payer.name], cuts)
            for place, payer in enumerate(lines.payers)
        }
        for payer, line in by_payer.items():
            transfers.transfer(payer, vehicle, lines.name, line)
        paid = section.line(
            f"{lines.name}: paid", sum_of(list(by_payer.values())), unit="£", note="By all payers, after all caps."
        )
        paid_before.append(paid)
        payments.append(SettledPayment(lines, paid, by_payer, shares, lines.paid_for(section, paid), tuple(cuts)))
        bills += _owed_back(section, lines, shares)
    if room is not None:
        room.close(additions=paid_before)
    for one in rooms.values():
        one.paid.close(additions=one.this_month)
    return Settlement(tuple(payments), tuple(bills))


def _share(counter: _Counter, lines: PaymentLines, number: int, place: int, payer: Payer) -> Line:
    """A payer's share: a number, or where it changes, what holds in each month."""
    section, cells, path = counter.section, counter.cells, f"payments[{number}].payers[{place}]"
    title = f"{lines.name}: share of {payer.name}"
    if not payer.later_shares:
        return cells.once(payer, "share", path, title)
    share: Line = cells.once(payer, "share", path, f"{title} at first")
    for step, later in enumerate(payer.later_shares):
        here = f"{path}.later_shares[{step}]"
        begins = cells.month(
            later.start, f"{here}.start", f"{title}, change {step + 1}: from period", "Its share changes then."
        )
        other = cells.number(later, "share", here, f"{title}, change {step + 1}")
        share = section.line(
            f"{title}, up to change {step + 1}",
            np.where(section.book.period >= begins, other, share),
            unit="share",
            note="Month by month.",
        )
    return share


def _of_payer(
    counter: _Counter,
    lines: PaymentLines,
    number: int,
    place: int,
    payer: Payer,
    share: Any,
    cuts: list[Cut],
) -> Line:
    """What a payer pays: its `share` of the payment, under its own cap and that over all payments."""
    section, title, name = counter.section, f"{lines.name}: paid by {payer.name}", f"{lines.name}: cap of {payer.name}"
    over_all = counter.payer_caps.get(payer.name)
    if payer.cap is None and over_all is None:
        return section.line(title, share, unit="£", note="Its share of the payment.")
    its = section.line(f"{lines.name}: share of {payer.name}", share, unit="£", note="Before its cap.")
    if payer.cap is not None:
        cap = counter.cells.number(payer, "cap", f"payments[{number}].payers[{place}]", name)
        under = title if over_all is None else f"{lines.name}: under the cap of {payer.name}"
        its = capped(section, under, its, cap, cuts, name, "payer")
    if over_all is None:
        return its
    left = over_all.cap - over_all.paid.opening
    paid = section.line(
        title,
        np.minimum(its, left - sum_of(over_all.this_month) if over_all.this_month else left),
        unit="£",
        note="What its cap over all payments leaves, after the payments listed above.",
    )
    over_all.this_month.append(paid)
    note_cut(section, f"{lines.name}: cap of {payer.name} over all payments", its, paid, cuts, "payer over all")
    return paid


def owed_back_label(payment: str) -> str:
    """What the ledger calls money of a payment that the vehicle pays back."""
    return f"{payment} owed back"


def _owed_back(section: Section, lines: PaymentLines, shares: Mapping[str, Line]) -> list[Bill]:
    if lines.owed_back is None:
        return []
    return [
        Bill(
            payer,
            owed_back_label(lines.name),
            section.line(
                f"{lines.name}: owed back to {payer}",
                lines.owed_back * share,
                unit="£",
                note="Its share of what the vehicle owes back.",
            ),
        )
        for payer, share in shares.items()
    ]
