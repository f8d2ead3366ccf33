"""The vehicle's cash: receipts, drawdown as cash is needed, and the waterfall's steps in their order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sibmodel.binding import Cells
from sibmodel.funding.drawing import draw
from sibmodel.funding.opening import open_tranche
from sibmodel.funding.setting import Setting
from sibmodel.funding.steps import Arrears, Desk, Step, StepLines
from sibmodel.funding.tranche import Tranche, TrancheLines
from sibmodel.ledger import Bill, Ledger
from sibmodel.lines import Book, Corkscrew, Line, Section, sum_of
from sibmodel.measurement import Measured
from sibmodel.month import Month
from sibmodel.terms import Terms, choice, month, part, text
from sibmodel.timeline import Timeline


class Funding(Terms):
    """Where the money comes from before outcomes are paid, and who is paid in which order when they are."""

    vehicle: str = text("Name of the vehicle that holds the money", default="Bond vehicle")
    tranches: tuple[Tranche, ...] = part("The tranches of capital")
    drawdown: Literal["in order", "pro rata"] = choice(
        "Whether tranches are drawn one after the other as listed, or in proportion to what is undrawn",
        default="in order",
    )
    distributions_from: Month | None = month(
        "First month in which investors may be paid; at once unless told", default=None
    )
    waterfall: tuple[Step, ...] = part("The steps, in their order")


@dataclass(frozen=True, eq=False)
class FundingLines:
    """The vehicle's cash over time, its tranches, the bills still owed, and the log of the waterfall."""

    tranches: tuple[TrancheLines, ...]
    cash: Corkscrew
    receipts: Line
    drawn: Line
    outflows: tuple[Line, ...]
    arrears: tuple[Arrears, ...]
    log: tuple[StepLines, ...]
    uncovered: Line
    """Bills that neither cash nor commitments cover: what the vehicle still owes at each period's end."""


def build(
    book: Book,
    cells: Cells,
    terms: Funding,
    bills: list[Bill],
    receipts: list[Line],
    ledger: Ledger,
    measured: Measured,
    time: Timeline,
) -> FundingLines:
    """The lines of the vehicle. Bills and distributions are entered in the ledger; receipts have been."""
    section = book.section(
        "Funding", "Capital drawn as cash is needed, and the waterfall that pays bills and investors."
    )
    setting = Setting(section, cells, terms.vehicle, ledger, measured, time)
    tranches = tuple(
        open_tranche(replace(setting, path=f"funding.tranches[{position}]"), tranche, bills)
        for position, tranche in enumerate(terms.tranches)
    )
    section.heading = "Bills"
    arrears = tuple(_arrears(section, bill) for bill in (*bills, *(fee for one in tranches for fee in one.fees)))
    section.heading = "Cash"
    cash = section.corkscrew(f"{terms.vehicle}: cash", unit="£")
    received = section.line("Outcome payments received", sum_of(receipts), unit="£", note="From all outcome payers.")
    before = section.line("Cash before drawing", cash.opening + received, unit="£", note="Opening cash and receipts.")
    asked = section.line(
        "Bills to pay", sum_of([one.asked for one in arrears]), unit="£", note="With what is still owed."
    )
    need = section.line(
        "Cash needed", np.maximum(asked - before, 0.0), unit="£", note="What bills need beyond the cash at hand."
    )
    drawn = draw(setting, terms.drawdown, tranches, need)
    left = section.line("Cash to distribute", before + drawn, unit="£", note="What the waterfall starts from.")
    desk = Desk(
        section,
        ledger,
        terms.vehicle,
        arrears,
        {tranche.name: tranche for tranche in tranches},
        _open(section, cells, terms),
    )
    for number, step in enumerate(terms.waterfall, start=1):
        left = step.build(number, desk, left)
    for tranche in tranches:
        tranche.collect_fees(ledger)
        tranche.close()
    section.heading = "Cash"
    cash.close(additions=[received, drawn], reductions=desk.outflows)
    uncovered = section.line(
        "Bills still owed",
        sum_of([one.owed.closing for one in arrears]),
        unit="£",
        note="Nil where the commitments suffice.",
    )
    return FundingLines(tranches, cash, received, drawn, tuple(desk.outflows), arrears, tuple(desk.log), uncovered)


def _arrears(section: Section, bill: Bill) -> Arrears:
    owed = section.corkscrew(f"{bill.payee}: {bill.label.lower()} owed", unit="£")
    asked = section.line(
        f"{bill.payee}: {bill.label.lower()} to pay",
        owed.opening + bill.line,
        unit="£",
        note="This period's, and what is owed.",
    )
    return Arrears(bill, owed, asked)


def _open(section: Section, cells: Cells, terms: Funding) -> Line:
    book = section.book
    cells.heading("Waterfall")
    if terms.distributions_from is None:
        first = cells.section.input(
            "First period of distributions",
            1,
            unit="period",
            path="funding.distributions_from",
            source=cells.source_of("funding.distributions_from"),
            note="Investors may be paid at once.",
        )
    else:
        first = cells.month(
            terms.distributions_from,
            "funding.distributions_from",
            "First period of distributions",
            "Before it, receipts are kept for bills.",
        )
    return section.line(
        "Distributions open", book.period >= first, unit="1 or 0", note="1 where investors may be paid."
    )
