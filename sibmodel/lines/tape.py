"""The tape: recorded lines as a list of operations on rows, for a simulation.

A plan is made once and played block after block (`sibmodel/lines/playing.py`). It has only what the wanted lines need;
what nothing uncertain reaches is read as arrays, once, and stands in it as constants; every other line is written out
period by period, so that a line that is nothing in most periods costs nothing there. The array reading is the
reference, and says what is wrong where an operation fails.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.errors import UnknownOperation
from sibmodel.lines import operations as op
from sibmodel.lines.arrays import Plan, Values, read
from sibmodel.lines.expression import Call, Constant, Expression
from sibmodel.lines.kept import Kept
from sibmodel.lines.line import Draw, Input, Line
from sibmodel.lines.operations import Array, Operation
from sibmodel.lines.order import Group, groups, precedents_of
from sibmodel.lines.playing import Arrangement, Player, may_fail, width_of
from sibmodel.lines.rows import GATHER, OVER, PART, READ, SAMPLE, SPREAD, WHOLE, Row, Rows

Reader = Callable[[int], Row]
"""The row of an expression in a period."""


@dataclass(frozen=True)
class Description:
    """A plan in numbers."""

    lines: int
    """Lines that the wanted ones need, themselves included."""
    certain: int
    """Of these, lines that nothing uncertain reaches: constants."""
    recurrent: int
    """Of the others, lines that lead back to themselves through `previous`."""
    folded: int
    """Operations of one period that came to a constant, or to one of their operands."""
    shared: int
    """Operations of one period that another line had recorded."""
    unused: int
    """Operations of one period that were recorded, and that nothing needs."""
    operations: int
    """Operations of one period that are played for every block."""

    def __str__(self) -> str:
        return (
            f"{self.lines} lines, {self.certain} of them certain and {self.recurrent} recurrent; "
            f"{self.operations} operations on rows, beside {self.folded} folded, {self.shared} shared and "
            f"{self.unused} unused"
        )


class Tape:
    """A plan for the wanted lines, made for blocks in which `uncertain` inputs have columns and `sampled` draws uniform
    numbers. `keep` says which lines' arrays are returned; all that are needed, unless told.

    Raises UnknownOperation for an operation that the tape does not know, and all that the array reading raises.
    """

    def __init__(
        self,
        wanted: Iterable[Line],
        periods: int,
        uncertain: Collection[Input],
        sampled: Collection[Draw] = (),
        keep: Sequence[Line] | None = None,
    ) -> None:
        self.periods = periods
        self.wanted = list(wanted)
        self.keep = keep
        self._random: set[Line] = {*uncertain, *sampled}
        ordered = groups(self.wanted)
        self._wide = self._reached(ordered)
        every = [line for group in ordered for line in group.lines]
        certain = [line for line in every if line not in self._wide]
        self.certain = Plan(certain).evaluate(periods)
        self.rows = Rows()
        self._of: dict[Line, list[Row]] = {}
        self._constants: dict[Line, list[Row]] = {}
        for group in ordered:
            if group.lines[0] in self._wide:
                self._record(group)
        kept = every if keep is None else keep
        self._fixed = {line: self.certain[line] for line in kept if line not in self._wide}
        self.kept = Kept({line: self._of[line] for line in kept if line in self._wide}, self.rows)
        self.player = Player(self.rows, periods, self.kept.rows_of_lines, self.kept.homes, may_fail(self.rows))
        recurrent = sum(len(group.lines) for group in ordered if group.recurrent and group.lines[0] in self._wide)
        recorded = sum(call is not None and call[0] is not READ for call in self.rows.calls)
        played = len(self.player.order)
        self.description = Description(
            len(every), len(certain), recurrent, self.rows.folded, self.rows.shared, recorded - played, played
        )

    def rows_of(self, line: Line) -> list[Row]:
        """The line's row in each period; none where nothing uncertain reaches it, or nothing wanted needs it."""
        return self._of.get(line, [])

    def describe(self) -> str:
        """The plan in numbers, in a sentence."""
        return str(self.description)

    def evaluate(
        self, columns: Mapping[Input, Array] | None = None, uniforms: Mapping[Draw, Array] | None = None
    ) -> Values:
        """Calculate a block: a column `[path]` for each uncertain input, `[uniforms, path]` for each sampled draw.

        Raises CalculationError naming the line where an operation fails on the figures.
        """
        values = self.play(columns or {}, uniforms or {})
        return Values({line: array.copy() for line, array in values.items()}, self.periods)

    def play(self, columns: Mapping[Input, Array], uniforms: Mapping[Draw, Array]) -> Values:
        """The same in arrays that the next block overwrites."""
        width = width_of(columns, uniforms)
        try:
            rows = self.player.play(width, columns, uniforms)
        except ArithmeticError:
            return self.as_arrays(columns, uniforms)
        return self.values(self.kept.arrays(width, rows))

    def as_arrays(self, columns: Mapping[Input, Array], uniforms: Mapping[Draw, Array]) -> Values:
        """The array reading of a block: it says where an operation fails."""
        return Plan(self.wanted, self.keep).evaluate(self.periods, columns, uniforms)

    def values(self, arrays: Mapping[Line, Array]) -> Values:
        """What is returned, of what was played."""
        return Values({**self._fixed, **arrays}, self.periods)

    # What is uncertain -------------------------------------------------------------------------------------------
    def _reached(self, ordered: Sequence[Group]) -> set[Line]:
        """The lines that something uncertain reaches: as wide as the paths in the array reading."""
        reached: set[Line] = set()
        for group in ordered:
            for line in group.lines:
                if line in self._random or any(other in reached for other in precedents_of(line)):
                    reached.update(group.lines)
                    break
        return reached

    def _is_wide(self, expression: Expression) -> bool:
        if isinstance(expression, Line):
            return expression in self._wide
        return isinstance(expression, Call) and any(self._is_wide(operand) for operand in expression.operands)

    # From lines to rows ------------------------------------------------------------------------------------------
    def _record(self, group: Group) -> None:
        rows = self.rows
        readers = []
        for line in group.lines:
            self._of[line] = [rows.zero] * (self.periods if line.timed else 1)
        for line in group.lines:
            rows.now, rows.line = 0, line
            if line in self._random:
                self._of[line][0] = self._given(line)
                continue
            assert line.definition is not None
            try:
                readers.append((line, self._of[line], self._reader(line.definition, group.recurrent)))
            except UnknownOperation as error:
                raise UnknownOperation(
                    f"The line {line.describe()} of {line.section.name}, defined at {line.origin}: {error}"
                ) from error
        for rows.now in range(self.periods if group.lines[0].timed else 1):
            for rows.line, of, reader in readers:
                of[rows.now] = rows.as_number(reader(rows.now))

    def _given(self, line: Line) -> Row:
        if isinstance(line, Draw):
            return self._arranged(SAMPLE, line, line.parameters)
        return self.rows.emit(READ, (), line)

    def _arranged(self, operation: Operation, of: Any, operands: Sequence[Expression]) -> Row:
        """What takes its operands as arrays, not row by row."""
        parts: list[Any] = []
        known: list[Row] = []
        for operand in operands:
            if not self._is_wide(operand):
                parts.append(read(operand, self.certain))
            elif operand.timed:
                parts.append(self.periods)
                known += self._over(operand)
            else:
                parts.append(0)
                known.append(self._figure(operand))
        return self.rows.emit(operation, tuple(known), Arrangement(of, parts))

    def _figure(self, expression: Expression) -> Row:
        """The row of a figure without time."""
        return self._reader(expression, False)(0)

    def _reader(self, expression: Expression, recurrent: bool) -> Reader:
        if not self._is_wide(expression):
            return self._constant(expression).__getitem__
        if isinstance(expression, Line):
            of = self._of[expression]
            return of.__getitem__ if expression.timed else (lambda now: of[0])
        assert isinstance(expression, Call)
        operation = expression.operation
        if operation is op.PREVIOUS and recurrent:
            return self._before(expression)
        if operation.along_time or operation.over_time:
            whole = self._whole(expression)
            return whole.__getitem__ if operation.along_time else (lambda now: whole[0])
        rule = self.rows.rule(operation)
        readers = [self._reader(operand, recurrent) for operand in expression.operands]
        if operation is op.POWER_OF:  # NumPy takes x to the power 2 as x × x where the 2 is one number, not a row
            readers = [
                self._spread(reader) if self._is_wide(operand) else reader
                for reader, operand in zip(readers, expression.operands, strict=True)
            ]
        return lambda now: rule(*[reader(now) for reader in readers])

    def _spread(self, reader: Reader) -> Reader:
        def spread(now: int) -> Row:
            row = reader(now)
            return row if self.rows.constant[row] is None else self.rows.emit(SPREAD, (row,))

        return spread

    def _constant(self, expression: Expression) -> list[Row]:
        """The constant rows of an expression that nothing uncertain reaches."""
        if isinstance(expression, Constant):
            return [self.rows.number(expression.value)] * self.periods
        known = self._constants.get(expression) if isinstance(expression, Line) else None
        if known is not None:
            return known
        with np.errstate(divide="raise", invalid="raise", over="raise", under="ignore"):
            array = np.asarray(read(expression, self.certain))
        make = self.rows.truth if array.dtype == bool else self.rows.number
        flat = array.reshape(-1).tolist()
        rows = [make(value) for value in (flat if len(flat) > 1 else flat * self.periods)]
        if isinstance(expression, Line):
            self._constants[expression] = rows
        return rows

    # Along and over time -----------------------------------------------------------------------------------------
    def _over(self, expression: Expression) -> list[Row]:
        """All rows of a line over time."""
        assert isinstance(expression, Line)
        return self._of[expression] if expression in self._wide else self._constant(expression)

    def _before(self, expression: Call) -> Reader:
        """`previous` of a line that is being calculated."""
        zero, of = self.rows.zero, self._over(expression.operands[0])
        if self._is_wide(expression.operands[1]):
            steps = self._figure(expression.operands[1])
            return lambda now: self.rows.emit(GATHER, (steps, *of[:now])) if now else zero
        back = int(op.whole_steps(read(expression.operands[1], self.certain)).flat[0])
        return lambda now: of[now - back] if now >= back else zero

    def _whole(self, expression: Call) -> list[Row]:
        """An operation along time, or over time (a list of one), of lines that are recorded already."""
        operation, operands, rows = expression.operation, expression.operands, self.rows
        of = self._over(operands[0])
        if operation is op.TOTAL:
            return [rows.total(of)]
        if operation in (op.LOWEST, op.HIGHEST):
            return [rows.extreme(operation, of)]
        if operation is op.PRODUCT_TOTAL:
            return [rows.total([rows.multiply(*pair) for pair in zip(of, self._over(operands[1]), strict=True)])]
        if operation is op.TOTAL_WHERE:
            equal, value = rows.rule(op.EQUAL), self._figure(operands[2])
            keys = [equal(key, value) for key in self._over(operands[1])]
            return [rows.total([rows.multiply(*pair) for pair in zip(of, keys, strict=True)])]
        if operation is op.RUNNING_TOTAL:
            return self._running(of)
        if operation.over_time:
            return [self._arranged(OVER, operation, operands)]
        if operation not in (op.PREVIOUS, op.DELAYED, op.WINDOW_TOTAL):
            raise UnknownOperation(
                f"the tape does not know the operation {operation.name} along time. Use the engine “arrays”, or write "
                "it out in sibmodel/lines/tape.py."
            )
        if self._is_wide(operands[1]):
            whole = self._arranged(WHOLE, operation, operands[:2])
            return [rows.emit(PART, (whole,), now) for now in range(self.periods)]
        periods = np.asarray(read(operands[1], self.certain), dtype=float)
        if operation is op.PREVIOUS:
            op.whole_steps(periods)
        return self._moved(operation, of, float(periods.flat[0]))

    def _running(self, of: list[Row]) -> list[Row]:
        found: list[Row] = []
        for self.rows.now, row in enumerate(of):
            found.append(self.rows.add(found[-1], row) if found else row)
        return found

    def _moved(self, operation: Operation, of: list[Row], periods: float) -> list[Row]:
        """Rows moved later by so many periods, or added up over so many."""
        zero, count = self.rows.zero, len(of)
        if operation is op.WINDOW_TOTAL:
            length = min(int(np.ceil(periods)), count)
            found = []
            for self.rows.now in range(count):
                now = self.rows.now
                found.append(self.rows.total([of[now - back] for back in range(min(length, now + 1))]))
            return found
        if not periods.is_integer():
            return [zero] * count
        back = int(periods)
        return [of[now - back] if 0 <= now - back < count else zero for now in range(count)]
