"""Row operations: what one operation does to one period's values of all paths, recorded once each.

A row is a number of a list: a constant, the column of an input, the values of a draw, or an operation on other rows.
The same operation on the same rows is the same row. What is constant is calculated here, and what can only be zero
becomes the constant zero. A zero loses its sign here and there; every other value is the array reading's to the last
bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import copysign, isfinite
from typing import Any

import numpy as np

from sibmodel.lines import operations as op
from sibmodel.lines.operations import Operation

Row = int

MAY_FAIL = frozenset((op.DIVIDE, op.EXP, op.LOG, op.SQRT, op.POWER_OF))
"""These raise on some figures, so they are calculated even where nobody asks for what they give."""

TO_NUMBER = Operation("number", np.multiply, "", "{0} as a number")
SPREAD = Operation("spread", np.multiply, "", "{0} in every path")
READ = Operation("read", np.multiply, "", "what is given from outside")
SAMPLE = Operation("sample", np.multiply, "", "a draw")
GATHER = Operation("gather", np.multiply, "", "the row so many periods before")
OVER = Operation("over", np.multiply, "", "a figure from whole lines")
WHOLE = Operation("whole", np.multiply, "", "an operation on whole lines")
PART = Operation("part", np.multiply, "", "a row of an operation on whole lines")
INTERNAL = (TO_NUMBER, SPREAD, READ, SAMPLE, GATHER, OVER, WHOLE, PART)
"""What rows have beside the operations of the language."""

_OPPOSITES = {op.LESS: op.GREATER_EQUAL, op.GREATER: op.LESS_EQUAL}


class Rows:
    """The record. Each list has an entry for each row."""

    def __init__(self) -> None:
        self.constant: list[float | bool | None] = []
        """The value of a constant row; None for others."""
        self.calls: list[tuple[Operation, tuple[Row, ...], Any] | None] = []
        """Operation, operands and what else it needs; None for constants."""
        self.flag: list[bool] = []
        self.positive: list[bool] = []
        """Whether it cannot be negative in any path."""
        self.period: list[int] = []
        """The period in which it can first be calculated and was first asked for."""
        self.lines: list[Any] = []
        """The line for which it was first recorded; None for constants."""
        self.now = 0
        self.line: Any = None
        """The line that is being recorded."""
        self.folded = 0
        """Operations that needed no row: constant, zero, or one of their operands."""
        self.shared = 0
        """Operations that were recorded before."""
        self._known: dict[Any, Row] = {}
        self.zero, self.one = self.number(0.0), self.number(1.0)
        self.false, self.true = self._constant(False), self._constant(True)
        self._rules = self._table()

    # Rows ------------------------------------------------------------------------------------------------------------
    def number(self, value: float) -> Row:
        """The constant row of a number; a zero has no sign."""
        return self._constant(float(value) + 0.0)

    def truth(self, value: bool) -> Row:
        """The constant row of a truth value."""
        return self.true if value else self.false

    def _constant(self, value: float | bool) -> Row:
        key = (type(value), value, copysign(1.0, value)) if value == value else ("nan",)
        row = self._known.get(key)
        if row is None:
            row = self._known[key] = self._append(None, isinstance(value, bool), value >= 0, 0)
            self.constant[row] = value
        return row

    def _append(self, call: Any, flag: bool, positive: bool, period: int) -> Row:
        self.constant.append(None)
        self.calls.append(call)
        self.flag.append(flag)
        self.positive.append(positive)
        self.period.append(period)
        self.lines.append(self.line)
        return len(self.calls) - 1

    def emit(self, operation: Operation, operands: tuple[Row, ...], more: Any = None, positive: bool = False) -> Row:
        """The row of an operation that must be calculated path by path."""
        key = (operation, operands, more)
        row = self._known.get(key)
        if row is not None:
            self.shared += 1
            return row
        period = self.now
        for operand in operands:
            if self.period[operand] > period:
                period = self.period[operand]
        row = self._known[key] = self._append(key, operation.flag, positive, period)
        return row

    def knows(self, operation: Operation) -> bool:
        """Whether there is a rule for recording the operation."""
        return operation in self._rules

    def rule(self, operation: Operation) -> Callable[..., Row]:
        """What records an elementwise operation on rows. One that is not of the language is played as it is."""
        if operation not in self._rules:
            self._rules[operation] = self._unfolded(operation)
        return self._rules[operation]

    # Elementwise operations --------------------------------------------------------------------------------------
    def _table(self) -> dict[Operation, Callable[..., Row]]:
        rules: dict[Operation, Callable[..., Row]] = {
            op.ADD: self.add,
            op.SUBTRACT: self._subtract,
            op.MULTIPLY: self.multiply,
            op.DIVIDE: self._divide,
            op.RATIO: self._ratio,
            op.MINIMUM: self.minimum,
            op.MAXIMUM: self.maximum,
            op.CLIP: lambda value, low, high: self.minimum(self.maximum(value, low), high),
            op.WHERE: self._where,
            op.FAMILY_SUM: lambda *members: self._chain(self.add, members),
            op.AND: lambda one, other: self._logical(op.AND, one, other, self.false),
            op.OR: lambda one, other: self._logical(op.OR, one, other, self.true),
        }
        for operation in (op.NEGATIVE, op.ABSOLUTE, op.FLOOR, op.NOT, op.EQUAL, op.NOT_EQUAL):
            rules[operation] = self._plain(operation)
        for operation in (op.LESS, op.LESS_EQUAL, op.GREATER, op.GREATER_EQUAL):
            rules[operation] = self._comparison(operation)
        rules[op.STEP_LOOKUP] = self._step_lookup
        rules[op.INTERPOLATE] = self._interpolate
        for operation in (op.EXP, op.LOG, op.SQRT, op.POWER_OF):
            rules[operation] = self._unfolded(operation)
        given = self._unfolded(op.GIVEN)
        rules[op.GIVEN] = lambda condition, value: given(condition, self.as_number(value))
        return rules

    def _fold(self, operation: Operation, operands: tuple[Row, ...]) -> Row | None:
        """The constant that an operation on constants gives; None where it is not one, or fails."""
        for operand in operands:
            if self.constant[operand] is None:
                return None
        values = [self.constant[operand] for operand in operands]
        with np.errstate(all="ignore"):
            result = operation.compute(*[np.float64(v) if not isinstance(v, bool) else np.bool_(v) for v in values])
        if not isfinite(result):
            return None
        self.folded += 1
        return self.truth(bool(result)) if operation.flag else self.number(float(result))

    def _plain(self, operation: Operation) -> Callable[..., Row]:
        positive = operation is op.ABSOLUTE

        def record(*operands: Row) -> Row:
            folded = self._fold(operation, operands)
            return self.emit(operation, operands, None, positive) if folded is None else folded

        return record

    def _unfolded(self, operation: Operation) -> Callable[..., Row]:
        positive = operation in (op.EXP, op.SQRT)

        def record(*operands: Row) -> Row:
            if all(self.constant[operand] is not None for operand in operands):
                operands = (self.emit(SPREAD, operands[:1]), *operands[1:])
            return self.emit(operation, operands, None, positive)

        return record

    def _comparison(self, operation: Operation) -> Callable[..., Row]:
        swapped = {op.LESS: op.GREATER, op.GREATER: op.LESS, op.LESS_EQUAL: op.GREATER_EQUAL}
        turned = swapped.get(operation, op.LESS_EQUAL)
        plain = self._plain(operation)

        def record(one: Row, other: Row) -> Row:
            for row, against, said in ((one, other, operation), (other, one, turned)):
                if self.constant[against] == 0 and self.positive[row] and said in (op.LESS, op.GREATER_EQUAL):
                    self.folded += 1
                    return self.truth(said is op.GREATER_EQUAL)
            return plain(one, other)

        return record

    def as_number(self, row: Row) -> Row:
        """A truth value as 0 or 1; a number as it is."""
        if not self.flag[row]:
            return row
        value = self.constant[row]
        return self.emit(TO_NUMBER, (row,), None, True) if value is None else self.number(float(value))

    def add(self, one: Row, other: Row) -> Row:
        """The sum of two rows."""
        if one == self.zero or other == self.zero:
            self.folded += 1
            return self.as_number(other if one == self.zero else one)
        folded = self._fold(op.ADD, (one, other))
        return self.emit(op.ADD, (one, other), None, self._both(one, other)) if folded is None else folded

    def _subtract(self, one: Row, other: Row) -> Row:
        if other == self.zero:
            self.folded += 1
            return self.as_number(one)
        if one == other:
            self.folded += 1
            return self.zero
        folded = self._fold(op.SUBTRACT, (one, other))
        if folded is not None:
            return folded
        call = self.calls[other]
        left = call is not None and call[0] is op.MINIMUM and one in call[1]  # a − min(a, b)
        return self.emit(op.SUBTRACT, (one, other), None, left)

    def multiply(self, one: Row, other: Row) -> Row:
        """The product of two rows."""
        if one == self.zero or other == self.zero or one == self.false or other == self.false:
            self.folded += 1
            return self.zero
        for row, rest in ((one, other), (other, one)):
            if row in (self.one, self.true):
                self.folded += 1
                return self.as_number(rest)
        folded = self._fold(op.MULTIPLY, (one, other))
        return self.emit(op.MULTIPLY, (one, other), None, self._both(one, other)) if folded is None else folded

    def _divide(self, one: Row, other: Row) -> Row:
        if other == self.one:
            self.folded += 1
            return self.as_number(one)
        folded = self._fold(op.DIVIDE, (one, other))
        if folded is not None:
            return folded
        if self.constant[one] is not None and self.constant[other] is not None:  # fails, in every path
            one = self.emit(SPREAD, (one,))
        return self.emit(op.DIVIDE, (one, other), None, self._both(one, other))

    def _ratio(self, one: Row, other: Row) -> Row:
        if one == self.zero or other == self.zero:
            self.folded += 1
            return self.zero
        if self.constant[other] is not None:
            return self._divide(one, other)
        one, other = self.as_number(one), self.as_number(other)
        return self.emit(op.RATIO, (one, other), None, self._both(one, other))

    def minimum(self, one: Row, other: Row) -> Row:
        """The smaller of two rows."""
        if one == other:
            return one
        for row, rest in ((one, other), (other, one)):
            if row == self.zero and self.positive[rest]:
                self.folded += 1
                return self.zero
        folded = self._fold(op.MINIMUM, (one, other))
        return self.emit(op.MINIMUM, (one, other), None, self._both(one, other)) if folded is None else folded

    def maximum(self, one: Row, other: Row) -> Row:
        """The larger of two rows."""
        if one == other:
            return one
        for row, rest in ((one, other), (other, one)):
            if row == self.zero and self.positive[rest]:
                self.folded += 1
                return self.as_number(rest)
        folded = self._fold(op.MAXIMUM, (one, other))
        either = self.positive[one] or self.positive[other]
        return self.emit(op.MAXIMUM, (one, other), None, either) if folded is None else folded

    def _where(self, condition: Row, one: Row, other: Row) -> Row:
        value = self.constant[condition]
        if value is not None or one == other:
            self.folded += 1
            return one if value or one == other else other
        one, other = self.as_number(one), self.as_number(other)
        return self.emit(op.WHERE, (condition, one, other), None, self._both(one, other))

    def _step_lookup(self, position: Row, *table: Row) -> Row:
        """A table's steps, one after the other, as the array reading takes them."""
        half = len(table) // 2
        result = self.zero
        for knot, value in zip(table[:half], table[half:], strict=True):
            result = self._where(self.rule(op.GREATER_EQUAL)(position, knot), self.as_number(value), result)
        return result

    def _interpolate(self, position: Row, *table: Row) -> Row:
        """A table's stretches added up, as the array reading adds them."""
        half = len(table) // 2
        knots, values = table[:half], table[half:]
        result = self.as_number(values[0])
        for here, there, low, high in zip(knots, knots[1:], values, values[1:], strict=False):
            beyond = [self.maximum(self._subtract(position, knot), self.zero) for knot in (here, there)]
            stretch = self._ratio(self._subtract(*beyond), self._subtract(there, here))
            result = self.add(result, self.multiply(self._subtract(high, low), stretch))
        return result

    def _logical(self, operation: Operation, one: Row, other: Row, decides: Row) -> Row:
        for row, rest in ((one, other), (other, one)):
            value = self.constant[row]
            if value is not None:
                if bool(value) == self.constant[decides]:
                    self.folded += 1
                    return decides
                if self.flag[rest]:
                    self.folded += 1
                    return rest
        folded = self._fold(operation, (one, other))
        return self.emit(operation, (one, other)) if folded is None else folded

    def _both(self, one: Row, other: Row) -> bool:
        return self.positive[one] and self.positive[other]

    @staticmethod
    def _chain(rule: Callable[[Row, Row], Row], rows: Iterable[Row]) -> Row:
        waiting = iter(rows)
        result = next(waiting)
        for row in waiting:
            result = rule(result, row)
        return result

    # Over time ---------------------------------------------------------------------------------------------------
    def total(self, rows: Sequence[Row]) -> Row:
        """The rows added up, the first period first."""
        return self._chain(self.add, (self.zero, *rows))

    def extreme(self, operation: Operation, rows: Sequence[Row]) -> Row:
        """The lowest or the highest of the rows; each once, for the order does not matter."""
        rule = self.minimum if operation is op.LOWEST else self.maximum
        return self._chain(rule, dict.fromkeys(rows))
