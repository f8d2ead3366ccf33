"""The book: all lines of a model, by section, in the order in which they were defined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.errors import LineError
from sibmodel.lines.expression import Call, Constant, Expression, expression
from sibmodel.lines.line import Calculated, Distribution, Draw, Input, Line
from sibmodel.lines.origin import origin, statement
from sibmodel.lines.over_time import previous, sum_of

PLAIN_NUMBERS = frozenset({0.0, 1.0, -1.0, 2.0, 12.0, 100.0, 1000.0})
"""Numbers that may stand in a formula without a name: nothing, one, a half's two, and conversions of units."""


@dataclass(eq=False)
class Corkscrew:
    """A balance: opening, additions, reductions, closing. `opening` may be used before the movements are known."""

    section: Section
    name: str
    unit: str
    opening: Line
    closing: Line

    def close(self, additions: Iterable[Any] = (), reductions: Iterable[Any] = ()) -> Line:
        """Define the closing balance from its movements; returns the closing line."""
        balance: Expression = self.opening
        for movement in additions:
            balance = balance + movement
        for movement in reductions:
            balance = balance - movement
        self.section.define(self.closing, balance)
        return self.closing


class Section:
    """A part of the book: a sheet of the workbook."""

    def __init__(self, book: Book, name: str, note: str) -> None:
        self.book = book
        self.name = name
        self.note = note
        self.heading = ""
        self._names: dict[str, Line] = {}

    @property
    def lines(self) -> list[Line]:
        """The section's lines, in the order in which they were defined."""
        return [line for line in self.book.lines if line.section is self]

    def line(self, name: str, value: Any, *, unit: str, note: str = "") -> Line:
        """A line defined by `value`: a row over time where `value` has time in it, otherwise a figure.

        Raises LineError for a name already in the section, a missing unit, or an unnamed number inside `value`.
        """
        definition = expression(value, [name])
        line = Calculated(self, name, definition, unit=unit, note=note, timed=definition.timed)
        _check_parts(line, definition)
        self._admit(line)
        return line

    def forward(self, name: str, *, unit: str, note: str = "", timed: bool = True) -> Line:
        """A line that is named now and defined later, for lines that meet themselves through `previous`."""
        line = Calculated(self, name, None, unit=unit, note=note, timed=timed)
        self._admit(line)
        return line

    def define(self, line: Line, value: Any) -> Line:
        """Give a forward line its definition."""
        if line.definition is not None or isinstance(line, Input):
            raise LineError(
                f"{line.describe()} is defined twice: at {line.origin} and at {statement()}. "
                "Give the second a name of its own."
            )
        definition = expression(value, [line.name])
        if definition.timed and not line.timed:
            raise LineError(
                f"{line.describe()} was announced at {line.origin} as a figure without time, but its definition at "
                f"{statement()} has time in it. Announce it with timed=True, or use at(line, period) or total(line)."
            )
        _check_parts(line, definition)
        line.definition = definition
        line.origin = origin()
        self.book.move_to_end(line)
        return line

    def input(
        self, name: str, value: float, *, unit: str, path: str = "", source: str = "assumed", note: str = ""
    ) -> Input:
        """A cell with a number that somebody gives. Raises LineError where the number is not finite."""
        if not isinstance(value, (int, float, np.integer, np.floating)) or not np.isfinite(value):
            raise LineError(f"The input “{name}” needs a finite number, not {value!r}, at {statement()}.")
        cell = Input(self, name, value, unit=unit, note=note, path=path, source=source)
        self._admit(cell)
        return cell

    def draw(
        self,
        name: str,
        mean: Any,
        distribution: Distribution,
        *parameters: Any,
        unit: str,
        note: str = "",
        stream: str | None = None,
    ) -> Draw:
        """A random figure with that mean. `stream` names its source of luck, its own key unless told."""
        definition = expression(mean, [name])
        taken = [expression(parameter, [name]) for parameter in parameters]
        if definition.timed or any(parameter.timed for parameter in taken):
            raise LineError(
                f"The draw “{name}” has time in its mean or parameters, at {statement()}. A draw is a figure: use "
                "at(line, period) or total(line)."
            )
        draw = Draw(
            self, name, definition, distribution, taken, unit=unit, note=note, stream=stream or f"{self.name} / {name}"
        )
        for part in (definition, *taken):
            _check_parts(draw, part)
        self._admit(draw)
        return draw

    def corkscrew(self, name: str, *, unit: str, note: str = "") -> Corkscrew:
        """A balance that opens each period at its last closing; define its movements with `close`."""
        closing = self.forward(f"{name}, closing", unit=unit, note=f"{name} at the period's end. {note}".strip())
        opening = self.line(f"{name}, opening", previous(closing), unit=unit, note=f"{name} at the period's start.")
        return Corkscrew(self, name, unit, opening, closing)

    def gathered(self, name: str, members: Sequence[Any], most: int, *, unit: str) -> list[Any]:
        """`members` as they are, or, where they are more than `most`, subtotals of so many: a formula stays short."""
        if len(members) <= most:
            return list(members)
        groups = [members[start : start + most] for start in range(0, len(members), most)]
        return [
            self.line(f"{name}, part {number}", sum_of(group), unit=unit, note="A subtotal.")
            for number, group in enumerate(groups, start=1)
        ]

    def _admit(self, line: Line) -> None:
        if not line.name.strip():
            raise LineError(
                f"A line of section “{self.name}” has no name, at {line.origin}: {line.origin.text}. Give one."
            )
        if not line.unit.strip():
            raise LineError(
                f"The line “{line.name}” of section “{self.name}” has no unit, at {statement()}. "
                'Give one, for example unit="£" or unit="people".'
            )
        other = self._names.get(line.name)
        if other is not None:
            raise LineError(
                f"Section “{self.name}” has two lines named “{line.name}”: at {other.origin} and at {line.origin}. "
                "Give one of them another name."
            )
        self._names[line.name] = line
        self.book.lines.append(line)


