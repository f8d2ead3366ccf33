"""What a step may wait for: that a tranche is repaid, or that a measured effect is high enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sibmodel.binding import Cells
from sibmodel.lines import Line, Section
from sibmodel.measurement import Measured
from sibmodel.terms import Terms, share_of_any_sign, text


class After(Terms):
    """A tranche that must be repaid, with its interest."""

    repaid: str = text("The tranche")


class When(Terms):
    """A measured effect that must be reached, from the month in which it is decided."""

    metric: str | None = text("The measure; the deal's first unless named", default=None)
    cohort: str | None = text("The cohort; all together unless named", default=None)
    at_least: float = share_of_any_sign("The measured effect from which the step is paid, a share of one")

    def reached(self, section: Section, cells: Cells, path: str, title: str, seen: Seen) -> Line:
        """1 from the month in which the effect is decided, where it is high enough."""
        wanted = cells.number(self, "at_least", path, f"{title}: effect from which it is paid")
        effect, decided = seen.of(section, title, self.metric, self.cohort)
        enough = np.logical_and(effect + cells.slack() >= wanted, section.book.period >= decided)
        return section.line(f"{title}: effect is reached", enough, unit="1 or 0", note="From the month of decision.")


@dataclass(eq=False)
class Seen:
    """What has been measured, for the steps that wait for it."""

    measured: Measured
    first: str
    """The deal's first measure."""

    def of(self, section: Section, title: str, metric: str | None, cohort: str | None) -> tuple[Line, Line]:
        """The measured effect of a cohort, or of all, and the period in which it is decided."""
        name = metric or self.first
        if name in self.measured.compared:
            compared = self.measured.compared[name]
            pairs = {one.name: (one.effect, one.decision) for one in compared.cohorts}
            if cohort is None:
                return compared.effect, self._latest(section, title, [decided for _, decided in pairs.values()])
        else:
            pairs = {one.name: (one.effect, one.decision) for one in self.measured.achieved[name].cohorts}
        assert cohort is not None
        return pairs[cohort]

    @staticmethod
    def _latest(section: Section, title: str, decisions: list[Line]) -> Line:
        latest = decisions[0]
        for number, decision in enumerate(decisions[1:], start=2):
            latest = section.line(
                f"{title}: decided up to cohort {number}",
                np.maximum(latest, decision),
                unit="period",
                note="The latest decision so far.",
            )
        return latest
