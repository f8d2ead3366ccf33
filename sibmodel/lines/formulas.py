"""The Excel reading: each line's definition as a formula, the same in every period's column.

A layout says where lines stand: `place(line)` gives sheet and row, periods run to the right from `FIRST_PERIOD`, a
blank column stands before the first period so that `previous` is one formula, and figures stand in `VALUE`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from sibmodel.errors import LineError
from sibmodel.lines import operations as op
from sibmodel.lines.expression import Call, Constant, Expression
from sibmodel.lines.line import Input, Line
from sibmodel.lines.operations import CALL, COMPARISON, PRODUCT, Operation

VALUE = "D"
"""The column of figures without time, and of totals over time."""
BEFORE = "E"
"""The blank column before the first period."""
FIRST_PERIOD = 5
"""The first period's column, counted from 0: F."""

LONGEST = 8192
"""Excel's limit on a formula's length."""
MOST_ARGUMENTS = 255
"""Excel's limit on a function's arguments."""


@dataclass(frozen=True)
class Place:
    """Where a line stands: sheet and row (counted from 1), and the column of a figure without time."""

    sheet: str
    row: int
    column: str = VALUE


class Layout(Protocol):
    periods: int

    def place(self, line: Line) -> Place:
        """The line's sheet and row."""


def column_name(number: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def reference(line: Line, layout: Layout, sheet: str, column: str | None = None) -> str:
    """The cell of `line` as a formula on `sheet` refers to it: in `column` for a line over time."""
    place = layout.place(line)
    prefix = "" if place.sheet == sheet else f"{_quoted(place.sheet)}!"
    if not line.timed:
        return f"{prefix}${place.column}${place.row}"
    return f"{prefix}{column}{place.row}" if column else f"{prefix}{_row(place, layout)}"


def formula(line: Line, layout: Layout, period: int = 0) -> str:
    """The formula of `line` in `period` (counted from 0; a figure has but one), with its equals sign.

    Raises LineError for an input, for a line that was never defined, and for what Excel does not take: a formula too
    long, a function with too many arguments, a table whose inputs do not stand below each other.
    """
    if isinstance(line, Input):
        raise LineError(f"{line.describe()} is an input, defined at {line.origin}: it has a value, not a formula.")
    if line.definition is None:
        raise LineError(f"The line {line.describe()} was announced at {line.origin} and never defined.")
    writer = _Writer(layout, layout.place(line).sheet, period)
    try:
        text, _ = writer.write(line.definition)
    except _NoFormula as problem:
        raise LineError(f"{line.describe()}, defined at {line.origin}, has no Excel formula: {problem}") from None
    if line.definition.flag:
        text = f"IF({text},1,0)"
    if len(text) >= LONGEST:
        raise LineError(
            f"The formula of {line.describe()}, defined at {line.origin}, is too long for Excel. "
            "Give its parts names: lines of their own."
        )
    return "=" + text


class _NoFormula(Exception):
    """What Excel does not take, and the way out."""


def _quoted(sheet: str) -> str:
    return sheet if re.fullmatch(r"[A-Za-z_][A-Za-z_]*", sheet) else "'" + sheet.replace("'", "''") + "'"


def _row(place: Place, layout: Layout) -> str:
    first, last = column_name(FIRST_PERIOD), column_name(FIRST_PERIOD + layout.periods - 1)
    return f"${first}{place.row}:${last}{place.row}"


class _Writer:
    """Writes one formula: knows the sheet it stands on and the period's column."""

    def __init__(self, layout: Layout, sheet: str, period: int) -> None:
        self.layout = layout
        self.sheet = sheet
        self.here = column_name(FIRST_PERIOD + period)
        self.before = column_name(FIRST_PERIOD + period - 1)

    def write(self, expression: Expression) -> tuple[str, int]:
        """The text of an expression and how tightly it binds."""
        if isinstance(expression, Line):
            return reference(expression, self.layout, self.sheet, self.here), CALL
        if isinstance(expression, Constant):
            return _number(expression.value)
        assert isinstance(expression, Call)
        special = _SPECIAL.get(expression.operation)
        if special is not None:
            return special(self, expression.operands), CALL
        return self._filled(expression.operation, expression.operands), expression.operation.binding

    def operand(self, expression: Expression, at_least: int) -> str:
        """An operand's text, bracketed where it binds less than `at_least`."""
        text, binding = self.write(expression)
        return text if binding >= at_least else f"({text})"

    def row(self, expression: Expression) -> str:
        """The whole row of a line; a figure's cell."""
        assert isinstance(expression, Line)
        return reference(expression, self.layout, self.sheet)

    def _filled(self, operation: Operation, operands: tuple[Expression, ...]) -> str:
        def fill(match: re.Match[str]) -> str:
            if match["which"] == "*":
                if len(operands) > MOST_ARGUMENTS:
                    raise _NoFormula(
                        f"it adds {len(operands)} lines, Excel at most {MOST_ARGUMENTS}. Add them in groups."
                    )
                return ",".join(self.operand(operand, COMPARISON) for operand in operands)
            position = int(match["which"])
            operand = operands[position]
            if match["form"] == "row":
                return self.row(operand)
            if match["form"] == "first":
                return self.row(operand).split(":")[0]
            if match["form"] == "here":
                return self.write(operand)[0].split("!")[-1]
            at_least = PRODUCT + 1 if match["form"] == "product" else _needed(operation, position)
            text = self.operand(operand, at_least)
            if operation is op.NEGATIVE and _starts_with_power(operand):
                return f"1*{text}"
            return f"N({text})" if operation in _SKIPS_BLANKS and _may_be_blank(operand) else text

        return re.sub(r"\{(?P<which>\d+|\*)(?::(?P<form>\w+))?\}", fill, operation.excel)

    def previous(self, operands: tuple[Expression, ...]) -> str:
        line, periods = operands[0], operands[1]
        assert isinstance(line, Line)
        if isinstance(periods, Constant) and periods.value == 1:
            return reference(line, self.layout, self.sheet, self.before)
        back = self.operand(periods, PRODUCT)
        now = self.write(operands[2])[0]
        # The range ends in the column before, so that a line may look back at itself.
        before = reference(line, self.layout, self.sheet, f"${BEFORE}") + f":{self.before}{self.layout.place(line).row}"
        return f"INDEX({before},1,MAX(1,{now}-{back}+1))"

    def _table(self, operands: tuple[Expression, ...]) -> tuple[str, list[Line], list[Line]]:
        half = (len(operands) - 1) // 2
        position = self.operand(operands[0], COMPARISON + 1)
        if _may_be_blank(operands[0]):
            position = f"N({position})"
        knots, values = operands[1 : half + 1], operands[half + 1 :]
        for family in (knots, values):
            first, *_ = rows = [self.layout.place(line) for line in family if isinstance(line, Line)]
            if rows != [Place(first.sheet, first.row + below, first.column) for below in range(len(family))]:
                raise _NoFormula(
                    "a table's knots must be inputs that stand below each other, and so must its values. Define the "
                    "knots in one go, then the values."
                )
        return position, list(knots), list(values)  # type: ignore[arg-type]

    def _column(self, lines: list[Line]) -> str:
        first = reference(lines[0], self.layout, self.sheet)
        last = self.layout.place(lines[-1])
        return first if len(lines) == 1 else f"{first}:${last.column}${last.row}"

    def step_lookup(self, operands: tuple[Expression, ...]) -> str:
        position, knots, values = self._table(operands)
        lowest = reference(knots[0], self.layout, self.sheet)
        reached = f"LOOKUP({position},{self._column(knots)},{self._column(values)})"
        return f"IF({position}<{lowest},0,{self._column(values) if len(knots) == 1 else reached})"

    def interpolate(self, operands: tuple[Expression, ...]) -> str:
        position, knots, values = self._table(operands)
        first = reference(values[0], self.layout, self.sheet)
        if len(knots) == 1:
            return first
        here, there = self._column(knots[:-1]), self._column(knots[1:])
        low, high = self._column(values[:-1]), self._column(values[1:])
        # How far along each stretch: what is beyond its start, less what is beyond its end.
        along = f"({position}>{here})*({position}-{here})-({position}>{there})*({position}-{there})"
        return f"({first}+SUMPRODUCT(({high}-{low})/({there}-{here})*({along})))"


_SPECIAL = {
    op.PREVIOUS: _Writer.previous,
    op.STEP_LOOKUP: _Writer.step_lookup,
    op.INTERPOLATE: _Writer.interpolate,
}


_SKIPS_BLANKS = {op.MINIMUM, op.MAXIMUM, op.CLIP, op.AND, op.OR}
"""Excel's functions that leave a reference to a blank cell out, where the language has zero."""


def _may_be_blank(expression: Expression) -> bool:
    """Whether Excel may read this as a reference to the blank cell before the first period; N() of it is zero."""
    if not isinstance(expression, Call):
        return False
    if expression.operation is op.WHERE:
        return any(_may_be_blank(branch) for branch in expression.operands[1:])
    return expression.operation is op.PREVIOUS


def _starts_with_power(expression: Expression) -> bool:
    """Whether a minus before it would be taken into the power: Excel reads -a^b as (-a)^b, but -1*a^b as meant."""
    while isinstance(expression, Call) and expression.operation in (op.MULTIPLY, op.DIVIDE):
        expression = expression.operands[0]
    return isinstance(expression, Call) and expression.operation is op.POWER_OF


def _needed(operation: Operation, position: int) -> int:
    """How tightly an operand must bind to stand without brackets."""
    if operation.binding == CALL:
        return COMPARISON
    if operation in (op.NEGATIVE, op.POWER_OF):
        return operation.binding + 1
    # a-(b-c) and a/(b/c) need their brackets; so do a+(b+c) and a*(b*c), to add in the order in which NumPy adds.
    return operation.binding + (1 if position > 0 else 0)


def _number(value: float) -> tuple[str, int]:
    text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    # A leading minus would bind more tightly than ^ in Excel.
    return (text, CALL) if value >= 0 else (text, op.NEGATIVE.binding)
