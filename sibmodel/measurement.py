"""Measurement: what the assessor sees of the true effect, through noise and matching error.

The served cohort and a matched comparison group are counted by the courts. The counts are negative binomial (a sum of n
people's counts is negative binomial with n times the mean and n times the shape), and the comparison group differs
from the cohort by a matching error that no number of people removes, drawn once for the whole deal. METHOD:
Peterborough's own pair of figures, 55.7 % reconvicted and 155 events per 100, gives a shape of 0.693 (variance 3.2
times the mean).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sibmodel.binding import Cells
from sibmodel.lines import Book, Line, ratio, sum_of
from sibmodel.outcomes import OutcomeLines, Outcomes
from sibmodel.terms import Terms, choice, number


class Measurement(Terms):
    """How the assessor finds what would have happened without the service."""

    comparison: Literal["matched"] = choice("How the comparison group is found", default="matched")
    controls_per_person: float = number(
        "Matched people in the comparison group for each person served", default=10, unit="people", minimum=0.1
    )


@dataclass(frozen=True, eq=False)
class MeasuredLines:
    """What is measured of a cohort. All are figures."""

    outcome: OutcomeLines
    reduction: Line
    avoided: Line
    comparison_events: Line
    """Events that the comparison group's rate gives for as many people as were served."""

    @property
    def name(self) -> str:
        return self.outcome.name

    @property
    def people(self) -> Line:
        return self.outcome.cohort.people

    @property
    def decision(self) -> Line:
        return self.outcome.decision


@dataclass(frozen=True, eq=False)
class Measured:
    """All cohorts' measured effects, and the pooled one, weighted by people."""

    cohorts: tuple[MeasuredLines, ...]
    pooled: Line
    avoided: Line


@dataclass(frozen=True)
class NegativeBinomialCount:
    """A count with the mean and shape given: variance = mean + mean² ÷ shape. Sampled exactly, by inversion."""

    name: str = "negative binomial count"
    uniforms: int = 1

    def sample(self, uniforms: Any, mean: Any, shape: Any) -> Any:
        """`uniforms` `[1, path]`, `mean` and `shape` `[path]`; whole numbers `[path]`."""
        from scipy import special

        mean, shape = np.maximum(mean, 0.0), np.maximum(shape, 1e-12)
        with np.errstate(all="ignore"):
            count = np.ceil(special.nbdtrik(uniforms[0], shape, shape / (shape + mean)))
        return np.where(np.isfinite(count) & (mean > 0), np.maximum(count, 0.0), 0.0)


COUNT = NegativeBinomialCount()


def dispersion(share_reconvicted: float, events_per_person: float) -> float:
    """The negative binomial's shape from the share of people with any event and the mean: 1 − p = (1 +
    mean/shape)^−shape.

    Raises ValueError where no shape fits: the share must be below 1 − e^−mean, what a Poisson count would give.
    Source: METHOD 2.3; at Peterborough p = 0.557 and mean = 1.55 give 0.693.
    """
    from scipy.optimize import brentq

    poisson = -np.expm1(-events_per_person)
    if not 0.0 < share_reconvicted < poisson:
        raise ValueError(
            f"A share of {share_reconvicted:g} with any event does not fit {events_per_person:g} events a person: "
            f"it must lie between 0 and {poisson:.3f}."
        )

    def gap(log_shape: float) -> float:
        shape = float(np.exp(log_shape))
        return float(np.exp(-shape * np.log1p(events_per_person / shape)) - (1.0 - share_reconvicted))

    return float(np.exp(brentq(gap, -12.0, 12.0, xtol=1e-13)))


def standard_error(
    people: Any,
    events_per_person: Any,
    shape: Any,
    controls_per_person: Any,
    true_reduction: Any = 0.0,
    matching_error: Any = 0.0,
) -> Any:
    """Standard error of the logarithm of (events a person served ÷ events a person in the comparison group).

    The delta method: (1/n)(1/μt + 1/k) + (1/(M n))(1/μc + 1/k) + τ². Source: METHOD 2.4.
    """
    served = (1.0 / (events_per_person * (1.0 - true_reduction)) + 1.0 / shape) / people
    compared = (1.0 / events_per_person + 1.0 / shape) / (people * controls_per_person)
    return np.sqrt(served + compared + np.square(matching_error))


