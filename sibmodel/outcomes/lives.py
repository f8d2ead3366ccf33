"""How people reoffend in truth: each cohort, or each segment of it, without and with the service.

The true effect is a relative reduction in events a person. It comes about in two ways at once: desistance (fewer people
reoffend) and slowing (fewer events for each who does), 1 − θ = (1 − δp)(1 − δf), so that all measures of a cohort
agree. Source: METHOD 2.3. Of a cohort with segments, rates and shares are the means of its segments', by people: the
measured effect is diluted where those who offend most respond least.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.cohorts import CohortLines, SegmentLines
from sibmodel.lines import Line, Section, ratio, sum_of
from sibmodel.outcomes.beliefs import believed, has
from sibmodel.outcomes.call_offs import CallOff
from sibmodel.outcomes.common import Levels, Metric, Reoffending, SegmentLevels
from sibmodel.terms import Terms

RATE, SHARE = "Events a person", "Share reoffending"


@dataclass(eq=False)
class Lives:
    """Writes how each cohort reoffends, once for all measures that rest on the same beliefs."""

    section: Section
    cells: Cells
    assumptions: Terms
    call_offs: Sequence[CallOff] = ()

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, str], Reoffending] = {}

    def of(self, metric: Metric, cohort: CohortLines) -> Reoffending:
        """How a cohort reoffends, as far as a measure needs it."""
        own = getattr(self.assumptions, "by_metric", {}).get(metric.name)
        whose = metric.name if own is not None else ""
        if (whose, cohort.name) not in self._known:
            ending = f", {metric.name}" if own is not None else ""
            self._known[whose, cohort.name] = self._of(metric, cohort, ending)
        return self._known[whose, cohort.name]

    def _of(self, metric: Metric, cohort: CohortLines, ending: str) -> Reoffending:
        title = f"{cohort.name}{ending}"
        if not cohort.segments:
            levels = self._levels(metric, cohort, None, title)
            return Reoffending(
                levels.effect, levels.rate_without, levels.rate_with, levels.share_without, levels.share_with, cohort
            )
        segments = []
        for one in cohort.segments:
            levels = self._levels(metric, cohort, one, f"{one.title}{ending}")
            weight = self.section.line(
                f"Share of the cohort, {one.title}{ending}",
                ratio(one.people, cohort.people),
                unit="share",
                note="Of its people.",
            )
            segments.append(SegmentLevels(**vars(levels), segment=one.name, weight=weight))
        return self._together(metric, cohort, segments, title)

    def _levels(self, metric: Metric, cohort: CohortLines, segment: SegmentLines | None, title: str) -> Levels:
        """How a cohort, or a segment of it, reoffends."""
        self.cells.heading(f"Cohort: {cohort.name}")
        self.section.heading = title
        effect = self._effect(metric, cohort, segment, title)
        if effect is None:
            return Levels(None, None, None, None, None)
        drift = self._drift(metric, cohort, "drift", "Drift since the baseline")
        more = self._drift(metric, cohort, "drift_per_reoffender", "Drift of events a reoffender")
        kind = None if segment is None else segment.name
        rate = share = before = after = rate_before = rate_after = None
        if has(self.assumptions, metric.name, "events_per_person", kind):
            rate = self._believed(metric, "events_per_person", f"{RATE} without the service", cohort, kind)
            rate_before = self.section.line(
                f"{RATE} without the service, {title}",
                _drifted(_drifted(rate, drift), more),
                unit="events a person",
                note="In truth, drift included.",
            )
            rate_after = self.section.line(
                f"{RATE} with the service, {title}",
                np.maximum(rate_before * (1 - effect), 0.0),
                unit="events a person",
                note="In truth.",
            )
        if has(self.assumptions, metric.name, "share_reoffending", kind):
            share = self._believed(metric, "share_reoffending", f"{SHARE} without the service", cohort, kind)
            before = self.section.line(
                f"{SHARE} without the service, {title}",
                np.minimum(_drifted(share, drift), 1.0),
                unit="share",
                note="In truth, drift included.",
            )
            after = self.section.line(
                f"{SHARE} with the service, {title}",
                np.minimum(before * np.power(np.maximum(1 - effect, 0.0), self._desistance()), 1.0),
                unit="share",
                note="Desistance is the part of the effect, in logarithms, that comes by fewer people reoffending.",
            )
        return Levels(effect, rate_before, rate_after, before, after)

    def _effect(self, metric: Metric, cohort: CohortLines, segment: SegmentLines | None, title: str) -> Line | None:
        kind = None if segment is None else segment.name
        if not has(self.assumptions, "", "effect", kind):
            return None
        stated = believed(self.cells, self.assumptions, "", "effect", "True effect", cohort.name, kind)
        people: CohortLines | SegmentLines = cohort if segment is None else segment
        engaged = getattr(self.assumptions, "effect_among", "everyone") == "engaged"
        core: Any = stated * ratio(people.starts, people.people) if engaged else stated
        used = [one for one in self.call_offs if one.serves(cohort, segment)]
        if used:
            core = self.section.line(
                f"True effect of the core service, {title}", core, unit="share", note="Over everyone eligible."
            )
            left: Any = 1 - core
            for one in used:
                left = left * one.left(self.section, people, title)
            core = 1 - left
        return self.section.line(
            f"True effect, {title}",
            core,
            unit="share",
            note="The true fall in events a person, relative to none of the service, over everyone eligible.",
        )

    def _drift(self, metric: Metric, cohort: CohortLines, name: str, title: str) -> Line | None:
        if not has(self.assumptions, metric.name, name):
            return None
        return believed(self.cells, self.assumptions, metric.name, name, title, cohort.name)

    def _believed(self, metric: Metric, name: str, title: str, cohort: CohortLines, segment: str | None) -> Line:
        return believed(self.cells, self.assumptions, metric.name, name, title, cohort.name, segment)

    def _desistance(self) -> Line:
        key = ("assumptions", "desistance", "")
        if key not in self.cells.bound:
            self.cells.bound[key] = self.cells.belief(
                self.assumptions, "desistance", "assumptions", "Desistance", "desistance"
            )
        return self.cells.bound[key]

    def _together(self, metric: Metric, cohort: CohortLines, segments: list[SegmentLevels], title: str) -> Reoffending:
        """The whole cohort: the means of its segments by people."""
        self.section.heading = title
        rate_without = self._mean(segments, "rate_without", f"{RATE} without the service, {title}", "events a person")
        rate_with = self._mean(segments, "rate_with", f"{RATE} with the service, {title}", "events a person")
        share_without = self._mean(segments, "share_without", f"{SHARE} without the service, {title}", "share")
        share_with = self._mean(segments, "share_with", f"{SHARE} with the service, {title}", "share")
        effect = None
        if rate_without is not None and rate_with is not None:
            effect = self.section.line(
                f"True effect, {title}",
                np.where(rate_without > 0, 1 - ratio(rate_with, rate_without), 0.0),
                unit="share",
                note="In events a person, of all segments together.",
            )
        elif segments[0].effect is not None:
            effect = self._mean(segments, "effect", f"True effect, {title}", "share")
        return Reoffending(
            effect,
            rate_without,
            rate_with,
            share_without,
            share_with,
            cohort,
            tuple(segments),
            self._clustering(metric, segments, rate_without, "rate_without", f"without the service, {title}"),
            self._clustering(metric, segments, rate_with, "rate_with", f"with the service, {title}"),
        )

    def _clustering(
        self, metric: Metric, segments: list[SegmentLevels], rate: Line | None, name: str, title: str
    ) -> Line | None:
        """1 ÷ k of the whole's count, so that the variance of the sum is kept, Σ n (μ + μ² ÷ k): it is Σ w μ² ÷ k over
        the segments, by the square of the whole's mean."""
        if rate is None or not has(self.assumptions, metric.name, "dispersion", segments[0].segment):
            return None
        extra = []
        for one in segments:
            level: Line = getattr(one, name)
            shape = believed(
                self.cells, self.assumptions, metric.name, "dispersion", "Shape of the counts", None, one.segment
            )
            extra.append(
                self.section.line(
                    f"Variance of events beyond chance, {one.segment}, {title}",
                    one.weight * level * level / shape,
                    unit="events²",
                    note="Weight by mean squared by shape.",
                )
            )
        return self.section.line(
            f"Clustering of events {title}",
            ratio(sum_of(extra), rate * rate),
            unit="ratio",
            note="One by the shape of the count of all segments together.",
        )

    def _mean(self, segments: list[SegmentLevels], name: str, title: str, unit: str) -> Line | None:
        levels = [getattr(one, name) for one in segments]
        if any(level is None for level in levels):
            return None
        weighed: list[Any] = [one.weight * level for one, level in zip(segments, levels, strict=True)]
        return self.section.line(title, sum_of(weighed), unit=unit, note="The segments', weighted by people.")


def _drifted(level: Any, drift: Line | None) -> Any:
    return level if drift is None else level * (1 + drift)
