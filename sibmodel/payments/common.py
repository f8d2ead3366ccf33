"""What all payment mechanisms share: who pays, on which measure, when, with which caps; and what a mechanism must
say.

A mechanism says what falls due, for each cohort, over time (`due`). All else is done here, once: indexation,
carry-forward, what cannot be negative, caps by cohort, person, mechanism and year. What each cap cuts off has a line
of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import numpy as np

from sibmodel.cohorts import CohortLines
from sibmodel.lines import Line, Section, previous, ratio, sum_of
from sibmodel.month import Month
from sibmodel.payments.caps import Cut, capped, note_cut
from sibmodel.payments.desk import Desk
from sibmodel.payments.paid_for import CohortPayment, Due, DuePart, PaidPart, PaymentLines
from sibmodel.payments.payers import LaterShare, Payer
from sibmodel.reading import Place
from sibmodel.terms import Terms, money, month, months, part, share, text, yearly_rate, yes_no

__all__ = [
    "CohortPayment",
    "Cut",
    "Desk",
    "Due",
    "DuePart",
    "Indexation",
    "LaterShare",
    "PaidPart",
    "Payer",
    "PaymentLines",
    "PaymentTerms",
    "capped",
]


class Indexation(Terms):
    """Prices that rise each year from a month on."""

    rate: float = yearly_rate("Rise a year", minimum=-0.5)
    start: Month = month("The month whose prices are those of the terms; the first rise is a year later")


class PaymentTerms(Terms):
    """The terms that every mechanism has."""

    name: str = text("Name of the payment", default="Outcome payment")
    metric: str | None = text("The measure it pays on; the deal's first unless named", default=None)
    cohorts: tuple[str, ...] | None = part("The cohorts it is for; all unless named", default=None)
    payers: tuple[Payer, ...] = part("Who pays, and which share")
    payment_months: int = months("Months from decision to payment", default=1)
    cap: float | None = money("Most that this payment is in all", default=None)
    cap_per_year: float | None = money("Most that it is in a financial year; what is above is lost", default=None)
    cap_per_cohort: float | None = money("Most that it is for a cohort", default=None)
    cap_per_person: float | None = money(
        "Most that it is for a person, as a mean over the cohort's people", default=None, unit="£ a person"
    )
    engagement_floor: float | None = share(
        "Share of eligible people who must start; below it, what falls due for a cohort shrinks in proportion",
        default=None,
        minimum=0.0001,
    )
    indexation: Indexation | None = part("A yearly rise of its prices", default=None)
    carry_forward: bool = yes_no("Whether what is owed back is set off against later payments", default=False)

    pays_for_effect: ClassVar[bool] = True
    """Whether it pays for an outcome at all; a fee or a standing charge does not."""
    may_owe_back: ClassVar[bool] = False
    """Whether it may have the vehicle pay the payers."""
    pays_less_for_more: ClassVar[bool] = False
    """Whether more avoided may pay less, by its terms."""
    wants: ClassVar[str] = "compared"
    """The kind of measure that it pays on: compared, achieved, either, or none."""

    def measure(self) -> str | None:
        """The measure whose effect it pays for; None for the deal's first."""
        return self.metric

    def further_measures(self) -> Iterator[tuple[Place, str, str]]:
        """Measures that it names beside `metric`: where, which, and the kind wanted (compared, achieved or either)."""
        yield from ()

    def cohorts_named(self) -> Iterator[tuple[Place, str]]:
        """Cohorts that it names beside `cohorts`: where, and which."""
        yield from ()

    @property
    def owes_back(self) -> bool:
        """Whether by these very terms the vehicle may owe the payers."""
        return self.may_owe_back

    def span(self) -> tuple[Month, Month] | None:
        """The first and the last month in which it runs, where its terms say so."""
        return None

    def due(self, desk: Desk, title: str) -> list[Due]:
        """What falls due, by cohort, over time. `title` is what its lines' names begin with."""
        raise NotImplementedError

    def build(self, desk: Desk) -> PaymentLines:
        """All lines of the payment, up to what is payable under its own caps."""
        section, name = desk.section, self.name
        desk.cells.heading(name)
        section.heading = name
        desk.late, desk.cuts = [], []
        desk.title, desk.only = name, self.cohorts
        cuts = desk.cuts
        dues = self.due(desk, name)
        section.heading = f"{name}, payable"
        dues = [self._stopped(desk, one) for one in dues]
        dues = [self._for_cohort(desk, one, cuts) for one in dues]
        all_due = section.line(
            f"{name}: falls due",
            sum_of([one.line for one in dues]),
            unit="£",
            note="For all cohorts, before caps on the whole.",
        )
        payable = self._not_negative(section, all_due)
        if self.cap is not None:
            cap = desk.cells.number(self, "cap", desk.path, f"{name}: cap")
            payable = capped(section, f"{name}: under its cap", payable, cap, cuts, f"{name}: cap", "payment")
        if self.cap_per_year is not None:
            payable = self._capped_by_year(desk, payable, cuts)
        owed_back = None
        if self.owes_back and not self.carry_forward:
            owed_back = section.line(
                f"{name}: owed back", np.maximum(-all_due, 0.0), unit="£", note="What the vehicle owes the payers."
            )
        beyond = None
        if desk.late:
            beyond = section.line(
                f"{name}: decisions beyond the timeline",
                sum_of(desk.late),
                unit="number",
                note="Paid in the last period.",
            )
        measure = self.measure()
        if measure is None and self.wants != "none":
            measure = next(iter(desk.measured.compared), None)
        return PaymentLines(
            name, measure, self.payers, payable, owed_back, tuple(dues), all_due, tuple(cuts), beyond,
            self.pays_for_effect,
        )  # fmt: skip

    def _stopped(self, desk: Desk, one: Due) -> Due:
        """Nothing more falls due once another payment's termination has stopped this one."""
        ended = desk.ended.get(self.name)
        if ended is None:
            return one
        line = desk.section.line(
            f"{self.name}: until it is stopped, {one.cohort.name if one.cohort else 'all'}",
            np.where(previous(ended) > 0, 0.0, one.line),
            unit="£",
            note="Nothing in the months after another payment's terms have ended the contract.",
        )
        return replace(one, line=line, whole=one.line if one.whole is None else one.whole)

    def _for_cohort(self, desk: Desk, one: Due, cuts: list[Cut]) -> Due:
        """Indexation and the caps that hold for each cohort by itself."""
        section, name = desk.section, self.name
        who = one.cohort.name if one.cohort is not None else "all"
        if self.indexation is not None:
            one = self._indexed(desk, one, who)
        whole = one.line if one.whole is None else one.whole
        line = self._while_in_force(desk, who, one.line)
        if one.cohort is None:
            return Due(None, line, one.recognised)
        if self.engagement_floor is not None:
            line = self._by_engagement(desk, one.cohort, line, cuts)
        if self.cap_per_cohort is not None:
            cap = desk.cells.once(self, "cap_per_cohort", desk.path, f"{name}: cap a cohort")
            line = capped(
                section,
                f"{name}: under the cohort's cap, {who}",
                line,
                cap,
                cuts,
                f"{name}: cap a cohort, {who}",
                "cohort",
            )
        if self.cap_per_person is not None:
            each = desk.cells.once(self, "cap_per_person", desk.path, f"{name}: cap a person")
            room = section.line(
                f"{name}: cap of all persons, {who}",
                each * one.cohort.people,
                unit="£",
                note="The cap a person, for all people.",
            )
            line = capped(
                section,
                f"{name}: under the cap a person, {who}",
                line,
                room,
                cuts,
                f"{name}: cap a person, {who}",
                "person",
            )
        return Due(one.cohort, line, one.recognised, whole, one.parts)

    def _indexed(self, desk: Desk, one: Due, who: str) -> Due:
        """What falls due at the month's prices, and each measure's part of it."""
        index, title = self._index(desk), f"{self.name}: indexed"

        def risen(name: str, line: Line) -> Line:
            return desk.section.line(name, line * index, unit="£", note="At the month's prices.")

        whole = None if one.whole is None else risen(f"{title}, before it is stopped, {who}", one.whole)
        parts = tuple(replace(part, line=risen(f"{title}, {part.metric}, {who}", part.line)) for part in one.parts)
        return replace(one, line=risen(f"{title}, {who}", one.line), whole=whole, parts=parts)

    def _while_in_force(self, desk: Desk, who: str, line: Line) -> Line:
        """What falls due after an early end: fees stop; payments for outcomes only where the terms say so."""
        if desk.end is None or (self.pays_for_effect and desk.end.terms.outcomes == "paid"):
            return line
        lag = desk.cells.once(self, "payment_months", desk.path, f"{self.name}: months to payment")
        return desk.section.line(
            f"{self.name}: while the contract runs, {who}",
            np.where(desk.section.book.period < desk.end.period + lag, line, 0.0),
            unit="£",
            note="Nothing for what is decided, or done, after an early end.",
        )

    def _by_engagement(self, desk: Desk, cohort: CohortLines, line: Line, cuts: list[Cut]) -> Line:
        """What falls due, less what too few starts take off it; what is owed back stays."""
        section, name, who = desk.section, self.name, cohort.name
        floor = desk.cells.once(self, "engagement_floor", desk.path, f"{name}: floor of engagement")
        factor = section.line(
            f"{name}: engagement against its floor, {who}",
            np.minimum(ratio(cohort.starts, cohort.people) / floor, 1.0),
            unit="share",
            note="1 where as many start as the terms ask for.",
        )
        left = section.line(
            f"{name}: adjusted for engagement, {who}",
            np.where(line > 0, line * factor, line),
            unit="£",
            note="In proportion, where too few start.",
        )
        note_cut(section, f"{name}: floor of engagement, {who}", line, left, cuts, "floor of engagement")
        return left

    def _index(self, desk: Desk) -> Line:
        assert self.indexation is not None
        title = f"{self.name}: price index"
        known = next((line for line in desk.section.lines if line.name == title), None)
        if known is not None:
            return known
        path = f"{desk.path}.indexation"
        rate = desk.cells.number(self.indexation, "rate", path, f"{self.name}: rise of prices a year")
        first = desk.cells.month(
            self.indexation.start,
            f"{path}.start",
            f"{self.name}: period of the terms' prices",
            "Prices rise each year from it.",
        )
        years = np.maximum(np.floor((desk.section.book.period - first) / 12), 0.0)
        return desk.section.line(
            title, np.exp(np.log(1 + rate) * years), unit="ratio", note="Prices against the terms'."
        )

    def _not_negative(self, section: Section, all_due: Line) -> Line:
        name = self.name
        if not self.carry_forward:
            return section.line(f"{name}: payable", np.maximum(all_due, 0.0), unit="£", note="Never below nil.")
        net = section.corkscrew(f"{name}: carried forward", unit="£", note="What is owed back and not yet set off.")
        payable = section.line(
            f"{name}: payable",
            np.maximum(all_due - net.opening, 0.0),
            unit="£",
            note="What falls due, less what is carried forward from worse results.",
        )
        net.close(additions=[payable], reductions=[all_due])
        return payable

    def _capped_by_year(self, desk: Desk, payable: Line, cuts: list[Cut]) -> Line:
        section, name = desk.section, self.name
        cap = desk.cells.number(self, "cap_per_year", desk.path, f"{name}: cap a financial year")
        so_far = section.forward(f"{name}: paid in the year so far", unit="£", note="From April, this month included.")
        year = desk.timeline.financial_year
        before = section.line(
            f"{name}: paid in the year before this month",
            np.where(year == previous(year), previous(so_far), 0.0),
            unit="£",
            note="Begins anew each April.",
        )
        paid = section.line(
            f"{name}: under its yearly cap",
            np.minimum(payable, cap - before),
            unit="£",
            note="What the year's cap leaves.",
        )
        section.define(so_far, before + paid)
        note_cut(section, f"{name}: cap a financial year", payable, paid, cuts, "year")
        return paid
