"""A coupon that follows a measured effect, read from a table by steps or by straight lines.

Until the first cohort is decided the tranche's own coupon holds. Then the table holds, and a least rate where one is
agreed, for ever or for the early years. The rate that is found is either that of the interest from then on, or that of
the interest period past (in arrears). Sources: Newpin, a yearly coupon in arrears by straight lines of the success
rate, with a least coupon in the first years, https://emmatomkinson.com (3 June 2013); Rikers Island, one rate in
arrears for the whole term, by steps, https://socialventures.com.au/case-studies/rikers-island-sib.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.funding.measured import Known, Tested, known
from sibmodel.funding.setting import Setting
from sibmodel.lines import Line, interpolate, ratio, step_lookup, sum_of
from sibmodel.month import Month
from sibmodel.terms import Terms, choice, fault_at, month, part, share_of_any_sign, text, yearly_rate


class Rung(Terms):
    """A measured level, and the coupon from there."""

    at: float = share_of_any_sign("Measured level from which it holds, as a share (10 % less, 60 % reach it)")
    rate: float = yearly_rate("Interest a year from there", minimum=0.0)


class Performance(Terms):
    """A coupon by what is measured."""

    metric: str | None = text("The measure; the first that has a comparison unless named", default=None)
    cohorts: tuple[str, ...] | None = part("Cohorts that are read; all unless named", default=None)
    measured: Tested = choice(
        "Whether the relative reduction is read, or the difference in the measure's unit (percentage points of a rate)",
        default="reduction",
    )
    read: Literal["latest cohort", "all so far"] = choice(
        "Whether the cohort decided last is read (of those listed, the last that is decided), or all that are decided "
        "together, weighted by people",
        default="latest cohort",
    )
    table: tuple[Rung, ...] = part("Levels that rise, and the coupon of each")
    reading: Literal["steps", "straight lines"] = choice(
        "Whether the level reached counts, or straight lines between the levels", default="steps"
    )
    holds: Literal["from then on", "for the period past"] = choice(
        "Whether the rate found is that of the interest from then on, or that of the interest period past",
        default="from then on",
    )
    start: Month | None = month("First month of it; that of the first decision unless later", default=None)
    minimum: float | None = yearly_rate("Least coupon, whatever is measured", default=None, minimum=0.0)
    minimum_until: Month | None = month("Last month of the least coupon; it stays unless told", default=None)

    @property
    def in_arrears(self) -> bool:
        return self.holds == "for the period past"

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if not self.table:
            raise fault_at(("table",), "There are no levels.", "Give at least one, such as `{at: 10%, rate: 4%}`.")
        for place, (before, rung) in enumerate(pairwise(self.table), start=1):
            if rung.at <= before.at:
                raise fault_at(
                    ("table", place), f"{rung.at:g} is not above {before.at:g}, the level before.", "Let levels rise."
                )
        if self.minimum_until is not None and self.minimum is None:
            raise fault_at(("minimum_until",), "There is no least coupon that could end.", "Give it as `minimum`.")
        return self

    def rate(self, setting: Setting, coupon: Line) -> Line:
        """The rate over time: `coupon` until this begins."""
        path = f"{setting.path}.performance"
        cells, name = setting.cells, setting.title
        knots: list[Line] = [
            cells.number(rung, "at", f"{path}.table[{place}]", f"{name}: performance level {place + 1}")
            for place, rung in enumerate(self.table)
        ]
        rates: list[Line] = [
            cells.number(rung, "rate", f"{path}.table[{place}]", f"{name}: coupon from performance level {place + 1}")
            for place, rung in enumerate(self.table)
        ]
        cohorts = known(setting.measured, self.metric, self.measured, self.cohorts)
        level = self._level(setting, cohorts)
        by_table = self._by_table(setting, level, knots, rates)
        if self.minimum is not None:
            by_table = self._at_least(setting, path, by_table)
        begins = self._begins(setting, cohorts)
        return setting.section.line(
            f"{setting.title}: coupon in force",
            np.where(setting.period >= begins, by_table, coupon),
            unit="share a year",
            note="By performance, once the first cohort is decided.",
        )

    def _level(self, setting: Setting, cohorts: list[Known]) -> Line:
        period = setting.period
        if self.read == "latest cohort":
            level: Any = 0
            for one in cohorts:
                level = setting.section.line(
                    f"{setting.title}: level known up to {one.cohort}",
                    np.where(period >= one.decision, one.level, level),
                    unit=one.level.unit,
                    note="That of the last cohort so far that is decided.",
                )
            return level  # type: ignore[no-any-return]
        decided = [
            setting.section.line(
                f"{setting.title}: people decided, {one.cohort}",
                (period >= one.decision) * one.people,
                unit="people",
                note="From its decision on.",
            )
            for one in cohorts
        ]
        return setting.section.line(
            f"{setting.title}: level known so far",
            ratio(sum_of([people * one.level for people, one in zip(decided, cohorts, strict=True)]), sum_of(decided)),
            unit=cohorts[0].level.unit,
            note="Of all cohorts decided, weighted by people.",
        )

    def _by_table(self, setting: Setting, level: Line, knots: list[Line], rates: list[Line]) -> Line:
        slack = setting.cells.slack()
        value: Any = step_lookup(level + slack, knots, rates)
        if self.reading == "straight lines":
            inside = setting.section.line(
                f"{setting.title}: coupon in straight lines",
                interpolate(level, knots, rates),
                unit="share a year",
                note="Between the levels of the table; level outside them.",
            )
            value = np.where(level + slack >= knots[0], inside, 0.0)
        return setting.section.line(
            f"{setting.title}: coupon by performance",
            value,
            unit="share a year",
            note="By the table; nothing below its first level.",
        )

    def _at_least(self, setting: Setting, path: str, rate: Line) -> Line:
        least: Any = setting.cells.number(self, "minimum", path, f"{setting.title}: least coupon")
        if self.minimum_until is not None:
            until = setting.month(
                self.minimum_until, "performance.minimum_until", "last period of the least coupon", "Then it ends."
            )
            least = np.where(setting.period <= until, least, 0.0)
        return setting.section.line(
            f"{setting.title}: coupon by performance, at least",
            np.maximum(rate, least),
            unit="share a year",
            note="The least coupon.",
        )

    def _begins(self, setting: Setting, cohorts: list[Known]) -> Line:
        first: Any = cohorts[0].decision
        for one in cohorts[1:]:
            first = np.minimum(first, one.decision)
        if self.start is not None:
            start = setting.month(self.start, "performance.start", "first period of performance", "Not before it.")
            first = np.maximum(first, start)
        return setting.section.line(
            f"{setting.title}: performance begins", first * 1, unit="period", note="The first decision."
        )
