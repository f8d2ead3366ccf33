"""A ladder of milestones: a price for whoever reaches each of them, or one payment for those who reach the last.

A rung that only those may reach who reached the one before (out of custody at month 24, then still at month 36) is a
milestone `of` the other, in the deal's measures. With `all or nothing` the prices of all rungs are paid together, for
those who reach the last one: a job that counts only if it is kept for six months, say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import model_validator

from sibmodel.cohorts import CohortLines
from sibmodel.lines import Line, sum_of
from sibmodel.outcomes import AchievedCohort
from sibmodel.payments.common import Due, DuePart, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.payments.timing import units_when_paid
from sibmodel.reading import Place, fault_at
from sibmodel.terms import Terms, choice, money, part, text


class Rung(Terms):
    """A milestone and its price."""

    milestone: str = text("The milestone, by its measure's name")
    price: float = money("Price of each unit achieved", unit="£ a unit")


class MilestonesPayment(PaymentTerms):
    """Prices for the rungs of a ladder of milestones."""

    kind: Literal["milestones"] = "milestones"
    rungs: tuple[Rung, ...] = part("The ladder, from the first milestone to the last")
    pays: Literal["each", "all or nothing"] = choice(
        "Whether each rung is paid when it is reached, or all of them when the last is", default="each"
    )

    wants = "achieved"

    @model_validator(mode="after")
    def _has_rungs(self) -> Self:
        if not self.rungs:
            raise fault_at(("rungs",), "There are no rungs.", "Write at least one.")
        names = [rung.milestone for rung in self.rungs]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise fault_at(("rungs", place, "milestone"), f'"{name}" is paid twice.', "Write it once.")
        return self

    def measure(self) -> str | None:
        return self.metric or self.rungs[0 if self.pays == "each" else -1].milestone

    def further_measures(self) -> Iterator[tuple[Place, str, str]]:
        for place, rung in enumerate(self.rungs):
            yield ("rungs", place, "milestone"), rung.milestone, "achieved"

    def due(self, desk: Desk, title: str) -> list[Due]:
        """Each cohort's units of each rung, when they are paid."""
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        prices = [
            desk.cells.number(rung, "price", f"{desk.path}.rungs[{place}]", f"{title}: price of {rung.milestone}")
            for place, rung in enumerate(self.rungs)
        ]
        paid: dict[str, Any] = {rung.milestone: price for rung, price in zip(self.rungs, prices, strict=True)}
        if self.pays == "all or nothing":
            together = desk.section.line(
                f"{title}: price of the whole ladder",
                sum_of(prices) * 1,
                unit="£ a unit",
                note="Paid with the last rung.",
            )
            paid = {self.rungs[-1].milestone: together}
        amounts: dict[str, tuple[CohortLines, list[DuePart]]] = {}
        for name, price in paid.items():
            for one in desk.achieved(name).cohorts:
                line = self._amount(desk, f"{title}: {name}", one, price, lag)
                amounts.setdefault(one.name, (one.cohort, []))[1].append(DuePart(name, line, one.effect))
        return [
            Due(
                cohort,
                desk.section.line(
                    f"{title}: falls due, {who}",
                    sum_of([part.line for part in parts]) * 1,
                    unit="£",
                    note="For all rungs.",
                ),
                parts=tuple(parts),
            )
            for who, (cohort, parts) in amounts.items()
        ]

    def _amount(self, desk: Desk, title: str, one: AchievedCohort, price: Any, lag: Line) -> Line:
        units = units_when_paid(desk, f"{title}, units paid, {one.name}", one, lag)
        return desk.section.line(f"{title}, due, {one.name}", price * units, unit="£", note="Price by units.")
