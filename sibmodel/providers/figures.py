"""What a provider's finance lead asks of its cash: how low, when, for how long, and what is left in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.ledger import Ledger
from sibmodel.lines import Corkscrew, Line, Section, at, given, highest, lowest, ratio, sum_of, total, total_where
from sibmodel.providers.common import ProviderLines
from sibmodel.timeline import FinancialYear, Timeline


@dataclass(frozen=True, eq=False)
class YearOfCash:
    """A financial year of a provider's cash. All are figures."""

    name: str
    year: Line
    received: Line
    paid: Line
    financing: Line
    """Own cash brought in, advances and members' capital, less what is repaid and paid out."""
    closing: Line
    """Cash at the year's end."""


@dataclass(frozen=True, eq=False)
class ProviderCash:
    """A provider's cash. Lines over time: `received`, `paid`, `financing`, `cash`, `position`, `shortfall`; the others
    are figures."""

    name: str
    received: Line
    """What it earns, in the month in which it reaches it."""
    paid: Line
    """Costs and subcontractors, in the month in which it pays them."""
    financing: Line | None
    """Advances and members' capital, less what is repaid and paid out; None where there is none of it."""
    cash: Corkscrew
    position: Line
    """All flows of the contract so far, from nothing: own cash and members' capital left out."""
    shortfall: Line
    opening_cash: Line | None
    lowest: Line
    lowest_month: Line
    worst: Line
    """The largest shortfall."""
    first_short: Line
    """The first month in which cash is below nil; not available where it never is."""
    peak: Line
    """Peak funding need."""
    income: Line
    cost: Line
    margin: Line
    margin_share: Line
    monthly_cost: Line
    cover: Line
    """Months of mean running cost that the lowest cash covers."""
    floor: Line | None
    """Reserves that the policy asks for."""
    headroom: Line | None
    """Lowest cash less the reserves that the policy asks for."""
    stake: Line | None
    lost: Line | None
    years: tuple[YearOfCash, ...]
    moves: tuple[tuple[str, str, str, Line], ...]
    """Its transfers: the other party, the label, "from" or "to", and the amount in all."""


@dataclass(eq=False)
class CashDesk:
    """Where the lines of a provider's cash are written: `name` and `path` are those of the one whose turn it is."""

    section: Section
    cells: Cells
    time: Timeline
    transfers: Ledger
    name: str = ""
    path: str = ""

    def turn_to(self, name: str, path: str) -> None:
        self.name, self.path = name, path
        self.section.heading = name
        self.cells.heading(f"Provider: {name}")

    def line(self, what: str, value: Any, note: str, unit: str = "£") -> Line:
        return self.section.line(f"{self.name}: {what}", value, unit=unit, note=note)


