"""Who is in each cohort, by segment, and what is true of them. Measurement sees only the whole."""

from __future__ import annotations

from sibmodel.results import Run
from sibmodel.views.common import Cell, Figure, Table


def segments(run: Run) -> Table | None:
    """People, starts and true effect of each segment in the base case; None where no cohort has any."""
    lives = {life.cohort.name: life for lives in run.model.outcomes.lives.values() for life in reversed(lives)}
    rows: list[tuple[Cell, ...]] = []
    for cohort in run.model.service.cohorts:
        levels = {one.segment: one for one in lives[cohort.name].segments} if cohort.name in lives else {}
        for segment in cohort.segments:
            level = levels.get(segment.name)
            rows.append(
                (
                    cohort.name,
                    segment.name,
                    Figure(segment.people, "people"),
                    Figure(segment.starts, "people"),
                    "" if level is None or level.rate_without is None else Figure(level.rate_without, "number"),
                    "" if level is None or level.effect is None else Figure(level.effect, "share"),
                )
            )
    if not rows:
        return None
    note = "Base case, in truth. The assessor measures each cohort as a whole."
    header = ("Cohort", "Segment", "People", "Starts", "Events a person without", "True effect")
    return Table("Segments of the cohorts", header, tuple(rows), note)
