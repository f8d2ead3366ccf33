"""The figures of one cash flow: what goes in and comes back, multiple, present value, rates of return, payback."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sibmodel.lines import Line, Section, given, highest, lowest, previous, product_total, ratio, running_total, total
from sibmodel.returns import rates
from sibmodel.timeline import Timeline


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


def figures(section: Section, who: str, flow: Line, factor: Line, crumb: Line, time: Timeline) -> ReturnLines:
    """The lines of the cash flow of `who`."""
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
    guess = rates.guess(section, who, money_in, money_out, invested, received, crumb, period)
    return ReturnLines(
        who, flow, money_out, money_in, position, invested, received, moic, npv,
        rates.irr(section, who, flow, guess, invested, received),
        rates.xirr(section, who, flow, guess, invested, received, crumb, time),
        _payback(section, who, money_out, position, invested, crumb, period, time),
        peak,
        _sign_changes(section, who, flow, crumb),
    )  # fmt: skip


def _lowest(section: Section, who: str, position: Line) -> Line:
    return section.line(f"{who}: lowest net position", lowest(position), unit="£", note="The depth of the J-curve.")


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