def figures(
    desk: CashDesk,
    lines: ProviderLines,
    received: Line,
    paid: Line,
    financing: Line | None,
    cash: Corkscrew,
    position: Line,
    shortfall: Line,
    opening_cash: Line | None,
    mean_cost: Line,
    floor: Line | None,
) -> ProviderCash:
    """The figures of a provider's cash, from its lines over time."""
    period, end, last = desk.section.book.period, desk.time.month_end, desk.time.last_period
    least = desk.line("lowest cash", lowest(cash.closing), "At any month's end.")
    when = desk.line(
        "period, while at its lowest",
        np.where(cash.closing <= least + _crumb(desk), period, last),
        "Else the last.",
        "period",
    )
    lowest_period = desk.line("period of lowest cash", lowest(when), "The first, where there are several.", "period")
    worst = desk.line("largest shortfall", highest(shortfall), "Nil where cash is never below nil.")
    short = desk.line(
        "period, while short", np.where(shortfall > _crumb(desk), period, last + 1), "Else after the last.", "period"
    )
    first_short = desk.line("first period short", lowest(short), "After the last where it is never short.", "period")
    trough = desk.line("lowest position", lowest(position), "From nothing.")
    income = desk.line("income in all", total(received), "What reaches it for its work.")
    cost = desk.line("cost in all", total(paid), "What it pays for its work.")
    margin = desk.line("margin in all", income - cost, "Income less cost.")
    risks = lines.risks
    return ProviderCash(
        name=desk.name,
        received=received,
        paid=paid,
        financing=financing,
        cash=cash,
        position=position,
        shortfall=shortfall,
        opening_cash=opening_cash,
        lowest=least,
        lowest_month=desk.line("month of lowest cash", at(end, lowest_period), "Its last day.", "date"),
        worst=worst,
        first_short=desk.line(
            "first month short",
            given(first_short <= last, at(end, first_short)),
            "n/a where it is never short.",
            "date",
        ),
        peak=desk.line("peak funding need", np.maximum(-trough, 0.0), "The most by which costs are ahead of receipts."),
        income=income,
        cost=cost,
        margin=margin,
        margin_share=desk.line(
            "margin by income", given(income > 0, ratio(margin, income)), "n/a without income.", "share"
        ),
        monthly_cost=mean_cost,
        cover=desk.line(
            "months of cover at the lowest", ratio(np.maximum(least, 0.0), mean_cost), "Of mean running cost.", "months"
        ),
        floor=floor,
        headroom=None if floor is None else desk.line("lowest cash above reserves", least - floor, "Negative: below."),
        stake=_together(desk, "pay at risk", [one.stake for one in risks]),
        lost=_together(desk, "pay at risk that is lost", [one.lost for one in risks]),
        years=_years(desk, received, paid, financing, opening_cash),
        moves=_moves(desk),
    )  # fmt: skip


def _moves(desk: CashDesk) -> tuple[tuple[str, str, str, Line], ...]:
    """Every transfer from and to the provider, in all."""
    lines: dict[tuple[str, str, str], list[Line]] = {}
    for one in desk.transfers.transfers:
        if desk.name in (one.payer, one.payee):
            way, other = ("from", one.payer) if one.payee == desk.name else ("to", one.payee)
            lines.setdefault((other, one.label, way), []).append(one.line)
    found = []
    for (other, label, way), family in lines.items():
        by_month = desk.line(f"{label} {way} {other}", sum_of(family) * 1, "By the ledger.")
        in_all = desk.line(f"{label} {way} {other}, in all", total(by_month), "Over the whole deal.")
        found.append((other, label, way, in_all))
    return tuple(found)


def _together(desk: CashDesk, what: str, parts: list[Line]) -> Line | None:
    return desk.line(what, sum_of(parts) * 1, "It hangs on results.") if parts else None


def _crumb(desk: CashDesk) -> Line:
    """Half a penny: a smaller shortfall is rounding."""
    key = ("crumb of cash",)
    if key not in desk.cells.bound:
        desk.cells.bound[key] = desk.cells.section.input(
            "Smallest shortfall that counts",
            0.005,
            unit="£",
            source="half a penny",
            note="A shortfall below it is nothing but rounding.",
        )
    return desk.cells.bound[key]


def _years(
    desk: CashDesk, received: Line, paid: Line, financing: Line | None, opening_cash: Line | None
) -> tuple[YearOfCash, ...]:
    key, made = desk.time.financial_year, list[YearOfCash]()
    desk.section.heading = f"{desk.name}, by financial year"
    for year in desk.time.years:
        into = _in_year(desk, "received", received, key, year)
        out = _in_year(desk, "paid", paid, key, year)
        other = None if financing is None else _in_year(desk, "financing", financing, key, year)
        if opening_cash is not None and not made:
            brought: Any = opening_cash * 1 if other is None else opening_cash + other
            other = desk.line(f"own cash and financing, {year.name}", brought, "With what it brings in.")
        net: Any = into - out if other is None else into - out + other
        closing = desk.line(
            f"cash at the end, {year.name}", made[-1].closing + net if made else net, "Of the financial year."
        )
        if other is None:
            other = desk.line(f"financing, {year.name}", into * 0, "None.")
        made.append(YearOfCash(year.name, year.year, into, out, other, closing))
    return tuple(made)


def _in_year(desk: CashDesk, what: str, line: Line, key: Line, year: FinancialYear) -> Line:
    return desk.line(f"{what}, {year.name}", total_where(line, key, year.year), "In the financial year.")
