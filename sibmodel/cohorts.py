"""Cohorts: who is referred, who starts, and who is in service in each month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sibmodel.binding import Cells
from sibmodel.lines import Book, Line, Section, sum_of, window_total
from sibmodel.month import Month
from sibmodel.terms import Terms, month, months, part, people, text


class Referrals(Terms):
    """The window in which a cohort's people are released and referred, evenly over its months."""

    start: Month = month("First month of referrals")
    months: int = months("Length of the window", minimum=1)


class Cohort(Terms):
    """People measured together: everyone eligible counts, whether or not they take up the service."""

    name: str = text("Name of the cohort")
    people: int = people("People planned to be eligible", minimum=1)
    referrals: Referrals = part("When they are released and referred")
    service_months: int = months("How long each person is served after release", default=12, minimum=1)


@dataclass(frozen=True, eq=False)
class CohortLines:
    """A cohort's lines. `people` and `starts` are figures, the others run over time."""

    terms: Cohort
    people: Line
    starts: Line
    referred: Line
    started: Line
    in_service: Line
    months_of_service: Line
    last_release: Line
    open: Line

    @property
    def name(self) -> str:
        return self.terms.name


@dataclass(frozen=True, eq=False)
class Service:
    """All cohorts, and the months in which the service runs for any of them."""

    cohorts: tuple[CohortLines, ...]
    running: Line


def build(book: Book, cells: Cells, terms: tuple[Cohort, ...], assumptions: Terms) -> Service:
    """The lines of referral and service. `assumptions` has the beliefs `volume` and `engagement`."""
    section = book.section("Referrals", "Who is referred, who starts, and who is in service, by month.")
    cohorts = tuple(
        _cohort(section, cells, cohort, f"cohorts[{position}]", assumptions) for position, cohort in enumerate(terms)
    )
    section.heading = "All cohorts"
    running = section.line(
        "Service runs",
        sum_of([cohort.open for cohort in cohorts]) > 0,
        unit="1 or 0",
        note="1 in each month in which any cohort is referred or in service.",
    )
    return Service(cohorts, running)


def _cohort(section: Section, cells: Cells, terms: Cohort, path: str, assumptions: Terms) -> CohortLines:
    name, book = terms.name, section.book
    cells.heading(f"Cohort: {name}")
    planned = cells.number(terms, "people", path, f"People planned, {name}")
    first = cells.month(
        terms.referrals.start, f"{path}.referrals.start", f"First period of referrals, {name}", "When referrals begin."
    )
    window = cells.number(terms.referrals, "months", f"{path}.referrals", f"Months of referrals, {name}")
    served = cells.number(terms, "service_months", path, f"Months of service a person, {name}")
    volume = cells.belief_of_cohort(
        assumptions, "volume", "assumptions", "Volume against plan", name, f"volume, {name}"
    )
    engagement = cells.belief_of_cohort(
        assumptions, "engagement", "assumptions", "Engagement", name, f"engagement, {name}"
    )

    section.heading = name
    people_line = section.line(
        f"People, {name}", planned * volume, unit="people", note="Eligible people: all of them are measured."
    )
    starts = section.line(
        f"Starts, {name}", people_line * engagement, unit="people", note="People who take up the service."
    )
    last = section.line(
        f"Last period of referrals, {name}",
        first + window - 1,
        unit="period",
        note="The month in which the cohort closes.",
    )
    inside = section.line(
        f"Referrals open, {name}",
        np.logical_and(book.period >= first, book.period <= last),
        unit="1 or 0",
        note="1 in the months of the referral window.",
    )
    referred = section.line(
        f"Referred, {name}", inside * people_line / window, unit="people", note="Eligible people released in the month."
    )
    started = section.line(
        f"Started, {name}", inside * starts / window, unit="people", note="People who start the service in the month."
    )
    in_service = section.line(
        f"In service, {name}",
        window_total(started, served),
        unit="people",
        note="People whose months of service have begun and not ended.",
    )
    open_line = section.line(
        f"Service open, {name}",
        np.logical_and(book.period >= first, book.period < last + served),
        unit="1 or 0",
        note="1 from the first referral to the end of the last person's service.",
    )
    return CohortLines(terms, people_line, starts, referred, started, in_service, served, last, open_line)
