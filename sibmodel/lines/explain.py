"""The reading in words: what a line is, its formula in names, its value and its precedents' values, to any depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sibmodel.errors import NotFoundError
from sibmodel.lines import operations as op
from sibmodel.lines.arrays import Values, read
from sibmodel.lines.expression import Call, Constant, Expression
from sibmodel.lines.line import Draw, Input, Line


@dataclass(frozen=True)
class Explanation:
    """One line explained in one period and path. `value` is None where a line over time has no one period to show, and
    nothing (0) outside the timeline."""

    name: str
    section: str
    unit: str
    note: str
    formula: str
    value: float | None
    period: int | None
    origin: str
    source: str
    precedents: tuple[Explanation, ...] = field(default=())
    why_nothing: tuple[Explanation, ...] = field(default=())
    """Of a line that is nil throughout: the tests that fail behind it, or the lines from which nothing comes."""

    def as_dict(self) -> dict[str, Any]:
        """The explanation as plain data for JSON."""
        return {
            "name": self.name,
            "section": self.section,
            "unit": self.unit,
            "note": self.note,
            "formula": self.formula,
            "value": self.value,
            "period": self.period,
            "defined_at": self.origin,
            "source": self.source,
            "precedents": [precedent.as_dict() for precedent in self.precedents],
            "why_nothing": [cause.as_dict() for cause in self.why_nothing],
        }


def words(expression: Expression) -> str:
    """An expression in names."""
    if isinstance(expression, Line):
        return expression.name
    if isinstance(expression, Constant):
        return expression.describe()
    assert isinstance(expression, Call)
    operation, operands = expression.operation, expression.operands
    if _is_one_before(expression):
        return f"{words(operands[0])} of the period before"

    def fill(match: re.Match[str]) -> str:
        if match["which"] == "*":
            return ", ".join(words(operand) for operand in operands)
        # Words have no order of evaluation: an operation inside another gets brackets.
        inner = operands[int(match["which"])]
        return f"({words(inner)})" if isinstance(inner, Call) and not _is_one_before(inner) else words(inner)

    return re.sub(r"\{(?P<which>\d+|\*)\}", fill, operation.words)


def _is_one_before(expression: Call) -> bool:
    periods = expression.operands[1] if expression.operation is op.PREVIOUS else None
    return isinstance(periods, Constant) and periods.value == 1


def explain(line: Line, values: Values, *, period: int | None = None, path: int = 0, depth: int = 1) -> Explanation:
    """Explain `line` in `period` (counted from 1) and `path` (from 0), with `depth` levels of precedents.

    `values` is an array reading of the line and all it needs. Raises NotFoundError for a period or path it has not.
    """
    if period is not None and not 1 <= period <= values.periods:
        raise NotFoundError(f"There is no period {period}: periods run from 1 to {values.periods}.")
    paths = max(array.shape[-1] for array in values.values())
    if not 0 <= path < paths:
        raise NotFoundError(f"There is no path {path}: paths run from 0 to {paths - 1}.")
    return _explained(line, values, period if line.timed else None, path, depth)


def _explained(line: Line, values: Values, period: int | None, path: int, depth: int) -> Explanation:
    value: float | None = None
    outside = period is not None and not 1 <= period <= values.periods
    if not line.timed:
        value = values.figure(line, path)
    elif period is not None:
        value = 0.0 if outside else float(values.row(line, path)[period - 1])
    precedents = [] if depth < 1 or outside else list(dict.fromkeys(_read_by(line, values, period, path)))
    return Explanation(
        name=line.name,
        section=line.section.name,
        unit=line.unit,
        note=line.note,
        formula=_formula(line),
        value=value,
        period=period,
        origin=str(line.origin),
        source=line.source if isinstance(line, Input) else "",
        precedents=tuple(
            _explained(other, values, when, path, depth - 1)
            for other, when in precedents
            if other is not line or when is not None
        ),
    )


def _read_by(line: Line, values: Values, period: int | None, path: int) -> Iterator[tuple[Line, int | None]]:
    """The lines that `line` reads, each with the period in which it is read: None for a figure, or for a whole row."""
    parameters = line.parameters if isinstance(line, Draw) else ()
    for part in (line.definition, *parameters):
        if part is not None:
            yield from _in_period(part, values, period, path)


def _in_period(
    expression: Expression, values: Values, period: int | None, path: int
) -> Iterator[tuple[Line, int | None]]:
    if isinstance(expression, Line):
        yield expression, period if expression.timed else None
    elif isinstance(expression, Call):
        operation, operands = expression.operation, expression.operands
        if operation in (op.PREVIOUS, op.DELAYED):
            back = _whole_figure(operands[1], values, path)
            then = None if period is None or back is None else period - back
            yield from _in_period(operands[0], values, then, path)
            yield from _in_period(operands[1], values, None, path)
        elif operation is op.TOTAL_WHERE and _is_period(operands[1]):
            yield from _in_period(operands[0], values, _whole_figure(operands[2], values, path), path)
            yield from _in_period(operands[2], values, None, path)
        else:
            rows = operation.over_time or operation.along_time  # read as a whole: no one period
            for operand in operands:
                if not (operation.along_time and _is_period(operand)):
                    yield from _in_period(operand, values, None if rows else period, path)


def _is_period(expression: Expression) -> bool:
    return isinstance(expression, Line) and expression is expression.book.period


def _whole_figure(expression: Expression, values: Values, path: int) -> int | None:
    """The value of a figure that counts periods; None where it is not whole."""
    array = np.atleast_1d(np.asarray(read(expression, values), dtype=float))
    value = float(array[path if array.size > 1 else 0])
    return int(value) if value.is_integer() else None


def _formula(line: Line) -> str:
    if isinstance(line, Input):
        return f"input ({line.path})" if line.path else "input"
    assert line.definition is not None
    text = words(line.definition)
    if isinstance(line, Draw):
        return f"drawn: {line.distribution.name} with mean {text}"
    return f"1 if {text}, otherwise 0" if line.definition.flag else text
