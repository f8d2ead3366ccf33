"""The interest of a tranche over time: the rate in force, interest dates, what accrues, is owed and is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.funding.coupon import MONTHS_BETWEEN, Interest
from sibmodel.funding.performance import Performance
from sibmodel.funding.repayment import Dates
from sibmodel.funding.setting import Setting
from sibmodel.lines import Corkscrew, Input, Line, previous, ratio, step_lookup, sum_of


@dataclass(frozen=True, eq=False)
class InterestLines:
    """What interest brings over time. `close` defines what waits for the waterfall's payments."""

    accrued: Line
    owed: Line
    due: Line
    foreseen: Line | None
    """In arrears, what the interest period has brought so far at the rate as it is known; not yet owed."""
    close: Callable[[list[Line]], None]


@dataclass(eq=False)
class _Run:
    """What the parts of one tranche's interest share."""

    setting: Setting
    terms: Interest
    performance: Performance | None
    principal: Corkscrew
    interest: Corkscrew
    dates: Dates | None

    @property
    def in_arrears(self) -> bool:
        return self.performance is not None and self.performance.in_arrears


def accrue(
    setting: Setting,
    terms: Interest,
    performance: Performance | None,
    coupon: Line,
    first_available: Any,
    principal: Corkscrew,
    interest: Corkscrew,
    dates: Dates | None,
) -> InterestLines:
    """The lines of a tranche's interest. `first_available` is its first period; `dates` those of its repayment, None
    where principal falls due all the time."""
    run = _Run(setting, terms, performance, principal, interest, dates)
    rate = _rate(run, coupon)
    anew, date = _dates(run, first_available)
    weight, close_bearing = _weight(run, anew, date)
    accrued, foreseen = _accrued(run, weight, rate, date)
    owed = setting.section.line(
        f"{setting.title}: interest owed",
        interest.opening + accrued,
        unit="£",
        note="All that has accrued and is unpaid.",
    )
    due, close_due = _due(run, owed, date)

    def close(paid: list[Line]) -> None:
        for one in (close_bearing, close_due):
            one(paid)

    return InterestLines(accrued, owed, due, foreseen, close)


def _nothing(paid: list[Line]) -> None:
    """Nothing waits."""


def _rate(run: _Run, coupon: Line) -> Line:
    """The yearly rate in force over time."""
    setting, steps = run.setting, run.terms.steps
    rate = coupon
    if steps:
        knots = [
            setting.month(
                one.start, f"interest.steps[{place}].start", f"first period of coupon {place + 2}", "From then."
            )
            for place, one in enumerate(steps)
        ]
        rates: list[Line] = [
            setting.cells.number(
                one, "rate", f"{setting.path}.interest.steps[{place}]", f"{setting.title}: coupon {place + 2}"
            )
            for place, one in enumerate(steps)
        ]
        rate = setting.section.line(
            f"{setting.title}: coupon by date",
            np.where(setting.period >= knots[0], step_lookup(setting.period, knots, rates), coupon),
            unit="share a year",
            note="As agreed for the month.",
        )
    return rate if run.performance is None else run.performance.rate(setting, rate)


def _dates(run: _Run, first_available: Any) -> tuple[Line, Line]:
    """Whether a count of days begins anew in a month, and whether the month ends on an interest date."""
    setting, terms, dates = run.setting, run.terms, run.dates
    if terms.every == "whole term":
        assert dates is not None
        date = dates.matured
        ends: Any = np.logical_or(setting.period == first_available, date > 0)
    else:
        months = _months_between(setting, terms)
        if terms.first_due is None:
            first: Any = first_available + months
        else:
            first = setting.month(
                terms.first_due, "interest.first_due", "first interest date", "Then at equal intervals."
            )
        since = setting.section.line(
            f"{setting.title}: months since the first interest date",
            setting.period - first,
            unit="months",
            note="Negative before it.",
        )
        regular = setting.section.line(
            f"{setting.title}: end of an interest period",
            since == months * np.floor(ratio(since, months)),
            unit="1 or 0",
            note="1 every so many months, also before the first interest date.",
        )
        due = np.logical_and(regular > 0, since >= 0)
        date = setting.section.line(
            f"{setting.title}: interest date",
            due if dates is None else np.logical_or(due, dates.matured > 0),
            unit="1 or 0",
            note="1 where interest is due or joins the balance; once matured, every month.",
        )
        ends = regular if dates is None else np.logical_or(regular > 0, dates.matured > 0)
    if terms.day_count != "30/360":
        return date, date
    ended = setting.section.line(
        f"{setting.title}: a count of days ends", ends * 1, unit="1 or 0", note="The next month begins a new one."
    )
    anew = setting.section.line(
        f"{setting.title}: a count of days begins",
        np.logical_or(setting.period == 1, previous(ended) > 0),
        unit="1 or 0",
        note="1 in the first month, and after an interest date.",
    )
    return anew, date


