"""What is paid above each cap, which should be nothing: added up a second time, over the whole deal, for the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.ledger import Ledger
from sibmodel.lines import Input, Line, Section, sum_of, total, total_where
from sibmodel.payments.settlement import SettledPayment
from sibmodel.timeline import Timeline


@dataclass(frozen=True, eq=False)
class OverCap:
    """What is above a cap, as an expression of a figure, and what a check of it says."""

    name: str
    meaning: str
    amount: Any


def over_caps(
    section: Section, inputs: Mapping[str, Input], path: str, payment: SettledPayment, time: Timeline
) -> Iterator[OverCap]:
    """The caps of one payment beside that on the whole of it: by year, payer, cohort, person, and line of a card.

    `inputs` are by their paths in the deal, and `path` is the payment's.
    """
    name = payment.name
    yearly = inputs.get(f"{path}.cap_per_year")
    if yearly is not None:
        title = section.heading = f"{name}: within the cap a financial year"
        above = [
            section.line(
                f"{name}: above the cap in {year.name}",
                np.maximum(total_where(payment.paid, time.financial_year, year.year) - yearly, 0),
                unit="£",
                note="What is paid from April to March, less the cap.",
            )
            for year in time.years
        ]
        yield OverCap(title, "No more is paid in any financial year than the cap allows.", sum_of(above) * 1)
    for place, payer in enumerate(payment.payers):
        cap = inputs.get(f"{path}.payers[{place}].cap")
        if cap is not None:
            title = section.heading = f"{name}: within the cap of {payer.name}"
            paid = _in_all(section, f"{name}: paid by {payer.name} in all", payment.by_payer[payer.name])
            yield OverCap(title, "The payer pays no more of this payment than its cap allows.", _above(paid, cap))
    for cut in payment.cuts:
        if cut.kind in ("cohort", "person", "line") and cut.left is not None and cut.limit is not None:
            title = section.heading = f"{cut.cap}, never passed"
            left = _in_all(section, f"{cut.cap}, left in all", cut.left)
            yield OverCap(title, "No more falls due under this cap than it allows.", _above(left, cut.limit))


def over_caps_on_all(
    section: Section, inputs: Mapping[str, Input], payments: Sequence[SettledPayment], transfers: Ledger
) -> Iterator[OverCap]:
    """The caps over all payments: the contract's, and those of payers, by the ledger."""
    cap = inputs.get("payments_cap")
    if cap is not None:
        title = section.heading = "All payments: within the contract's cap"
        paid = section.line(
            "All payments in all",
            sum_of([total(payment.paid) for payment in payments]) * 1,
            unit="£",
            note="Over the whole deal.",
        )
        yield OverCap(title, "All payments together are no more than the contract's cap.", _above(paid, cap))
    labels = [payment.name for payment in payments]
    for name in dict.fromkeys(payer.name for payment in payments for payer in payment.payers):
        cap = inputs.get(f"payer_caps[{name}]")
        if cap is not None:
            title = section.heading = f"{name}: within its cap over all payments"
            month = section.line(
                f"{name}: paid over all payments",
                sum_of(transfers.paid(name, *labels)) * 1,
                unit="£",
                note="By the ledger, before what it is paid back.",
            )
            paid = _in_all(section, f"{name}: paid over all payments in all", month)
            yield OverCap(title, "The payer pays no more over all payments than its cap allows.", _above(paid, cap))


def _in_all(section: Section, title: str, line: Line) -> Line:
    return section.line(title, total(line), unit="£", note="Over the whole deal.")


def _above(amount: Line, cap: Line) -> Any:
    return np.maximum(amount - cap, 0)
