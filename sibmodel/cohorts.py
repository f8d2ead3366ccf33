"""Cohorts: who is referred, who starts, and who is in service in each month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from pydantic import model_validator

from sibmodel.actuals import Known
from sibmodel.binding import Cells
from sibmodel.early_end import End
from sibmodel.lines import Book, Line, Section, ratio, sum_of, window_total
from sibmodel.month import Month
from sibmodel.reading import fault_at
from sibmodel.terms import Terms, month, months, part, people, share, text


class Referrals(Terms):
    """The window in which a cohort's people are released and referred, evenly over its months."""

    start: Month = month("First month of referrals")
    months: int = months("Length of the window", minimum=1)


class Segment(Terms):
    """Some of a cohort's people, who may start, reoffend and respond otherwise than the rest. They are measured with
    their cohort, not by themselves."""

    name: str = text("Name of the segment")
    share: float = share("Share of the cohort's people")


class Cohort(Terms):
    """People measured together: everyone eligible counts, whether or not they take up the service."""

    name: str = text("Name of the cohort")
    people: int = people("People planned to be eligible", minimum=1)
    referrals: Referrals = part("When they are released and referred")
    service_months: int = months("How long each person is served after release", default=12, minimum=1)
    segments: tuple[Segment, ...] = part("Kinds of people in it; together they are all of it", default=())

    @model_validator(mode="after")
    def _is_the_sum_of_its_segments(self) -> Self:
        for name, times in Counter(segment.name for segment in self.segments).items():
            if times > 1:
                raise fault_at(
                    ("segments",), f'{times} of the segments are named "{name}".', "Give each a name of its own."
                )
        shares = sum(segment.share for segment in self.segments)
        if self.segments and abs(shares - 1.0) > 1e-9:
            raise fault_at(
                ("segments",),
                f"The segments' shares add up to {shares:.10g}, not to 1.",
                "Write shares that add up to 100 %, with a segment for everybody else.",
            )
        return self


@dataclass(frozen=True, eq=False)
class SegmentLines:
    """A segment of a cohort. `people` and `starts` are figures, the others run over time."""

    name: str
    title: str
    """The segment and its cohort, as line names have it."""
    people: Line
    starts: Line
    referred: Line
    started: Line
    in_service: Line


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
    segments: tuple[SegmentLines, ...] = ()

    @property
    def name(self) -> str:
        return self.terms.name


@dataclass(frozen=True, eq=False)
class Service:
    """All cohorts, and the months in which the service runs for any of them."""

    cohorts: tuple[CohortLines, ...]
    running: Line


def build(
    book: Book,
    cells: Cells,
    terms: tuple[Cohort, ...],
    assumptions: Terms,
    end: End | None = None,
    known: Known | None = None,
) -> Service:
    """The lines of referral and service. `assumptions` has the beliefs `volume` and `engagement`; `end` is the
    contract's early end, where it may have one; `known` has what is known by now."""
    section = book.section("Referrals", "Who is referred, who starts, and who is in service, by month.")
    cohorts = tuple(
        _cohort(section, cells, cohort, f"cohorts[{position}]", assumptions, end, known or Known(cells))
        for position, cohort in enumerate(terms)
    )
    section.heading = "All cohorts"
    running = section.line(
        "Service runs",
        sum_of([cohort.open for cohort in cohorts]) > 0,
        unit="1 or 0",
        note="1 in each month in which any cohort is referred or in service.",
    )
    return Service(cohorts, running)


