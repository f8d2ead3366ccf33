"""The array reading: every line as an array, for the base case, one path, or a block of paths. The reference reading.

A line over time is `[time, path]`, a figure without time `[path]`. A line that nothing uncertain reaches stays one path
wide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from sibmodel.errors import CalculationError
from sibmodel.lines import operations as op
from sibmodel.lines.expression import Call, Constant, Expression
from sibmodel.lines.line import Draw, Input, Line
from sibmodel.lines.operations import Array
from sibmodel.lines.order import Group, groups, precedents_of


class Values(Mapping[Line, Array]):
    """What a reading gives: a line's array, `[time, path]` over time or `[path]` for a figure."""

    def __init__(self, values: dict[Line, Array], periods: int) -> None:
        self._values = values
        self.periods = periods

    def __getitem__(self, line: Line) -> Array:
        return self._values[line]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def figure(self, line: Line, path: int = 0) -> float:
        """The value of a figure without time, in one path."""
        values = self._values[line]
        return float(values[path if values.shape[-1] > 1 else 0])

    def row(self, line: Line, path: int = 0) -> Array:
        """The values over time of a line, in one path: `[time]`."""
        values = self._values[line]
        return values[:, path if values.shape[-1] > 1 else 0]


class Plan:
    """The order of calculation for the wanted lines, made once and read many times.

    `keep` says which lines' arrays are returned; the others are let go as soon as nothing needs them any more.
    """

    def __init__(self, wanted: Iterable[Line], keep: Sequence[Line] | None = None) -> None:
        self.groups = groups(wanted)
        self.keep = None if keep is None else set(keep)
        self._last_use = self._last_uses()

    def _last_uses(self) -> list[list[Line]]:
        """For each group, the lines that no later group needs."""
        last: dict[Line, int] = {}
        for position, group in enumerate(self.groups):
            for line in group.lines:
                last[line] = position
                for other in precedents_of(line):
                    last[other] = position
        letting_go: list[list[Line]] = [[] for _ in self.groups]
        if self.keep is not None:
            for line, position in last.items():
                if line not in self.keep:
                    letting_go[position].append(line)
        return letting_go

    def evaluate(
        self,
        periods: int,
        columns: Mapping[Input, Array] | None = None,
        uniforms: Mapping[Draw, Array] | None = None,
    ) -> Values:
        """Calculate. `columns` gives inputs other values (`[path]`), `uniforms` samples draws (`[uniforms, path]`).

        Raises CalculationError naming the line where an operation fails on the figures.
        """
        columns, uniforms = columns or {}, uniforms or {}
        values: dict[Line, Array] = {}
        with np.errstate(divide="raise", invalid="raise", over="raise", under="ignore"):
            for group, letting_go in zip(self.groups, self._last_use, strict=True):
                if group.recurrent:
                    _recurrence(group, values, periods)
                else:
                    line = group.lines[0]
                    values[line] = _whole(line, values, periods, columns, uniforms)
                for line in letting_go:
                    del values[line]
        return Values(values, periods)


def evaluate(
    lines: Iterable[Line],
    periods: int,
    columns: Mapping[Input, Array] | None = None,
    uniforms: Mapping[Draw, Array] | None = None,
) -> Values:
    """All `lines` and what they need, calculated: the base case unless columns or uniforms say otherwise."""
    return Plan(lines).evaluate(periods, columns, uniforms)


def _whole(
    line: Line,
    values: dict[Line, Array],
    periods: int,
    columns: Mapping[Input, Array],
    uniforms: Mapping[Draw, Array],
) -> Array:
    if isinstance(line, Input):
        return np.atleast_1d(np.asarray(columns.get(line, line.value), dtype=float))
    assert line.definition is not None  # the order has refused lines without a definition
    try:
        if isinstance(line, Draw) and line in uniforms:
            parameters = [read(parameter, values) for parameter in line.parameters]
            return np.asarray(line.distribution.sample(uniforms[line], *parameters), dtype=float)
        result = np.asarray(read(line.definition, values), dtype=float)
    except ArithmeticError as error:
        raise _failure(line, error, _failing_period(line.definition, values, periods)) from error
    if line.timed and not line.definition.timed:  # announced over time, defined by a figure: the same in every period
        return np.repeat(np.atleast_1d(result)[None, :], periods, axis=0)
    return result if line.timed else np.atleast_1d(result)


