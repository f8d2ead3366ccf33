"""Checks of cash, capital and bills."""

from __future__ import annotations

import numpy as np

from sibmodel.checks.common import Desk
from sibmodel.deal import Deal
from sibmodel.funding import FundingLines, guarantee_label
from sibmodel.ledger import Flows, Ledger
from sibmodel.lines import (
    highest,
    running_total,
    sum_of,
)


def money_goes_somewhere(desk: Desk, deal: Deal, capital: FundingLines, transfers: Ledger, flows: Flows) -> None:
    vehicle = deal.funding.vehicle
    desk.add(
        "The ledger nets to nil",
        "All parties' cash flows together are nil in every month: each payment leaves one party and reaches another.",
        np.maximum(flows.net_highest, -flows.net_lowest),
        desk.money,
    )
    desk.section.heading = "Sources equal uses"
    desk.nil(
        "Sources equal uses",
        "What the vehicle has received and drawn so far is what it has paid and what it holds.",
        running_total(flows.of[vehicle]) - sum_of([capital.cash.closing, *capital.balances.values()]),
        "Sources less uses so far, less the cash held.",
    )
    desk.not_below_nil("Cash is never negative", f"{vehicle} never pays what it does not have.", capital.cash.closing)
    for name, balance in capital.balances.items():
        desk.not_below_nil(f"{name}: cash is never negative", "No account pays what it does not have.", balance)


def capital(desk: Desk, capital: FundingLines, transfers: Ledger) -> None:
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


def bills(desk: Desk, deal: Deal, capital: FundingLines, transfers: Ledger) -> None:
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