def _months_between(setting: Setting, terms: Interest) -> Input:
    return setting.cells.section.input(
        f"{setting.title}: months between interest dates",
        MONTHS_BETWEEN[terms.every],
        unit="months",
        source=setting.cells.source_of(f"{setting.path}.interest.every"),
        note=f"Every {terms.every}.",
    )


def _part_of_a_year(run: _Run, anew: Line) -> Any:
    calendar, count = run.setting.calendar, run.terms.day_count
    if count == "Actual/365":
        return calendar.actual_365
    if count == "Actual/Actual":
        return calendar.actual_actual
    return calendar.bond_basis(run.setting.section, run.setting.title, anew)


def _weight(run: _Run, anew: Line, date: Line) -> tuple[Line, Callable[[list[Line]], None]]:
    """The balance that bears interest, times the month's part of a year."""
    setting = run.setting
    close = _nothing
    balance: Any = run.principal.opening
    if run.terms.basis == "compound":
        bearing = setting.section.forward(
            f"{setting.title}: interest that bears interest",
            unit="£",
            note="At the period's end: all that is unpaid on an interest date; until the next, less what is paid.",
        )
        balance = setting.section.line(
            f"{setting.title}: balance that bears interest",
            run.principal.opening + previous(bearing),
            unit="£",
            note="Principal, and interest that has joined it.",
        )

        def close(paid: list[Line]) -> None:
            setting.section.define(
                bearing,
                np.where(date > 0, run.interest.closing, np.maximum(previous(bearing) - sum_of(paid), 0.0)),
            )

    months: Any = balance / 12 if run.terms.day_count == "monthly" else balance * _part_of_a_year(run, anew)
    weight = setting.section.line(
        f"{setting.title}: balance × part of a year", months, unit="£ years", note="What a rate is a price for."
    )
    return weight, close


def _accrued(run: _Run, weight: Line, rate: Line, date: Line) -> tuple[Line, Line | None]:
    """The interest of the month; in arrears, that of the whole interest period on its date."""
    setting = run.setting
    if not run.in_arrears:
        return setting.section.line(
            f"{setting.title}: interest of the period", weight * rate, unit="£", note="At the coupon in force."
        ), None
    unrated = setting.section.forward(
        f"{setting.title}: balance × years without a rate", unit="£ years", note="Until the rate is found."
    )
    so_far = setting.section.line(
        f"{setting.title}: balance × years of the interest period",
        previous(unrated) + weight,
        unit="£ years",
        note="So far, this month included.",
    )
    setting.section.define(unrated, np.where(date > 0, 0.0, so_far))
    accrued = setting.section.line(
        f"{setting.title}: interest of the period",
        np.where(date > 0, so_far * rate, 0.0),
        unit="£",
        note="Of the whole interest period, at the rate found on its date.",
    )
    foreseen = setting.section.line(
        f"{setting.title}: interest foreseen",
        np.where(date > 0, 0.0, so_far * rate),
        unit="£",
        note="Of the interest period so far, at the coupon as it is known; it is owed once its rate is found.",
    )
    return accrued, foreseen


def _due(run: _Run, owed: Line, date: Line) -> tuple[Line, Callable[[list[Line]], None]]:
    """What of the interest owed is due."""
    setting = run.setting
    falls = date
    if run.terms.paid == "rolled up":
        if run.dates is None:
            return owed, _nothing
        falls = run.dates.falls
    unpaid = setting.section.forward(
        f"{setting.title}: interest due and unpaid", unit="£", note="At the period's end; it stays due."
    )
    due = setting.section.line(
        f"{setting.title}: interest due",
        np.where(falls > 0, owed, previous(unpaid)),
        unit="£",
        note="All that is owed where it falls due; between, what has stayed due.",
    )

    def close(paid: list[Line]) -> None:
        setting.section.define(unpaid, due - sum_of(paid))

    return due, close
