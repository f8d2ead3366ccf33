"""The vehicle's cash: receipts, drawdown as cash is needed, and the waterfall's steps in their order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sibmodel.binding import Cells
from sibmodel.funding.accounts import (
    Account,
    Reserve,
    ReserveAccount,
    Silo,
    bills_to_come,
    open_reserve,
    open_silo,
)
from sibmodel.funding.drawing import draw
from sibmodel.funding.guarantees import Guarantee, GuaranteeLines
from sibmodel.funding.income import Income
from sibmodel.funding.opening import open_tranche
from sibmodel.funding.setting import Setting
from sibmodel.funding.steps import Arrears, Desk, Step, StepLines
from sibmodel.funding.steps.debt import PayDebt
from sibmodel.funding.tranche import Tranche, TrancheLines
from sibmodel.funding.triggers import Seen
from sibmodel.ledger import Bill, Ledger
from sibmodel.lines import Corkscrew, Line, Section, sum_of
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
    silos: tuple[Silo, ...] = part("Accounts for the receipts of some payments only", default=())
    reserves: tuple[ReserveAccount, ...] = part("Accounts that keep cash for later bills", default=())
    income: tuple[Income, ...] = part("Income of the vehicle beside outcome payments", default=())
    guarantees: tuple[Guarantee, ...] = part("Guarantees of tranches' principal", default=())
    waterfall: tuple[Step, ...] = part("The steps, in their order")

    @property
    def main_account(self) -> str:
        """What the main account is called."""
        return self.vehicle


@dataclass(frozen=True, eq=False)
class FundingLines:
    """The vehicle's accounts over time, its tranches, the bills still owed, and the log of the waterfall."""

    tranches: tuple[TrancheLines, ...]
    cash: Corkscrew
    """The main account's."""
    silos: tuple[Account, ...]
    reserves: tuple[Reserve, ...]
    guarantees: tuple[GuaranteeLines, ...]
    receipts: Line
    """For outcomes, in all accounts."""
    income: tuple[Line, ...]
    drawn: Line
    outflows: tuple[Line, ...]
    """Of the main account."""
    arrears: tuple[Arrears, ...]
    log: tuple[StepLines, ...]
    uncovered: Line
    """Bills that neither cash nor commitments cover: what the vehicle still owes at each period's end."""

    @property
    def balances(self) -> dict[str, Line]:
        """Cash at each period's end by account."""
        return {
            **{one.name: one.cash.closing for one in self.silos},
            **{one.name: one.balance.closing for one in self.reserves},
        }


def build(
    section: Section,
    cells: Cells,
    terms: Funding,
    bills: list[Bill],
    transfers: Ledger,
    time: Timeline,
    seen: Seen,
) -> FundingLines:
    """The lines of the vehicle. Bills and distributions are entered in the ledger; receipts have been.

    The silos' steps come first, whatever their place in the file, and pay what was owed at the month's start. Then
    bills are met, from cash, from reserves, from capital, and the steps of the main account follow in their order.
    """
    setting = Setting(section, cells, terms.vehicle, transfers, seen.measured, time)
    tranches = tuple(
        open_tranche(replace(setting, path=f"funding.tranches[{position}]"), tranche, bills)
        for position, tranche in enumerate(terms.tranches)
    )
    by_name = {tranche.name: tranche for tranche in tranches}
    to_come = _to_come(section, terms, bills)
    bills = [*bills, *_guarantors_fees(section, cells, terms, by_name, time)]
    section.heading = "Bills"
    arrears = tuple(_arrears(section, bill) for bill in (*bills, *(fee for one in tranches for fee in one.fees)))
    reserves = {
        one.name: open_reserve(section, cells, f"funding.reserves[{number}]", one, to_come, time.last_period)
        for number, one in enumerate(terms.reserves)
        if to_come is not None
    }
    silos = {one.name: open_silo(section, one, transfers.received(terms.vehicle, *one.payments)) for one in terms.silos}
    section.heading = "Cash"
    cash = section.corkscrew(f"{terms.vehicle}: cash", unit="£")
    received = section.line(
        "Received from payers",
        sum_of(transfers.received(terms.vehicle)),
        unit="£",
        note="For outcomes, and whatever else they owe.",
    )
    main = Account(terms.main_account, cash, received, received)
    desk = Desk(
        section,
        cells,
        transfers,
        terms.vehicle,
        arrears,
        by_name,
        reserves,
        seen,
        _open(section, cells, terms),
        main,
        to_come=to_come,
    )
    for silo in silos.values():
        _take_steps(desk, terms, silo.name, silo)
    comes_in, income = _comes_in(section, cells, terms, received, tuple(silos.values()), transfers, time)
    asked = section.line(
        "Bills to pay", sum_of([one.asked for one in arrears]), unit="£", note="With what is still owed."
    )
    comes_in += _from_reserves(section, reserves, cash, comes_in, asked)
    before = section.line(
        "Cash before drawing", cash.opening + sum_of(comes_in), unit="£", note="Opening cash and receipts."
    )
    need = section.line(
        "Cash needed", np.maximum(asked - before, 0.0), unit="£", note="What bills need beyond the cash at hand."
    )
    drawn = draw(setting, terms.drawdown, tranches, need)
    main.left = section.line("Cash to distribute", before + drawn, unit="£", note="What the waterfall starts from.")
    _take_steps(desk, terms, None, main)
    guaranteed = tuple(
        one.build(
            section,
            cells,
            f"funding.guarantees[{number}]",
            [by_name[name] for name in one.tranches],
            transfers,
            time.last_period,
        )
        for number, one in enumerate(terms.guarantees)
    )
    for close in desk.closers:
        close()
    for tranche in tranches:
        tranche.close()
    _close_accounts(section, main, [*comes_in, drawn], tuple(silos.values()), tuple(reserves.values()))
    uncovered = section.line(
        "Bills still owed",
        sum_of([one.owed.closing for one in arrears]),
        unit="£",
        note="Nil where the commitments suffice.",
    )
    return FundingLines(
        tranches, cash, tuple(silos.values()), tuple(reserves.values()), guaranteed, received, income, drawn,
        tuple(main.outflows), arrears, tuple(desk.log), uncovered,
    )  # fmt: skip


