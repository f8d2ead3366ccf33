"""The three effects, by every measure: true, measured, paid. Three lines, never one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.cohorts import CohortLines
from sibmodel.lines import Book, Line, Section, ratio, sum_of
from sibmodel.measurement import Measured
from sibmodel.payments import PaidPart, SettledPayment

PaidFor = tuple[str, PaidPart]
"""A cohort's name, and what it was paid for by a measure."""


@dataclass(frozen=True, eq=False)
class Effects:
    """The three effects of one cohort, or of the pool. All are figures."""

    who: str
    true: Line
    measured: Line
    paid: Line


@dataclass(frozen=True, eq=False)
class MetricEffects:
    """The three effects by one measure, and its units in all: events avoided, or milestones reached."""

    metric: str
    unit: str
    cohorts: tuple[Effects, ...]
    pooled: Effects
    true_units: Line
    measured_units: Line


def build(
    book: Book, names: Sequence[str], measured: Measured, payments: Sequence[SettledPayment]
) -> tuple[MetricEffects, ...]:
    """The effects by each measure, in the order of `names`; payments without a measure of their own are on the
    first."""
    section = book.section(
        "Effects", "True, measured and paid: what each cohort achieves, what is seen, what is paid for."
    )
    made = []
    for number, name in enumerate(names):
        section.heading = name
        on_it = [
            (each.cohort, part)
            for one in payments
            for each in one.cohorts
            for part in each.parts
            if part.metric == name or (part.metric is None and number == 0)
        ]
        made.append(
            _compared(section, name, measured, on_it)
            if name in measured.compared
            else _achieved(section, name, measured, on_it)
        )
    return tuple(made)


def _compared(section: Section, name: str, measured: Measured, payments: Sequence[PaidFor]) -> MetricEffects:
    metric = measured.compared[name]
    cohorts = tuple(
        Effects(
            one.name, one.truth.effect, one.effect, _paid(section, name, one.truth.cohort, payments, one.effect.unit)
        )
        for one in metric.cohorts
    )
    people = [one.people for one in metric.cohorts]
    everyone = _everyone(section, name, people)
    paid = _pooled(section, name, "paid", [one.paid for one in cohorts], people, everyone)
    pooled = Effects("All cohorts", metric.true_effect, metric.effect, paid)
    return MetricEffects(name, metric.metric.unit, cohorts, pooled, metric.true_avoided, metric.avoided)


def _achieved(section: Section, name: str, measured: Measured, payments: Sequence[PaidFor]) -> MetricEffects:
    metric = measured.achieved[name]
    cohorts = tuple(
        Effects(one.name, one.true_effect, one.effect, _paid(section, name, one.cohort, payments, "share"))
        for one in metric.cohorts
    )
    people = [one.base for one in metric.cohorts]
    everyone = _everyone(section, name, people)
    pooled = Effects(
        "All cohorts",
        _pooled(section, name, "true", [one.true for one in cohorts], people, everyone),
        _pooled(section, name, "measured", [one.measured for one in cohorts], people, everyone),
        _pooled(section, name, "paid", [one.paid for one in cohorts], people, everyone),
    )
    unit = metric.metric.counted_as
    true_units = section.line(
        f"{name}: truly achieved",
        sum_of([one.true_achieved for one in metric.cohorts]),
        unit=unit,
        note="Less deadweight.",
    )
    counted = section.line(
        f"{name}: achieved as counted",
        sum_of([one.units_counted for one in metric.cohorts]),
        unit=unit,
        note="In all cohorts.",
    )
    return MetricEffects(name, unit, cohorts, pooled, true_units, counted)


def _paid(section: Section, name: str, cohort: CohortLines, payments: Sequence[PaidFor], unit: str) -> Line:
    """Of several payments for the same events, the largest: an effect is not had twice."""
    paid = [part.effect for who, part in payments if who == cohort.name and part.effect is not None]
    largest: Any = paid[0] if paid else 0
    for another in paid[1:]:
        largest = np.maximum(largest, another)
    return section.line(
        f"{name}: paid effect, {cohort.name}",
        largest,
        unit=unit,
        note="The effect that payment stands for; of several payments, the largest.",
    )


def _everyone(section: Section, name: str, people: list[Line]) -> Line:
    return section.line(f"{name}: people counted", sum_of(people), unit="people", note="In all cohorts.")


def _pooled(section: Section, name: str, which: str, of: list[Line], people: list[Line], everyone: Line) -> Line:
    return section.line(
        f"{name}: {which} effect, pooled",
        ratio(sum_of([value * number for value, number in zip(of, people, strict=True)]), everyone),
        unit=of[0].unit,
        note="The cohorts', weighted by people.",
    )
