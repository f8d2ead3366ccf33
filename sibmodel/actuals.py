"""Actuals: what has become known since a deal was signed, so that the same file gives the plan and the reforecast.

What is known takes the place of what was planned or believed, as an input of its own, and is not drawn in a simulation:
a cohort's people and starts, its measured effects once published, and the month in which they were decided. Beliefs
about what is not known yet stay as they are: a published effect tells nothing here of the next cohort's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from pydantic import model_validator

from sibmodel.binding import Cells
from sibmodel.lines import Input
from sibmodel.month import Month
from sibmodel.reading import fault_at
from sibmodel.terms import Terms, month, number, part
from sibmodel.terms import people as count_of_people


class CohortActuals(Terms):
    """What is known of a cohort; what is left out is not known yet."""

    people: int | None = count_of_people("People who were eligible", default=None)
    starts: int | None = count_of_people("People who started the service", default=None)
    measured: dict[str, float] = number(
        "Measured effect as published, by the measure's name: the relative reduction, of a score the gain in points",
        unit="share or points",
        default={},
    )
    comparison: dict[str, float] = number(
        "The comparison's level as published, by the measure's name; without it, as believed",
        unit="the measure's",
        default={},
    )
    decided: Month | None = month("Month in which the measured effects were published and decided", default=None)
    counted: dict[str, int] = count_of_people("People counted as having reached a milestone, by its name", default={})

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if not any((self.people is not None, self.starts is not None, self.measured, self.counted)):
            where = next((name for name in ("decided", "comparison") if getattr(self, name)), "people")
            raise fault_at((where,), "Nothing that counts is known of it.", "Add people, starts, measured or counted.")
        if self.starts is not None and self.people is None:
            raise fault_at(
                ("people",), "is missing: the starts are known.", "Add it: both are known when referrals close."
            )
        if self.starts is not None and self.people is not None and self.starts > self.people:
            raise fault_at(
                ("starts",),
                f"{self.starts} started, of {self.people} people.",
                "Write at most as many starts as people.",
            )
        if self.measured and self.decided is None:
            raise fault_at(
                ("decided",), "is missing: a measured effect is published.", "Add the month of its publication."
            )
        if self.decided is not None and not self.measured:
            raise fault_at(
                ("decided",), "says when, and nothing says what.", "Add the measured effect that was published."
            )
        return self


class Actuals(Terms):
    """What is known of a deal by a month."""

    as_of: Month = month("Last month of which anything is known")
    cohorts: dict[str, CohortActuals] = part("What is known of each cohort, by its name")


@dataclass(eq=False)
class Known:
    """What is known, as inputs, each bound when it is asked for; None where it is not known. `terms` is None where
    nothing is."""

    cells: Cells
    terms: Actuals | None = None
    _bound: dict[str, Input] = field(default_factory=dict)

    def people(self, cohort: str) -> Input | None:
        """The eligible people of a cohort."""
        return self._number(cohort, "people", f"People known, {cohort}")

    def starts(self, cohort: str) -> Input | None:
        """Those of them who started."""
        return self._number(cohort, "starts", f"Starts known, {cohort}")

    def effect(self, cohort: str, metric: str, unit: str) -> Input | None:
        """A cohort's measured effect by a measure, in `unit`."""
        return self._by_metric(cohort, "measured", metric, f"{metric}: effect published, {cohort}", unit)

    def comparison(self, cohort: str, metric: str, unit: str) -> Input | None:
        """The comparison's level that was published with it."""
        return self._by_metric(cohort, "comparison", metric, f"{metric}: comparison published, {cohort}", unit)

    def counted(self, cohort: str, milestone: str) -> Input | None:
        """The people counted as having reached a milestone."""
        return self._by_metric(cohort, "counted", milestone, f"{milestone}: people validated, {cohort}", "people")

    def decision(self, cohort: str, metric: str) -> Input | None:
        """The period in which a cohort's published effect by a measure was decided."""
        known = self._of(cohort)
        if known is None or known.decided is None or metric not in known.measured:
            return None
        path = f"{_path(cohort)}.decided"
        if path not in self._bound:
            self.cells.heading("Known by now")
            self._bound[path] = self.cells.month(
                known.decided, path, f"Decision period known, {cohort}", "When its measured effects were published."
            )
        return self._bound[path]

    def passed(self) -> Input | None:
        """The last period of which anything is known: what has not happened by then happens later, or never."""
        if self.terms is None:
            return None
        self.cells.heading("Known by now")
        return self.cells.month(self.terms.as_of, "actuals.as_of", "Last period known", "Facts reach to its end.")

    def _of(self, cohort: str) -> CohortActuals | None:
        return None if self.terms is None else self.terms.cohorts.get(cohort)

    def _number(self, cohort: str, name: str, title: str) -> Input | None:
        known = self._of(cohort)
        if known is None or getattr(known, name) is None:
            return None
        self.cells.heading("Known by now")
        return self.cells.number(known, name, _path(cohort), title)

    def _by_metric(self, cohort: str, name: str, metric: str, title: str, unit: str) -> Input | None:
        known = self._of(cohort)
        values: dict[str, float] = {} if known is None else getattr(known, name)
        if metric not in values:
            return None
        path = f'{_path(cohort)}.{name}["{metric}"]'
        self.cells.heading("Known by now")
        description = CohortActuals.model_fields[name].description
        return self.cells.section.input(
            title, values[metric], unit=unit, path=path, source=self.cells.source_of(path), note=f"{description}."
        )


def _path(cohort: str) -> str:
    return f'actuals.cohorts["{cohort}"]'
