"""Payment by quarter with a yearly top-up: small cohorts are paid as they are decided, and the year is settled as a
whole.

Each cohort is paid for its units where it meets its own criterion. When all cohorts of a year are decided, they are
pooled: where the pool meets the year's criterion, the year has earned its price for the pool's units, and what its
cohorts were paid already is taken off. The rest is the top-up; where cohorts were paid more than the year has earned,
the terms may have it owed back. Source: Transforming Rehabilitation, straw man of May 2013 (quarterly cohorts, annual
top-up for improvement against an annual target):
https://publications.parliament.uk/pa/cm201314/cmselect/cmjust/1004/100406.htm
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, ratio, sum_of
from sibmodel.measurement import MeasuredCohort
from sibmodel.payments import pools
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.criterion import Criterion
from sibmodel.payments.desk import Desk
from sibmodel.payments.pools import Pool
from sibmodel.reading import Place
from sibmodel.terms import money, part, yes_no


@dataclass(frozen=True, eq=False)
class _Cohort:
    """A cohort on its own test: whether it passes, what it earns, and when that falls due."""

    one: MeasuredCohort
    passes: Line
    amount: Line
    line: Line


class TopUpPayment(PaymentTerms):
    """A price for each unit avoided, cohort by cohort, settled by the year."""

    kind: Literal["top up"] = "top up"
    price: float = money("Price of each unit avoided, when a cohort is decided", unit="£ a unit")
    criterion: Criterion = part("What a cohort must reach to be paid when it is decided")
    years: dict[str, tuple[str, ...]] = part("The cohorts of each year, by the year's name")
    year_price: float | None = money(
        "Price of each unit of the year; as for a cohort unless told", default=None, unit="£ a unit"
    )
    year_criterion: Criterion = part("What the year's cohorts together must reach")
    excess_owed_back: bool = yes_no(
        "Whether what cohorts were paid beyond what the year has earned is owed back", default=False
    )

    may_owe_back = True

    @property
    def owes_back(self) -> bool:
        return self.excess_owed_back

    @model_validator(mode="after")
    def _years_hold(self) -> Self:
        pools.check(self.years, "years")
        return self

    def cohorts_named(self) -> Iterator[tuple[Place, str]]:
        yield from pools.named(self.years, "years")

    def due(self, desk: Desk, title: str) -> list[Due]:
        """Each cohort on its own test, then its part of the year's top-up."""
        cells, path = desk.cells, desk.path
        price = cells.number(self, "price", path, f"{title}: price a unit")
        of_year = price
        if self.year_price is not None:
            of_year = cells.number(self, "year_price", path, f"{title}: price a unit of the year")
        lag = cells.once(self, "payment_months", path, f"{title}: months to payment")
        due = []
        for pool in pools.pools_of(desk, title, desk.compared(self.metric), self.years):
            own = [self._own(desk, title, one, price, lag) for one in pool.cohorts]
            due += (
                self._settled(desk, title, pool, own, of_year, lag)
                if pool.name in self.years
                else self._alone(desk, title, own)
            )
        return due

    def _own(self, desk: Desk, title: str, one: MeasuredCohort, price: Line, lag: Line) -> _Cohort:
        section, who = desk.section, one.name
        passes = section.line(
            f"{title}: passes, {who}",
            self.criterion.met(desk, one, f"{desk.path}.criterion", f"{title}: criterion of a cohort"),
            unit="1 or 0",
            note="1 where it meets its own criterion.",
        )
        amount = section.line(
            f"{title}: earned on its own, {who}",
            price * passes * np.maximum(one.avoided, 0.0),
            unit="£",
            note="Price by units avoided, where it passes.",
        )
        when = desk.pay_period(f"{title}: payment period, {who}", one.decision, lag)
        return _Cohort(one, passes, amount, desk.in_period(f"{title}: due on its own, {who}", when, amount))

    def _alone(self, desk: Desk, title: str, own: list[_Cohort]) -> list[Due]:
        return [Due(each.one.truth.cohort, each.line, self._recognised(desk, title, each, each.passes)) for each in own]

    def _recognised(self, desk: Desk, title: str, each: _Cohort, in_full: Line) -> Line:
        return desk.section.line(
            f"{title}: effect recognised, {each.one.name}",
            np.where(in_full, each.one.effect, np.maximum(each.one.effect, 0.0) * each.passes),
            unit="share",
            note="What the price is for.",
        )

    def _settled(self, desk: Desk, title: str, pool: Pool, own: list[_Cohort], price: Line, lag: Line) -> list[Due]:
        """What the year has earned, less what its cohorts were paid, shared among them by people."""
        section, year = desk.section, pool.name
        passes = section.line(
            f"{title}: the year passes, {year}",
            self.year_criterion.met(
                desk, pool.measured, f"{desk.path}.year_criterion", f"{title}: criterion of a year"
            ),
            unit="1 or 0",
            note="1 where its cohorts together meet the year's criterion.",
        )
        in_all = sum_of([each.one.avoided for each in own])
        earned = section.line(
            f"{title}: earned, {year}",
            price * passes * np.maximum(in_all, 0.0),
            unit="£",
            note="Price by the pool's units.",
        )
        before = section.line(
            f"{title}: earned by its cohorts, {year}",
            sum_of([each.amount for each in own]) * 1,
            unit="£",
            note="On their own.",
        )
        difference: Any = earned - before
        top_up = section.line(
            f"{title}: top-up, {year}",
            difference if self.excess_owed_back else np.maximum(difference, 0.0),
            unit="£",
            note="What the year has earned beyond its cohorts' payments.",
        )
        when = desk.pay_period(f"{title}: payment period, {year}", pool.decision, lag)
        return [self._with_top_up(desk, title, pool, each, passes, top_up, when) for each in own]

    def _with_top_up(
        self, desk: Desk, title: str, pool: Pool, each: _Cohort, passes: Line, top_up: Line, when: Line
    ) -> Due:
        section, who = desk.section, each.one.name
        part_of = desk.in_period(
            f"{title}: part of the top-up, {who}",
            when,
            top_up * ratio(each.one.people, pool.people),
            "Its part by people, once all cohorts of the year are decided.",
        )
        line = section.line(
            f"{title}: falls due, {who}", each.line + part_of, unit="£", note="On its own, and by the year."
        )
        return Due(each.one.truth.cohort, line, self._recognised(desk, title, each, passes))
