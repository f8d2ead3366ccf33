"""The people whom a provider serves. Its costs, units and guarantees count these and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sibmodel.cohorts import CohortLines, Service
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


def streams(service: Service, cohorts: Sequence[str] | None) -> list[Stream]:
    """The streams of the cohorts named, or of all. A further choice among a cohort's people belongs here."""
    return [
        Stream(
            cohort.name,
            cohort,
            cohort.started,
            cohort.in_service,
            cohort.months_of_service,
            cohort.last_release,
            cohort.open,
        )
        for cohort in service.cohorts
        if cohorts is None or cohort.name in cohorts
    ]
