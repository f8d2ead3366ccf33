"""What tranches share while they write their lines: the section, the cells, time, what is measured, and day counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from sibmodel.binding import Cells
from sibmodel.funding.daycount import Calendar
from sibmodel.ledger import Ledger
from sibmodel.lines import Line, Section
from sibmodel.measurement import Measured
from sibmodel.month import Month
from sibmodel.timeline import Timeline


@dataclass(eq=False)
class Setting:
    """Where a tranche writes. `path` is that of the tranche in hand, `title` its name."""

    section: Section
    cells: Cells
    vehicle: str
    ledger: Ledger
    measured: Measured
    time: Timeline
    path: str = ""
    title: str = ""
    _calendar: list[Calendar] = field(default_factory=list)

    @property
    def period(self) -> Line:
        return self.section.book.period

    @property
    def calendar(self) -> Calendar:
        """The lengths of months and years, written once asked for."""
        if not self._calendar:
            self._calendar.append(Calendar(self.time, self.cells))
        return self._calendar[0]

    def month(self, value: Month, inside: str, what: str, note: str) -> Line:
        """A month of the tranche's terms, at `inside` its path, as a cell with the number of its period."""
        return self.cells.month(value, f"{self.path}.{inside}", f"{self.title}: {what}", note)