class Book:
    """All lines of a model over a number of periods. `period` counts 1, 2, ... along time."""

    def __init__(self, periods: int, *, timeline: str = "Timeline") -> None:
        if periods < 1:
            raise LineError(f"A book needs at least one period, not {periods}.")
        self.periods = periods
        self.lines: list[Line] = []
        self.sections: list[Section] = []
        self.timeline = self.section(timeline, "Periods and dates.")
        self.period = self.timeline.forward("Period", unit="number", note="Periods counted from 1.")
        self.timeline.define(self.period, previous(self.period) + 1)

    def section(self, name: str, note: str = "") -> Section:
        """A new section. Raises LineError where the name is missing or taken, whatever its case."""
        if not name.strip():
            raise LineError(f"A section has no name, at {statement()}. Give one.")
        if any(section.name.casefold() == name.casefold() for section in self.sections):
            raise LineError(
                f"The book has two sections named “{name}”, the second at {statement()}. Give it another name."
            )
        section = Section(self, name, note)
        self.sections.append(section)
        return section

    def move_to_end(self, line: Line) -> None:
        """Let `line` stand after the lines that define it."""
        self.lines = [other for other in self.lines if other is not line] + [line]

    @property
    def inputs(self) -> list[Input]:
        return [line for line in self.lines if isinstance(line, Input)]

    @property
    def draws(self) -> list[Draw]:
        return [line for line in self.lines if isinstance(line, Draw)]

    def find(self, name: str) -> list[Line]:
        """The lines with that name or key, whatever the case."""
        wanted = name.casefold()
        return [line for line in self.lines if wanted in (line.name.casefold(), line.key.casefold())]


def _check_parts(line: Line, definition: Expression) -> None:
    """Every number in a definition has a name, and every line in it stands in the same book."""
    if isinstance(definition, Constant):
        if definition.value not in PLAIN_NUMBERS:
            raise LineError(
                f"The number {definition.describe()} stands in “{line.name}” without a name, at {statement()}. "
                "Make it an input: a cell with a name, a unit and a source."
            )
    elif isinstance(definition, Line):
        if definition.book is not line.book:
            raise LineError(
                f"“{line.name}” uses {definition.describe()} of another book, at {statement()}. "
                "Give its value as an input of this one."
            )
    elif isinstance(definition, Call):
        for operand in definition.operands:
            _check_parts(line, operand)
