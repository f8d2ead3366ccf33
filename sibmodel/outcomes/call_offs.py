"""What call-off services add to the effect: each acts on those who use it, beside the service that everyone gets.

In logarithms the effects of several services add up, less what is lost where the same people use them: log of the
cohort's relative rate = log(1 − θ of the core) + Σ q (1 − ω) log(1 − θ of the call-off), with q the share of everyone
eligible who use it and ω the overlap. Source: METHOD 2.10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.cohorts import CohortLines, SegmentLines
from sibmodel.lines import Line, Section, ratio


@dataclass(frozen=True, eq=False)
class CallOff:
    """A service that some use, and what it does for them."""

    name: str
    uptake: Any
    """The share of starts that use it, as an expression."""
    effect: Line
    """The true reduction in events among those who use it."""
    overlap: Line
    """The part of it, in logarithms, that is lost where the same people use other services."""
    cohorts: Sequence[str] | None
    segments: Sequence[str] | None

    def serves(self, cohort: CohortLines, segment: SegmentLines | None) -> bool:
        """Whether these people may use it."""
        if self.cohorts is not None and cohort.name not in self.cohorts:
            return False
        return self.segments is None or (segment is not None and segment.name in self.segments)

    def left(self, section: Section, people: CohortLines | SegmentLines, title: str) -> Line:
        """The part of events that it leaves, over everyone eligible."""
        using = section.line(
            f"Share who use {self.name}, {title}",
            self.uptake * ratio(people.starts, people.people),
            unit="share",
            note="Of everyone eligible.",
        )
        return section.line(
            f"Events left by {self.name}, {title}",
            np.power(np.maximum(1 - self.effect, 0.0), using * (1 - self.overlap)),
            unit="ratio",
            note="1 where it does nothing; a power, because effects add up in logarithms.",
        )