def _cohort(
    section: Section, cells: Cells, terms: Cohort, path: str, assumptions: Terms, end: End | None, known: Known
) -> CohortLines:
    name, book = terms.name, section.book
    cells.heading(f"Cohort: {name}")
    counted, began = known.people(name), known.starts(name)
    cells.heading(f"Cohort: {name}")
    planned = None if counted is not None else cells.number(terms, "people", path, f"People planned, {name}")
    first = cells.month(
        terms.referrals.start, f"{path}.referrals.start", f"First period of referrals, {name}", "When referrals begin."
    )
    window = cells.number(terms.referrals, "months", f"{path}.referrals", f"Months of referrals, {name}")
    served = cells.number(terms, "service_months", path, f"Months of service a person, {name}")
    expected: Any = counted
    if planned is not None:
        expected = planned * cells.belief_of_cohort(
            assumptions, "volume", "assumptions", "Volume against plan", name, f"volume, {name}"
        )
    shares = [
        cells.number(segment, "share", f"{path}.segments[{place}]", f"Share of {segment.name}, {name}")
        for place, segment in enumerate(terms.segments)
    ]
    rates = [_engagement(cells, assumptions, name, segment.name) for segment in terms.segments]
    rate = None if rates or began is not None else _engagement(cells, assumptions, name)
    section.heading = name
    taken = None
    if end is not None:
        taken = end.months_taken(section, name, first, window, terms.referrals.start, took_place=counted is not None)
    everyone = section.line(
        f"People, {name}",
        _taking_place(expected, counted, taken, window),
        unit="people",
        note="Eligible people: all of them are measured.",
    )
    split = [
        _people(section, f"{one.name}, {name}", everyone, ratio(part_of, sum_of(shares)), engaged)
        for one, part_of, engaged in zip(terms.segments, shares, rates, strict=True)
    ]
    section.heading = name
    starts = section.line(
        f"Starts, {name}",
        _starting(everyone, began, rate, split),
        unit="people",
        note="People who take up the service.",
    )
    last = section.line(
        f"Last period of referrals, {name}",
        first + window - 1 if taken is None else first + taken - 1,
        unit="period",
        note="The month in which the cohort closes.",
    )
    inside = section.line(
        f"Referrals open, {name}",
        np.logical_and(book.period >= first, book.period <= last),
        unit="1 or 0",
        note="1 in the months of the referral window.",
    )
    length = window if taken is None else taken
    flows = _flows(section, name, inside, length, taken is None, served, everyone, starts)
    open_line = section.line(
        f"Service open, {name}",
        _while(book.period, first, last + served, taken),
        unit="1 or 0",
        note="1 from the first referral to the end of the last person's service.",
    )
    segments = []
    for one, (people_in, starting) in zip(terms.segments, split, strict=True):
        title = f"{one.name}, {name}"
        section.heading = title
        lines = _flows(section, title, inside, length, taken is None, served, people_in, starting)
        segments.append(SegmentLines(one.name, title, people_in, starting, *lines))
    return CohortLines(terms, everyone, starts, *flows, served, last, open_line, tuple(segments))


def _taking_place(expected: Any, counted: Line | None, taken: Line | None, window: Line) -> Any:
    """A cohort's people: as many as expected, in the months of referral that take place; or those who were counted."""
    if taken is None:
        return expected * 1 if counted is not None else expected
    return expected * taken / window if counted is None else np.where(taken > 0, counted, 0.0)


def _starting(everyone: Line, began: Line | None, rate: Line | None, split: list[tuple[Line, Line]]) -> Any:
    """A cohort's starts: those who were counted; or by the rate of its people, or its segments'."""
    if began is not None:
        return np.where(everyone > 0, began, 0.0)
    return sum_of([starting for _, starting in split]) if rate is None else everyone * rate


def _engagement(cells: Cells, assumptions: Terms, cohort: str, segment: str | None = None) -> Line:
    """The share of people who start: of a cohort, or of a segment of it that has a belief of its own."""
    own = None if segment is None else getattr(assumptions, "by_segment", {}).get(segment)
    if own is not None and own.engagement is not None:
        return cells.belief_of_cohort(
            own,
            "engagement",
            f"assumptions.by_segment[{segment}]",
            f"Engagement, {segment}",
            cohort,
            f"engagement, {segment}, {cohort}",
        )
    key = ("assumptions", "engagement", cohort)
    if key not in cells.bound:
        cells.bound[key] = cells.belief_of_cohort(
            assumptions, "engagement", "assumptions", "Engagement", cohort, f"engagement, {cohort}"
        )
    return cells.bound[key]


def _while(period: Line, first: Line, after: Any, taken: Line | None) -> Any:
    """From a period up to another, of a cohort that takes place."""
    inside = np.logical_and(period >= first, period < after)
    return inside if taken is None else np.logical_and(inside, taken > 0)


def _people(section: Section, title: str, everyone: Line, part_of: Any, engaged: Line) -> tuple[Line, Line]:
    """The people of a segment, and those of them who start."""
    section.heading = title
    people_in = section.line(f"People, {title}", everyone * part_of, unit="people", note="Its share of the cohort.")
    return people_in, section.line(
        f"Starts, {title}", people_in * engaged, unit="people", note="People who take up the service."
    )


def _over(amount: Any, months: Line, always: bool) -> Any:
    """Evenly over months, of which there may be none where a contract ends early."""
    return amount / months if always else ratio(amount, months)


def _flows(
    section: Section, title: str, inside: Line, length: Line, always: bool, served: Line, people_in: Line, starts: Line
) -> tuple[Line, Line, Line]:
    """Who is referred, who starts and who is in service, by month."""
    referred = section.line(
        f"Referred, {title}",
        _over(inside * people_in, length, always),
        unit="people",
        note="Eligible people released in the month.",
    )
    started = section.line(
        f"Started, {title}",
        _over(inside * starts, length, always),
        unit="people",
        note="People who start the service in the month.",
    )
    in_service = section.line(
        f"In service, {title}",
        window_total(started, served),
        unit="people",
        note="People whose months of service have begun and not ended.",
    )
    return referred, started, in_service