def pass_probability(true_reduction: Any, threshold: Any, log_standard_error: Any) -> Any:
    """P(measured reduction ≥ threshold) = Φ((ln(1 − K) − ln(1 − θ)) ÷ s). Source: METHOD 2.7."""
    from scipy.special import ndtr

    return ndtr((np.log1p(-np.asarray(threshold)) - np.log1p(-np.asarray(true_reduction))) / log_standard_error)


def build(book: Book, cells: Cells, outcomes: Outcomes, terms: Measurement, assumptions: Terms) -> Measured:
    """The lines of measurement. `assumptions` has `dispersion` and `matching_error`."""
    section = book.section("Measurement", "What the assessor sees: counts, comparison group, measured effect.")
    cells.heading("Measurement")
    controls = cells.number(terms, "controls_per_person", "measurement", "People compared for each person served")
    shape = cells.belief(assumptions, "dispersion", "assumptions", "Shape of the counts", "dispersion")
    bias = cells.belief(assumptions, "matching_error", "assumptions", "Matching error", "matching error")
    section.heading = "Whole deal"
    comparison_factor = section.line(
        "Comparison group's rate against the truth",
        np.exp(bias),
        unit="ratio",
        note="1 where the comparison group is like the cohort; the same for all cohorts of the deal.",
    )
    cohorts = []
    for outcome in outcomes.cohorts:
        name, people = outcome.name, outcome.cohort.people
        section.heading = name
        expected = section.line(
            f"Events expected with the service, {name}",
            outcome.events_without - outcome.true_avoided,
            unit="events",
            note="In truth, before the luck of the count.",
        )
        counted = section.draw(
            f"Events counted, {name}",
            expected,
            COUNT,
            expected,
            people * shape,
            unit="events",
            note="Reconviction events of everyone eligible, as the courts count them.",
            stream=f"events counted, {name}",
        )
        compared = section.line(
            f"People compared, {name}", people * controls, unit="people", note="In the comparison group."
        )
        compared_expected = section.line(
            f"Events expected in the comparison group, {name}",
            compared * outcome.event_rate,
            unit="events",
            note="In truth, before the luck of the count.",
        )
        compared_counted = section.draw(
            f"Events counted in the comparison group, {name}",
            compared_expected,
            COUNT,
            compared_expected,
            compared * shape,
            unit="events",
            note="As the courts count them.",
            stream=f"events counted in the comparison group, {name}",
        )
        rate = section.line(
            f"Comparison rate, {name}",
            ratio(compared_counted, compared) * comparison_factor,
            unit="events a person",
            note="What the assessor takes for the rate without the service.",
        )
        measured_rate = section.line(
            f"Measured rate, {name}", ratio(counted, people), unit="events a person", note="Of everyone eligible."
        )
        reduction = section.line(
            f"Measured reduction, {name}",
            np.where(rate > 0, 1 - ratio(measured_rate, rate), 0.0),
            unit="share",
            note="Relative to the comparison rate; negative where it is higher, 0 where there is nothing to compare.",
        )
        comparison_events = section.line(
            f"Events at the comparison rate, {name}",
            rate * people,
            unit="events",
            note="For as many people as were served.",
        )
        avoided = section.line(
            f"Events avoided as measured, {name}",
            comparison_events - counted,
            unit="events",
            note="What payment is for.",
        )
        cohorts.append(MeasuredLines(outcome, reduction, avoided, comparison_events))
    section.heading = "All cohorts"
    everyone = section.line(
        "People measured", sum_of([cohort.people for cohort in cohorts]), unit="people", note="In all cohorts."
    )
    pooled = section.line(
        "Measured reduction, pooled",
        ratio(sum_of([cohort.reduction * cohort.people for cohort in cohorts]), everyone),
        unit="share",
        note="The cohorts' measured reductions, weighted by people.",
    )
    all_avoided = section.line(
        "Events avoided as measured",
        sum_of([cohort.avoided for cohort in cohorts]),
        unit="events",
        note="In all cohorts.",
    )
    return Measured(tuple(cohorts), pooled, all_avoided)