def read(expression: Expression, values: Mapping[Line, Array]) -> Any:
    """An expression over all periods at once."""
    if isinstance(expression, Line):
        return values[expression]
    if isinstance(expression, Constant):
        return expression.value
    assert isinstance(expression, Call)
    operands = [read(operand, values) for operand in expression.operands]
    if expression.operation is op.PREVIOUS:
        operands = operands[:2]
    return expression.operation.compute(*operands)


def _recurrence(group: Group, values: dict[Line, Array], periods: int) -> None:
    width = 1
    for line in group.lines:
        for other in precedents_of(line):
            if other in values:
                width = max(width, values[other].shape[-1])
    for line in group.lines:
        values[line] = np.zeros((periods, width))
    definitions = [(line, line.definition) for line in group.lines if line.definition is not None]
    readers = [(line, values[line], _reader(definition, values)) for line, definition in definitions]
    for now in range(periods):
        for line, array, read_now in readers:
            try:
                array[now] = read_now(now)
            except ArithmeticError as error:
                raise _failure(line, error, now) from error


Reader = Callable[[int], Any]
"""Gives an expression's value in one period."""


def _reader(expression: Expression, values: Mapping[Line, Array]) -> Reader:
    """How an expression is read period by period. What is the same in all, or needs whole lines, is read once, when it
    is first asked for."""
    if isinstance(expression, Line):
        array = values[expression]
        return array.__getitem__ if expression.timed else lambda now: array
    if isinstance(expression, Constant):
        value = expression.value
        return lambda now: value
    assert isinstance(expression, Call)
    operation = expression.operation
    if operation is op.PREVIOUS:
        return _reader_of_before(expression, values)
    whole = cache(lambda: read(expression, values))
    if operation.along_time:
        return lambda now: whole()[now]
    if not expression.timed:
        return lambda now: whole()
    compute = operation.compute
    operands = [_reader(operand, values) for operand in expression.operands]
    if len(operands) == 2:
        first, second = operands
        return lambda now: compute(first(now), second(now))
    return lambda now: compute(*[operand(now) for operand in operands])


def _reader_of_before(expression: Call, values: Mapping[Line, Array]) -> Reader:
    line, periods = expression.operands[0], expression.operands[1]
    assert isinstance(line, Line)
    array = values[line]
    if isinstance(periods, Constant) and periods.value == 1:
        return lambda now: array[now - 1] if now else 0.0
    return lambda now: _before(array, op.whole_steps(read(periods, values)), now)


def _before(array: Array, steps: Array, now: int) -> Any:
    if steps.size == 1:
        back = int(steps.flat[0])
        return array[now - back] if now >= back else 0.0
    source = now - steps.astype(np.intp)
    width = np.broadcast_to(array, (array.shape[0], steps.size))
    return np.where(source >= 0, width[np.maximum(source, 0), np.arange(steps.size)], 0.0)


def _failing_period(definition: Expression, values: Mapping[Line, Array], periods: int) -> int | None:
    """The first period in which an expression over time fails; None for one that fails without time."""
    read_now = _reader(definition, values)
    for now in range(periods if definition.timed else 0):
        try:
            read_now(now)
        except ArithmeticError:
            return now
    return None


def _failure(line: Line, error: ArithmeticError, now: int | None) -> CalculationError:
    when = "" if now is None else f" in period {now + 1}"
    way_out = " Where the divisor may be zero, use ratio(a, b)." if "encountered in divide" in str(error) else ""
    return CalculationError(
        f"The line {line.describe()} of {line.section.name} cannot be calculated{when}: {error}. "
        f"It is defined at {line.origin}: {line.origin.text}.{way_out}"
    )
