"""Periods and dates: months from the deal's start, and the financial years they fall in."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.lines import Book, Line, Operation, Section, apply, at
from sibmodel.lines.operations import SUM
from sibmodel.month import Month

FIRST_MONTH_OF_FINANCIAL_YEAR = 4
"""April: the financial year of the United Kingdom's government."""


DAYS_TO_1970 = 25_569
"""Spreadsheets count days so that 1 January 1970 is this one."""


def _month_end(month_count: Any) -> Any:
    following = (np.asarray(month_count, dtype=np.int64) - 1970 * 12 + 1).astype("datetime64[M]")
    return following.astype("datetime64[D]").astype(float) - 1 + DAYS_TO_1970


MONTH_END = Operation(
    "month_end",
    _month_end,
    "DATE(INT({0}/12),{0:product}-12*INT({0}/12)+2,1)-1",
    "the last day of month {0}",
    SUM,
    operands=1,
)


@dataclass(frozen=True, eq=False)
class FinancialYear:
    """A financial year, `2010-11`, and the figure of the calendar year in which it begins."""

    name: str
    year: Line


@dataclass(frozen=True, eq=False)
class Timeline:
    """The lines of time. Months are counted from January of year 0, so that a year is a twelfth of the count."""

    start: Month
    month_count: Line
    month_end: Line
    """The last day of each month, as spreadsheets count days: the date of its cash flows."""
    financial_year: Line
    last_period: Line
    years: tuple[FinancialYear, ...]
    """The financial years that the timeline touches."""

    def month(self, period: int) -> Month:
        """The month of a period, counted from 1."""
        return self.start.plus(period - 1)


def build(book: Book, cells: Cells, start: Month) -> Timeline:
    """The timeline's lines."""
    cells.heading("Timeline")
    first = cells.section.input(
        "First month",
        start.year * 12 + start.month - 1,
        unit="months since year 0",
        path="start",
        source=cells.source_of("start"),
        note=f"The month in which the deal starts, {start}, as 12 × year + month − 1.",
    )
    april = cells.section.input(
        "First month of the financial year",
        FIRST_MONTH_OF_FINANCIAL_YEAR - 1,
        unit="months after January",
        source="https://www.gov.uk/government/publications/the-green-book-appraisal-and-evaluation-in-central-government",
        note="The government's financial year begins in April.",
    )
    last = cells.section.input(
        "Last period",
        book.periods,
        unit="period",
        path="months",
        source=cells.source_of("months"),
        note="The number of months on the timeline. Changing the length needs a new export.",
    )
    section = book.timeline
    month_count = section.line(
        "Month", first + book.period - 1, unit="months since year 0", note="12 × year + month − 1, of each period."
    )
    last_day = section.line(
        "Month ending",
        apply(MONTH_END, month_count),
        unit="date",
        note="The last day of the month, in days as Excel counts them.",
    )
    year = section.line(
        "Financial year",
        np.floor((month_count - april) / 12),
        unit="year",
        note="The calendar year in which the financial year begins: 2010 is 2010-11.",
    )
    return Timeline(start, month_count, last_day, year, last, _financial_years(section, start, year))


def _financial_years(section: Section, start: Month, financial_year: Line) -> tuple[FinancialYear, ...]:
    section.heading = "Financial years"
    months = [start.plus(passed) for passed in range(section.book.periods)]
    begun = sorted({(month.year * 12 + month.month - FIRST_MONTH_OF_FINANCIAL_YEAR) // 12 for month in months})
    years: list[FinancialYear] = []
    for first in begun:
        name = f"{first}-{(first + 1) % 100:02d}"
        line = section.line(
            f"Financial year {name}",
            years[-1].year + 1 if years else at(financial_year, 1),
            unit="year",
            note="The calendar year in which it begins.",
        )
        years.append(FinancialYear(name, line))
    return tuple(years)


def month_end(month: Month) -> date:
    """The last day of a month: the date of its cash flows."""
    return date(month.year, month.month, calendar.monthrange(month.year, month.month)[1])
