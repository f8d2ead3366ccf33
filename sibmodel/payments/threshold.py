"""Payment with a threshold: a price for each unit avoided, once the measured effect reaches the threshold.

Each cohort is tested by itself; a pooled fallback, where there is one, tests all cohorts together when the last is
assessed and pays for those not yet paid. Nothing is paid twice. From the threshold on, every unit avoided is paid (a
cliff), or only those beyond it (excess). A cohort without a threshold of its own, where there is none for all, is
paid by the pool alone. Source: HMP Peterborough, 10 % on a cohort or 7.5 % pooled: https://core.ac.uk/works/8384978

The effect recognised is that of the units that are paid for, whichever test pays: the measured effect, or what lies
beyond the threshold of that test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, sum_of
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.payments.seen import Seen, Tested, last_decision, position_of_pool, seen
from sibmodel.reading import Place
from sibmodel.terms import Terms, choice, fault_at, money, part, share


class PooledFallback(Terms):
    """A second test, of all cohorts together."""

    pooled: float = share("Measured effect, pooled over all cohorts, from which unpaid cohorts are paid")


class ThresholdPayment(PaymentTerms):
    """A price for each unit avoided, paid once the measured effect reaches a threshold."""

    kind: Literal["threshold"] = "threshold"
    price: float = money("Price of each unit avoided", unit="£ a unit")
    test: Tested = choice(
        "Whether the relative reduction is tested, or the difference in the measure's unit (points of a rate)",
        default="reduction",
    )
    threshold: float | None = share(
        "Measured effect of a cohort from which it is paid; None for the pool alone", default=None
    )
    thresholds: dict[str, float] = share("Thresholds that differ by cohort", default={})
    fallback: PooledFallback | None = part("A pooled test for cohorts that were not paid", default=None)
    pays: Literal["from zero", "excess"] = choice(
        "Whether every unit avoided is paid once the threshold is reached, or only those beyond it", default="from zero"
    )

    @model_validator(mode="after")
    def _has_a_test(self) -> Self:
        if self.threshold is None and not self.thresholds and self.fallback is None:
            raise fault_at(
                ("threshold",), "is missing, and there is no other test.", "Give threshold, thresholds or fallback."
            )
        return self

    def cohorts_named(self) -> Iterator[tuple[Place, str]]:
        yield from ((("thresholds", name), name) for name in self.thresholds)

    def due(self, desk: Desk, title: str) -> list[Due]:
        """Each cohort on its own test; then the pool, for those not paid."""
        price = desk.cells.number(self, "price", desk.path, f"{title}: price a unit")
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        cohorts = seen(desk, self.metric, self.test)
        thresholds = {one.name: self._threshold(desk, title, one) for one in cohorts}
        passed = {one.name: self._passes(desk, title, one, thresholds[one.name]) for one in cohorts}
        units = {one.name: self._own_units(desk, title, one, thresholds[one.name], passed[one.name]) for one in cohorts}
        parts = {one.name: self._own_due(desk, title, one, units[one.name], price, lag) for one in cohorts}
        if self.fallback is not None:
            self._pool(desk, title, cohorts, passed, units, parts, price, lag)
        return [self._together(desk, title, one, units[one.name], parts[one.name]) for one in cohorts]

    def _threshold(self, desk: Desk, title: str, one: Seen) -> Line | None:
        if one.name in self.thresholds:
            return desk.cells.item(self, "thresholds", one.name, desk.path, f"{title}: threshold, {one.name}")
        if self.threshold is None:
            return None
        return desk.cells.once(self, "threshold", desk.path, f"{title}: threshold")

    def _units(self, one: Seen, threshold: Line) -> Any:
        """The units that are paid for, of a cohort that passes."""
        return one.units if self.pays == "from zero" else one.units - threshold * one.units_at_one

    def _passes(self, desk: Desk, title: str, one: Seen, threshold: Line | None) -> Line | None:
        if threshold is None:
            return None
        return desk.section.line(
            f"{title}: passes, {one.name}",
            desk.reaches(one.position, threshold),
            unit="1 or 0",
            note="1 where the cohort's measured effect reaches the threshold.",
        )

    def _own_units(self, desk: Desk, title: str, one: Seen, threshold: Line | None, passed: Line | None) -> list[Line]:
        if threshold is None or passed is None:
            return []
        return [
            desk.section.line(
                f"{title}: units paid on its own test, {one.name}",
                passed * np.maximum(self._units(one, threshold), 0.0),
                unit="units",
                note="Units avoided as measured, where the cohort passes.",
            )
        ]

    def _own_due(self, desk: Desk, title: str, one: Seen, units: list[Line], price: Line, lag: Line) -> list[Line]:
        if not units:
            return []
        amount = desk.section.line(
            f"{title}: due on its own test, {one.name}", price * units[0], unit="£", note="The price of these units."
        )
        when = desk.pay_period(f"{title}: payment period, {one.name}", one.decision, lag)
        return [desk.in_period(f"{title}: falls due on its own test, {one.name}", when, amount)]

    def _pool(
        self,
        desk: Desk,
        title: str,
        cohorts: list[Seen],
        passed: dict[str, Line | None],
        units: dict[str, list[Line]],
        parts: dict[str, list[Line]],
        price: Line,
        lag: Line,
    ) -> None:
        """The pooled test, and what it pays for cohorts not yet paid: added to `units` and `parts`."""
        assert self.fallback is not None
        section = desk.section
        path = f"{desk.path}.fallback"
        threshold = desk.cells.number(self.fallback, "pooled", path, f"{title}: pooled threshold")
        passes = section.line(
            f"{title}: the pool passes",
            desk.reaches(position_of_pool(desk, title, self.metric, self.test), threshold),
            unit="1 or 0",
            note="1 where the pooled measured effect reaches the pooled threshold.",
        )
        left = {}
        for one in cohorts:
            own = passed[one.name]
            unpaid: Any = passes if own is None else passes * (1 - own)
            left[one.name] = section.line(
                f"{title}: units left to the pool, {one.name}",
                unpaid * self._units(one, threshold),
                unit="units",
                note="Where it has not been paid by its own test.",
            )
        together = section.line(
            f"{title}: units left to the pool",
            sum_of(list(left.values())),
            unit="units",
            note="Cohorts that got worse count against.",
        )
        when = desk.pay_period(f"{title}: payment period, pool", last_decision(desk, title, cohorts), lag)
        for one in cohorts:
            by_pool = section.line(
                f"{title}: units paid by the pool, {one.name}",
                np.where(together > 0, left[one.name], 0.0),
                unit="units",
                note="Where the pool is owed anything.",
            )
            units[one.name].append(by_pool)
            name = f"{title}: falls due by the pool, {one.name}"
            parts[one.name].append(desk.in_period(name, when, price * by_pool))

    def _together(self, desk: Desk, title: str, one: Seen, units: list[Line], parts: list[Line]) -> Due:
        section = desk.section
        nothing: Any = section.book.period * 0
        due = section.line(
            f"{title}: falls due, {one.name}",
            sum_of(parts) if parts else nothing,
            unit="£",
            note="By its own test or the pool's.",
        )
        recognised = section.line(
            f"{title}: effect recognised, {one.name}",
            sum_of(units) * one.effect_of_units,
            unit=one.effect.unit,
            note="What the price is for.",
        )
        return Due(one.cohort, due, recognised)