def _take_steps(desk: Desk, terms: Funding, silo: str | None, account: Account) -> None:
    """The steps of one account, in their order; each keeps its number in the file."""
    desk.account = account
    desk.owed_here = (
        frozenset(
            name
            for step in terms.waterfall
            if isinstance(step, PayDebt) and step.silo is None
            for name in step.tranches
        )
        if silo is None
        else frozenset()
    )
    for number, step in enumerate(terms.waterfall, start=1):
        if step.silo == silo:
            desk.number = number
            step.build(number, desk)


def _to_come(section: Section, terms: Funding, bills: list[Bill]) -> Line | None:
    if not terms.reserves and all(step.after is None for step in terms.waterfall):
        return None
    return bills_to_come(section, [bill.line for bill in bills])


def _guarantors_fees(
    section: Section, cells: Cells, terms: Funding, tranches: dict[str, TrancheLines], time: Timeline
) -> list[Bill]:
    fees = []
    for number, one in enumerate(terms.guarantees):
        if one.fee > 0:
            cells.heading(f"Guarantee: {one.name}")
            path = f"funding.guarantees[{number}]"
            fees.append(one.bill(section, cells, path, [tranches[name] for name in one.tranches], time.last_period))
    return fees


def _comes_in(
    section: Section,
    cells: Cells,
    terms: Funding,
    received: Line,
    silos: tuple[Account, ...],
    transfers: Ledger,
    time: Timeline,
) -> tuple[list[Line], tuple[Line, ...]]:
    """What the main account receives before reserves and capital; and of that, trading income."""
    section.heading = "Cash"
    own = received
    if silos:
        own = section.line(
            f"{terms.main_account}: received",
            received - sum_of([silo.received for silo in silos]),
            unit="£",
            note="By all payments that are of no silo.",
        )
    income = tuple(
        one.build(section, cells, f"funding.income[{number}]", terms.vehicle, transfers, time.last_period)
        for number, one in enumerate(terms.income)
    )
    section.heading = "Cash"
    return [own, *income, *[line for silo in silos for line in silo.swept]], income


def _from_reserves(
    section: Section, reserves: dict[str, Reserve], cash: Corkscrew, comes_in: list[Line], asked: Line
) -> list[Line]:
    """What reserves give to the main account: what they hold beyond their targets, and what bills still need."""
    if not reserves:
        return []
    section.heading = "Reserves"
    released = [one.released for one in reserves.values()]
    rest = section.line(
        "Cash needed before reserves",
        np.maximum(asked - cash.opening - sum_of([*comes_in, *released]), 0.0),
        unit="£",
        note="What bills need beyond the cash at hand and what reserves release.",
    )
    for one in reserves.values():
        section.define(one.used, np.minimum(rest, one.balance.opening - one.released))
        rest = section.line(
            f"Cash needed after {one.name}", rest - one.used, unit="£", note="For the reserves below, or capital."
        )
    return [*released, *[one.used for one in reserves.values()]]


def _close_accounts(
    section: Section, main: Account, additions: list[Line], silos: tuple[Account, ...], reserves: tuple[Reserve, ...]
) -> None:
    for silo in silos:
        section.heading = f"Silo: {silo.name}"
        silo.cash.close(additions=[silo.received], reductions=silo.outflows)
    for reserve in reserves:
        section.heading = f"Reserve: {reserve.name}"
        reserve.close()
    section.heading = "Cash"
    main.cash.close(additions=additions, reductions=main.outflows)


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
