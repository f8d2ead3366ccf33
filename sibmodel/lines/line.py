"""Lines: what stands in a row or a cell of the book. A line is calculated, an input, or a draw.

Every line has a name, a unit and a sentence, and remembers the source line that defined it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sibmodel.lines import operations as op
from sibmodel.lines.expression import Call, Expression
from sibmodel.lines.origin import Origin, origin

if TYPE_CHECKING:
    from sibmodel.lines.book import Book, Section


class Line(Expression):
    """A named row over time, or a named figure without time: calculated, an input, or a draw."""

    def __init__(
        self,
        section: Section,
        name: str,
        definition: Expression | None,
        *,
        unit: str,
        note: str,
        timed: bool,
    ) -> None:
        self.section = section
        self.name = name
        self.definition = definition
        self.unit = unit
        self.note = note
        self.timed = timed
        self.heading = section.heading
        self.origin: Origin = origin()
        self._precedents: tuple[tuple[Line, bool], ...] | None = None

    @property
    def key(self) -> str:
        """The line's name with its section's: unique in the book."""
        return f"{self.section.name} / {self.name}"

    @property
    def book(self) -> Book:
        return self.section.book

    def describe(self) -> str:
        return f"“{self.name}”"

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} {self.key}>"

    def precedents(self) -> Sequence[tuple[Line, bool]]:
        """The lines this one is defined by, each with whether it is read only through `previous`."""
        if self.definition is None:
            return ()
        if self._precedents is None:
            self._precedents = tuple(self._read())
        return self._precedents

    def _read(self) -> Iterator[tuple[Line, bool]]:
        assert self.definition is not None
        yield from _read_by(self.definition, False)


class Calculated(Line):
    """A line that is defined by an expression.

    A class beside `Input` and not above it: Python would turn `line > cell` into `cell < line`.
    """


class Input(Line):
    """A cell: a number that somebody gives, with where it came from."""

    def __init__(
        self, section: Section, name: str, value: float, *, unit: str, note: str, path: str, source: str
    ) -> None:
        super().__init__(section, name, None, unit=unit, note=note, timed=False)
        self.value = float(value)
        self.path = path
        self.source = source


class Distribution(Protocol):
    """How a draw is sampled: from `uniforms` numbers in (0, 1) a path and its parameters' arrays."""

    @property
    def name(self) -> str: ...

    @property
    def uniforms(self) -> int: ...

    def sample(self, uniforms: Any, *parameters: Any) -> Any:
        """`[uniforms, path]` and parameters `[path]` to values `[path]`."""


class Draw(Line):
    """A random figure: its mean in the base case and the workbook, sampled in a simulation."""

    def __init__(
        self,
        section: Section,
        name: str,
        mean: Expression,
        distribution: Distribution,
        parameters: Sequence[Expression],
        *,
        unit: str,
        note: str,
        stream: str,
    ) -> None:
        super().__init__(section, name, mean, unit=unit, note=note, timed=False)
        self.distribution = distribution
        self.parameters = tuple(parameters)
        self.stream = stream

    def _read(self) -> Iterator[tuple[Line, bool]]:
        yield from super()._read()
        for parameter in self.parameters:
            yield from _read_by(parameter, False)


def _read_by(definition: Expression, before: bool) -> Iterator[tuple[Line, bool]]:
    if isinstance(definition, Line):
        yield definition, before
    elif isinstance(definition, Call):
        for position, operand in enumerate(definition.operands):
            yield from _read_by(operand, before or (definition.operation is op.PREVIOUS and position == 0))
