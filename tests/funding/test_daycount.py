"""Day counts of month ends against pyxirr's, which knows nothing of ours."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import pyxirr

from sibmodel.month import Month
from sibmodel.timeline import month_end
from tests.deals import Case, base_case, data, deal_of

MONTHS = 72
STARTS = ("2027-01", "2027-02", "2027-11", "2096-03")
"""2028 is a leap year, 2100 is none."""


def counted(day_count: str, start: str, every: str = "month", months: int = MONTHS) -> Case:
    """One loan by a day count, on a timeline from `start`."""
    plain = data()
    plain["start"], plain["months"] = start, months
    first = Month.read(start)
    for cohort, later in zip(plain["cohorts"], (3, 15), strict=True):
        cohort["referrals"]["start"] = str(first.plus(later))
    plain["providers"] = [{"name": "Charity", "fixed_per_month": 10_000}]
    interest = {"basis": "simple", "day_count": day_count, "every": every}
    plain["funding"]["tranches"] = [
        {"name": "Loan", "commitment": 900_000, "coupon": 0.1, "interest": interest, "repayment": last(first, months)}
    ]
    loan = ["Loan"]
    plain["funding"]["waterfall"] = [
        {"kind": "costs"},
        {"kind": "interest", "tranches": loan},
        {"kind": "principal", "tranches": loan},
    ]
    return base_case(deal_of(plain))


def last(first: Month, months: int) -> dict[str, Any]:
    return {"kind": "bullet", "month": str(first.plus(months - 1))}


def ends(start: str, months: int = MONTHS) -> list[date]:
    """The month end before the deal, and those of the deal."""
    return [month_end(Month.read(start).plus(month)) for month in range(-1, months)]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("Actual/365", pyxirr.DayCount.ACT_365F), ("Actual/Actual", pyxirr.DayCount.ACT_ACT_ISDA)],
)
def test_each_month_is_the_part_of_a_year_that_pyxirr_says(ours: str, theirs: Any, start: str) -> None:
    row = counted(ours, start).row_of(f"Part of a year, {ours}")
    dates = ends(start)
    expected = [pyxirr.year_fraction(one, other, theirs) for one, other in pairwise(dates)]
    assert row == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(("every", "months"), [("month", 1), ("quarter", 3), ("half-year", 6), ("year", 12)])
def test_each_interest_period_has_the_days_of_the_bond_basis(every: str, months: int, start: str) -> None:
    """From interest date to interest date, and up to each month end between them."""
    row = counted("30/360", start, every).row_of("Loan: part of a year, 30/360")
    dates = ends(start)[1:]
    for begun in range(0, MONTHS - months, months):
        for passed in range(1, months + 1):
            expected = pyxirr.year_fraction(dates[begun], dates[begun + passed], pyxirr.DayCount.THIRTY_360_ISDA)
            assert row[begun + 1 : begun + passed + 1].sum() == pytest.approx(expected, abs=1e-12)


def test_the_31st_of_january_to_the_31st_of_march_has_sixty_days() -> None:
    """Added up month by month it would have 28 + 33."""
    row = counted("30/360", "2027-01", "quarter").row_of("Loan: part of a year, 30/360") * 360
    assert row[1:4] == pytest.approx([28, 32, 30])
    assert row[1:3].sum() == pytest.approx(60)


def test_a_leap_year_by_each_count() -> None:
    """£10,000 drawn on the 30th of April 2027 earn by the end of 2028, of the coupon of 10 %, by hand."""
    first, rest = slice(4, 12), slice(12, 24)  # May to December 2027, and 2028
    by_365 = counted("Actual/365", "2027-01").row_of("Part of a year, Actual/365")
    by_actual = counted("Actual/Actual", "2027-01").row_of("Part of a year, Actual/Actual")
    assert by_365[first].sum() == pytest.approx(245 / 365)
    assert by_365[rest].sum() == pytest.approx(366 / 365)
    assert by_actual[rest].sum() == pytest.approx(1 / 365 + 365 / 366)


def test_monthly_is_a_twelfth() -> None:
    case = counted("monthly", "2027-01")
    weight = case.row_of("Loan: balance × part of a year")
    assert weight[1:] == pytest.approx(np.asarray(case.row_of("Loan: principal, opening"))[1:] / 12)
