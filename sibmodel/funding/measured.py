"""What a tranche's terms read of the measured effects: the level of each cohort, and when it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sibmodel.lines import Line
from sibmodel.measurement import Measured

Tested = Literal["reduction", "difference"]


@dataclass(frozen=True, eq=False)
class Known:
    """A cohort's level by a measure. All are figures."""

    cohort: str
    level: Line
    """The relative reduction, the difference in the measure's unit, or the share that reaches a milestone."""
    people: Line
    decision: Line


def known(measured: Measured, metric: str | None, tested: Tested, only: Sequence[str] | None) -> list[Known]:
    """Each cohort by the measure named (the first that has a comparison where none is), in the deal's order."""
    name = metric or next(iter(measured.compared))
    if name in measured.achieved:
        found = [Known(one.name, one.effect, one.base, one.decision) for one in measured.achieved[name].cohorts]
    else:
        found = [
            Known(one.name, one.effect if tested == "reduction" else one.points, one.people, one.decision)
            for one in measured.compared[name].cohorts
        ]
    return [one for one in found if only is None or one.cohort in only]
