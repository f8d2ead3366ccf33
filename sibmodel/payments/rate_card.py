"""A rate card: many milestones, each with its tariff, its own caps, and one discount that was bid on all of them.

People and payable events are told apart: a person who reaches a milestone may stand for several units (days housed),
and a volume cap counts units. A cap on a line, in money or units, is used up by all cohorts together, in the order of
time; what it cuts off is reported by line. The cap per person, as all payments have it, is a mean over a cohort's
people: nobody is followed one by one. An uplift for a harder group is a factor on the tariffs, for a share of people,
in some cohorts or in all. Where an uplift meets a volume cap, units without it may use the cap up: more achieved may
then be worth less.

Source: DWP Innovation Fund (maximum tariffs, bids at or below, cap for each participant):
https://golab-indigo-data-store.herokuapp.com/app/project/INDIGO-POJ-0165; Fair Chance Fund (sustained 3, 6, 12, 18
months): https://golab.bsg.ox.ac.uk/knowledge-bank/indigo/impact-bond-dataset-v2/INDIGO-POJ-0135
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, product_total, ratio, sum_of, total
from sibmodel.outcomes import AchievedCohort
from sibmodel.payments.caps import capped, note_cut
from sibmodel.payments.common import Due, DuePart, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.payments.timing import units_when_paid
from sibmodel.reading import Place, fault_at
from sibmodel.terms import Terms, money, number, part, share, text


class CardLine(Terms):
    """A milestone, its tariff and its caps."""

    milestone: str = text("The milestone, by its measure's name")
    tariff: float = money("Tariff of each unit, before the discount", unit="£ a unit")
    discount: float | None = share("Discount bid on this tariff; the card's unless told", default=None)
    cap: float | None = money("Most that is paid for this line in all", default=None)
    most_units: float | None = number(
        "Most units that are paid for on this line in all", default=None, unit="units", minimum=0.0
    )


class Uplift(Terms):
    """A factor on the tariffs for people who are harder to help."""

    factor: float = number("Factor on the tariffs", unit="ratio", minimum=0.0)
    share: float = share("Share of the people who reach a milestone to whom it applies", default=1.0)
    cohorts: tuple[str, ...] | None = part("Cohorts to which it applies; all unless named", default=None)


class RateCard(PaymentTerms):
    """Tariffs for many milestones."""

    kind: Literal["rate card"] = "rate card"
    lines: tuple[CardLine, ...] = part("The lines of the card")
    discount: float = share("Discount bid on the tariffs", default=0.0)
    uplifts: tuple[Uplift, ...] = part("Factors for harder groups", default=())

    wants = "achieved"

    @model_validator(mode="after")
    def _has_lines(self) -> Self:
        if not self.lines:
            raise fault_at(("lines",), "There are no lines.", "Write at least one.")
        names = [line.milestone for line in self.lines]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise fault_at(("lines", place, "milestone"), f'"{name}" has two lines.', "Keep one of them.")
        return self

    def measure(self) -> str | None:
        return self.metric or self.lines[0].milestone

    def further_measures(self) -> Iterator[tuple[Place, str, str]]:
        for place, line in enumerate(self.lines):
            yield ("lines", place, "milestone"), line.milestone, "achieved"

    def cohorts_named(self) -> Iterator[tuple[Place, str]]:
        for number_of, uplift in enumerate(self.uplifts):
            for place, name in enumerate(uplift.cohorts or ()):
                yield ("uplifts", number_of, "cohorts", place), name

    def due(self, desk: Desk, title: str) -> list[Due]:
        """Each cohort's units on each line, at its tariff, within the line's caps."""
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        factors = {cohort.name: self._factor(desk, title, cohort.name) for cohort in desk.cohorts}
        by_cohort: dict[str, list[DuePart]] = {}
        for place, line in enumerate(self.lines):
            price = self._price(desk, title, place)
            for who, part_of in self._of_line(desk, title, place, line, price, factors, lag).items():
                by_cohort.setdefault(who, []).append(part_of)
        return [
            Due(
                cohort,
                desk.section.line(
                    f"{title}: falls due, {cohort.name}",
                    sum_of([one.line for one in by_cohort[cohort.name]]) * 1,
                    unit="£",
                    note="For all lines of the card.",
                ),
                parts=tuple(by_cohort[cohort.name]),
            )
            for cohort in desk.cohorts
        ]

    def _factor(self, desk: Desk, title: str, who: str) -> Line | None:
        """The mean factor on a cohort's tariffs; None where no uplift applies."""
        parts: list[Any] = []
        for place, uplift in enumerate(self.uplifts):
            if uplift.cohorts is not None and who not in uplift.cohorts:
                continue
            path = f"{desk.path}.uplifts[{place}]"
            factor = desk.cells.once(uplift, "factor", path, f"{title}: factor of uplift {place + 1}")
            part_of = desk.cells.once(uplift, "share", path, f"{title}: share of people of uplift {place + 1}")
            parts.append(part_of * (factor - 1))
        if not parts:
            return None
        return desk.section.line(
            f"{title}: mean factor, {who}", 1 + sum_of(parts), unit="ratio", note="Over harder and other people."
        )

    def _price(self, desk: Desk, title: str, place: int) -> Line:
        line, path = self.lines[place], f"{desk.path}.lines[{place}]"
        tariff = desk.cells.number(line, "tariff", path, f"{title}: tariff of {line.milestone}")
        if line.discount is not None:
            discount = desk.cells.number(line, "discount", path, f"{title}: discount on {line.milestone}")
        else:
            discount = desk.cells.once(self, "discount", desk.path, f"{title}: discount")
        return desk.section.line(
            f"{title}: price of {line.milestone}", tariff * (1 - discount), unit="£ a unit", note="The tariff as bid."
        )

    def _of_line(
        self,
        desk: Desk,
        title: str,
        place: int,
        line: CardLine,
        price: Line,
        factors: dict[str, Line | None],
        lag: Line,
    ) -> dict[str, DuePart]:
        """What falls due on a line, by cohort, within its caps, and the effect recognised as far as they leave it."""
        section, name = desk.section, line.milestone
        cohorts = desk.achieved(name).cohorts
        units = {one.name: units_when_paid(desk, f"{title}: {name}, units, {one.name}", one, lag) for one in cohorts}
        payable = self._within_volume(desk, title, place, list(units.values()), price)
        self._counts(desk, title, name, cohorts, units, payable)
        amounts = {}
        for one in cohorts:
            factor = factors[one.name]
            value: Any = price * units[one.name] if factor is None else price * factor * units[one.name]
            if payable is not None:
                value = value * payable
            amounts[one.name] = section.line(
                f"{title}: {name}, due, {one.name}", value, unit="£", note="Price by payable units."
            )
        left = self._within_cap(desk, title, place, amounts)
        return {
            one.name: DuePart(
                name,
                left[one.name],
                self._recognised(desk, title, line, one, units[one.name], payable, amounts[one.name], left[one.name]),
            )
            for one in cohorts
        }

    def _recognised(
        self,
        desk: Desk,
        title: str,
        line: CardLine,
        one: AchievedCohort,
        units: Line,
        payable: Line | None,
        before: Line,
        after: Line,
    ) -> Line:
        """The share that reaches the milestone, as far as the line's own caps leave it."""
        effect: Any = one.effect
        if payable is not None:
            effect = effect * ratio(product_total(units, payable), total(units))
        if line.cap is not None:
            effect = effect * ratio(total(after), total(before))
        if payable is None and line.cap is None:
            return one.effect
        return desk.section.line(
            f"{title}: {line.milestone}, effect recognised, {one.name}",
            effect,
            unit=one.effect.unit,
            note="The share that reaches it, as far as the line's caps leave it.",
        )

    def _within_volume(self, desk: Desk, title: str, place: int, units: list[Line], price: Line) -> Line | None:
        """The share of a month's units that the volume cap leaves; None where there is none."""
        line, section = self.lines[place], desk.section
        if line.most_units is None:
            return None
        name = f"{title}: {line.milestone}"
        most = desk.cells.number(line, "most_units", f"{desk.path}.lines[{place}]", f"{name}, most units")
        in_all = section.line(f"{name}, units", sum_of(units) * 1, unit="units", note="Of all cohorts.")
        so_far = section.corkscrew(f"{name}, units paid for so far", unit="units")
        within = section.line(
            f"{name}, units within the volume cap",
            np.minimum(in_all, most - so_far.opening),
            unit="units",
            note="What it leaves.",
        )
        so_far.close(additions=[within])
        before = section.line(f"{name}, before the volume cap", price * in_all, unit="£", note="Without uplifts.")
        after = section.line(f"{name}, after the volume cap", price * within, unit="£", note="Without uplifts.")
        note_cut(section, f"{name}, volume cap", before, after, desk.cuts, "volume")
        return section.line(f"{name}, share payable", ratio(within, in_all), unit="share", note="Of the month's units.")

    def _counts(
        self,
        desk: Desk,
        title: str,
        name: str,
        cohorts: tuple[AchievedCohort, ...],
        units: dict[str, Line],
        payable: Line | None,
    ) -> None:
        """People and payable events, told apart."""
        section = desk.section
        section.line(
            f"{title}: {name}, people",
            sum_of([one.counted for one in cohorts]) * 1,
            unit="people",
            note="Who reach it.",
        )
        month = section.line(
            f"{title}: {name}, payable events by month",
            sum_of(list(units.values())) * (1 if payable is None else payable),
            unit="events",
            note="Units that are paid for, within the volume cap.",
        )
        section.line(f"{title}: {name}, payable events", total(month), unit="events", note="Over the whole deal.")

    def _within_cap(self, desk: Desk, title: str, place: int, amounts: dict[str, Line]) -> dict[str, Line]:
        line, section = self.lines[place], desk.section
        if line.cap is None:
            return amounts
        name = f"{title}: {line.milestone}"
        cap = desk.cells.number(line, "cap", f"{desk.path}.lines[{place}]", f"{name}, cap")
        before = section.line(
            f"{name}, due in all cohorts", sum_of(list(amounts.values())) * 1, unit="£", note="Before its cap."
        )
        after = capped(section, f"{name}, under its cap", before, cap, desk.cuts, f"{name}, cap", "line")
        return {
            who: section.line(
                f"{name}, under its cap, {who}",
                amount * ratio(after, before),
                unit="£",
                note="Its part of what the cap leaves.",
            )
            for who, amount in amounts.items()
        }
