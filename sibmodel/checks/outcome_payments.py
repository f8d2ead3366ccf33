"""Checks of outcome payments: caps, shares, time, and the sums of the bill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sibmodel.checks.common import Desk
from sibmodel.commissioning import Commissioning
from sibmodel.ledger import Ledger
from sibmodel.lines import (
    Book,
    highest,
    sum_of,
    total,
)
from sibmodel.payments import SettledPayment
from sibmodel.payments.within_caps import over_caps, over_caps_on_all
from sibmodel.timeline import Timeline


def payments(
    desk: Desk,
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
