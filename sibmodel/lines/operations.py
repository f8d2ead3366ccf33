"""The closed set of operations of the calculation language, each with its three readings.

An operation says how it computes on arrays, how it stands in an Excel formula and how it reads in words. There is
nothing else to look up anywhere: what is not in `OPERATIONS` cannot be recorded.

Arrays: a line over time is `[time, path]`, a figure without time `[path]`; either may be one path wide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sibmodel.errors import CalculationError

Array = npt.NDArray[np.float64]

# How tightly an operator binds in Excel; a formula brackets an operand that binds less.
CALL, POWER, PRODUCT, SUM, COMPARISON = 5, 4, 3, 2, 1


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation.

    `compute` takes arrays and returns an array. `excel` is a template with `{0}`, `{1}` for operands as they stand in
    one column; `{0:row}` for a line's whole row of periods. `binding` is how tightly the template binds. `flag` says
    that the result is a truth value. `over_time` says that it takes whole lines over time and gives a figure without
    time; `along_time` that it takes whole lines and gives a line.
    """

    name: str
    compute: Callable[..., Any]
    excel: str
    words: str
    binding: int = CALL
    flag: bool = False
    over_time: bool = False
    along_time: bool = False
    operands: int | None = None

    def __repr__(self) -> str:
        return f"<operation {self.name}>"


def _ratio(numerator: Any, denominator: Any) -> Any:
    nothing = np.equal(denominator, 0.0)
    return np.where(nothing, 0.0, numerator / np.where(nothing, 1.0, denominator))


def _given(condition: Any, value: Any) -> Any:
    return np.where(condition, value, np.nan)


def _family_sum(*members: Any) -> Any:
    result = members[0]
    for member in members[1:]:
        result = result + member
    return result


def _clip(value: Any, lowest: Any, highest: Any) -> Any:
    return np.minimum(np.maximum(value, lowest), highest)


# Elementwise -------------------------------------------------------------------------------------------------------
ADD = Operation("add", np.add, "{0}+{1}", "{0} + {1}", SUM, operands=2)
SUBTRACT = Operation("subtract", np.subtract, "{0}-{1}", "{0} − {1}", SUM, operands=2)
MULTIPLY = Operation("multiply", np.multiply, "{0}*{1}", "{0} × {1}", PRODUCT, operands=2)
DIVIDE = Operation("divide", np.true_divide, "{0}/{1}", "{0} ÷ {1}", PRODUCT, operands=2)
NEGATIVE = Operation("negative", np.negative, "-{0}", "−{0}", SUM, operands=1)
POWER_OF = Operation("power", np.power, "{0}^{1}", "{0} to the power {1}", POWER, operands=2)
RATIO = Operation("ratio", _ratio, "IF({1}=0,0,{0:product}/{1:product})", "{0} ÷ {1} (0 where {1} is 0)", operands=2)
MINIMUM = Operation("minimum", np.minimum, "MIN({0},{1})", "the smaller of {0} and {1}", operands=2)
MAXIMUM = Operation("maximum", np.maximum, "MAX({0},{1})", "the larger of {0} and {1}", operands=2)
CLIP = Operation("clip", _clip, "MIN(MAX({0},{1}),{2})", "{0} held between {1} and {2}", operands=3)
WHERE = Operation("where", np.where, "IF({0},{1},{2})", "{1} where {0}, otherwise {2}", operands=3)
GIVEN = Operation("given", _given, 'IF({0},{1},"n/a")', "{1} where {0}, otherwise not available", operands=2)
EXP = Operation("exp", np.exp, "EXP({0})", "e to the power {0}", operands=1)
LOG = Operation("log", np.log, "LN({0})", "the natural logarithm of {0}", operands=1)
SQRT = Operation("sqrt", np.sqrt, "SQRT({0})", "the square root of {0}", operands=1)
ABSOLUTE = Operation("absolute", np.absolute, "ABS({0})", "the size of {0}", operands=1)
FLOOR = Operation("floor", np.floor, "INT({0})", "{0} rounded down", operands=1)
FAMILY_SUM = Operation("sum_of", _family_sum, "SUM({*})", "the sum of {*}")
EQUAL = Operation("equal", np.equal, "{0}={1}", "{0} equals {1}", COMPARISON, flag=True, operands=2)
NOT_EQUAL = Operation("not_equal", np.not_equal, "{0}<>{1}", "{0} differs from {1}", COMPARISON, flag=True, operands=2)
LESS = Operation("less", np.less, "{0}<{1}", "{0} is below {1}", COMPARISON, flag=True, operands=2)
LESS_EQUAL = Operation("less_equal", np.less_equal, "{0}<={1}", "{0} is at most {1}", COMPARISON, flag=True, operands=2)
GREATER = Operation("greater", np.greater, "{0}>{1}", "{0} is above {1}", COMPARISON, flag=True, operands=2)
GREATER_EQUAL = Operation(
    "greater_equal", np.greater_equal, "{0}>={1}", "{0} is at least {1}", COMPARISON, flag=True, operands=2
)
AND = Operation("logical_and", np.logical_and, "AND({0},{1})", "{0} and {1}", flag=True, operands=2)
OR = Operation("logical_or", np.logical_or, "OR({0},{1})", "{0} or {1}", flag=True, operands=2)
NOT = Operation("logical_not", np.logical_not, "NOT({0})", "not {0}", flag=True, operands=1)


