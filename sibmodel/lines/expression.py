"""Expressions: what stands to the right of a line's equals sign, recorded from ordinary NumPy code.

An `Expression` implements Python's operators and NumPy's protocols, so the same function works on arrays and, given
lines, records what it would have calculated. What the language does not know is refused by name, with the way out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from sibmodel.errors import LineError, UnknownOperation
from sibmodel.lines import operations as op
from sibmodel.lines.operations import Operation
from sibmodel.lines.origin import statement


def _never(name: str) -> Callable[..., NoReturn]:
    """A method for an operator that the language does not have."""

    def method(self: Expression, *others: Any) -> NoReturn:
        refuse(name, (self, *others))

    return method


class Expression:
    """Something with a value: a constant, an operation on other expressions, or a named line.

    `timed` says that it has a value in each period; otherwise it is a figure without time. `flag` says that its value
    is true or false.
    """

    timed: bool = False
    flag: bool = False

    __array_priority__ = 1000.0

    def describe(self) -> str:
        """A short name for messages."""
        raise NotImplementedError

    # NumPy's protocols -----------------------------------------------------------------------------------------------
    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Expression:
        operation = op.UFUNCS.get(ufunc)
        if operation is None or method != "__call__":
            name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
            refuse(name, inputs)
        if options:
            refuse(f"{ufunc.__name__} with {', '.join(options)}", inputs, "the same without keywords")
        return apply(operation, *inputs)

    def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Expression:
        operation = op.FUNCTIONS.get(function)
        if operation is None:
            refuse(function.__name__, inputs)
        if options:
            refuse(f"{function.__name__} with {', '.join(options)}", inputs, "the same without keywords")
        return apply(operation, *inputs)

    def __array__(self, *arguments: Any, **options: Any) -> NoReturn:
        refuse("conversion to an array", (self,))

    # Python's operators ----------------------------------------------------------------------------------------------
    def __add__(self, other: Any) -> Expression:
        return apply(op.ADD, self, other)

    def __radd__(self, other: Any) -> Expression:
        return apply(op.ADD, other, self)

    def __sub__(self, other: Any) -> Expression:
        return apply(op.SUBTRACT, self, other)

    def __rsub__(self, other: Any) -> Expression:
        return apply(op.SUBTRACT, other, self)

    def __mul__(self, other: Any) -> Expression:
        return apply(op.MULTIPLY, self, other)

    def __rmul__(self, other: Any) -> Expression:
        return apply(op.MULTIPLY, other, self)

    def __truediv__(self, other: Any) -> Expression:
        return apply(op.DIVIDE, self, other)

    def __rtruediv__(self, other: Any) -> Expression:
        return apply(op.DIVIDE, other, self)

    def __pow__(self, other: Any) -> Expression:
        return apply(op.POWER_OF, self, other)

    def __rpow__(self, other: Any) -> Expression:
        return apply(op.POWER_OF, other, self)

    def __neg__(self) -> Expression:
        return apply(op.NEGATIVE, self)

    def __abs__(self) -> Expression:
        return apply(op.ABSOLUTE, self)

    def __lt__(self, other: Any) -> Expression:
        return apply(op.LESS, self, other)

    def __le__(self, other: Any) -> Expression:
        return apply(op.LESS_EQUAL, self, other)

    def __gt__(self, other: Any) -> Expression:
        return apply(op.GREATER, self, other)

    def __ge__(self, other: Any) -> Expression:
        return apply(op.GREATER_EQUAL, self, other)

    def __eq__(self, other: Any) -> Expression:  # type: ignore[override]
        return apply(op.EQUAL, self, other)

    def __ne__(self, other: Any) -> Expression:  # type: ignore[override]
        return apply(op.NOT_EQUAL, self, other)

    def __and__(self, other: Any) -> Expression:
        return apply(op.AND, self, other)

    def __rand__(self, other: Any) -> Expression:
        return apply(op.AND, other, self)

    def __or__(self, other: Any) -> Expression:
        return apply(op.OR, self, other)

    def __ror__(self, other: Any) -> Expression:
        return apply(op.OR, other, self)

    def __invert__(self) -> Expression:
        return apply(op.NOT, self)

    __hash__ = object.__hash__

    # What the language does not do -----------------------------------------------------------------------------------
    def __bool__(self) -> NoReturn:
        raise UnknownOperation(
            f"A line has no single truth value: {self.describe()} is used as a condition at {statement()}. "
            "Write np.where(condition, then, otherwise), and np.logical_and in place of `and` or a < b < c."
        )

    def __float__(self) -> NoReturn:
        raise UnknownOperation(
            f"A line is not one number, as float() or a function of math wants it: {self.describe()} at {statement()}. "
            "Use the line itself in the expression, with NumPy's functions in place of math's."
        )

    __int__ = __float__
    __index__ = __float__

    def __iter__(self) -> Iterator[Any]:
        refuse("iteration", (self,), "total(line), or an expression over the whole line")

    def __len__(self) -> NoReturn:
        refuse("len()", (self,), "the book's number of periods")

    def __getitem__(self, key: Any) -> NoReturn:
        refuse("indexing", (self,), "at(line, period) for one period, previous(line) for the one before")

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            if name in op.INSTEAD:  # an array's method: line.sum()
                refuse(name, (self,))
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}.")

    __mod__ = __rmod__ = _never("remainder")
    __floordiv__ = __rfloordiv__ = _never("floor_divide")
    __matmul__ = __rmatmul__ = _never("matmul")
    __xor__ = __rxor__ = _never("bitwise_xor")
    __round__ = _never("round")
    __pos__ = _never("positive")


class Constant(Expression):
    """A plain number inside an expression."""

    def __init__(self, value: float) -> None:
        self.value = value

    def describe(self) -> str:
        return f"{self.value:.15g}"


class Call(Expression):
    """An operation on operands."""

    def __init__(self, operation: Operation, operands: tuple[Expression, ...]) -> None:
        self.operation = operation
        self.operands = operands
        self.flag = operation.flag
        self.timed = not operation.over_time and any(operand.timed for operand in operands)

    def describe(self) -> str:
        return f"{self.operation.name}({', '.join(operand.describe() for operand in self.operands)})"


def expression(value: Any, beside: Sequence[Any] = ()) -> Expression:
    """`value` as an expression: itself, or a finite number as a constant. `beside` says what messages name: other
    operands, or the name of the line."""
    if isinstance(value, Expression):
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        if not np.isfinite(value):
            raise LineError(f"{value} is not a finite number{_beside(beside)}, at {statement()}. Give a finite one.")
        return Constant(float(value))
    raise UnknownOperation(
        f"A value of type {type(value).__name__} cannot stand in a line{_beside(beside)}, at {statement()}. "
        "Give its numbers as inputs, and use those."
    )


def _beside(others: Sequence[Any]) -> str:
    names = [other for other in others if isinstance(other, str)]
    operands = [other.describe() for other in others if isinstance(other, Expression)]
    return f" in “{names[0]}”" if names else f" beside {', '.join(operands)}" if operands else ""


# Operations that take whole lines and need their rows in the workbook.
_WHOLE_LINES = {
    op.PREVIOUS: (0,),
    op.DELAYED: (0,),
    op.WINDOW_TOTAL: (0,),
    op.RUNNING_TOTAL: (0,),
    op.TOTAL: (0,),
    op.LOWEST: (0,),
    op.HIGHEST: (0,),
    op.PRODUCT_TOTAL: (0, 1),
    op.TOTAL_WHERE: (0, 1),
}


def apply(operation: Operation, *values: Any) -> Expression:
    """`operation` on `values`, recorded. Raises UnknownOperation where the language has no meaning for it."""
    known = [value for value in values if isinstance(value, Expression)]
    operands = tuple(expression(value, known) for value in values)
    if operation.operands is not None and len(operands) != operation.operands:
        refuse(f"{operation.name} of {len(operands)} values", operands)
    _check_conditions(operation, operands)
    if operation.over_time or operation.along_time:
        _check_whole_lines(operation, operands)
    return Call(operation, operands)


def _check_conditions(operation: Operation, operands: tuple[Expression, ...]) -> None:
    """A condition is not a number: NumPy and Excel reckon differently with truth values."""
    flags = [operand for operand in operands if operand.flag]
    if operation in (op.WHERE, op.GIVEN):
        flags = [operand for operand in operands[1:] if operand.flag]
        allowed = not flags
    elif operation is op.MULTIPLY:
        allowed = len(flags) < 2  # a number where the condition holds, otherwise zero, in both
    else:
        allowed = not flags or operation in (op.AND, op.OR, op.NOT)
    if not allowed:
        raise UnknownOperation(
            f"{operation.name} of the condition {flags[0].describe()} at {statement()}: NumPy and Excel differ on it. "
            "Write np.where(condition, 1, 0), or np.logical_and and np.logical_or between conditions."
        )
    for operand in operands:
        definition = getattr(operand, "definition", operand)
        if isinstance(definition, Call) and definition.operation is op.GIVEN:
            raise UnknownOperation(
                f"{operand.describe()} may be not available, so {operation.name} cannot use it, at {statement()}. "
                "Use what stands in its given(condition, value)."
            )


def _check_whole_lines(operation: Operation, operands: tuple[Expression, ...]) -> None:
    """An operation along or over time reads rows: its operands there are lines over time, the others figures."""
    rows = _WHOLE_LINES.get(operation, tuple(range(len(operands))))
    for position, operand in enumerate(operands):
        if position in rows and isinstance(operand, Call):
            raise UnknownOperation(
                f"{operation.name} needs a line with a name, not the expression {operand.describe()}, at "
                f"{statement()}. Define that expression as a line of its own first."
            )
        if position in rows and operation in _WHOLE_LINES and not operand.timed:
            raise UnknownOperation(
                f"{operation.name} needs a line over time; {operand.describe()} is a figure without time, at "
                f"{statement()}. Use the figure itself."
            )
        if position not in rows and operand.timed and not (operation.along_time and position == 2):
            raise UnknownOperation(
                f"{operation.name} needs a figure without time where {operand.describe()} stands, at {statement()}. "
                "Use an input, or a figure such as at(line, period)."
            )


def refuse(name: str, operands: Any, instead: str | None = None) -> NoReturn:
    """Raise UnknownOperation, naming the operation, its operands, the statement, and what to use instead."""
    described = ", ".join(
        operand.describe() if isinstance(operand, Expression) else repr(operand) for operand in operands
    )
    way_out = instead or op.INSTEAD.get(name) or (
        "the operations of the language: + - * /, comparisons, np.minimum, np.maximum, np.where, np.clip, np.exp, "
        "np.log, np.sqrt, power, np.floor, previous, delayed, running_total, window_total, total, lowest, highest, at, "
        "ratio"
    )  # fmt: skip
    raise UnknownOperation(
        f"The calculation language has no {name} ({described}), at {statement()}. Use instead: {way_out}."
    )
