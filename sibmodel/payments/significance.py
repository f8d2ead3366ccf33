"""Payment outside a flat zone: nothing is paid or deducted for what may be luck, by statistical significance.

A cohort, or a pool of cohorts such as the quarters of a year, is judged by its effect in the assessor's standard
errors: the smaller it is, the wider its zone. Above the zone each unit or percentage point is paid, below it the same
is deducted, unless the terms say otherwise. Where the measure gets worse past a point, the contract may be ended; the
terms may say that nothing more is paid then. Source: Transforming Rehabilitation, straw man of May 2013 (large
deductions and termination where reoffending rises):
https://publications.parliament.uk/pa/cm201314/cmselect/cmjust/1004/100406.htm; payment for statistically significant
reductions: http://probationmatters.blogspot.com/2014/03/its-nightmare-mr-brown.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, previous, ratio, sum_of
from sibmodel.measurement import MeasuredCohort
from sibmodel.payments import pools
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.criterion import read_as
from sibmodel.payments.desk import Desk
from sibmodel.payments.pools import Pool
from sibmodel.reading import Place
from sibmodel.terms import Terms, choice, money, number, part, share, yes_no


class Termination(Terms):
    """The point past which the contract may be ended."""

    worse_by: float = share("How much worse the measure must get", minimum=0.0001)
    by: Literal["difference", "reduction"] = choice(
        "Whether that is a difference in the measure's unit (percentage points of a rate), or relative",
        default="difference",
    )
    stops_payment: bool = yes_no("Whether nothing more falls due after that result is settled", default=False)
    also_stops: tuple[str, ...] = part(
        "Other payments of which nothing more falls due then, listed below this one", default=()
    )


class SignificancePayment(PaymentTerms):
    """A price for each unit or percentage point outside a zone in which nothing is paid."""

    kind: Literal["significance"] = "significance"
    price: float = money("Price of each unit avoided, or of each percentage point", unit="£ a unit or point")
    pays_by: Literal["unit", "point"] = choice(
        "Whether units avoided are paid, or percentage points of the measure", default="unit"
    )
    critical: float = number(
        "Standard errors from which an effect is taken to be more than luck",
        default=1.96,
        unit="standard errors",
        minimum=0.0,
    )
    pays: Literal["from zero", "excess"] = choice(
        "Whether all is paid once it is outside the zone, or only what lies beyond the zone", default="from zero"
    )
    deductions: bool = yes_no(
        "Whether what lies below the zone is deducted as what lies above it is paid", default=True
    )
    pools: dict[str, tuple[str, ...]] = part("Cohorts that are judged together, by the pool's name", default={})
    termination: Termination | None = part("When the contract may be ended", default=None)

    may_owe_back = True

    @property
    def owes_back(self) -> bool:
        return self.deductions

    @model_validator(mode="after")
    def _pools_hold(self) -> Self:
        pools.check(self.pools, "pools")
        return self

    def cohorts_named(self) -> Iterator[tuple[Place, str]]:
        yield from pools.named(self.pools, "pools")

    def due(self, desk: Desk, title: str) -> list[Due]:
        """What each cohort is worth where its pool is outside the zone."""
        cells, path = desk.cells, desk.path
        price = cells.number(self, "price", path, f"{title}: price")
        critical = cells.number(self, "critical", path, f"{title}: standard errors that are more than luck")
        lag = cells.once(self, "payment_months", path, f"{title}: months to payment")
        metric = desk.compared(self.metric)
        due, flags = [], []
        for pool in pools.pools_of(desk, title, metric, self.pools):
            counted = self._counted(desk, title, pool, critical)
            when = desk.pay_period(f"{title}: payment period, {pool.name}", pool.decision, lag)
            if self.termination is not None:
                flags.append(self._past_the_point(desk, title, pool, when))
            due += [self._cohort(desk, title, pool, one, counted, price, when) for one in pool.cohorts]
        return self._ended(desk, title, due, flags) if flags else due

    def _counted(self, desk: Desk, title: str, pool: Pool, critical: Line) -> Line:
        """The share of what was measured that counts: none inside the zone."""
        section, z = desk.section, pool.measured.z
        above: Any = desk.reaches(z, critical)
        outside: Any = np.logical_or(above, desk.reaches(-z, critical)) if self.deductions else above
        flag = section.line(
            f"{title}: outside the zone, {pool.name}",
            outside,
            unit="1 or 0",
            note="1 where the effect is more standard errors from none than luck would have it.",
        )
        beyond: Any = 1 if self.pays == "from zero" else ratio(np.abs(z) - critical, np.abs(z))
        return section.line(
            f"{title}: share that counts, {pool.name}",
            np.where(flag, beyond, 0.0),
            unit="share",
            note="Nothing in the zone.",
        )

    def _cohort(
        self, desk: Desk, title: str, pool: Pool, one: MeasuredCohort, counted: Line, price: Line, when: Line
    ) -> Due:
        section, who = desk.section, one.name
        units: Any = one.avoided
        if self.pays_by == "point":
            units = 100 * one.points * ratio(one.people, pool.people)
        units = section.line(
            f"{title}: {self.pays_by}s, {who}",
            units,
            unit="points" if self.pays_by == "point" else one.avoided.unit,
            note="As measured; of a pool's points, the cohort's part by people.",
        )
        amount = section.line(f"{title}: due, {who}", price * units * counted, unit="£", note="Price by what counts.")
        recognised = section.line(
            f"{title}: effect recognised, {who}", one.effect * counted, unit="share", note="What the price is for."
        )
        return Due(one.truth.cohort, desk.in_period(f"{title}: in its month, {who}", when, amount), recognised)

    def _past_the_point(self, desk: Desk, title: str, pool: Pool, when: Line) -> Line:
        assert self.termination is not None
        section = desk.section
        point = desk.cells.once(
            self.termination, "worse_by", f"{desk.path}.termination", f"{title}: worse by, the point of termination"
        )
        past = section.line(
            f"{title}: past the point of termination, {pool.name}",
            desk.reaches(-read_as(self.termination.by, pool.measured), point),
            unit="1 or 0",
            note="1 where the measure got worse by as much.",
        )
        return section.line(
            f"{title}: may be ended for {pool.name}",
            np.logical_and(past, section.book.period >= when),
            unit="1 or 0",
            note="1 from the month in which that result is settled.",
        )

    def _ended(self, desk: Desk, title: str, due: list[Due], flags: list[Line]) -> list[Due]:
        """The line that says that the contract may be ended, and what that stops."""
        assert self.termination is not None
        section = desk.section
        ended = section.line(
            f"{title}: the contract may be ended",
            sum_of(flags) > 0,
            unit="1 or 0",
            note="1 once any result was that bad.",
        )
        desk.ended.update(dict.fromkeys(self.termination.also_stops, ended))
        if not self.termination.stops_payment:
            return due
        return [
            Due(
                one.cohort,
                section.line(
                    f"{title}: falls due, {one.cohort.name if one.cohort else 'all'}",
                    np.where(previous(ended) > 0, 0.0, one.line),
                    unit="£",
                    note="Nothing in the months after the contract may be ended.",
                ),
                one.recognised,
            )
            for one in due
        ]
