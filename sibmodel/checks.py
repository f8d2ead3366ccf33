"""Checks: figures that should be nil whatever the inputs, each a line with its tolerance, and one that counts failures.

Most add up in another way what a stage has added up already: over the whole deal instead of month by month, by the
ledger instead of by balances. A few say that the deal itself does not hang together (a bill that nobody can pay, say).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.commissioning import Commissioning
from sibmodel.deal import Deal
from sibmodel.funding import FundingLines, guarantee_label
from sibmodel.ledger import Flows, Ledger
from sibmodel.lines import (
    Book,
    Input,
    Line,
    Operation,
    Section,
    apply,
    highest,
    lowest,
    ratio,
    running_total,
    sum_of,
    total,
)
from sibmodel.payments import SettledPayment
from sibmodel.payments.within_caps import over_caps, over_caps_on_all
from sibmodel.providers import ProviderCash
from sibmodel.returns import Returns
from sibmodel.timeline import Timeline
from sibmodel.uses import Uses


def _present_value(flows: Any, rate: Any, period: Any) -> Any:
    usable = np.isfinite(rate) & (np.asarray(rate) > -1)
    worth = (np.where(usable, rate, 0.0) + 1) ** ((1 - period) / 12)
    return np.where(usable, np.sum(flows * worth, axis=0), 0.0)


PRESENT_VALUE = Operation(
    "present_value",
    _present_value,
    "IF(COUNT({1})=0,0,IF({1}<=-1,0,SUMPRODUCT({0:row},(1+{1})^((1-{2:row})/12))))",
    "the present value of {0} at the yearly rate {1} (0 where there is no rate, or all is lost)",
    over_time=True,
    operands=3,
)


CHECKS_IN_A_FORMULA = 26
"""So many checks make a formula that can be read; more are counted in parts."""


@dataclass(frozen=True, eq=False)
class Check:
    """A check: `value` is how far off it is, never below 0, and `holds` is 1 where that is within the tolerance."""

    name: str
    meaning: str
    value: Line
    tolerance: Input
    holds: Line


@dataclass(frozen=True, eq=False)
class Checks:
    """All checks, and how many of them fail."""

    every: tuple[Check, ...]
    failing: Line


@dataclass(eq=False)
class _Desk:
    section: Section
    money: Input
    share: Input
    count: Input
    made: list[Check] = field(default_factory=list)

    def add(self, name: str, meaning: str, value: Any, tolerance: Input, unit: str = "£") -> None:
        """A check on a figure that should not be above nil."""
        self.section.heading = name
        off = self.section.line(f"{name}: off by", value, unit=unit, note=meaning)
        holds = self.section.line(
            f"{name}: holds", off <= tolerance, unit="1 or 0", note="1 where it is within the tolerance."
        )
        self.made.append(Check(name, meaning, off, tolerance, holds))

    def nil(self, name: str, meaning: str, gap: Any, note: str) -> None:
        """A check on a line over time that should be nil in every period."""
        self.section.heading = name
        line = self.section.line(f"{name}: difference", gap, unit="£", note=note)
        most = self.section.line(f"{name}: highest", highest(line), unit="£", note="Of any period.")
        least = self.section.line(f"{name}: lowest", lowest(line), unit="£", note="Of any period.")
        self.add(name, meaning, np.maximum(most, -least), self.money)

    def not_below_nil(self, name: str, meaning: str, line: Line) -> None:
        """A check on a line over time that should never be negative."""
        self.section.heading = name
        least = self.section.line(f"{name}: lowest", lowest(line), unit="£", note="Of any period.")
        self.add(name, meaning, np.maximum(-least, 0), self.money)

    def total(self, name: str, lines: Sequence[Line]) -> Line:
        """The sum over the whole deal of lines over time."""
        together = self.section.line(f"{name}, by month", sum_of(lines), unit="£", note="By the ledger.")
        return self.section.line(name, total(together), unit="£", note="Over the whole deal.")


def build(
    book: Book,
    cells: Cells,
    deal: Deal,
    payments: Sequence[SettledPayment],
    capital: FundingLines,
    transfers: Ledger,
    flows: Flows,
    gains: Returns,
    bill: Commissioning,
    time: Timeline,
    cash: Sequence[ProviderCash],
    used: Uses,
) -> Checks:
    """The lines of all checks."""
    section = book.section("Check workings", "What should be nil, worked out in another way than the model does.")
    cells.heading("Tolerances of the checks")
    desk = _Desk(
        section,
        cells.section.input(
            "Tolerance, money", 0.005, unit="£", source="half a penny", note="A check on money holds up to here."
        ),
        cells.section.input(
            "Tolerance, shares",
            1e-6,
            unit="share",
            source="a ten-thousandth of a per cent",
            note="A check on shares holds up to here.",
        ),
        cells.section.input(
            "Tolerance, counts", 0, unit="number", source="none", note="A check on counts holds up to here."
        ),
    )
    _money_goes_somewhere(desk, deal, capital, transfers, flows)
    desk.add(
        "Sources and uses are equal",
        "All that comes into the deal goes out of it, or is held at the end.",
        np.maximum(used.sources_in_all - used.uses_in_all, used.uses_in_all - used.sources_in_all),
        desk.money,
    )
    _capital(desk, capital, transfers)
    _bills(desk, deal, capital, transfers)
    _payments(desk, book, payments, bill, deal.funding.vehicle, transfers, time)
    _returns(desk, book, gains)
    _providers(desk, flows, cash)
    section.heading = "All checks"
    failed = section.gathered(
        "Checks that fail", [1 - check.holds for check in desk.made], CHECKS_IN_A_FORMULA, unit="number"
    )
    failing = section.line("Checks that fail", sum_of(failed), unit="number", note="0 where all hold.")
    return Checks(tuple(desk.made), failing)


def _money_goes_somewhere(desk: _Desk, deal: Deal, capital: FundingLines, transfers: Ledger, flows: Flows) -> None:
    vehicle = deal.funding.vehicle
    desk.add(
        "The ledger nets to nil",
        "All parties' cash flows together are nil in every month: each payment leaves one party and reaches another.",
        np.maximum(flows.net_highest, -flows.net_lowest),
        desk.money,
    )
    desk.section.heading = "Sources equal uses"
    net = desk.section.line(
        "Sources less uses",
        sum_of(transfers.received(vehicle)) - sum_of(transfers.paid(vehicle)),
        unit="£",
        note="All that the vehicle receives, less all that it pays, by the ledger.",
    )
    desk.nil(
        "Sources equal uses",
        "What the vehicle has received and drawn so far is what it has paid and what it holds.",
        running_total(net) - sum_of([capital.cash.closing, *capital.balances.values()]),
        "Sources less uses so far, less the cash held.",
    )
    desk.not_below_nil("Cash is never negative", f"{vehicle} never pays what it does not have.", capital.cash.closing)
    for name, balance in capital.balances.items():
        desk.not_below_nil(f"{name}: cash is never negative", "No account pays what it does not have.", balance)


def _capital(desk: _Desk, capital: FundingLines, transfers: Ledger) -> None:
    for tranche in capital.tranches:
        name, holders = tranche.name, tranche.terms.parties
        desk.section.heading = f"{name}: balance agrees with the ledger"
        labels = (f"Repayment, {name}", guarantee_label(name))
        repaid = [line for holder in holders for line in transfers.received(holder, *labels)]
        outstanding = desk.section.line(
            f"{name}: principal moved",
            tranche.drawn - sum_of(repaid) if repaid else tranche.drawn,
            unit="£",
            note="Drawn, less repaid, by the ledger.",
        )
        desk.nil(
            f"{name}: balance agrees with the ledger",
            "All that was drawn, less all that was repaid by the ledger, is the closing balance.",
            running_total(outstanding) - tranche.principal.closing,
            "Moved so far, less the closing balance.",
        )
        desk.not_below_nil(
            f"{name}: never repaid too much", "The principal outstanding is never below nil.", tranche.principal.closing
        )
        desk.section.heading = f"{name}: within its commitment"
        undrawn = desk.section.line(
            f"{name}: left undrawn", tranche.available - tranche.drawn, unit="£", note="After the month's draw."
        )
        desk.not_below_nil(f"{name}: within its commitment", "No more is drawn than is committed.", undrawn)
        shares = [one.share for one in tranche.holders if one.share is not None]
        if shares:
            desk.section.heading = f"{name}: held in full"
            held = desk.section.line(f"{name}: shares in all", sum_of(shares) * 1, unit="share", note="Of all holders.")
            desk.add(
                f"{name}: held in full",
                "The shares of all who hold it add up to 1.",
                np.maximum(held - 1, 1 - held),
                desk.share,
                "share",
            )


def _bills(desk: _Desk, deal: Deal, capital: FundingLines, transfers: Ledger) -> None:
    desk.section.heading = "Bills are paid in the end"
    billed = desk.total("All bills", [one.bill.line for one in capital.arrears])
    owners = {(one.bill.payee, one.bill.label) for one in capital.arrears}
    vehicle = deal.funding.vehicle
    paid = desk.total(
        "All bills paid",
        [one.line for one in transfers.transfers if one.payer == vehicle and (one.payee, one.label) in owners],
    )
    desk.add(
        "Bills are paid in the end",
        "All that was billed is paid by the end. Where not, commitments and receipts do not cover the cost of the "
        "deal.",
        np.maximum(billed - paid, paid - billed),
        desk.money,
    )
    desk.section.heading = "Bills are paid at once"
    most = desk.section.line("Most owed at any month's end", highest(capital.uncovered), unit="£", note="On bills.")
    desk.add(
        "Bills are paid at once",
        "No bill waits for money. Where one does, a provider lends to the deal without having agreed to.",
        np.maximum(most, 0),
        desk.money,
    )


def _payments(
    desk: _Desk,
    book: Book,
    payments: Sequence[SettledPayment],
    bill: Commissioning,
    vehicle: str,
    transfers: Ledger,
    time: Timeline,
) -> None:
    inputs = {cell.path: cell for cell in book.inputs if cell.path}
    for number, payment in enumerate(payments):
        name = payment.name
        cap = inputs.get(f"payments[{number}].cap")
        if cap is not None:
            desk.section.heading = f"{name}: within the cap"
            paid = desk.section.line(f"{name}: paid in all", total(payment.paid), unit="£", note="Over the whole deal.")
            desk.add(
                f"{name}: within the cap", "No more is paid than the cap allows.", np.maximum(paid - cap, 0), desk.money
            )
        for over in over_caps(desk.section, inputs, f"payments[{number}]", payment, time):
            desk.add(over.name, over.meaning, over.amount, desk.money)
        if payment.beyond_the_end is not None:
            desk.add(
                f"{name}: decided in time",
                "No decision falls beyond the last month. Where one does, it is paid in the last month: give the deal "
                "more months.",
                payment.beyond_the_end * 1,
                desk.count,
                "number",
            )
        desk.section.heading = f"{name}: payers bear all of it"
        shares = list(payment.shares.values())
        borne = desk.section.line(f"{name}: shares in all", sum_of(shares) * 1, unit="share", note="Of all payers.")
        off: Any = np.maximum(borne - 1, 1 - borne)
        if borne.timed:
            gap = desk.section.line(f"{name}: shares off by", off, unit="share", note="In the month.")
            off = highest(gap) * 1
        desk.add(
            f"{name}: payers bear all of it",
            "The payers' shares add up to 1.",
            off,
            desk.share,
            "share",
        )
    for over in over_caps_on_all(desk.section, inputs, payments, transfers):
        desk.add(over.name, over.meaning, over.amount, desk.money)
    desk.section.heading = "Payments reach the vehicle"
    received = desk.total("Received for outcomes", transfers.received(vehicle, *[one.name for one in payments]))
    gross: Any = bill.paid_in_all if bill.paid_back_in_all is None else bill.paid_in_all + bill.paid_back_in_all
    desk.add(
        "Payments reach the vehicle",
        "What payers pay for outcomes is what the vehicle receives.",
        np.maximum(received - gross, gross - received),
        desk.money,
    )
    desk.section.heading = "Financial years add up"
    yearly = desk.section.line(
        "Paid in all financial years", sum_of([year.paid for year in bill.years]) * 1, unit="£", note="Year by year."
    )
    desk.add(
        "Financial years add up",
        "Payments by financial year add up to all payments. Another first month needs a new export.",
        np.maximum(yearly - bill.paid_in_all, bill.paid_in_all - yearly),
        desk.money,
    )


def _providers(desk: _Desk, flows: Flows, cash: Sequence[ProviderCash]) -> None:
    title = "Providers' cash agrees with the ledger"
    desk.section.heading = title
    gaps = []
    for one in cash:
        moved = desk.section.line(
            f"{one.name}: moved so far",
            running_total(flows.of[one.name]),
            unit="£",
            note="All its flows, by the ledger.",
        )
        all_cash = moved if one.opening_cash is None else moved + one.opening_cash
        gaps.append(
            desk.section.line(
                f"{one.name}: cash by the ledger, off by",
                np.abs(all_cash - one.cash.closing),
                unit="£",
                note="Its own cash and all that moved, against its closing cash.",
            )
        )
    desk.nil(
        title,
        "A provider's own cash and all that moved by the ledger is its closing cash.",
        sum_of(gaps) * 1,
        "Of all providers.",
    )


def _returns(desk: _Desk, book: Book, gains: Returns) -> None:
    desk.nil(
        "Tranches add up",
        "The cash flows of all tranches add up to that of all investors.",
        sum_of([one.flow for one in gains.tranches]) - gains.everyone.flow,
        "Tranches' cash flows, less all investors'.",
    )
    for one in (gains.everyone, *gains.tranches, *gains.investors):
        desk.section.heading = f"{one.who}: the rate of return proves itself"
        value = desk.section.line(
            f"{one.who}: present value at the rate of return",
            apply(PRESENT_VALUE, one.flow, one.irr, book.period),
            unit="£",
            note="Nil by the meaning of a rate of return.",
        )
        moved = desk.section.line(
            f"{one.who}: amount moved", np.abs(one.flow), unit="£", note="In the month, in or out."
        )
        worth = desk.section.line(
            f"{one.who}: present value of all amounts moved",
            apply(PRESENT_VALUE, moved, one.irr, book.period),
            unit="£",
            note="At the rate of return: what the present value is held against.",
        )
        desk.add(
            f"{one.who}: the rate of return proves itself",
            "At the rate of return the cash flow is worth nothing, relative to all amounts moved. 0 where there is "
            "no rate.",
            ratio(np.abs(value), worth),
            desk.share,
            "share",
        )
