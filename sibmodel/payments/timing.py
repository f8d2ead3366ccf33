"""When amounts that run over time are paid: some months later, in the last month at the latest."""

from __future__ import annotations

from typing import Any

import numpy as np

from sibmodel.cohorts import CohortLines
from sibmodel.lines import Line, delayed, ratio, total
from sibmodel.outcomes import AchievedCohort
from sibmodel.payments.desk import Desk


def paid_later(desk: Desk, title: str, amount: Any, lag: Line, note: str) -> Line:
    """An amount over time, paid `lag` months later. What would fall beyond the timeline is paid in its last month."""
    section, last = desk.section, desk.timeline.last_period
    earned = section.line(f"{title}, earned", amount, unit="£", note=note)
    late = section.line(
        f"{title}, for the last month",
        np.where(section.book.period > last - lag, earned, 0.0),
        unit="£",
        note="What would be paid beyond the timeline.",
    )
    desk.late.append(
        section.line(f"{title}, beyond the timeline", total(late) > 0, unit="1 or 0", note="1 where any of it is cut.")
    )
    return section.line(
        title,
        delayed(earned, lag) + np.where(section.book.period == last, total(late), 0.0),
        unit="£",
        note="In the month in which it is paid.",
    )


def units_when_paid(desk: Desk, title: str, one: AchievedCohort, lag: Line) -> Line:
    """The units that a cohort achieves by a milestone, in the months in which they are paid.

    Those reached or paid beyond the timeline are paid in its last month.
    """
    section, last = desk.section, desk.timeline.last_period
    late = section.line(
        f"{title}, beyond the timeline",
        one.decision + lag > last,
        unit="1 or 0",
        note="1 where the last of them are paid beyond the timeline.",
    )
    desk.late.append(late)
    in_time = section.line(
        f"{title}, in time", delayed(one.achieved, lag), unit=one.achieved.unit, note="Months later."
    )
    return section.line(
        title,
        in_time + np.where(np.logical_and(late, section.book.period == last), one.units_counted - total(in_time), 0.0),
        unit=one.achieved.unit,
        note="In the month in which they are paid.",
    )


def over_its_months(desk: Desk, title: str, cohort: CohortLines, over: str, amount: Line) -> Any:
    """An amount spread evenly over the months of a cohort's referrals, or of its service. `title` names the months."""
    section = desk.section
    open_ = cohort.open
    if over == "referrals":
        open_ = section.line(
            title,
            np.logical_and(cohort.open, section.book.period <= cohort.last_release),
            unit="1 or 0",
            note="1 in the months of its referrals.",
        )
    return amount * ratio(open_, total(open_))
