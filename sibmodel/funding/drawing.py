"""Drawdown: what may be drawn and when, and what is. As cash is needed, or by a schedule whether needed or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sibmodel.funding.investors import enter
from sibmodel.funding.measured import Tested, known
from sibmodel.funding.setting import Setting
from sibmodel.lines import Line, ratio, sum_of
from sibmodel.month import Month
from sibmodel.terms import Terms, choice, money, month, part, share_of_any_sign, text

if TYPE_CHECKING:
    from sibmodel.funding.tranche import Tranche, TrancheLines


class Condition(Terms):
    """A level that a cohort must reach by a measure. It is known when the cohort is decided."""

    cohort: str = text("The cohort")
    metric: str | None = text("The measure; the first that has a comparison unless named", default=None)
    measured: Tested = choice(
        "Whether the relative reduction is read, or the difference in the measure's unit", default="reduction"
    )
    reaches: float = share_of_any_sign("The level, as a share")

    def lines(self, setting: Setting, inside: str, what: str) -> tuple[Line, Line]:
        """Whether the level is reached, and the period in which that is known. Both are figures."""
        (one,) = known(setting.measured, self.metric, self.measured, (self.cohort,))
        level = setting.cells.number(self, "reaches", f"{setting.path}.{inside}", f"{setting.title}: level for {what}")
        reached = setting.section.line(
            f"{setting.title}: condition of {what}",
            one.level + setting.cells.slack() >= level,
            unit="1 or 0",
            note=f"1 where {self.cohort} reaches the level.",
        )
        return reached, one.decision


class ScheduledDraw(Terms):
    """An amount that is drawn whether it is needed or not, and kept as cash."""

    month: Month = month("Month in which it is drawn; where its condition is decided later, in the month of that")
    amount: float = money("Amount, as principal")
    condition: Condition | None = part("What must be reached, or it is not drawn", default=None)


@dataclass(frozen=True, eq=False)
class Availability:
    """When a tranche may be drawn. `first` is its first period; `until` its last, None where that is the deal's."""

    first: Any
    until: Line | None
    open: Any
    """Whether it may be drawn in a period; None where it always may."""


def availability(setting: Setting, terms: Tranche) -> Availability:
    """The lines of a tranche's availability."""
    first: Any = 1
    until = None
    tests: list[Any] = []
    if terms.available_from is not None:
        first = setting.month(
            terms.available_from, "available_from", "first period of availability", "Nothing is drawn before it."
        )
        tests.append(setting.period >= first)
    if terms.available_until is not None:
        until = setting.month(
            terms.available_until, "available_until", "last period of availability", "The undrawn rest is cancelled."
        )
        tests.append(setting.period <= until)
    if terms.condition is not None:
        reached, decided = terms.condition.lines(setting, "condition", "drawing")
        tests += [setting.period >= decided, reached > 0]
    if not tests:
        return Availability(first, until, None)
    together = tests[0]
    for one in tests[1:]:
        together = np.logical_and(together, one)
    open_ = setting.section.line(
        f"{setting.title}: may be drawn", together, unit="1 or 0", note="1 where it is available."
    )
    return Availability(first, until, open_)


def scheduled(setting: Setting, terms: Tranche) -> Line | None:
    """What is to be drawn by schedule, over time; None where it is drawn as needed."""
    if not terms.draws:
        return None
    amounts = []
    for place, one in enumerate(terms.draws):
        inside, what = f"draws[{place}]", f"draw {place + 1}"
        when: Any = setting.month(one.month, f"{inside}.month", f"period of {what}", "When it is drawn.")
        amount: Any = setting.cells.number(one, "amount", f"{setting.path}.{inside}", f"{setting.title}: {what}")
        if one.condition is not None:
            reached, decided = one.condition.lines(setting, f"{inside}.condition", what)
            when = setting.section.line(
                f"{setting.title}: {what}: period",
                np.maximum(when, decided),
                unit="period",
                note="Not before it is decided.",
            )
            amount = setting.section.line(
                f"{setting.title}: {what}: amount", reached * amount, unit="£", note="Nothing where it is not reached."
            )
        amounts.append(np.where(setting.period == when, amount, 0.0))
    return setting.section.line(
        f"{setting.title}: to be drawn by schedule", sum_of(amounts), unit="£", note="Needed or not."
    )


def draw(setting: Setting, drawdown: str, tranches: Sequence[TrancheLines], need: Line) -> Line:
    """Draw what bills need beyond the cash at hand, and what is scheduled; returns the cash that comes in.

    Fills in each tranche's `drawn` and `proceeds`, and enters them in the ledger.
    """
    section = setting.section
    section.heading = "Drawdown"
    by_schedule = [tranche for tranche in tranches if tranche.scheduled is not None]
    on_demand = [tranche for tranche in tranches if tranche.scheduled is None]
    for tranche in by_schedule:
        wanted: Any = tranche.scheduled
        section.define(tranche.drawn, np.minimum(wanted, tranche.available))
        tranche.proceeds = tranche.drawn
        if tranche.price is not None:
            tranche.proceeds = section.line(
                f"{tranche.name}: cash received", tranche.drawn * tranche.price, unit="£", note="At the issue price."
            )
    rest = need
    if by_schedule and on_demand:
        rest = section.line(
            "Cash needed after scheduled draws",
            np.maximum(need - sum_of([tranche.proceeds for tranche in by_schedule]), 0.0),
            unit="£",
            note="For the tranches that are drawn as needed.",
        )
    if on_demand:
        _on_demand(setting, drawdown, on_demand, rest)
    for tranche in tranches:
        label = f"Drawdown, {tranche.name}"
        tranche.held += enter(
            section, setting.ledger, setting.vehicle, tranche.holders, label, tranche.proceeds, into=True
        )
    return section.line(
        "Drawn", sum_of([tranche.proceeds for tranche in tranches]), unit="£", note="From all tranches."
    )


def _on_demand(setting: Setting, drawdown: str, tranches: Sequence[TrancheLines], need: Line) -> None:
    section = setting.section
    could = [
        tranche.available
        if tranche.price is None
        else section.line(
            f"{tranche.name}: undrawn, in cash",
            tranche.available * tranche.price,
            unit="£",
            note="What drawing all of it would bring, at the issue price.",
        )
        for tranche in tranches
    ]
    undrawn = section.line("Undrawn commitments", sum_of(could), unit="£", note="Of all tranches.")
    rest = need
    for tranche, most in zip(tranches, could, strict=True):
        in_order = drawdown == "in order"
        cash: Any = np.minimum(rest, most) if in_order else np.minimum(need, undrawn) * ratio(most, undrawn)
        if tranche.price is None:
            section.define(tranche.drawn, cash)
            tranche.proceeds = tranche.drawn
        else:
            tranche.proceeds = section.line(f"{tranche.name}: cash received", cash, unit="£", note="As it is needed.")
            section.define(tranche.drawn, ratio(tranche.proceeds, tranche.price))
        if in_order:
            rest = section.line(
                f"Cash needed after {tranche.name}",
                rest - tranche.proceeds,
                unit="£",
                note="For the tranches below it.",
            )
