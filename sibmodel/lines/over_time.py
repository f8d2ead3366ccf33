"""Functions along and over time. Each works on plain arrays (`[time]` or `[time, path]`); recorded, given lines."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

from sibmodel.errors import UnknownOperation
from sibmodel.lines import operations as op
from sibmodel.lines.expression import Expression, apply, refuse
from sibmodel.lines.line import Line
from sibmodel.lines.operations import Operation
from sibmodel.lines.origin import statement


def _period(line: Expression, name: str) -> Line:
    if not isinstance(line, Line):
        refuse(name, (line,), "a line of its own for that expression, and then this function on it")
    return line.book.period


def previous(line: Any, periods: Any = 1) -> Any:
    """The line's value `periods` (at least one, whole) before; zero before the start. The only way to a recurrence."""
    if isinstance(line, Expression):
        if isinstance(periods, Real):
            if periods < 1 or not float(periods).is_integer():
                refuse(f"previous by {float(periods):g} periods", (line,), "previous by one or more, or delayed")
            if periods == 1:
                return apply(op.PREVIOUS, line, 1)
        return apply(op.PREVIOUS, line, periods, _period(line, "previous"))
    return op.PREVIOUS.compute(line, periods)


def delayed(line: Any, periods: Any) -> Any:
    """The line moved later by a whole number of periods (none allowed, negative moves it earlier); zero elsewhere.

    Works for a line that does not lead back to itself; a recurrence needs `previous`.
    """
    if isinstance(line, Expression):
        return apply(op.DELAYED, line, periods, _period(line, "delayed"))
    return op.DELAYED.compute(line, periods)


def window_total(line: Any, periods: Any) -> Any:
    """The sum of the last `periods` periods, this one included."""
    if isinstance(line, Expression):
        return apply(op.WINDOW_TOTAL, line, periods, _period(line, "window_total"))
    return op.WINDOW_TOTAL.compute(line, periods)


def running_total(line: Any) -> Any:
    """The sum since the start, this period included."""
    return apply(op.RUNNING_TOTAL, line) if isinstance(line, Expression) else op.RUNNING_TOTAL.compute(line)


def total(line: Any) -> Any:
    """The sum over time: a figure."""
    return apply(op.TOTAL, line) if isinstance(line, Expression) else op.TOTAL.compute(line)


def lowest(line: Any) -> Any:
    """The lowest value of any period: a figure."""
    return apply(op.LOWEST, line) if isinstance(line, Expression) else op.LOWEST.compute(line)


def highest(line: Any) -> Any:
    """The highest value of any period: a figure."""
    return apply(op.HIGHEST, line) if isinstance(line, Expression) else op.HIGHEST.compute(line)


def product_total(line: Any, weights: Any) -> Any:
    """The sum over time of one line times another: a figure."""
    if isinstance(line, Expression) or isinstance(weights, Expression):
        return apply(op.PRODUCT_TOTAL, line, weights)
    return op.PRODUCT_TOTAL.compute(line, weights)


def total_where(line: Any, key: Any, value: Any) -> Any:
    """The sum of the line over the periods in which `key` equals the figure `value`: a figure."""
    if isinstance(line, Expression):
        return apply(op.TOTAL_WHERE, line, key, value)
    return op.TOTAL_WHERE.compute(line, key, value)


def at(line: Any, period: Any) -> Any:
    """The line's value in a period, counted from 1; zero outside the timeline: a figure."""
    if isinstance(line, Expression):
        return apply(op.TOTAL_WHERE, line, _period(line, "at"), period)
    counted = np.arange(1, np.shape(line)[0] + 1, dtype=float)
    return op.TOTAL_WHERE.compute(line, counted.reshape((-1,) + (1,) * (np.ndim(line) - 1)), period)


def sum_of(family: Sequence[Any]) -> Any:
    """The sum of a family of lines or figures; zero for an empty family."""
    members = list(family)
    if not members:
        return 0.0
    if any(isinstance(member, Expression) for member in members):
        return members[0] if len(members) == 1 else apply(op.FAMILY_SUM, *members)
    return op.FAMILY_SUM.compute(*members)


def ratio(numerator: Any, denominator: Any) -> Any:
    """Numerator ÷ denominator, and zero where the denominator is zero."""
    if isinstance(numerator, Expression) or isinstance(denominator, Expression):
        return apply(op.RATIO, numerator, denominator)
    return op.RATIO.compute(numerator, denominator)


def given(condition: Any, value: Any) -> Any:
    """The value where the condition holds, otherwise "not available" (nan, "n/a" in Excel): for a last figure, which
    no other line uses."""
    if isinstance(condition, Expression) or isinstance(value, Expression):
        return apply(op.GIVEN, condition, value)
    return op.GIVEN.compute(condition, value)


def step_lookup(position: Any, knots: Sequence[Any], values: Sequence[Any]) -> Any:
    """The value of the last knot that `position` has reached; zero below the first. Knots rise."""
    _check_table(knots, values)
    if any(isinstance(part, Expression) for part in (position, *knots, *values)):
        return _record_table(op.STEP_LOOKUP, position, knots, values)
    return op.STEP_LOOKUP.compute(position, *knots, *values)


def interpolate(position: Any, knots: Sequence[Any], values: Sequence[Any]) -> Any:
    """Straight lines between the knots, level outside them. Knots rise strictly."""
    _check_table(knots, values)
    if any(isinstance(part, Expression) for part in (position, *knots, *values)):
        return _record_table(op.INTERPOLATE, position, knots, values)
    return op.INTERPOLATE.compute(position, *knots, *values)


def _check_table(knots: Sequence[Any], values: Sequence[Any]) -> None:
    if len(knots) != len(values) or not len(knots):
        raise UnknownOperation(
            f"A table needs as many values as knots, at least one, not {len(knots)} knots and {len(values)} values, at "
            f"{statement()}."
        )


def _record_table(operation: Operation, position: Any, knots: Sequence[Any], values: Sequence[Any]) -> Expression:
    for cell in (*knots, *values):
        if not isinstance(cell, Line) or cell.timed:
            refuse(
                f"{operation.name} in a table with", (cell,), "an input, or another figure without time that has a name"
            )
    return apply(operation, position, *knots, *values)
