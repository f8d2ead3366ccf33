"""One expression of a recorded model as plain Python text on floats.

`Text` says what names stand for lines; what cannot be written in one period (a whole line moved or summed) is collected
in `before` and computed in front of the loop over periods.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from sibmodel.lines import OPERATIONS, Expression, Line, Operation
from sibmodel.lines import operations as op
from sibmodel.lines.expression import Call, Constant

INFIX = {
    op.ADD: "+", op.SUBTRACT: "-", op.MULTIPLY: "*", op.DIVIDE: "/", op.EQUAL: "==", op.NOT_EQUAL: "!=", op.LESS: "<",
    op.LESS_EQUAL: "<=", op.GREATER: ">", op.GREATER_EQUAL: ">=", op.AND: "and", op.OR: "or", op.FAMILY_SUM: "+",
}  # fmt: skip
FUNCTIONS = {op.EXP: "exp", op.LOG: "log", op.SQRT: "sqrt", op.ABSOLUTE: "abs", op.FLOOR: "floor", op.POWER_OF: "pow"}
TABLES = {op.STEP_LOOKUP: "step_lookup", op.INTERPOLATE: "interpolate"}
WHOLE = {
    op.DELAYED: "delayed", op.WINDOW_TOTAL: "window_total", op.TOTAL: "sum", op.LOWEST: "min", op.HIGHEST: "max",
    op.PRODUCT_TOTAL: "product_total",
}  # fmt: skip
"""Operations on whole lines and the function that each becomes; the first two give a line, the others a figure."""


def reads_whole_lines(operation: Operation) -> bool:
    """Whether the operation needs all periods of its lines before it can begin."""
    return (operation.along_time or operation.over_time) and operation not in (op.PREVIOUS, op.RUNNING_TOTAL)


def lines_in(expression: Expression) -> set[Line]:
    """The lines that stand in an expression."""
    if isinstance(expression, Line):
        return {expression}
    return set().union(*map(lines_in, expression.operands)) if isinstance(expression, Call) else set()


@dataclass(eq=False)
class Text:
    """The writer of expressions for one stretch of the program, and what they turn out to want of other lines."""

    name: Callable[[Line], str]
    fixed: Collection[Line]
    """Lines that are the same in every path."""
    once: list[str]
    """Statements for the front of the program: what need be computed only once for all paths."""
    fresh: Callable[[str], str]
    """A new name for an intermediate value."""
    in_loop: bool
    """Whether the expressions stand in a loop over periods."""
    before: list[str] = field(default_factory=list)
    """Statements in front of the loop over periods."""
    carried: dict[Line, None] = field(default_factory=dict)
    """Lines whose last period's value is wanted."""
    summed: dict[Line, None] = field(default_factory=dict)
    """Lines whose sum so far is wanted."""
    rows: dict[Line, None] = field(default_factory=dict)
    """Lines that are wanted as a list over all periods."""
    now: dict[Line, None] = field(default_factory=dict)
    """Lines over time whose value of the period is wanted."""

    def row(self, line: Expression) -> str:
        assert isinstance(line, Line)
        self.rows[line] = None
        return f"{self.name(line)}_row"

    def write(self, expression: Expression) -> str:
        """The expression's text, bracketed where that may be needed."""
        if isinstance(expression, Line):
            if expression.timed:
                self.now[expression] = None
            return self.name(expression)
        if isinstance(expression, Constant):
            return repr(expression.value)
        assert isinstance(expression, Call)
        if not expression.timed and not expression.operation.over_time:
            return self._figure(expression)
        operation = expression.operation
        if operation is op.PREVIOUS:
            return self._previous(expression)
        if operation is op.RUNNING_TOTAL:
            line = expression.operands[0]
            assert isinstance(line, Line)
            self.summed[line] = None
            return f"{self.name(line)}_so_far"
        if reads_whole_lines(operation):
            return self._whole(expression)
        return self._in_one_period(operation, [self.write(operand) for operand in expression.operands])

    def _figure(self, expression: Call) -> str:
        """An operation on figures without time: computed once where it may be, and never anew in each period."""
        text = self._in_one_period(expression.operation, [self.write(operand) for operand in expression.operands])
        front = self.once if all(line in self.fixed for line in lines_in(expression)) else self.before
        if front is self.before and not self.in_loop:
            return text
        name = self.fresh("figure")
        front.append(f"{name} = {text}")
        return name

    def _in_one_period(self, operation: Operation, operands: list[str]) -> str:
        if operation in INFIX:
            return f"({f' {INFIX[operation]} '.join(operands)})"
        if operation in FUNCTIONS:
            return f"{FUNCTIONS[operation]}({', '.join(operands)})"
        if operation in TABLES:
            return f"{TABLES[operation]}({', '.join(operands)})"
        if operation is op.NEGATIVE:
            return f"(-{operands[0]})"
        if operation is op.NOT:
            return f"(not {operands[0]})"
        if operation is op.WHERE:
            return f"({operands[1]} if {operands[0]} else {operands[2]})"
        if operation is op.GIVEN:
            return f"({operands[1]} if {operands[0]} else nan)"
        if operation is op.MINIMUM:
            return self._smaller("<", *operands)
        if operation is op.MAXIMUM:
            return self._smaller(">", *operands)
        if operation is op.CLIP:
            return self._smaller("<", self._smaller(">", operands[0], operands[1]), operands[2])
        if operation is op.RATIO:
            first, again = self._twice(operands[1])
            return f"({operands[0]} / {again} if {first} else 0.0)"
        known = ", ".join(one.name for one in OPERATIONS)
        raise NotImplementedError(f"The plain loop has no {operation.name}; it has {known}.")

    def _smaller(self, sign: str, first: str, second: str) -> str:
        """Quicker than min() and max(), so that nobody can say that the loop was held back."""
        (one, again), (other, also) = self._twice(first), self._twice(second)
        return f"({again} if {one} {sign} {other} else {also})"

    def _twice(self, text: str) -> tuple[str, str]:
        """A text for a value's first use and one for its next: a name is used as it stands."""
        if text.isidentifier() or text.replace(".", "").isdigit():
            return text, text
        name = self.fresh("value")
        return f"({name} := {text})", name

    def _previous(self, expression: Call) -> str:
        line, periods = expression.operands[0], expression.operands[1]
        assert isinstance(line, Line)
        if isinstance(periods, Constant) and periods.value == 1.0:
            self.carried[line] = None
            return f"{self.name(line)}_before"
        back, row = self.fresh("back"), self.row(line)
        self.before.append(f"{back} = int({self.write(periods)})")
        return f"({row}[now - {back}] if now >= {back} else 0.0)"

    def _whole(self, expression: Call) -> str:
        operation, operands = expression.operation, expression.operands
        if operation is op.TOTAL_WHERE:
            call = self._total_where(operands[0], operands[1], operands[2])
        elif operation in WHOLE:
            along = operation.along_time
            rows = [self.row(operand) for operand in operands[: 1 if along else None]]
            call = f"{WHOLE[operation]}({', '.join([*rows, self.write(operands[1])] if along else rows)})"
        else:
            raise NotImplementedError(f"The plain loop has no {operation.name}.")
        whole = self.fresh("whole")
        self.before.append(f"{whole} = {call}")
        return f"{whole}[now]" if operation.along_time else whole

    def _total_where(self, line: Expression, key: Expression, value: Expression) -> str:
        assert isinstance(key, Line)
        row = self.row(line)
        if key is key.book.period:
            return f"value_at({row}, {self.write(value)})"
        if key in self.fixed and isinstance(value, Line) and value in self.fixed:
            places = self.fresh("places")
            self.once.append(f"{places} = places_of({self.row(key)}, {self.name(value)})")
            return f"sum_at({row}, {places})"
        return f"total_where({row}, {self.row(key)}, {self.write(value)})"