# Along time: from lines to a line ------------------------------------------------------------------------------------
def whole_steps(periods: Any) -> Array:
    """How far `previous` looks back. Raises CalculationError for less than one period, or for a part of one."""
    steps = np.asarray(periods, dtype=float)
    wrong = (steps < 1) | (steps != np.floor(steps))
    if np.any(wrong):
        raise CalculationError(
            f"previous looks back a whole number of periods, at least one, not {float(steps[wrong].flat[0]):g}; "
            "for a delay that may be none use delayed"
        )
    return steps


def _previous(values: Array, periods: Any = 1.0) -> Array:
    return _delayed(values, whole_steps(periods))


def _delayed(values: Array, periods: Any, period: Any = None) -> Array:
    """`values` moved later by `periods` (whole, one figure or one a path), zero where nothing has come yet."""
    values = np.asarray(values, dtype=float)
    count = values.shape[0]
    lag = np.atleast_1d(np.asarray(periods, dtype=float))
    if lag.size == 1:
        steps = float(lag.flat[0])
        moved = np.zeros_like(values)
        if steps.is_integer() and 0 <= steps < count:
            start = int(steps)
            moved[start:] = values[: count - start]
        elif steps.is_integer() and -count < steps < 0:
            moved[: count + int(steps)] = values[-int(steps) :]
        return moved
    source = np.arange(count)[:, None] - lag[None, :]
    inside = (source >= 0) & (source < count) & (source == np.floor(source))
    wide = np.broadcast_to(values, (count, lag.size))
    picked = np.take_along_axis(wide, np.where(inside, source, 0).astype(np.intp), axis=0)
    return np.where(inside, picked, 0.0)


def _window_total(values: Array, periods: Any, period: Any = None) -> Array:
    """Added up term by term: a difference of running totals would leave crumbs where the sum is nothing."""
    values = np.asarray(values, dtype=float)
    lengths = np.atleast_1d(np.asarray(periods, dtype=float))
    result = np.zeros((len(values), max(lengths.size, values.shape[1]))) if values.ndim > 1 else np.zeros_like(values)
    for back in range(min(int(np.ceil(lengths.max())), values.shape[0])):
        moved = _delayed(values, float(back))
        result += moved if lengths.size == 1 else np.where(back < lengths, moved, 0.0)
    return result


def _running_total(values: Array) -> Array:
    return np.cumsum(np.asarray(values, dtype=float), axis=0)


PREVIOUS = Operation(
    "previous",
    _previous,
    "{0:previous}",
    "{0} {1} period(s) before",
    along_time=True,
)
DELAYED = Operation(
    "delayed",
    _delayed,
    "SUMIFS({0:row},{2:row},{2}-{1:product})",
    "{0}, {1} period(s) later",
    along_time=True,
)
WINDOW_TOTAL = Operation(
    "window_total",
    _window_total,
    'SUMIFS({0:row},{2:row},">"&({2}-{1:product}),{2:row},"<="&{2})',
    "{0} summed over the last {1} period(s)",
    along_time=True,
)
RUNNING_TOTAL = Operation(
    "running_total",
    _running_total,
    "SUM({0:first}:{0:here})",
    "{0}, summed since the start",
    along_time=True,
    operands=1,
)


# Over time: from lines to a figure -----------------------------------------------------------------------------------
_FEW_PATHS = 16
"""So few are added up faster by one call, to the same bits."""


def _total(values: Array) -> Array:
    """Added up period by period: NumPy's own sum adds one path and many paths in different orders."""
    values = np.asarray(values, dtype=float)
    result: Array = np.zeros(values.shape[1:])
    if result.size <= _FEW_PATHS and len(values):
        result += np.add.accumulate(values, axis=0)[-1]
        return result
    for row in values:
        result += row
    return result


def _lowest(values: Array) -> Array:
    result: Array = np.asarray(values, dtype=float).min(axis=0)
    return result


def _highest(values: Array) -> Array:
    result: Array = np.asarray(values, dtype=float).max(axis=0)
    return result


def _product_total(values: Array, weights: Array) -> Array:
    return _total(np.asarray(values, dtype=float) * weights)


def _total_where(values: Array, key: Array, value: Any) -> Array:
    return _total(np.asarray(values, dtype=float) * np.equal(key, value))


