"""What outcome payers pay and get in the base case, as lines: the bill by payer and financial year, cost per event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.ledger import Ledger
from sibmodel.lines import Book, Line, given, ratio, sum_of, total, total_where
from sibmodel.measurement import Measured
from sibmodel.outcomes import Outcomes
from sibmodel.payments import PaymentLines
from sibmodel.timeline import Timeline


@dataclass(frozen=True, eq=False)
class YearOfPayments:
    """A financial year and what is paid in it. Both are figures."""

    name: str
    year: Line
    paid: Line


@dataclass(frozen=True, eq=False)
class PaidFor:
    """A cohort, or all: the reduction that payment stands for."""

    who: str
    reduction: Line


@dataclass(frozen=True, eq=False)
class Commissioning:
    """The outcome payers' bill and what it buys."""

    paid: Line
    """Over time, by all payers."""
    paid_in_all: Line
    by_payer: dict[str, Line]
    years: tuple[YearOfPayments, ...]
    cost_per_true_event: Line
    cost_per_measured_event: Line
    paid_for: tuple[PaidFor, ...]
    paid_for_pooled: PaidFor


def build(
    book: Book,
    time: Timeline,
    payments: Sequence[PaymentLines],
    payers: Sequence[str],
    transfers: Ledger,
    truth: Outcomes,
    measured: Measured,
) -> Commissioning:
    """The lines of the commissioner's bill."""
    section = book.section("Commissioning", "What outcome payers pay, and what they get for it.")
    section.heading = "The bill"
    paid = section.line(
        "Outcome payments", sum_of([payment.paid for payment in payments]), unit="£", note="By all outcome payers."
    )
    in_all = section.line("Outcome payments in all", total(paid), unit="£", note="Over the whole deal.")
    by_payer = {}
    labels = [payment.name for payment in payments]  # a payer may be an investor too, and pay in for that as well
    for payer in payers:
        line = section.line(
            f"Paid by {payer}", sum_of(transfers.paid(payer, *labels)), unit="£", note="Its share of all payments."
        )
        by_payer[payer] = section.line(f"Paid by {payer} in all", total(line), unit="£", note="Over the whole deal.")
    section.heading = "By financial year"
    years = []
    for one in time.years:
        amount = section.line(
            f"Paid in {one.name}",
            total_where(paid, time.financial_year, one.year),
            unit="£",
            note="From April to March.",
        )
        years.append(YearOfPayments(one.name, one.year, amount))
    section.heading = "What it buys"
    per_true = section.line(
        "Cost of an event truly avoided",
        given(truth.true_avoided > 0, ratio(in_all, truth.true_avoided)),
        unit="£ an event",
        note="All payments by all events truly avoided; n/a where none are.",
    )
    per_measured = section.line(
        "Cost of an event avoided as measured",
        given(measured.avoided > 0, ratio(in_all, measured.avoided)),
        unit="£ an event",
        note="All payments by all events avoided as measured; n/a where none are.",
    )
    paid_for = tuple(
        PaidFor(
            cohort.name,
            section.line(
                f"Paid reduction, {cohort.name}",
                _largest(
                    [one.reduction for payment in payments for one in payment.cohorts if one.cohort == cohort.name]
                ),
                unit="share",
                note="The reduction that payment stands for; of several payments for the same events, the largest.",
            ),
        )
        for cohort in measured.cohorts
    )
    pooled = section.line(
        "Paid reduction, pooled",
        ratio(
            sum_of([one.reduction * cohort.people for one, cohort in zip(paid_for, measured.cohorts, strict=True)]),
            sum_of([cohort.people for cohort in measured.cohorts]),
        ),
        unit="share",
        note="The cohorts' paid reductions, weighted by people.",
    )
    return Commissioning(
        paid, in_all, by_payer, tuple(years), per_true, per_measured, paid_for, PaidFor("All cohorts", pooled)
    )


def _largest(members: Sequence[Line]) -> Any:
    largest: Any = members[0]
    for member in members[1:]:
        largest = np.maximum(largest, member)
    return largest
