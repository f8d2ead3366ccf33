"""Where the deal's money comes from and where it goes, how far capital is recycled, and the waterfall year by year.

All are figures of the base case as lines. Recycling: METHOD 5.3 (docs/method.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel import early_end
from sibmodel.funding import FundingLines, StepLines
from sibmodel.ledger import Ledger
from sibmodel.lines import Book, Line, Section, at, given, highest, ratio, sum_of, total, total_where
from sibmodel.timeline import Timeline

OTHERS = (early_end.LABEL,)
"""What payers pay to the vehicle beside outcome payments, by its label in the ledger."""


@dataclass(frozen=True, eq=False)
class StepInYear:
    """A step in a financial year. All are figures."""

    step: StepLines
    name: str
    year: Line
    asked: Line
    """What it got, and what it was still owed at the year's end."""
    got: Line
    left: Line
    """What it left to the steps below, in the year's last month."""


@dataclass(frozen=True, eq=False)
class Uses:
    """Sources and uses of money over the whole deal, by name, and what follows from them. All are figures."""

    sources: dict[str, Line]
    uses: dict[str, Line]
    sources_in_all: Line
    uses_in_all: Line
    bills: Line
    peak_drawn: Line
    recycled: Line
    recycling: Line
    years: tuple[StepInYear, ...]


def build(book: Book, capital: FundingLines, transfers: Ledger, vehicle: str, time: Timeline) -> Uses:
    """The lines of sources and uses."""
    section = book.section("Sources and uses", "Where money comes from and goes, and the waterfall by financial year.")
    sources = _sources(section, capital, transfers, vehicle)
    bills, uses = _uses(section, capital, transfers, vehicle, time)
    section.heading = "In all"
    sources_in_all = section.line("All sources", sum_of(list(sources.values())) * 1, unit="£", note="Over the deal.")
    uses_in_all = section.line("All uses", sum_of(list(uses.values())) * 1, unit="£", note="Equal to all sources.")
    section.heading = "Recycling"
    drawn = section.line("Capital drawn in all", total(capital.drawn), unit="£", note="Over the deal.")
    outstanding = section.line(
        "Capital outstanding",
        sum_of([one.principal_owed for one in capital.tranches]) * 1,
        unit="£",
        note="Of all tranches, with the month's draw and before its repayment.",
    )
    peak = section.line("Peak capital drawn", highest(outstanding), unit="£", note="The most outstanding at once.")
    recycled = section.line(
        "Recycled", np.maximum(bills - drawn, 0.0), unit="£", note="Bills paid by receipts and income, not by capital."
    )
    factor = section.line(
        "Recycling factor",
        given(peak > 0, ratio(bills, peak)),
        unit="times",
        note="All bills paid by the peak of capital drawn.",
    )
    years = _years(section, capital.log, time)
    return Uses(sources, uses, sources_in_all, uses_in_all, bills, peak, recycled, factor, years)


def _sources(section: Section, capital: FundingLines, transfers: Ledger, vehicle: str) -> dict[str, Line]:
    section.heading = "Sources"
    found = {
        f"Capital: {one.name}": section.line(
            f"Capital: {one.name}", total(one.proceeds), unit="£", note="Drawn over the deal."
        )
        for one in capital.tranches
    }
    others = {label: lines for label in OTHERS if (lines := transfers.received(vehicle, label))}
    for label, lines in others.items():
        found[label] = section.line(
            f"{label}, to the vehicle", sum_of([total(line) for line in lines]) * 1, unit="£", note="From payers."
        )
    received: Any = total(capital.receipts)
    found["Outcome payments"] = section.line(
        "Outcome payments to the vehicle",
        received - sum_of([found[label] for label in others]) if others else received,
        unit="£",
        note="From all outcome payers.",
    )
    for line in capital.income:
        found[f"Income: {line.name}"] = section.line(
            f"Income: {line.name}", total(line), unit="£", note="Over the deal."
        )
    for one in capital.guarantees:
        found[f"Guarantee: {one.name}"] = section.line(
            f"Guarantee: {one.name}", one.paid_in_all * 1, unit="£", note="Paid to investors, not by the vehicle."
        )
    return found


def _uses(
    section: Section, capital: FundingLines, transfers: Ledger, vehicle: str, time: Timeline
) -> tuple[Line, dict[str, Line]]:
    section.heading = "Uses"
    found: dict[str, Line] = {}
    for one in capital.arrears:
        name = f"{one.bill.payee}: {one.bill.label.lower()}"
        paid = [
            each.line
            for each in transfers.transfers
            if (each.payer, each.payee, each.label) == (vehicle, one.bill.payee, one.bill.label)
        ]
        found[name] = section.line(f"{name}, in all", sum_of([total(line) for line in paid]), unit="£", note="As paid.")
    bills = section.line("Bills paid", sum_of(list(found.values())) * 1, unit="£", note="All of them.")
    for label, kind in (("Interest", "interest_paid"), ("Principal", "principal_paid"), ("Surplus", "surplus_paid")):
        for tranche in capital.tranches:
            lines = getattr(tranche, kind)
            if lines:
                name = f"{label}: {tranche.name}"
                found[name] = section.line(
                    name, sum_of([total(line) for line in lines]) * 1, unit="£", note="Guarantees included."
                )
    for step in capital.log:
        if step.kind == "surplus to":
            found[step.title] = section.line(f"{step.title}, in all", total(step.paid), unit="£", note="As paid.")
    held = [capital.cash.closing, *capital.balances.values()]
    found["Cash at the end"] = section.line(
        "Cash at the end",
        sum_of([at(line, time.last_period) for line in held]) * 1,
        unit="£",
        note="In all accounts of the vehicle.",
    )
    return bills, found


def _years(section: Section, log: tuple[StepLines, ...], time: Timeline) -> tuple[StepInYear, ...]:
    section.heading = "Financial years"
    month = section.line("Month counted", section.book.period >= 1, unit="number", note="1 in each month.")
    ends: list[Line] = []
    for year in time.years:
        months = total_where(month, time.financial_year, year.year)
        ends.append(
            section.line(
                f"Last period of {year.name}",
                ends[-1] + months if ends else months,
                unit="period",
                note="Of this deal, in the financial year.",
            )
        )
    made = []
    for year, end in zip(time.years, ends, strict=True):
        for step in log:
            section.heading = f"Waterfall, {year.name}"
            got = section.line(
                f"{step.title}: got in {year.name}",
                total_where(step.paid, time.financial_year, year.year),
                unit="£",
                note="April to March.",
            )
            asked = section.line(
                f"{step.title}: asked in {year.name}",
                got + at(step.asked, end) - at(step.paid, end),
                unit="£",
                note="What it got, and what it was still owed in the year's last month.",
            )
            left = section.line(
                f"{step.title}: left at the end of {year.name}",
                at(step.left, end) * 1,
                unit="£",
                note="To the steps below, in the year's last month.",
            )
            made.append(StepInYear(step, year.name, year.year, asked, got, left))
    return tuple(made)
