"""A composite index: the effects of several measures over all cohorts, weighted, and a table on it.

Each cohort's effect by a measure may be adjusted for the share treated (stated among those treated, or spread over
all), and for people without a match, who count at a deemed effect; the index of all cohorts, for a shortfall of
guaranteed referrals: what is missing counts at a deemed index. In this order:

    adjusted effect = (matched share × measured effect + unmatched share × deemed effect) ÷ or × share treated
    cohort's index  = Σ measure weight × adjusted effect ÷ target
    index           = (1 − shortfall) × Σ cohort weight × cohort's index + shortfall × deemed index

It pays once, at the last decision, and the amount is shared out over cohorts by their weights. The effect recognised
is that of the leading measure (the first listed), by the level of the index for which is paid against the index.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, ratio, sum_of
from sibmodel.payments.common import Due
from sibmodel.payments.desk import Desk
from sibmodel.payments.schedule import ScheduleTerms
from sibmodel.payments.seen import Seen, Tested, seen
from sibmodel.reading import Place
from sibmodel.terms import Terms, choice, fault_at, number, part, people, share, share_of_any_sign, text


class IndexPart(Terms):
    """A measure in the index."""

    metric: str = text("Name of the measure")
    weight: float = share("Its weight; all add up to 1")
    measured: Tested = choice(
        "Whether its relative reduction counts, or the difference in its unit", default="reduction"
    )
    target: float | None = number(
        "The effect that counts as 1; the effect itself counts if none", default=None, unit="as measured", minimum=1e-9
    )


class Guarantee(Terms):
    """Referrals that were guaranteed, and what those missing count as."""

    people: int = people("People guaranteed, in all cohorts", minimum=1)
    deemed: float = share_of_any_sign("Index at which those missing count")


class CompositePayment(ScheduleTerms):
    """An amount by a table on an index over measures and cohorts."""

    kind: Literal["composite"] = "composite"
    measures: tuple[IndexPart, ...] = part("The measures and their weights")
    weights: dict[str, float] = share("Weights of the cohorts; by people unless given", default={})
    treated: Literal["as measured", "divided by the share treated", "times the share treated"] = choice(
        "Whether effects count as measured, among those who start, or as far as people start", default="as measured"
    )
    unmatched: float | None = share_of_any_sign(
        "Effect at which people without a match count; those measured stand for them if none", default=None
    )
    guaranteed: Guarantee | None = part("Guaranteed referrals, and what a shortfall counts as", default=None)

    wants = "either"

    @model_validator(mode="after")
    def _weighs_up(self) -> Self:
        if self.metric is not None:
            raise fault_at(("metric",), "A composite index has several measures.", "List them under `measures`.")
        if not self.measures:
            raise fault_at(("measures",), "There are no measures.", "Give at least one, with its weight.")
        names = [one.metric for one in self.measures]
        if len(set(names)) < len(names):
            raise fault_at(("measures",), "A measure is listed twice.", "List it once.")
        for field, weights in (
            ("measures", [one.weight for one in self.measures]),
            ("weights", list(self.weights.values())),
        ):
            if weights and abs(sum(weights) - 1) > 1e-9:
                raise fault_at(
                    (field,), f"The weights add up to {sum(weights):.10g}, not to 1.", "Write weights of 100 %."
                )
        if self.amount_of_points:
            raise fault_at(("table",), "An index is a share.", "Write `at` in the table, not `points`.")
        return self

    @property
    def amount_of_points(self) -> bool:
        """Whether the table is written in points, which an index has not."""
        return bool(self.table) and self.table[0].points is not None

    def measure(self) -> str | None:
        return self.measures[0].metric

    def further_measures(self) -> Iterator[tuple[Place, str, str]]:
        yield from ((("measures", place, "metric"), one.metric, "either") for place, one in enumerate(self.measures))

    def cohorts_named(self) -> Iterator[tuple[Place, str]]:
        yield from ((("weights", name), name) for name in self.weights)

    def due(self, desk: Desk, title: str) -> list[Due]:
        """The table's amount on the index, shared out over cohorts by their weights."""
        section = desk.section
        schedule = self.bind(desk, title)
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        found = [seen(desk, one.metric, one.measured) for one in self.measures]
        factors = self._factors(desk, title)
        weights = self._cohort_weights(desk, title, found[0])
        index = self._index_of_all(desk, title, found, factors, weights)
        level = self.level_read(desk, title, "index", schedule, index)
        read = self.amount_read(desk, title, "index", schedule, index)
        decisions = [
            (f"{one.name}, {part.metric}", one.decision)
            for part, of in zip(self.measures, found, strict=True)
            for one in of
        ]
        when = desk.pay_period(f"{title}: payment period", desk.latest(title, decisions), lag)
        dues = []
        for one in found[0]:
            recognised = section.line(
                f"{title}: effect recognised, {one.name}",
                one.effect * ratio(level, index),
                unit=one.effect.unit,
                note="The leading measure's effect, as far as the index is paid for.",
            )
            line = desk.in_period(f"{title}: falls due, {one.name}", when, read * weights[one.name])
            dues.append(Due(one.cohort, line, recognised))
        return dues

    def _factors(self, desk: Desk, title: str) -> list[Any]:
        """What a measured effect by each measure is multiplied by: weight, over target."""
        factors: list[Any] = []
        for place, one in enumerate(self.measures):
            path = f"{desk.path}.measures[{place}]"
            weight = desk.cells.number(one, "weight", path, f"{title}: weight of {one.metric}")
            if one.target is None:
                factors.append(weight)
            else:
                factors.append(weight / desk.cells.number(one, "target", path, f"{title}: target of {one.metric}"))
        return factors

    def _cohort_weights(self, desk: Desk, title: str, cohorts: list[Seen]) -> dict[str, Line]:
        everyone = desk.section.line(
            f"{title}: people in all",
            sum_of([one.cohort.people for one in cohorts]),
            unit="people",
            note="In all cohorts.",
        )
        if self.weights:
            return {
                one.name: desk.cells.item(self, "weights", one.name, desk.path, f"{title}: weight of {one.name}")
                if one.name in self.weights
                else desk.section.line(f"{title}: weight of {one.name}", 0, unit="share", note="None given.")
                for one in cohorts
            }
        return {
            one.name: desk.section.line(
                f"{title}: weight of {one.name}", ratio(one.cohort.people, everyone), unit="share", note="By people."
            )
            for one in cohorts
        }

    def _adjusted(self, desk: Desk, title: str, metric: str, one: Seen) -> Any:
        """An effect, adjusted for people without a match and for the share treated."""
        effect: Any = one.position
        if self.unmatched is not None and one.matched is not None:
            deemed = desk.cells.once(self, "unmatched", desk.path, f"{title}: effect of people without a match")
            effect = one.matched * effect + (1 - one.matched) * deemed
        if self.treated != "as measured":
            starts, everyone = one.cohort.starts, one.cohort.people
            effect = effect * (
                ratio(everyone, starts) if self.treated.startswith("divided") else ratio(starts, everyone)
            )
        return desk.section.line(
            f"{title}: {metric} in the index, {one.name}",
            effect,
            unit=one.position.unit,
            note="The measured effect, adjusted.",
        )

    def _index_of_all(
        self, desk: Desk, title: str, found: list[list[Seen]], factors: list[Any], weights: dict[str, Line]
    ) -> Line:
        section, by_cohort = desk.section, []
        for place, one in enumerate(found[0]):
            adjusted = [
                factor * self._adjusted(desk, title, part.metric, of[place])
                for part, of, factor in zip(self.measures, found, factors, strict=True)
            ]
            own = section.line(
                f"{title}: index, {one.name}", sum_of(adjusted), unit="share", note="Measures by their weights."
            )
            by_cohort.append(own * weights[one.name])
        index = section.line(
            f"{title}: index of all cohorts", sum_of(by_cohort), unit="share", note="Cohorts by their weights."
        )
        if self.guaranteed is None:
            return index
        path = f"{desk.path}.guaranteed"
        guaranteed = desk.cells.number(self.guaranteed, "people", path, f"{title}: people guaranteed")
        deemed = desk.cells.number(self.guaranteed, "deemed", path, f"{title}: index of people missing")
        came = sum_of([one.cohort.people for one in found[0]])
        short = section.line(
            f"{title}: shortfall of referrals",
            np.maximum(1 - came / guaranteed, 0.0),
            unit="share",
            note="Of those guaranteed, in all cohorts.",
        )
        return section.line(
            f"{title}: index with the shortfall",
            (1 - short) * index + short * deemed,
            unit="share",
            note="Those missing count at the deemed index.",
        )
