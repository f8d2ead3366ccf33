"""Early end: a contract may stop before its term, by the payer, by a change of policy, or by its investors.

From the month of the end nobody new is referred. Those in service are served to the end; what their cohorts achieve is
measured as agreed, and paid if the terms say so. The payer may owe a compensation for capital that is still out.
Investors may have an option to stop before cohorts that have not begun, once it is known what an earlier one achieved
(Rikers: after year 3, https://www.socialventures.com.au/case-studies/rikers-island-sib).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.actuals import Known
from sibmodel.binding import Cells
from sibmodel.ledger import Ledger
from sibmodel.lines import Book, Line, Section, previous, step_lookup, sum_of, total
from sibmodel.month import Month
from sibmodel.reading import fault_at
from sibmodel.terms import Terms, choice, money, month, months, part, share, text
from sibmodel.timeline import Timeline

LABEL = "Compensation for early end"


@dataclass(frozen=True)
class PolicyShock:
    """The period of a shock that comes with the same chance in each year: geometric in months, drawn by inversion."""

    name: str = "policy shock"
    uniforms: int = 1

    def sample(self, uniforms: Any, yearly_chance: Any, last_period: Any) -> Any:
        """`uniforms` `[1, path]`, `yearly_chance` and `last_period` `[path]`; periods `[path]`, one beyond the last
        where there is none."""
        chance = np.clip(yearly_chance, 0.0, 1.0)
        with np.errstate(all="ignore"):
            survived = np.floor(12.0 * np.log(uniforms[0]) / np.log1p(-chance))
        period = np.where(chance > 0, 1.0 + np.where(np.isfinite(survived), survived, 0.0), np.inf)
        return np.minimum(period, last_period + 1.0)


SHOCK = PolicyShock()


class StopOption(Terms):
    """The investors' right to stop before the cohorts that begin in a month or later."""

    before: Month = month("Cohorts that begin in this month or later do not take place once investors stop")
    cohort: str = text("The cohort whose measured effect decides")
    measure: str | None = text("The measure that decides; the deal's first unless named", default=None)
    below: float = share("Measured effect below which investors stop")


class Recovery(Terms):
    """The share of capital still out that is compensated from a month on."""

    start: Month = month("First month of the early end from which it holds")
    share: float = share("Share of the capital still out")


class Compensation(Terms):
    """What a payer owes when the contract ends early by its own decision or a change of policy."""

    payer: str = text("Who pays it")
    amount: float = money("Fixed amount", default=0.0)
    of_capital: float | None = share("Share of the capital still out, whenever the end comes", default=None)
    by_date: tuple[Recovery, ...] = part("Or shares by the date of the end", default=())

    @model_validator(mode="after")
    def _says_one_share(self) -> Self:
        if self.of_capital is not None and self.by_date:
            raise fault_at(("by_date",), "stands beside of_capital.", "Keep one of them.")
        for place in range(1, len(self.by_date)):
            if self.by_date[place].start <= self.by_date[place - 1].start:
                raise fault_at(("by_date", place, "start"), "is not after the one before.", "Let months rise.")
        return self


class EarlyEnd(Terms):
    """How the contract may end before its term, and what follows."""

    ends: Month | None = month("First month without referrals, where it is known to end early", default=None)
    stop_option: StopOption | None = part("The investors' right to stop", default=None)
    outcomes: Literal["paid", "not paid"] = choice(
        "Whether outcomes that are decided after the end are still paid for", default="paid"
    )
    compensation: Compensation | None = part("What a payer owes for capital still out", default=None)
    closing_months: int = months("Months of management that the end still takes (assumed)", default=3)


