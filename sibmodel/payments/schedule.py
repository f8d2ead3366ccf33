"""Schedules: amounts set against what is measured, read as steps or by straight lines between the knots.

As steps, the highest knot reached counts; by straight lines, what lies between two knots is shared out in proportion,
and beyond the last knot nothing is added (a cap). Below the first knot nothing is paid, unless its amount is to hold
there too. A dead zone is two knots with the same amount; a kink is a knot. `TablePayment` reads an effect,
`CompositePayment` an index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, interpolate, step_lookup
from sibmodel.payments.common import PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.terms import Terms, choice, fault_at, money, number, part, share_of_any_sign, yes_no


class Knot(Terms):
    """A level that is measured, and the amount that it brings."""

    at: float | None = share_of_any_sign(
        "Measured level from which it holds, as a share (10 % less, 60 % reach it)", default=None
    )
    points: float | None = number("The level in the measure's own unit, where that is no share", default=None)
    amount: float | None = money("Amount from there, negative where the vehicle pays", default=None, minimum=None)
    share: float | None = share_of_any_sign(
        "Share of the whole amount from there, negative where the vehicle pays",
        default=None,
        minimum=None,
        maximum=None,
    )

    @property
    def level(self) -> float:
        """The level, in whichever form it is given."""
        return self.at if self.at is not None else self.points or 0.0

    @property
    def worth(self) -> float:
        """The amount or the share."""
        return self.amount if self.amount is not None else self.share or 0.0


@dataclass(frozen=True, eq=False)
class Schedule:
    """A table as cells: knots and amounts (or shares of `whole`), each below each other in the workbook."""

    knots: list[Line]
    amounts: list[Line]
    whole: Line | None


class ScheduleTerms(PaymentTerms):
    """The terms of a payment that is read from a table."""

    table: tuple[Knot, ...] = part("Levels that rise, and what each brings")
    reading: Literal["steps", "straight lines"] = choice(
        "Whether the level reached counts, or straight lines between the levels", default="steps"
    )
    below: Literal["nothing", "first amount"] = choice(
        "What is paid below the first level: nothing, or the first level's amount", default="nothing"
    )
    whole: float | None = money("The amount that shares are of", default=None)
    two_way: bool = yes_no("Whether the vehicle pays the payers where amounts are negative", default=False)

    may_owe_back = True

    @property
    def owes_back(self) -> bool:
        return self.two_way

    @property
    def signed(self) -> bool:
        """Whether less than nothing counts."""
        return self.two_way or self.carry_forward

    @model_validator(mode="after")
    def _table_is_one(self) -> Self:
        if not self.table:
            raise fault_at(
                ("table",), "There are no levels.", "Give at least one, such as `{at: 10%, amount: 500000}`."
            )
        for place, knot in enumerate(self.table):
            self._check_knot(place, knot)
        if self.whole is not None and self.table[0].share is None:
            raise fault_at(
                ("whole",), "stands beside a table of amounts.", "Leave it out, or write shares in the table."
            )
        lowest = self.table[0].worth
        if lowest < 0 and not self.signed:
            raise fault_at(
                ("table", 0), f"{lowest:,.10g} is below nothing.", "For a payment by the vehicle write `two_way: true`."
            )
        if lowest < 0 and self.below == "nothing":
            raise fault_at(
                ("below",),
                "Below the first level, where results are worst, nothing would be owed.",
                "Write `first amount`.",
            )
        return self

    def _check_knot(self, place: int, knot: Knot) -> None:
        first, where = self.table[0], ("table", place)
        if (knot.at is None) == (knot.points is None):
            raise fault_at(
                where, "needs one of: at, points.", "Write `at: 10%`, or `points: 2.5` in the measure's unit."
            )
        if (knot.amount is None) == (knot.share is None):
            raise fault_at(
                where, "needs one of: amount, share.", "Write `amount: 500000`, or `share: 50%` of the whole."
            )
        if (knot.at is None) != (first.at is None) or (knot.amount is None) != (first.amount is None):
            raise fault_at(where, "is not written like the first level.", "Use the same two fields in all levels.")
        if knot.share is not None and self.whole is None:
            raise fault_at((*where, "share"), "is a share of what?", "Give the amount as `whole`.")
        if place == 0:
            return
        before = self.table[place - 1]
        if knot.level <= before.level:
            raise fault_at(
                where, f"{knot.level:.10g} is not above {before.level:.10g}, the level before.", "Let levels rise."
            )
        if knot.worth < before.worth:
            raise fault_at(
                where,
                f"{knot.worth:,.10g} is below {before.worth:,.10g}: better results would be paid less.",
                "Let amounts rise; for prices that fall by band write `kind: tiers`.",
            )

    def bind(self, desk: Desk, title: str) -> Schedule:
        """The table as cells."""
        path, cells = desk.path, desk.cells
        level = "at" if self.table[0].at is not None else "points"
        worth = "amount" if self.table[0].amount is not None else "share"
        knots: list[Line] = [
            cells.number(knot, level, f"{path}.table[{place}]", f"{title}: level {place + 1}")
            for place, knot in enumerate(self.table)
        ]
        amounts: list[Line] = [
            cells.number(knot, worth, f"{path}.table[{place}]", f"{title}: {worth} from level {place + 1}")
            for place, knot in enumerate(self.table)
        ]
        whole = cells.number(self, "whole", path, f"{title}: whole amount") if self.whole is not None else None
        return Schedule(knots, amounts, whole)

    def level_read(self, desk: Desk, title: str, who: str, schedule: Schedule, position: Line) -> Line:
        """The level for which is paid: as steps the one reached, by lines that measured, at most the last.

        Below the first it is nothing; where the first amount is one to be paid back, the first level.
        """
        knots = schedule.knots
        below: Any = np.minimum(knots[0], 0.0) if self.below == "first amount" else 0.0
        inside: Any = step_lookup(position + desk.slack(), knots, knots)
        if self.reading == "straight lines":
            inside = np.clip(position, knots[0], knots[-1])
        return desk.section.line(
            f"{title}: level read, {who}",
            np.where(desk.reaches(position, knots[0]), inside, below),
            unit=position.unit,
            note="The level for which is paid.",
        )

    def amount_read(self, desk: Desk, title: str, who: str, schedule: Schedule, position: Line) -> Line:
        """What the table gives: an amount of money, or of shares that share of the whole."""
        knots, amounts = schedule.knots, schedule.amounts
        inside: Any = step_lookup(position + desk.slack(), knots, amounts)
        if self.reading == "straight lines":
            level = desk.section.line(
                f"{title}: measured level, {who}", position, unit=position.unit, note="What is measured."
            )
            inside = desk.section.line(
                f"{title}: in straight lines, {who}",
                interpolate(level, knots, amounts),
                unit="£" if schedule.whole is None else "share",
                note="Between the levels of the table; level outside them.",
            )
        below: Any = amounts[0] if self.below == "first amount" else 0.0
        read = desk.section.line(
            f"{title}: by the table, {who}",
            np.where(desk.reaches(position, knots[0]), inside, below),
            unit="£" if schedule.whole is None else "share",
            note="What the table gives for what is measured.",
        )
        if schedule.whole is None:
            return read
        return desk.section.line(
            f"{title}: of the whole amount, {who}",
            read * schedule.whole,
            unit="£",
            note="The share of the whole amount.",
        )