TOTAL = Operation("total", _total, "SUM({0:row})", "the sum of {0} over time", over_time=True, operands=1)
LOWEST = Operation("lowest", _lowest, "MIN({0:row})", "the lowest {0} of any period", over_time=True, operands=1)
HIGHEST = Operation("highest", _highest, "MAX({0:row})", "the highest {0} of any period", over_time=True, operands=1)
PRODUCT_TOTAL = Operation(
    "product_total",
    _product_total,
    "SUMPRODUCT({0:row},{1:row})",
    "the sum over time of {0} × {1}",
    over_time=True,
    operands=2,
)
TOTAL_WHERE = Operation(
    "total_where",
    _total_where,
    "SUMIFS({0:row},{1:row},{2})",
    "the sum of {0} over the periods in which {1} is {2}",
    over_time=True,
    operands=3,
)


# Tables: knots and values are figures that stand below each other in the workbook -------------------------------------
def _knots(operands: tuple[Any, ...]) -> tuple[list[Any], list[Any]]:
    half = len(operands) // 2
    return list(operands[:half]), list(operands[half:])


def _step_lookup(position: Any, *table: Any) -> Any:
    knots, values = _knots(table)
    result = np.zeros_like(np.asarray(position, dtype=float)) + 0.0 * values[0]
    for knot, value in zip(knots, values, strict=True):
        result = np.where(np.greater_equal(position, knot), value, result)
    return result


def _interpolate(position: Any, *table: Any) -> Any:
    knots, values = _knots(table)
    result = values[0] + 0.0 * np.asarray(position, dtype=float)
    for here, there, low, high in zip(knots, knots[1:], values, values[1:], strict=False):
        # Beyond this stretch's start, less what is beyond its end: the same in the workbook, whatever the knots' order.
        along = np.maximum(position - here, 0.0) - np.maximum(position - there, 0.0)
        result = result + (high - low) * _ratio(along, there - here)
    return result


STEP_LOOKUP = Operation(
    "step_lookup",
    _step_lookup,
    "IF({0}<{1},0,LOOKUP({0},{knots},{values}))",
    "the step that {0} has reached (0 below {1})",
)
INTERPOLATE = Operation(
    "interpolate",
    _interpolate,
    "{interpolation}",
    "{0} read from the table in straight lines",
)

OPERATIONS = (
    ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATIVE, POWER_OF, RATIO, MINIMUM, MAXIMUM, CLIP, WHERE, GIVEN, EXP, LOG, SQRT,
    ABSOLUTE, FLOOR, FAMILY_SUM, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, AND, OR, NOT, PREVIOUS,
    DELAYED, WINDOW_TOTAL, RUNNING_TOTAL, TOTAL, LOWEST, HIGHEST, PRODUCT_TOTAL, TOTAL_WHERE, STEP_LOOKUP, INTERPOLATE,
)  # fmt: skip

UFUNCS: dict[Any, Operation] = {
    np.add: ADD,
    np.subtract: SUBTRACT,
    np.multiply: MULTIPLY,
    np.true_divide: DIVIDE,
    np.negative: NEGATIVE,
    np.power: POWER_OF,
    np.minimum: MINIMUM,
    np.maximum: MAXIMUM,
    np.exp: EXP,
    np.log: LOG,
    np.sqrt: SQRT,
    np.absolute: ABSOLUTE,
    np.floor: FLOOR,
    np.equal: EQUAL,
    np.not_equal: NOT_EQUAL,
    np.less: LESS,
    np.less_equal: LESS_EQUAL,
    np.greater: GREATER,
    np.greater_equal: GREATER_EQUAL,
    np.logical_and: AND,
    np.logical_or: OR,
    np.logical_not: NOT,
}
FUNCTIONS: dict[Any, Operation] = {np.where: WHERE, np.clip: CLIP}
INSTEAD = {
    "sum": "total(line) for a sum over time, sum_of([...]) for a family of lines",
    "cumsum": "running_total(line)",
    "min": "lowest(line)",
    "max": "highest(line)",
    "amin": "lowest(line)",
    "amax": "highest(line)",
    "interp": "interpolate(x, knots, values)",
    "round": "floor(x + ...), and round only where a figure is shown",
    "rint": "floor(x + ...), and round only where a figure is shown",
    "ceil": "-np.floor(-x)",
    "mean": "total(line) / the number of periods",
    "prod": "a line that multiplies its own `previous`",
    "add.reduce": "total(line)",
    "add.accumulate": "running_total(line)",
    "positive": "the line itself",
    "floor_divide": "np.floor(a / b)",
    "remainder": "x - b * np.floor(x / b)",
    "fmin": "np.minimum",
    "fmax": "np.maximum",
    "bitwise_and": "np.logical_and",
    "bitwise_or": "np.logical_or",
    "invert": "np.logical_not",
    "cumprod": "a line that multiplies its own `previous`",
    "square": "x * x",
    "expm1": "np.exp(x) - 1",
    "log1p": "np.log(1 + x)",
}
