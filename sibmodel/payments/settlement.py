"""Settlement: what is really paid, once the cap on the whole contract and each payer's cap have been applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sibmodel.binding import Cells
from sibmodel.ledger import Bill, Ledger
from sibmodel.lines import Line, Section, sum_of, total
from sibmodel.payments.common import CohortPayment, Cut, Payer, PaymentLines, capped


@dataclass(frozen=True, eq=False)
class SettledPayment:
    """A payment as it is paid: over time, by payer, and what each cohort was paid for."""

    lines: PaymentLines
    paid: Line
    by_payer: dict[str, Line]
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


@dataclass(frozen=True, eq=False)
class Settlement:
    """All payments, and the bills for what is owed back."""

    payments: tuple[SettledPayment, ...]
    owed_back: tuple[Bill, ...]


def settle(
    section: Section,
    cells: Cells,
    built: Sequence[PaymentLines],
    contract_cap: Line | None,
    transfers: Ledger,
    vehicle: str,
) -> Settlement:
    """Apply the contract's cap and the payers' caps, and enter what is paid in the ledger."""
    paid_before: list[Line] = []
    payments, bills = [], []
    room = section.corkscrew("All payments: paid so far", unit="£") if contract_cap is not None else None
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
            cuts.append(Cut("Contract's cap", in_all))
        by_payer = {
            payer.name: _of_payer(section, cells, lines, number, place, payer, payable, cuts)
            for place, payer in enumerate(lines.payers)
        }
        for payer, line in by_payer.items():
            transfers.transfer(payer, vehicle, lines.name, line)
        paid = section.line(
            f"{lines.name}: paid", sum_of(list(by_payer.values())), unit="£", note="By all payers, after all caps."
        )
        paid_before.append(paid)
        payments.append(SettledPayment(lines, paid, by_payer, lines.paid_for(section, paid), tuple(cuts)))
        bills += _owed_back(section, cells, lines, number)
    if room is not None:
        room.close(additions=paid_before)
    return Settlement(tuple(payments), tuple(bills))


def _share(cells: Cells, lines: PaymentLines, number: int, place: int, payer: Payer) -> Line:
    return cells.once(payer, "share", f"payments[{number}].payers[{place}]", f"{lines.name}: share of {payer.name}")


def _of_payer(
    section: Section,
    cells: Cells,
    lines: PaymentLines,
    number: int,
    place: int,
    payer: Payer,
    payable: Line,
    cuts: list[Cut],
) -> Line:
    share = _share(cells, lines, number, place, payer)
    title = f"{lines.name}: paid by {payer.name}"
    if payer.cap is None:
        return section.line(title, payable * share, unit="£", note="Its share of the payment.")
    cap = cells.number(payer, "cap", f"payments[{number}].payers[{place}]", f"{lines.name}: cap of {payer.name}")
    its_share = section.line(f"{lines.name}: share of {payer.name}", payable * share, unit="£", note="Before its cap.")
    return capped(section, title, its_share, cap, cuts, f"{lines.name}: cap of {payer.name}")


def owed_back_label(payment: str) -> str:
    """What the ledger calls money of a payment that the vehicle pays back."""
    return f"{payment} owed back"


def _owed_back(section: Section, cells: Cells, lines: PaymentLines, number: int) -> list[Bill]:
    if lines.owed_back is None:
        return []
    return [
        Bill(
            payer.name,
            owed_back_label(lines.name),
            section.line(
                f"{lines.name}: owed back to {payer.name}",
                lines.owed_back * _share(cells, lines, number, place, payer),
                unit="£",
                note="Its share of what the vehicle owes back.",
            ),
        )
        for place, payer in enumerate(lines.payers)
    ]
