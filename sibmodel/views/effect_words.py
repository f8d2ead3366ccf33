"""What an effect is called and how it is shown: a reduction, a gain of a score, a share who reach a milestone."""

from __future__ import annotations

from dataclasses import dataclass

from sibmodel.outcomes import Metric, Milestone
from sibmodel.results import Run
from sibmodel.views.common import Kind
from sibmodel.words import number, percent


@dataclass(frozen=True)
class EffectWords:
    """The noun for an effect (`reduction`), the kind of its number, and the unit on an axis."""

    noun: str
    kind: Kind
    unit: str

    def text(self, value: float) -> str:
        """The effect in words."""
        return percent(value) if self.kind == "share" else f"{number(value, 1)} {self.unit}"


def words_of(metric: Metric) -> EffectWords:
    """How the effect by a measure is called and shown."""
    if isinstance(metric, Milestone):
        return EffectWords("success", "share", "%")
    return EffectWords("reduction", "share", "%") if metric.relative else EffectWords("gain", "number", metric.unit)


def leading(run: Run) -> EffectWords:
    """Those of the deal's first measure, which leads the headlines."""
    return words_of(run.deal.metrics[0])
