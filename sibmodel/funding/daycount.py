"""Day counts: what part of a year a month is for interest, on the true dates of month ends.

- Actual/365 (Fixed): the month's days by 365.
- Actual/Actual (ISDA): the days in each calendar year by the days of that year. Of the month from 31 December to
  31 January one day lies in the old year.
- 30/360 (Bond Basis): 30 days for each month between two dates, the 31st read as the 30th: the second date's only where
  the first is the 30th or 31st. It is counted from the last interest date, so that a whole interest period has the days
  of the convention: counted month by month, 31 January to 31 March would have 61 days and not 60.

Source: 2006 ISDA Definitions, section 4.16 (b), (d), (f).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sibmodel.binding import Cells
from sibmodel.lines import Line, Section, apply, previous, ratio
from sibmodel.timeline import MONTH_END, Timeline

DayCount = Literal["monthly", "Actual/365", "Actual/Actual", "30/360"]
"""How a month counts: as a twelfth of a year, or by a convention on true dates."""
ISDA = "2006 ISDA Definitions, section 4.16"


@dataclass(eq=False)
class Calendar:
    """The lengths of months and years over time, each a line that is written when it is first asked for."""

    time: Timeline
    cells: Cells
    _made: dict[str, Line] = field(default_factory=dict)

    @property
    def section(self) -> Section:
        return self.time.month_end.section

    def _line(self, name: str, value: Any, unit: str, note: str) -> Line:
        if name not in self._made:
            self.section.heading = "Day counts"
            self._made[name] = self.section.line(name, value(), unit=unit, note=note)
        return self._made[name]

    def _convention(self, name: str, value: float, unit: str, note: str) -> Line:
        if name not in self._made:
            before = self.cells.section.heading
            self.cells.heading("Day counts")
            self._made[name] = self.cells.section.input(name, value, unit=unit, source=ISDA, note=note)
            self.cells.heading(before)
        return self._made[name]

    @property
    def days(self) -> Line:
        """The days of each month, which is also the day of the month on which it ends."""
        before = self._line("Month before", lambda: self.time.month_count - 1, "months since year 0", "Of each month.")
        ended = self._line(
            "Month before, ending", lambda: apply(MONTH_END, before), "date", "When the month's interest starts to run."
        )
        return self._line(
            "Days of the month", lambda: self.time.month_end - ended, "days", "From month end to month end."
        )

    @property
    def days_of_the_month_before(self) -> Line:
        """The day of the month on which the month before ends."""
        days = self.days
        ended = self._made["Month before, ending"]
        two_before = self._line(
            "Two months before", lambda: self.time.month_count - 2, "months since year 0", "Of each month."
        )
        end = self._line("Two months before, ending", lambda: apply(MONTH_END, two_before), "date", "Its last day.")
        assert days is not None
        return self._line("Days of the month before", lambda: ended - end, "days", "The day on which it ends.")

    @property
    def actual_365(self) -> Line:
        """Each month's part of a year of 365 days."""
        year = self._convention(
            "Days of a year, Actual/365", 365, "days", "Whatever the year: Actual/365 (Fixed) has no leap years."
        )
        days = self.days
        return self._line("Part of a year, Actual/365", lambda: ratio(days, year), "years", "Of each month.")

    @property
    def actual_actual(self) -> Line:
        """Each month's part of its calendar year, or years."""
        days = self.days
        january = self._line(
            "January of the year",
            lambda: 12 * np.floor(self.time.month_count / 12),
            "months since year 0",
            "12 × year.",
        )
        december = self._line("December of the year", lambda: january + 12 - 1, "months since year 0", "Its last.")
        before = self._line(
            "December before", lambda: january - 1, "months since year 0", "The last of the year before."
        )
        two_before = self._line(
            "December two years before", lambda: january - 12 - 1, "months since year 0", "The last of the one before."
        )
        ends = self._line("Year ending", lambda: apply(MONTH_END, december), "date", "31 December.")
        begins = self._line("Year before, ending", lambda: apply(MONTH_END, before), "date", "31 December.")
        earlier = self._line("Two years before, ending", lambda: apply(MONTH_END, two_before), "date", "31 December.")
        length = self._line("Days of the year", lambda: ends - begins, "days", "365, or 366 in a leap year.")
        last = self._line("Days of the year before", lambda: begins - earlier, "days", "365, or 366 in a leap year.")
        return self._line(
            "Part of a year, Actual/Actual",
            lambda: np.where(
                self.time.month_count == january,
                ratio(1, last) + ratio(days - 1, length),
                ratio(days, length),
            ),
            "years",
            "Of each month; of January a day, 31 December, lies in the year before.",
        )

    def bond_basis(self, section: Section, title: str, anew: Line) -> Line:
        """Each month's part of a year by 30/360, counted from the last interest date.

        `anew` is 1 in the months that begin a new count: those after an interest date, and the first.
        """
        thirty = self._convention(
            "Days of a month, 30/360", 30, "days", "Of every month, and the day as which the 31st is read."
        )
        day, day_before = self.days, self.days_of_the_month_before
        first = section.forward(
            f"{title}: day of the last interest date", unit="day", note="By 30/360, the 31st read as the 30th."
        )
        section.define(first, np.where(anew > 0, np.minimum(day_before, thirty), previous(first)))
        second = section.line(
            f"{title}: day of the month's end",
            np.where(first >= thirty, np.minimum(day, thirty), day),
            unit="day",
            note="By 30/360: the 31st is read as the 30th only where the last interest date is the 30th or 31st.",
        )
        return section.line(
            f"{title}: part of a year, 30/360",
            ratio(thirty + second - np.where(anew > 0, first, previous(second)), 12 * thirty),
            unit="years",
            note="Of each month.",
        )
