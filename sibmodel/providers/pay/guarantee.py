"""What is paid although nobody comes: a guaranteed number of starts, and a minimum commitment in money.

Both compare what came, or was earned, over a number of months with what was promised, and top up the difference at
the end of each such span, and at the end of the last, shorter one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sibmodel.lines import Line, previous, ratio, running_total, sum_of, total
from sibmodel.providers.desk import Desk
from sibmodel.providers.pay.common import Job
from sibmodel.providers.pay.unit_price import UnitPrice
from sibmodel.terms import Terms, money, months, number

COMPARED = "Months over which it is compared; a span that is longer than the service is compared once, at its end"


class GuaranteedStarts(Terms):
    """A number of starts that is paid for whether or not so many come."""

    starts_per_month: float = number("Starts guaranteed in each month of referrals", unit="starts a month", minimum=0.0)
    price: float | None = money(
        "Pay for each start that is missing; where a start has its own unit price, that price unless told",
        default=None,
        unit="£ a start",
    )
    over_months: int = months(COMPARED, default=1, minimum=1)

    def top_up(self, job: Job) -> Line:
        """What is paid for starts that are missing, over time."""
        desk, where = job.desk, f"{job.desk.path}.guarantee"
        promised = desk.cells.number(self, "starts_per_month", where, f"{desk.name}: guaranteed starts a month")
        over = desk.cells.number(self, "over_months", where, f"{desk.name}: months over which starts are compared")
        uptake = desk.uptake(job.terms)
        referring = desk.line(
            "referrals open",
            sum_of([np.logical_and(stream.open, desk.period <= stream.last_release) * 1 for stream in job.served]) > 0,
            "1 in months in which any cohort it serves is referred.",
            "1 or 0",
        )
        started = desk.line(
            "starts", uptake * sum_of([stream.started for stream in job.served]), "Who use it.", "people"
        )
        missing = _missing(desk, "starts", started, promised, referring, over, "people")
        price: Line
        if self.price is not None:
            price = desk.cells.number(self, "price", where, f"{desk.name}: pay for a start that is missing")
        else:
            assert isinstance(job.terms.pay, UnitPrice)
            price = job.terms.pay.price_over_time(job)
        return desk.line("pay for guaranteed starts", missing * price, "For starts that are missing.")


class MinimumPay(Terms):
    """A minimum commitment: an amount that is paid even where less is called off."""

    per_month: float = money("Least pay for each month of service", unit="£ a month")
    over_months: int = months(COMPARED, default=1, minimum=1)

    def top_up(self, job: Job, earned: Line) -> Line:
        """What is paid beyond what was earned, over time."""
        desk, where = job.desk, f"{job.desk.path}.minimum"
        promised = desk.cells.number(self, "per_month", where, f"{desk.name}: minimum a month")
        over = desk.cells.number(self, "over_months", where, f"{desk.name}: months over which pay is compared")
        missing = _missing(desk, "pay", earned, promised, job.costs.running, over, "£")
        return desk.line("top-up to the minimum", missing * 1, "What is missing.")


def _missing(desk: Desk, what: str, actual: Line, promised: Line, running: Line, over: Line, unit: str) -> Line:
    """What is missing in the month in which a span of `over` months is compared; nil in others."""
    count = desk.line(f"{what} compared: months so far", running_total(running), "While it is promised.", "months")
    spans = desk.line(f"{what} compared: spans so far", np.floor(ratio(count, over)), "Complete ones.", "number")
    ends: Any = np.logical_or(count == spans * over, count == total(running))
    now = desk.line(
        f"{what} compared now", np.logical_and(running, ends), "1 at the end of a span, and of the last.", "1 or 0"
    )
    short = desk.section.forward(
        f"{desk.name}: {what} short in the span", unit=unit, note="Promised, less what came, since the last comparison."
    )
    before = desk.line(
        f"{what} short before",
        np.where(previous(now) > 0, 0.0, previous(short)),
        "Carried within a span; a new span begins at nil.",
        unit,
    )
    desk.section.define(short, before + promised * running - actual)
    return desk.line(f"{what} missing", np.where(now, np.maximum(short, 0.0), 0.0), "When compared.", unit)
