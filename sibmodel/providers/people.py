"""The people whom a provider serves. Its costs, units and guarantees count these and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sibmodel.cohorts import CohortLines, SegmentLines, Service
from sibmodel.lines import Line


@dataclass(frozen=True, eq=False)
class Stream:
    """People of one cohort who may use a provider: who starts, who is in service, for how long."""

    name: str
    cohort: CohortLines
    started: Line
    in_service: Line
    months_of_service: Line
    last_release: Line
    open: Line


def streams(service: Service, cohorts: Sequence[str] | None, segments: Sequence[str] | None = None) -> list[Stream]:
    """The people of the cohorts named, or of all; of the segments named, or of all."""
    found = []
    for cohort in service.cohorts:
        if cohorts is not None and cohort.name not in cohorts:
            continue
        people: list[tuple[str, CohortLines | SegmentLines]] = [(cohort.name, cohort)]
        if segments is not None:
            people = [(one.title, one) for one in cohort.segments if one.name in segments]
        found += [
            Stream(
                name, cohort, one.started, one.in_service, cohort.months_of_service, cohort.last_release, cohort.open
            )
            for name, one in people
        ]
    return found
