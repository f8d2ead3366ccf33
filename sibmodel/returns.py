"""Investors' returns in the base case, as lines: cash flow, multiple, net present value, rate of return, payback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.funding import FundingLines, TrancheLines
from sibmodel.ledger import Ledger
from sibmodel.lines import (
    Book,
    Line,
    Operation,
    Section,
    apply,
    given,
    highest,
    lowest,
    previous,
    product_total,
    ratio,
    running_total,
    sum_of,
    total,
    total_where,
)
from sibmodel.terms import Terms
from sibmodel.timeline import Timeline


def _rate_of_return(flows: Any, guess: Any, invested: Any, received: Any) -> Any:
    from sibmodel.metrics import RateStatus, irr

    rates = irr(flows)
    return np.where(rates.status == RateStatus.NO_RATE, np.nan, rates.rate)


RATE_OF_RETURN = Operation(
    "rate_of_return",
    _rate_of_return,
    'IF(AND({2}>0,{3}<=0),-1,IFERROR((1+IRR({0:row},{1}))^12-1,"n/a"))',
    "the yearly rate at which {0} is worth nothing today (−100 % where all is lost)",
    over_time=True,
    operands=4,
)
"""IRR a year, effective, of a monthly line. Excel's IRR looks from a first guess, which the other operands give."""


@dataclass(frozen=True, eq=False)
class ReturnLines:
    """The returns on one cash flow: of all investors, or of one tranche."""

    who: str
    flow: Line
    put_in: Line
    """Over time, net in the month; `invested` is its sum."""
    back: Line
    """Over time, net in the month; `received` is its sum."""
    position: Line
    invested: Line
    received: Line
    moic: Line
    npv: Line
    irr: Line
    payback: Line
    peak: Line
    sign_changes: Line


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
    """The returns of all investors together and of each tranche."""

    everyone: ReturnLines
    tranches: tuple[ReturnLines, ...]
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
    everyone = _flow(section, capital.tranches, "All investors")
    parts = [_flow(section, [tranche], tranche.name) for tranche in capital.tranches]
    together = _figures(section, "All investors", everyone, factor, crumb, time)
    each = tuple(
        _figures(section, tranche.name, flow, factor, crumb, time)
        for tranche, flow in zip(capital.tranches, parts, strict=True)
    )
    return Returns(together, each, factor, _years(section, together, time))


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
    paid = [line for one in tranches for line in (*one.interest_paid, *one.principal_paid, *one.surplus_paid)]
    return section.line(
        f"{who}: cash flow",
        sum_of(paid) - sum_of([one.drawn for one in tranches]),
        unit="£",
        note="Interest, principal and surplus paid, less what is drawn.",
    )


def _figures(section: Section, who: str, flow: Line, factor: Line, crumb: Line, time: Timeline) -> ReturnLines:
    section.heading = who
    period = section.book.period
    money_in = section.line(f"{who}: received", np.maximum(flow, 0.0), unit="£", note="Money back, net in the month.")
    money_out = section.line(
        f"{who}: invested", np.maximum(-flow, 0.0), unit="£", note="Money put in, net in the month."
    )
    position = section.line(
        f"{who}: net position", running_total(flow), unit="£", note="The J-curve: all flows so far."
    )
    invested = section.line(f"{who}: invested in all", total(money_out), unit="£", note="The sum of what is put in.")
    received = section.line(f"{who}: received in all", total(money_in), unit="£", note="The sum of what comes back.")
    moic = section.line(
        f"{who}: multiple of invested capital",
        given(invested > crumb, ratio(received, invested)),
        unit="times",
        note="MOIC.",
    )
    npv = section.line(
        f"{who}: net present value",
        product_total(flow, factor),
        unit="£",
        note="At the investors' discount rate, in the first month.",
    )
    peak = section.line(
        f"{who}: peak capital",
        np.maximum(-_lowest(section, who, position), 0.0),
        unit="£",
        note="The most that was out at once.",
    )
    return ReturnLines(
        who, flow, money_out, money_in, position, invested, received, moic, npv,
        _irr(section, who, flow, money_in, money_out, invested, received, crumb, period),
        _payback(section, who, money_out, position, invested, crumb, period, time),
        peak,
        _sign_changes(section, who, flow, crumb),
    )  # fmt: skip


def _lowest(section: Section, who: str, position: Line) -> Line:
    return section.line(f"{who}: lowest net position", lowest(position), unit="£", note="The depth of the J-curve.")


def _irr(
    section: Section,
    who: str,
    flow: Line,
    money_in: Line,
    money_out: Line,
    invested: Line,
    received: Line,
    crumb: Line,
    period: Line,
) -> Line:
    back = section.line(
        f"{who}: mean period of money back",
        ratio(product_total(money_in, period), received),
        unit="period",
        note="Weighted by amount.",
    )
    put_in = section.line(
        f"{who}: mean period of money in",
        ratio(product_total(money_out, period), invested),
        unit="period",
        note="Weighted by amount.",
    )
    multiple = section.line(
        f"{who}: multiple, or 1 where there is none",
        np.where(np.logical_and(invested > crumb, received > crumb), ratio(received, invested), 1),
        unit="times",
        note="For the first guess of the rate.",
    )
    guess = section.line(
        f"{who}: first guess of the monthly rate",
        np.exp(ratio(np.log(multiple), back - put_in)) - 1,
        unit="share a month",
        note="The rate if all money went in and came back at the mean periods. Only where Excel's IRR starts to look.",
    )
    return section.line(
        f"{who}: rate of return",
        apply(RATE_OF_RETURN, flow, guess, invested, received),
        unit="share a year",
        note="IRR, effective, from monthly flows; −100 % where nothing comes back, n/a where there is no rate.",
    )


def _payback(
    section: Section,
    who: str,
    money_out: Line,
    position: Line,
    invested: Line,
    crumb: Line,
    period: Line,
    time: Timeline,
) -> Line:
    put_in = section.line(
        f"{who}: period of money in",
        np.where(money_out > crumb, period, time.last_period),
        unit="period",
        note="The last period where nothing goes in.",
    )
    first = section.line(
        f"{who}: first period of money in", lowest(put_in), unit="period", note="When the clock starts."
    )
    behind = section.line(
        f"{who}: period behind",
        np.where(position < -crumb, period, 0.0),
        unit="period",
        note="The period, while money is out.",
    )
    last = section.line(
        f"{who}: last period behind", highest(behind), unit="period", note="Money is back from the next one on."
    )
    return section.line(
        f"{who}: payback",
        given(np.logical_and(invested > crumb, last < time.last_period), last + 1 - first),
        unit="months",
        note="From the first money in until all is back for good; n/a where it never is.",
    )


def _sign_changes(section: Section, who: str, flow: Line, crumb: Line) -> Line:
    sign = section.forward(
        f"{who}: direction of the last flow", unit="1 in, −1 out", note="Of this month, or of the last with any."
    )
    before = section.line(
        f"{who}: direction before", previous(sign), unit="1 in, −1 out", note="Up to the month before."
    )
    section.define(sign, np.where(flow > crumb, 1, np.where(flow < -crumb, -1, before)))
    change = section.line(
        f"{who}: change of direction",
        sign * before < 0,
        unit="1 or 0",
        note="1 where money turns from out to in, or back.",
    )
    return section.line(
        f"{who}: changes of direction",
        total(change),
        unit="number",
        note="With one, there is one rate of return at most.",
    )
