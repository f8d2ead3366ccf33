"""Assumptions: what nobody knows. Only here may a number be a distribution, and each has its source."""

from __future__ import annotations

from typing import Literal

from sibmodel.correlation import DEGREES, Copula, Correlation
from sibmodel.outcomes import MetricBeliefs, SegmentBeliefs
from sibmodel.terms import choice, number, part, yearly_rate
from sibmodel.uncertain import Belief, ByCohort, belief


class Assumptions(MetricBeliefs):
    """Beliefs of the whole deal. Those about measures hold for every measure; `by_metric` has those of one."""

    effect: ByCohort | None = belief(
        "True relative reduction in events that the service brings about",
        "share_of_any_sign",
        minimum=-5.0,
        default=None,
    )
    effect_among: Literal["everyone", "engaged"] = choice(
        "Whether the effect is stated over everyone eligible, or among those who engage", default="everyone"
    )
    desistance: Belief = belief(
        "Part of the effect, in logarithms, that comes by fewer people reoffending; the rest, by fewer events for each "
        "who does (about half at Peterborough)",
        "share",
        default=Belief.of(0.5),
    )
    engagement: ByCohort = belief("Share of eligible people who start the service", "share", default=ByCohort.of(1.0))
    volume: ByCohort = belief(
        "People eligible, relative to plan", "number", unit="ratio to plan", minimum=0.0, default=ByCohort.of(1.0)
    )
    uptake: dict[str, Belief] = belief(
        "Uptake of a provider relative to its terms, by the provider's name; 1 unless named, at most everyone",
        "number",
        unit="ratio to plan",
        minimum=0.0,
        default={},
    )
    call_off_effects: dict[str, Belief] = belief(
        "True relative reduction in events among those who use a call-off service, beside the core service's, by the "
        "provider's name",
        "share_of_any_sign",
        minimum=-5.0,
        default={},
    )
    overlap: Belief = belief(
        "Part of a call-off service's effect, in logarithms, that is lost where the same people use other services "
        "(assumed)",
        "share",
        default=Belief.of(0.5),
    )
    delay_months: ByCohort = belief(
        "Months by which the assessment comes later than planned", "months", minimum=0.0, default=ByCohort.of(0.0)
    )
    cost_overrun: Belief = belief(
        "Providers' real cost against budget", "share_of_any_sign", minimum=-1.0, maximum=10.0, default=Belief.of(0.0)
    )
    policy_shock: Belief | None = belief(
        "Chance a year that a change of policy ends the contract", "share", default=None
    )
    investor_discount_rate: float = yearly_rate(
        "Rate at which investors' cash flows are discounted", default=0.035, minimum=-0.99
    )
    by_metric: dict[str, MetricBeliefs] = part("Beliefs about one measure, by its name", default={})
    by_segment: dict[str, SegmentBeliefs] = part("Beliefs about one segment of the cohorts, by its name", default={})
    correlations: tuple[Correlation, ...] = part("How far uncertain drivers go together", default=())
    copula: Copula = choice(
        "How correlated drivers go together: gaussian, or t, where extremes come together too", default="gaussian"
    )
    copula_degrees: float = number(
        "Degrees of freedom of a t copula: the fewer, the more extremes come together (assumed)",
        default=DEGREES,
        minimum=1.0,
        maximum=1000.0,
    )
