"""Severity-weighted frequency: the sum of events' weights, for each person.

Weights are taken to follow a gamma distribution, so that the sum over a count of events is a gamma too, and is
drawn exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sibmodel.binding import Cells
from sibmodel.lines import Line, Section, ratio
from sibmodel.outcomes.beliefs import believed
from sibmodel.outcomes.common import Arm, Counts, Metric, Reoffending, TrueCohort, clustering, compared_truth
from sibmodel.terms import Terms, text


@dataclass(frozen=True)
class SumOfWeights:
    """The sum of the weights of a count of events: gamma with the count's shape."""

    name: str = "sum of gamma weights"
    uniforms: int = 1

    def sample(self, uniforms: Any, events: Any, weight: Any, spread: Any) -> Any:
        """`events` weights of mean `weight` and relative standard deviation `spread`; all `[path]`."""
        from scipy.special import gammaincinv

        shape = np.maximum(events, 0.0) / np.square(spread)
        with np.errstate(all="ignore"):
            drawn = gammaincinv(np.where(shape > 0, shape, 1.0), uniforms[0]) * weight * np.square(spread)
        return np.where(shape > 0, drawn, 0.0)


class Severity(Metric):
    """Severity-weighted events a person."""

    kind: Literal["severity"] = "severity"
    name: str = text("Name of the measure", default="Severity-weighted events")

    unit = "weighted events"
    needs = ("events_per_person", "dispersion", "severity", "severity_spread")

    def truth(
        self, section: Section, cells: Cells, assumptions: Terms, life: Reoffending, decision: Line
    ) -> TrueCohort:
        assert life.rate_without is not None
        assert life.rate_with is not None
        weight, _ = self._weights(cells, assumptions)
        without, with_service = life.rate_without * weight, life.rate_with * weight
        return compared_truth(section, self, life, without, with_service, decision, "weighted events a person")

    def counted(self, section: Section, cells: Cells, assumptions: Terms, arm: Arm, counts: Counts) -> Line:
        assert counts.events is not None
        weight, spread = self._weights(cells, assumptions)
        total = section.draw(
            f"{self.name}: weight counted, {arm.title}",
            counts.events * weight,
            SumOfWeights(),
            counts.events,
            weight,
            spread,
            unit="weighted events",
            note="The sum of the weights of the events counted.",
            stream=f"severity, {arm.title}",
        )
        return section.line(
            f"{self.name}: counted, {arm.title}",
            ratio(total, arm.people),
            unit="weighted events a person",
            note="As counted.",
        )

    def variance(self, cells: Cells, assumptions: Terms, arm: Arm, level: Line) -> Any:
        """(1/n)((1 + c²)/μ + 1/k), with c the weights' relative spread and μ events a person. METHOD 2.3."""
        weight, spread = self._weights(cells, assumptions)
        return ratio(
            (1 + spread * spread) * ratio(weight, level) + clustering(cells, assumptions, self.name, arm), arm.people
        )

    def _weights(self, cells: Cells, assumptions: Terms) -> tuple[Line, Line]:
        return (
            believed(cells, assumptions, self.name, "severity", "Mean severity weight"),
            believed(cells, assumptions, self.name, "severity_spread", "Spread of severity weights"),
        )