@dataclass(eq=False)
class End:
    """The early end's lines. All but `in_force` and `compensation` are figures."""

    terms: EarlyEnd
    section: Section
    period: Line
    """The first period after the end; one beyond the last where the contract runs its term."""
    ended: Line
    """1 where the contract ends early by the payer or by policy."""
    managed_until: Line
    stop_period: Line | None
    stopped: Line | None
    """1 where investors stop; announced here, defined once the deciding cohort is measured."""
    decision: Line | None = None
    """When it is decided whether investors stop, where they may."""
    compensation: Line | None = None
    compensation_in_all: Line | None = None
    """Over time; announced with the funding, and defined once it is known what capital is out."""

    def months_taken(
        self, section: Section, name: str, first: Line, window: Line, start: Month, *, took_place: bool = False
    ) -> Line:
        """The months of a cohort's referrals that take place. Investors have not stopped one that `took_place`."""
        value: Any = np.clip(self.period - first, 0.0, window)
        option = self.terms.stop_option
        may_stop = option is not None and start >= option.before and not took_place
        if may_stop and self.stopped is not None and self.stop_period is not None:
            value = np.where(np.logical_and(self.stopped > 0, first >= self.stop_period), 0.0, value)
        return section.line(
            f"Months of referrals taking place, {name}", value, unit="months", note="Fewer where it ends early."
        )

    def announce(self, section: Section, vehicle: str, transfers: Ledger) -> None:
        """Enter the compensation in the ledger, among the lines of the funding, which it rests on."""
        terms = self.terms.compensation
        if terms is None:
            return
        section.heading = LABEL
        self.compensation = section.forward(LABEL, unit="£", note="Owed by the payer the month after the end.")
        transfers.transfer(terms.payer, vehicle, LABEL, self.compensation)

    def decide(self, effect: Line, decision: Line, below: Line) -> None:
        """Say whether investors stop: where the effect is known by then, and too small."""
        self.decision = decision
        if self.stopped is not None and self.stop_period is not None:
            self.section.define(self.stopped, np.logical_and(decision < self.stop_period, effect < below) * 1)

    def compensate(self, cells: Cells, capital_out: Sequence[Line]) -> None:
        """Say what is compensated, the month after the end."""
        terms = self.terms.compensation
        if terms is None or self.compensation is None:
            return
        section, path = self.compensation.section, "early_end.compensation"
        cells.heading("Early end")
        fixed = cells.number(terms, "amount", path, "Compensation: fixed amount")
        section.heading = LABEL
        outstanding = section.line(
            "Capital still out", sum_of(capital_out), unit="£", note="Principal of all tranches, at the period's end."
        )
        part_of: Any = 0
        if terms.of_capital is not None:
            part_of = cells.number(terms, "of_capital", path, "Compensation: share of capital still out")
        elif terms.by_date:
            dates: list[Line] = [
                cells.month(one.start, f"{path}.by_date[{n}].start", f"Compensation: period {n + 1}", "From it holds:")
                for n, one in enumerate(terms.by_date)
            ]
            shares: list[Line] = [
                cells.number(one, "share", f"{path}.by_date[{n}]", f"Compensation: share {n + 1} of capital still out")
                for n, one in enumerate(terms.by_date)
            ]
            part_of = section.line(
                "Share of capital compensated",
                np.where(self.period >= dates[0], step_lookup(self.period, dates, shares), 0.0),
                unit="share",
                note="By the date of the end.",
            )
        due = section.line(
            "Compensation falls due",
            np.logical_and(section.book.period == self.period + 1, self.ended > 0),
            unit="1 or 0",
            note="1 in the month after the end.",
        )
        section.define(self.compensation, due * (fixed + part_of * previous(outstanding)))
        self.compensation_in_all = section.line(
            f"{LABEL} in all", total(self.compensation), unit="£", note="Over the whole deal."
        )


def build(
    book: Book, cells: Cells, terms: EarlyEnd | None, assumptions: Terms, time: Timeline, known: Known | None = None
) -> End | None:
    """The lines of the early end; None where the terms have none. By the month up to which anything is `known`, no
    policy shock has come: one that has is an end that is known."""
    if terms is None:
        return None
    section = book.section("Early end", "When the contract stops before its term, and what follows.")
    cells.heading("Early end")
    period: Any = time.last_period + 1
    if terms.ends is not None:
        stated = cells.month(terms.ends, "early_end.ends", "First period without referrals", "The end, if known.")
        period = np.minimum(stated, period)
    if getattr(assumptions, "policy_shock", None) is not None:
        chance = cells.belief(assumptions, "policy_shock", "assumptions", "Policy shock", "policy shock chance")
        shock = section.draw(
            "Period of a policy shock",
            time.last_period + 1,
            SHOCK,
            chance,
            time.last_period,
            unit="period",
            note="One beyond the last where there is none, as in the base case.",
            stream="policy shock",
        )
        passed = None if known is None else known.passed()
        cells.heading("Early end")
        period = np.minimum(shock if passed is None else shock + passed, period)
    closing = cells.number(terms, "closing_months", "early_end", "Months of management after the end")
    first = section.line(
        "First period after the end", period, unit="period", note="One beyond the last if it never is."
    )
    ended = section.line("Ended early", first <= time.last_period, unit="1 or 0", note="By payer or policy.")
    managed = section.line("Managed until", first - 1 + closing, unit="period", note="The last month of management.")
    stop_period = stopped = None
    if terms.stop_option is not None:
        stop_period = cells.month(
            terms.stop_option.before, "early_end.stop_option.before", "Period of the stop option", "Investors may stop."
        )
        stopped = section.forward("Stopped by investors", unit="1 or 0", note="1 where they stop.", timed=False)
    return End(terms, section, first, ended, managed, stop_period, stopped)
