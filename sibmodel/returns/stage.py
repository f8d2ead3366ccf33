"""The stage of returns: all investors together, each tranche, each investor who shares one, and financial years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sibmodel.binding import Cells
from sibmodel.funding import FundingLines, TrancheLines
from sibmodel.ledger import MOST_IN_A_FORMULA, Ledger
from sibmodel.lines import Book, Line, Section, product_total, sum_of, total_where
from sibmodel.returns.figures import ReturnLines, Target, figures
from sibmodel.terms import Terms
from sibmodel.timeline import Timeline


@dataclass(frozen=True, eq=False)
class YearOfReturns:
    """A financial year, and what investors put in and get back in it. All are figures."""

    name: str
    year: Line
    put_in: Line
    back: Line
    position: Line
    """All flows up to the year's end."""


@dataclass(frozen=True, eq=False)
class Returns:
    """The returns of all investors together, of each tranche that is no grant, and of investors who share a tranche."""

    everyone: ReturnLines
    tranches: tuple[ReturnLines, ...]
    investors: tuple[ReturnLines, ...]
    """Each on all that it holds; none where every tranche has one investor."""
    discount_factor: Line
    years: tuple[YearOfReturns, ...]


def build(
    book: Book, cells: Cells, assumptions: Terms, capital: FundingLines, transfers: Ledger, time: Timeline
) -> Returns:
    """The lines of returns."""
    section = book.section("Returns", "What investors put in and get back.")
    cells.heading("Returns")
    rate = cells.number(assumptions, "investor_discount_rate", "assumptions", "Investors' discount rate")
    crumb = cells.section.input(
        "Smallest sum that counts",
        0.005,
        unit="£",
        source="half a penny",
        note="Below it, an amount is nothing but rounding.",
    )
    section.heading = "Discounting"
    factor = section.line(
        "Discount factor",
        np.exp(-np.log(1 + rate) * ((book.period - 1) / 12)),
        unit="ratio",
        note="What £1 in the month is worth in the first month.",
    )
    invested = [tranche for tranche in capital.tranches if tranche.terms.kind != "grant"]
    everyone = _flow(section, invested, "All investors")
    parts = [_flow(section, [tranche], tranche.name) for tranche in invested]
    together = figures(section, "All investors", everyone, factor, crumb, time)
    each = tuple(
        figures(section, tranche.name, flow, factor, crumb, time) for tranche, flow in zip(invested, parts, strict=True)
    )
    investors = tuple(_investor(section, one, invested, factor, crumb, time) for one in _named(invested))
    return Returns(together, each, investors, factor, _years(section, together, time))


def _named(tranches: Sequence[TrancheLines]) -> list[str]:
    """Those who share a tranche, in the order in which they are first named."""
    return list(dict.fromkeys(one.name for tranche in tranches for one in tranche.terms.investors))


def _investor(
    section: Section, name: str, tranches: Sequence[TrancheLines], factor: Line, crumb: Line, time: Timeline
) -> ReturnLines:
    """The returns of one investor on all that it holds."""
    who = investor_called(name)
    section.heading = who
    held = [one for tranche in tranches for one in tranche.held if one.holder == name]
    back, drawn = [one.line for one in held if not one.into], [one.line for one in held if one.into]
    if len(back) + len(drawn) > MOST_IN_A_FORMULA:
        back = section.gathered(f"{who}: paid", back, MOST_IN_A_FORMULA // 2, unit="£")
    flow = section.line(
        f"{who}: cash flow",
        sum_of(back) - sum_of(drawn),
        unit="£",
        note="All that it is paid on what it holds, less its part of what is drawn.",
    )
    found = figures(section, who, flow, factor, crumb, time)
    targets = (one.target for tranche in tranches for one in tranche.holders if one.name == name)
    wanted = next((target for target in targets if target is not None), None)
    return found if wanted is None else replace(found, target=_target(section, found, wanted, crumb))


def investor_called(name: str) -> str:
    """How the lines of an investor's returns begin: an investor may be called as a tranche is."""
    return f"Investor {name}"


def _target(section: Section, one: ReturnLines, wanted: Line, crumb: Line) -> Target:
    """Whether the flow is worth something at the rate wanted: so it is where its rate of return is higher."""
    who = one.who
    factor = section.line(
        f"{who}: discount factor at its target",
        np.exp(-np.log(1 + wanted) * ((section.book.period - 1) / 12)),
        unit="ratio",
        note="What £1 in the month is worth in the first month.",
    )
    worth = section.line(
        f"{who}: net present value at its target",
        product_total(one.flow, factor),
        unit="£",
        note="In the first month.",
    )
    met = section.line(
        f"{who}: target reached",
        np.logical_and(one.invested > crumb, worth >= -crumb),
        unit="1 or 0",
        note="1 where the flow is worth no less than nothing at the return it wants.",
    )
    return Target(wanted, met)


def _years(section: Section, one: ReturnLines, time: Timeline) -> tuple[YearOfReturns, ...]:
    section.heading = f"{one.who}, by financial year"
    years: list[YearOfReturns] = []
    for year in time.years:
        put_in = section.line(
            f"Put in, {year.name}",
            total_where(one.put_in, time.financial_year, year.year),
            unit="£",
            note="Net by month.",
        )
        back = section.line(
            f"Got back, {year.name}",
            total_where(one.back, time.financial_year, year.year),
            unit="£",
            note="Net by month.",
        )
        position = section.line(
            f"Net position, {year.name}",
            years[-1].position + back - put_in if years else back - put_in,
            unit="£",
            note="All flows up to the year's end.",
        )
        years.append(YearOfReturns(year.name, year.year, put_in, back, position))
    return tuple(years)


def _flow(section: Section, tranches: Sequence[TrancheLines], who: str) -> Line:
    section.heading = who
    paid, drawn = [line for one in tranches for line in one.paid], [one.proceeds for one in tranches]
    if len(paid) + len(drawn) > MOST_IN_A_FORMULA:
        paid = section.gathered(f"{who}: paid", paid, MOST_IN_A_FORMULA // 2, unit="£")
    fees = ", fees" if any(one.fees_paid for one in tranches) else ""
    return section.line(
        f"{who}: cash flow",
        sum_of(paid) - sum_of(drawn),
        unit="£",
        note=f"Interest{fees}, principal and surplus paid, less what is drawn.",
    )
