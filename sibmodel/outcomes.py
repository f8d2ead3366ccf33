"""Outcomes: the rate of reconviction events without the service, and the true effect of the service on it.

Everyone eligible is counted (intention to treat). The true effect is a relative reduction: 0.08 is 8 % fewer events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sibmodel.binding import Cells
from sibmodel.cohorts import CohortLines, Service
from sibmodel.lines import Book, Line, ratio, sum_of
from sibmodel.terms import Terms, choice, months


class Outcome(Terms):
    """What is counted, and how long it takes until it is known."""

    measure: Literal["reconviction events"] = choice("What is counted", default="reconviction events")
    window_months: int = months("Months after release in which an offence counts", default=12, minimum=1)
    court_months: int = months("Further months for the courts to convict", default=6)
    assessment_months: int = months("Months planned for the assessment after that", default=4)


@dataclass(frozen=True, eq=False)
class OutcomeLines:
    """A cohort's true outcome. All are figures."""

    cohort: CohortLines
    event_rate: Line
    """Events a person without the service."""
    true_reduction: Line
    """The true relative reduction, over everyone eligible."""
    events_without: Line
    true_avoided: Line
    decision: Line
    """The period in which the assessment is decided."""

    @property
    def name(self) -> str:
        return self.cohort.name


@dataclass(frozen=True, eq=False)
class Outcomes:
    """All cohorts' true outcomes, and the events truly avoided in all."""

    cohorts: tuple[OutcomeLines, ...]
    true_avoided: Line
    true_reduction: Line


def build(book: Book, cells: Cells, service: Service, terms: Outcome, assumptions: Terms) -> Outcomes:
    """The lines of true outcomes. `assumptions` has `events_per_person`, `effect`, `effect_among` and
    `delay_months`."""
    section = book.section("Outcomes", "What happens in truth: with and without the service.")
    cells.heading("Outcome")
    lags = (
        cells.number(terms, "window_months", "outcome", "Months in which an offence counts"),
        cells.number(terms, "court_months", "outcome", "Further months for the courts"),
        cells.number(terms, "assessment_months", "outcome", "Months of assessment planned"),
    )
    among_engaged = getattr(assumptions, "effect_among", "everyone") == "engaged"
    cohorts = []
    for cohort in service.cohorts:
        name = cohort.name
        cells.heading(f"Cohort: {name}")
        rate = cells.belief_of_cohort(
            assumptions,
            "events_per_person",
            "assumptions",
            "Events a person without the service",
            name,
            "events per person",
        )
        effect = cells.belief_of_cohort(assumptions, "effect", "assumptions", "True effect", name, "effect")
        delay = cells.belief_of_cohort(
            assumptions, "delay_months", "assumptions", "Delay of the assessment", name, f"delay, {name}"
        )
        section.heading = name
        reduction = section.line(
            f"True reduction, {name}",
            effect * ratio(cohort.starts, cohort.people) if among_engaged else effect,
            unit="share",
            note="The true fall in events, relative to none of the service, over everyone eligible.",
        )
        without = section.line(
            f"Events without the service, {name}", cohort.people * rate, unit="events", note="Expected, in truth."
        )
        avoided = section.line(
            f"Events truly avoided, {name}", without * reduction, unit="events", note="Negative where there are more."
        )
        decision = section.line(
            f"Decision period, {name}",
            cohort.last_release + sum_of(lags) + np.floor((2 * delay + 1) / 2),
            unit="period",
            note="Close of the cohort, window, courts, assessment and delay, in whole months.",
        )
        cohorts.append(OutcomeLines(cohort, rate, reduction, without, avoided, decision))
    section.heading = "All cohorts"
    all_avoided = section.line(
        "Events truly avoided",
        sum_of([cohort.true_avoided for cohort in cohorts]),
        unit="events",
        note="In all cohorts.",
    )
    pooled = section.line(
        "True reduction, pooled",
        ratio(
            sum_of([cohort.true_reduction * cohort.cohort.people for cohort in cohorts]),
            sum_of([cohort.cohort.people for cohort in cohorts]),
        ),
        unit="share",
        note="The cohorts' true reductions, weighted by people.",
    )
    return Outcomes(tuple(cohorts), all_avoided, pooled)
