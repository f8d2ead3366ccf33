"""Interest by agreed terms: simple or compound, on true dates, at a rate that may change or follow performance.

The rate is nominal: interest of a month is the balance × the yearly rate × the month's part of a year. Compound, it
joins the balance on interest dates. A coupon without these terms is effective and compounds every month.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, Self

from pydantic import model_validator

from sibmodel.funding.daycount import DayCount
from sibmodel.month import Month
from sibmodel.terms import Terms, choice, fault_at, month, part, yearly_rate

MONTHS_BETWEEN = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
"""Months from one interest date to the next."""


class RateStep(Terms):
    """A coupon, and from when it holds."""

    start: Month = month("First month in which interest runs at it")
    rate: float = yearly_rate("Interest a year from then on", minimum=0.0)


class Interest(Terms):
    """How interest is reckoned and when it is paid."""

    basis: Literal["compound", "simple"] = choice(
        "Whether interest joins the balance on interest dates and bears interest, or never does", default="compound"
    )
    day_count: DayCount = choice(
        "What part of a year a month is: a twelfth, or by true dates, Actual/365 (Fixed), Actual/Actual (ISDA) or "
        "30/360 (bond basis)",
        default="monthly",
    )
    every: Literal["month", "quarter", "half-year", "year", "whole term"] = choice(
        "How often there is an interest date; `whole term` is once, when the last principal falls due", default="year"
    )
    first_due: Month | None = month(
        "First interest date; one interval after the tranche is first available unless told", default=None
    )
    paid: Literal["when due", "rolled up"] = choice(
        "Whether interest falls due on interest dates, or with principal", default="when due"
    )
    steps: tuple[RateStep, ...] = part("Changes of the coupon, in order of time", default=())

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for place, (before, one) in enumerate(pairwise(self.steps), start=1):
            if one.start <= before.start:
                raise fault_at(
                    ("steps", place, "start"),
                    f"{one.start} is not after {before.start}.",
                    "List them in order of time.",
                )
        if self.every == "whole term" and self.first_due is not None:
            raise fault_at(("first_due",), "has no use where interest falls due once.", "Leave it out.")
        return self
