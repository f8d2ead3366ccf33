"""A table from the measured effect to an amount: lump sums, pounds a person or a unit, or shares of a whole amount.

Each cohort is read by itself at its decision, or all together at the last. Sources: Rikers Island, lump sums by steps
of the reduction, https://socialventures.com.au/case-studies/rikers-island-sib; Newpin, a coupon by straight lines of
the success rate, https://emmatomkinson.com (3 June 2013).

The effect recognised is the level for which the table pays: with steps, 11.9 % is paid as 11 %; beyond the last
level, as the last. An amount that is paid whatever is measured (`at_least`, or the first amount below the first
level) is for no effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, ratio, sum_of
from sibmodel.payments.common import Due
from sibmodel.payments.desk import Desk
from sibmodel.payments.schedule import Schedule, ScheduleTerms
from sibmodel.payments.seen import Seen, Tested, last_decision, position_of_pool, seen
from sibmodel.reading import Place
from sibmodel.terms import choice, fault_at, money, yes_no


class TablePayment(ScheduleTerms):
    """Amounts by the level that is measured."""

    kind: Literal["table"] = "table"
    measured: Tested = choice(
        "Whether the relative reduction is read, or the difference in the measure's unit (percentage points of a rate)",
        default="reduction",
    )
    amounts: Literal["lump sum", "a person", "a unit"] = choice(
        "Whether amounts are lump sums, or for each person, or for each unit avoided or achieved", default="lump sum"
    )
    pooled: bool = yes_no("Whether all cohorts are read together, once, when the last is decided", default=False)
    at_least: dict[str, float] = money("Least that a cohort named is paid, whatever is measured", default={})

    wants = "either"

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.pooled and self.at_least:
            raise fault_at(
                ("at_least",), "stands beside `pooled: true`.", "A least amount is for cohorts read one by one."
            )
        if self.amounts == "a unit" and self.table and self.table[0].worth < 0:
            raise fault_at(
                ("table", 0),
                "A price a unit is negative.",
                "Write it without a minus: units that are lost are owed back by themselves.",
            )
        return self

    def cohorts_named(self) -> Iterator[tuple[Place, str]]:
        yield from ((("at_least", name), name) for name in self.at_least)

    def due(self, desk: Desk, title: str) -> list[Due]:
        """What the table gives, for each cohort or for the pool."""
        schedule = self.bind(desk, title)
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        cohorts = seen(desk, self.metric, self.measured)
        if self.pooled:
            return self._of_the_pool(desk, title, schedule, cohorts, lag)
        dues = []
        for one in cohorts:
            level = self.level_read(desk, title, one.name, schedule, one.position)
            read = self.amount_read(desk, title, one.name, schedule, one.position)
            amount = self._for_each(desk, title, one, read, None)
            when = desk.pay_period(f"{title}: payment period, {one.name}", one.decision, lag)
            line = desk.in_period(f"{title}: falls due, {one.name}", when, amount)
            dues.append(Due(one.cohort, line, self._recognised(desk, title, one, level, one.effect_at_one)))
        return dues

    def _of_the_pool(self, desk: Desk, title: str, schedule: Schedule, cohorts: list[Seen], lag: Line) -> list[Due]:
        """One reading for all; a lump sum is shared out by people, and so is the effect that it recognises."""
        section = desk.section
        position = position_of_pool(desk, title, self.metric, self.measured)
        level = self.level_read(desk, title, "pool", schedule, position)
        read = self.amount_read(desk, title, "pool", schedule, position)
        everyone = section.line(
            f"{title}: people in the pool",
            sum_of([one.people for one in cohorts]),
            unit="people",
            note="In all cohorts.",
        )
        when = desk.pay_period(f"{title}: payment period, pool", last_decision(desk, title, cohorts), lag)
        return [
            Due(
                one.cohort,
                desk.in_period(
                    f"{title}: falls due, {one.name}", when, self._for_each(desk, title, one, read, everyone)
                ),
                self._recognised(desk, title, one, level, one.effect_at_one if self.measured == "difference" else 1),
            )
            for one in cohorts
        ]

    def _for_each(self, desk: Desk, title: str, one: Seen, read: Line, pool: Line | None) -> Line:
        """A cohort's amount: the lump sum (of a pool its part, by people), or the amount times people or units."""
        amount: Any = read if pool is None else read * ratio(one.people, pool)
        if self.amounts == "a person":
            amount = read * one.people
        elif self.amounts == "a unit":
            amount = read * (one.units if self.signed or pool is not None else np.maximum(one.units, 0.0))
        made = desk.section.line(f"{title}: due, {one.name}", amount, unit="£", note="By the table, for the cohort.")
        if one.name not in self.at_least:
            return made
        least = desk.cells.item(self, "at_least", one.name, desk.path, f"{title}: least amount, {one.name}")
        return desk.section.line(
            f"{title}: due at least, {one.name}",
            np.maximum(made, least),
            unit="£",
            note="By the table, or the least amount.",
        )

    def _recognised(self, desk: Desk, title: str, one: Seen, level: Line, effect_at_one: Any) -> Line:
        return desk.section.line(
            f"{title}: effect recognised, {one.name}",
            level * effect_at_one,
            unit=one.effect.unit,
            note="The level for which is paid, as an effect.",
        )
