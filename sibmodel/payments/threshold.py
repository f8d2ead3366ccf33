"""Payment with a threshold: a price for each event avoided, once the measured reduction reaches the threshold.

Each cohort is tested by itself; a pooled fallback, where there is one, tests all cohorts together when the last is
assessed and pays for those not yet paid. Nothing is paid twice. From the threshold on, every event avoided is paid
(a cliff). Source: HMP Peterborough, 10 % on a cohort or 7.5 % pooled: https://core.ac.uk/works/8384978
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sibmodel.binding import Cells
from sibmodel.lines import Line, Section, product_total, ratio, sum_of
from sibmodel.measurement import Measured, MeasuredLines
from sibmodel.payments.common import CohortPayment, Payer, PaymentLines
from sibmodel.terms import Terms, money, months, part, share, text
from sibmodel.timeline import Timeline


class PooledFallback(Terms):
    """A second test, of all cohorts together."""

    pooled: float = share("Measured reduction, pooled over all cohorts, from which unpaid cohorts are paid")


class ThresholdPayment(Terms):
    """A price for each event avoided, paid once the measured reduction reaches a threshold."""

    kind: Literal["threshold"] = "threshold"
    name: str = text("Name of the payment", default="Outcome payment")
    payers: tuple[Payer, ...] = part("Who pays, and which share")
    price: float = money("Price of each reconviction event avoided", unit="£ an event")
    threshold: float = share("Measured reduction of a cohort from which it is paid")
    fallback: PooledFallback | None = part("A pooled test for cohorts that were not paid", default=None)
    cap: float | None = money("Most that is paid in all", default=None)
    payment_months: int = months("Months from decision to payment", default=1)

    def build(self, section: Section, cells: Cells, path: str, measured: Measured, timeline: Timeline) -> PaymentLines:
        """The payment's lines: due and paid over time, and what each cohort was paid for."""
        period, name = section.book.period, self.name
        cells.heading(name)
        section.heading = name
        price = cells.number(self, "price", path, f"{name}: price an event")
        threshold = cells.number(self, "threshold", path, f"{name}: threshold")
        lag = cells.number(self, "payment_months", path, f"{name}: months to payment")
        crumb = cells.section.input(
            f"{name}: shortfall that is rounding",
            1e-9,
            unit="share",
            source="far below what any assessor reports",
            note="A measured reduction this close to a threshold reaches it: 10 % measured passes a test of 10 %.",
        )

        passed = {
            cohort.name: section.line(
                f"{name}: passes, {cohort.name}",
                cohort.reduction + crumb >= threshold,
                unit="1 or 0",
                note="1 where the cohort's measured reduction reaches the threshold.",
            )
            for cohort in measured.cohorts
        }
        due: dict[str, list[Line]] = {}
        late: list[Line] = []
        for cohort in measured.cohorts:
            amount = section.line(
                f"{name}: due on its own test, {cohort.name}",
                passed[cohort.name] * price * np.maximum(cohort.avoided, 0.0),
                unit="£",
                note="The price of every event avoided as measured, where the cohort passes.",
            )
            when, beyond = _pay_period(
                section, f"{name}: payment period, {cohort.name}", cohort.decision, lag, timeline
            )
            late.append(beyond)
            due[cohort.name] = [
                section.line(
                    f"{name}: falls due on its own test, {cohort.name}",
                    np.where(period == when, amount, 0.0),
                    unit="£",
                    note="In the period of payment.",
                )
            ]
        if self.fallback is not None:
            late.append(self._pool(section, cells, path, measured, timeline, passed, due, price, lag, crumb))
        for cohort in measured.cohorts:
            due[cohort.name] = [
                section.line(
                    f"{name}: falls due, {cohort.name}",
                    sum_of(due[cohort.name]),
                    unit="£",
                    note="By its own test or the pool's.",
                )
            ]
        due_line = section.line(
            f"{name}: falls due",
            sum_of([lines[0] for lines in due.values()]),
            unit="£",
            note="For all cohorts, before the cap.",
        )
        paid = self._capped(section, cells, path, due_line)
        cohorts = tuple(
            self._paid_for(section, cohort, due[cohort.name][0], due_line, paid, price) for cohort in measured.cohorts
        )
        beyond_the_end = section.line(
            f"{name}: decisions beyond the timeline",
            sum_of(late),
            unit="number",
            note="Paid in the last period instead.",
        )
        return PaymentLines(self.name, self.payers, due_line, paid, cohorts, beyond_the_end)

    def _pool(
        self,
        section: Section,
        cells: Cells,
        path: str,
        measured: Measured,
        timeline: Timeline,
        passed: dict[str, Line],
        due: dict[str, list[Line]],
        price: Line,
        lag: Line,
        crumb: Line,
    ) -> Line:
        """The pooled test and what it pays for cohorts not yet paid; returns whether it falls beyond the timeline."""
        assert self.fallback is not None
        period, name = section.book.period, self.name
        pooled_threshold = cells.number(self.fallback, "pooled", f"{path}.fallback", f"{name}: pooled threshold")
        pool_passes = section.line(
            f"{name}: the pool passes",
            measured.pooled + crumb >= pooled_threshold,
            unit="1 or 0",
            note="1 where the pooled measured reduction reaches the pooled threshold.",
        )
        parts = {
            cohort.name: section.line(
                f"{name}: worth to the pool, {cohort.name}",
                pool_passes * (1 - passed[cohort.name]) * price * cohort.avoided,
                unit="£",
                note="The price of its events avoided, where it has not been paid by its own test.",
            )
            for cohort in measured.cohorts
        }
        worth = section.line(
            f"{name}: worth to the pool",
            sum_of(list(parts.values())),
            unit="£",
            note="Cohorts with more events count against.",
        )
        decision: Line | None = None
        for cohort in measured.cohorts:
            later = cohort.decision if decision is None else np.maximum(decision, cohort.decision)
            decision = section.line(
                f"{name}: decided up to {cohort.name}", later, unit="period", note="The latest decision so far."
            )
        assert decision is not None
        when, beyond = _pay_period(section, f"{name}: payment period, pool", decision, lag, timeline)
        for cohort in measured.cohorts:
            due[cohort.name].append(
                section.line(
                    f"{name}: falls due by the pool, {cohort.name}",
                    np.where(np.logical_and(period == when, worth > 0), parts[cohort.name], 0.0),
                    unit="£",
                    note="In the period of payment, where the pool is owed anything.",
                )
            )
        return beyond

    def _capped(self, section: Section, cells: Cells, path: str, due: Line) -> Line:
        name = self.name
        if self.cap is None:
            return section.line(f"{name}: paid", due, unit="£", note="There is no cap.")
        cap = cells.number(self, "cap", path, f"{name}: cap")
        so_far = section.corkscrew(f"{name}: paid so far", unit="£")
        paid = section.line(
            f"{name}: paid",
            np.minimum(due, cap - so_far.opening),
            unit="£",
            note="What falls due, up to what the cap leaves.",
        )
        so_far.close(additions=[paid])
        return paid

    def _paid_for(
        self, section: Section, cohort: MeasuredLines, due: Line, all_due: Line, paid: Line, price: Line
    ) -> CohortPayment:
        name = self.name
        share_paid = section.line(
            f"{name}: share paid, {cohort.name}",
            ratio(due, all_due),
            unit="share",
            note="The cohort's share of what falls due in the period.",
        )
        amount = section.line(
            f"{name}: paid for, {cohort.name}",
            product_total(paid, share_paid),
            unit="£",
            note="The cohort's part of what was paid, under the cap.",
        )
        reduction = section.line(
            f"{name}: paid reduction, {cohort.name}",
            ratio(ratio(amount, price), cohort.comparison_events),
            unit="share",
            note="The events paid for, relative to the events at the comparison rate.",
        )
        return CohortPayment(cohort.name, amount, reduction)


def _pay_period(section: Section, name: str, decision: Line, lag: Line, timeline: Timeline) -> tuple[Line, Line]:
    """The period of payment, the last one at the latest; and 1 where that was needed."""
    when = section.line(
        name, np.minimum(decision + lag, timeline.last_period), unit="period", note="Decision and months to payment."
    )
    beyond = section.line(
        f"{name}, beyond the timeline",
        decision + lag > timeline.last_period,
        unit="1 or 0",
        note="1 where it is cut to the end.",
    )
    return when, beyond
