"""Investors' returns in the base case, as lines: cash flow, multiple, net present value, rate of return, payback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    at,
    delayed,
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
from sibmodel.timeline import DAYS_TO_1970, Timeline


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


def _rate_on_dates(
    flows: Any, dates: Any, flows_begun: Any, dates_begun: Any, guess: Any, invested: Any, received: Any
) -> Any:
    from sibmodel.metrics import RateStatus, irr_dated

    days = (np.asarray(dates)[:, 0] - DAYS_TO_1970).astype("timedelta64[D]") + np.datetime64("1970-01-01")
    rates = irr_dated(flows, days)
    return np.where(rates.status == RateStatus.NO_RATE, np.nan, rates.rate)


RATE_ON_DATES = Operation(
    "rate_on_dates",
    _rate_on_dates,
    'IF(AND({5}>0,{6}<=0),-1,IFERROR(XIRR({2:row},{3:row},(1+{4})^12-1),"n/a"))',
    "the yearly rate at which {0} on the dates of {1} is worth nothing today, by Actual/365 (−100 % where all is lost)",
    over_time=True,
    operands=7,
)
"""IRR a year on true dates, Actual/365. Excel's XIRR fails where its first flow is nothing, so it reads flows and dates
that begin with the first flow."""


@dataclass(frozen=True, eq=False)
class Target:
    """A return that an investor wants, and whether the cash flow reaches it. Both are figures."""

    rate: Line
    met: Line


@dataclass(frozen=True, eq=False)
class ReturnLines:
    """The returns on one cash flow: of all investors, of one tranche, or of one investor."""

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
    """From monthly flows."""
    xirr: Line
    """On true dates."""
    payback: Line
    peak: Line
    sign_changes: Line
    target: Target | None = None


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
    together = _figures(section, "All investors", everyone, factor, crumb, time)
    each = tuple(
        _figures(section, tranche.name, flow, factor, crumb, time)
        for tranche, flow in zip(invested, parts, strict=True)
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
    flow = section.line(
        f"{who}: cash flow",
        sum_of([one.line for one in held if not one.into]) - sum_of([one.line for one in held if one.into]),
        unit="£",
        note="All that it is paid on what it holds, less its part of what is drawn.",
    )
    figures = _figures(section, who, flow, factor, crumb, time)
    targets = (one.target for tranche in tranches for one in tranche.holders if one.name == name)
    wanted = next((target for target in targets if target is not None), None)
    return figures if wanted is None else replace(figures, target=_target(section, figures, wanted, crumb))


def investor_called(name: str) -> str:
    """How the lines of an investor's returns begin: an investor may be called as a tranche is."""
    return f"Investor {name}"


def _target(section: Section, figures: ReturnLines, wanted: Line, crumb: Line) -> Target:
    """Whether the flow is worth something at the rate wanted: so it is where its rate of return is higher."""
    who = figures.who
    factor = section.line(
        f"{who}: discount factor at its target",
        np.exp(-np.log(1 + wanted) * ((section.book.period - 1) / 12)),
        unit="ratio",
        note="What £1 in the month is worth in the first month.",
    )
    worth = section.line(
        f"{who}: net present value at its target",
        product_total(figures.flow, factor),
        unit="£",
        note="In the first month.",
    )
    met = section.line(
        f"{who}: target reached",
        np.logical_and(figures.invested > crumb, worth >= -crumb),
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
    paid = [line for one in tranches for line in one.paid]
    fees = ", fees" if any(one.fees_paid for one in tranches) else ""
    return section.line(
        f"{who}: cash flow",
        sum_of(paid) - sum_of([one.proceeds for one in tranches]),
        unit="£",
        note=f"Interest{fees}, principal and surplus paid, less what is drawn.",
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
    guess = _guess(section, who, money_in, money_out, invested, received, crumb, period)
    return ReturnLines(
        who, flow, money_out, money_in, position, invested, received, moic, npv,
        _irr(section, who, flow, guess, invested, received),
        _xirr(section, who, flow, guess, invested, received, crumb, time),
        _payback(section, who, money_out, position, invested, crumb, period, time),
        peak,
        _sign_changes(section, who, flow, crumb),
    )  # fmt: skip


def _lowest(section: Section, who: str, position: Line) -> Line:
    return section.line(f"{who}: lowest net position", lowest(position), unit="£", note="The depth of the J-curve.")


def _guess(
    section: Section,
    who: str,
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
    return section.line(
        f"{who}: first guess of the monthly rate",
        np.exp(ratio(np.log(multiple), back - put_in)) - 1,
        unit="share a month",
        note="The rate if all money went in and came back at the mean periods. Only where Excel's IRR starts to look.",
    )


def _irr(section: Section, who: str, flow: Line, guess: Line, invested: Line, received: Line) -> Line:
    return section.line(
        f"{who}: rate of return",
        apply(RATE_OF_RETURN, flow, guess, invested, received),
        unit="share a year",
        note="IRR, effective, from monthly flows; −100 % where nothing comes back, n/a where there is no rate.",
    )


def _xirr(
    section: Section,
    who: str,
    flow: Line,
    guess: Line,
    invested: Line,
    received: Line,
    crumb: Line,
    time: Timeline,
) -> Line:
    period = section.book.period
    moves = section.line(
        f"{who}: period, where money moves",
        np.where(np.abs(flow) > crumb, period, time.last_period),
        unit="period",
        note="The last period where none does.",
    )
    first = section.line(f"{who}: first period of any money", lowest(moves), unit="period", note="In or out.")
    begun = section.line(
        f"{who}: cash flow from its beginning",
        delayed(flow, 1 - first),
        unit="£",
        note="Moved earlier, so that it begins with the first money: Excel's XIRR needs that.",
    )
    date = section.line(
        f"{who}: date from its beginning",
        np.maximum(delayed(time.month_end, 1 - first), at(time.month_end, first)),
        unit="date",
        note="Of that cash flow; where the timeline has ended, that of the first money.",
    )
    return section.line(
        f"{who}: rate of return on dates",
        apply(RATE_ON_DATES, flow, time.month_end, begun, date, guess, invested, received),
        unit="share a year",
        note="XIRR, Actual/365, at month ends; −100 % where nothing comes back, n/a where there is no rate.",
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
