"""Rates of return as lines: from monthly flows, and on true dates. Spreadsheets find them with IRR and XIRR."""

from __future__ import annotations

from typing import Any

import numpy as np

from sibmodel.lines import Line, Operation, Section, apply, at, delayed, lowest, product_total, ratio
from sibmodel.timeline import DAYS_TO_1970, Timeline


def _rate_of_return(flows: Any, guess: Any, invested: Any, received: Any) -> Any:
    from sibmodel.metrics import RateStatus
    from sibmodel.metrics import irr as found

    rates = found(flows)
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


def guess(
    section: Section,
    who: str,
    money_in: Line,
    money_out: Line,
    invested: Line,
    received: Line,
    crumb: Line,
    period: Line,
) -> Line:
    """A first guess of the monthly rate, for spreadsheets."""
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


def irr(section: Section, who: str, flow: Line, guess: Line, invested: Line, received: Line) -> Line:
    """The rate of return of monthly flows."""
    return section.line(
        f"{who}: rate of return",
        apply(RATE_OF_RETURN, flow, guess, invested, received),
        unit="share a year",
        note="IRR, effective, from monthly flows; −100 % where nothing comes back, n/a where there is no rate.",
    )


def xirr(
    section: Section,
    who: str,
    flow: Line,
    guess: Line,
    invested: Line,
    received: Line,
    crumb: Line,
    time: Timeline,
) -> Line:
    """The rate of return on true dates."""
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
