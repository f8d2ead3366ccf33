"""Playing a tape: its row operations in order, each into a buffer that is used again as soon as nothing needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from sibmodel.lines import operations as op
from sibmodel.lines.line import Draw, Input
from sibmodel.lines.operations import Array
from sibmodel.lines.rows import (
    GATHER,
    MAY_FAIL,
    OVER,
    PART,
    READ,
    SAMPLE,
    SPREAD,
    TO_NUMBER,
    WHOLE,
    Row,
    Rows,
)

Step = tuple[Callable[..., Any], tuple[Any, ...]]

_IN_PLACE = {operation: ufunc for ufunc, operation in op.UFUNCS.items()}
"""NumPy's own functions: they may write where they read."""


class Arrangement:
    """How rows become the arrays that `of` takes. For each array how many rows stand in it, 0 for a figure's one; or
    the array itself, where nothing uncertain reaches it."""

    def __init__(self, of: Any, parts: Sequence[Any]) -> None:
        self.of = of
        self.parts = parts

    def arrays(self, rows: Sequence[Any], width: int) -> list[Any]:
        """The arrays: `[time, path]`, or `[path]` for a figure."""
        arrays, place = [], 0
        for part in self.parts:
            if not isinstance(part, int):
                arrays.append(part)
            elif part == 0:
                arrays.append(np.broadcast_to(rows[place], width))
                place += 1
            else:
                stacked = np.empty((part, width))
                for now in range(part):
                    stacked[now] = rows[place + now]
                arrays.append(stacked)
                place += part
        return arrays


class Player:
    """The operations that `outputs` need, in the order in which they are played."""

    def __init__(self, rows: Rows, periods: int, outputs: Iterable[Row]) -> None:
        self.rows = rows
        self.periods = periods
        self.outputs = [row for row in dict.fromkeys(outputs) if rows.constant[row] is None]
        needed = self._needed()
        self.order = [row for row in needed if self._call(row)[0] is not READ]
        self.given = [row for row in needed if self._call(row)[0] is READ]
        self._bound: dict[int, tuple[list[Step], dict[Row, Any]]] = {}
        self._columns: Mapping[Input, Array] = {}
        self._uniforms: Mapping[Draw, Array] = {}

    def play(self, width: int, columns: Mapping[Input, Array], uniforms: Mapping[Draw, Array]) -> Mapping[Row, Any]:
        """The values of the outputs, in buffers that the next block overwrites, and all constants."""
        if width not in self._bound:
            self._bound = {width: self._bind(width)}
        steps, values = self._bound[width]
        self._uniforms = uniforms
        for row in self.given:
            values[row][...] = columns[self._call(row)[2]]
        with np.errstate(divide="raise", invalid="raise", over="raise", under="ignore"):
            for function, operands in steps:
                function(*operands)
        return values

    # Planning ----------------------------------------------------------------------------------------------------
    def _call(self, row: Row) -> Any:
        return self.rows.calls[row]

    def _needed(self) -> list[Row]:
        """What the outputs need and what may fail, by the period in which it can be calculated."""
        calls, constant = self.rows.calls, self.rows.constant
        waiting = list(self.outputs)
        for row, call in enumerate(calls):
            if call is not None and call[0] in MAY_FAIL and not (call[0] is op.DIVIDE and constant[call[1][1]]):
                waiting.append(row)
        seen = set(waiting)
        while waiting:
            call = calls[waiting.pop()]
            assert call is not None
            for operand in call[1]:
                if constant[operand] is None and operand not in seen:
                    seen.add(operand)
                    waiting.append(operand)
        period = self.rows.period
        return sorted(seen, key=lambda row: (period[row], row))

    def _bind(self, width: int) -> tuple[list[Step], dict[Row, Any]]:
        """Each operation with its operands' buffers and its own."""
        last = self._last_uses()
        free: dict[bool, list[Array]] = {False: [], True: []}
        values: dict[Row, Any] = {
            row: np.asarray(value) for row, value in enumerate(self.rows.constant) if value is not None
        }
        for row in self.given:
            values[row] = np.empty(width)
        steps: list[Step] = []
        scratch = np.empty(width, dtype=bool)
        for place, row in enumerate(self.order):
            operation, operands, more = self._call(row)
            flag = self.rows.flag[row]
            leaving = [operand for operand in last.get(place, ()) if self._call(operand)[0] is not WHOLE]
            values_of = [values[operand] for operand in operands]
            ready = operation in _IN_PLACE
            if ready:
                self._let_go(leaving, values, free)
            buffer: Any = None
            if operation is WHOLE:
                buffer = np.empty((self.periods, width))
            else:
                pool = free[flag]
                buffer = pool.pop() if pool else np.empty(width, dtype=bool if flag else float)
            steps.append(self._step(operation, values_of, more, buffer, scratch))
            values[row] = buffer
            if not ready:
                self._let_go(leaving, values, free)
        return steps, values

    def _let_go(self, leaving: Sequence[Row], values: dict[Row, Any], free: dict[bool, list[Array]]) -> None:
        for row in leaving:
            free[self.rows.flag[row]].append(values.pop(row))

    def _last_uses(self) -> dict[int, list[Row]]:
        """For each operation, the rows that no later one needs. What is given or asked for stays."""
        last: dict[Row, int] = {}
        for place, row in enumerate(self.order):
            last[row] = place
            for operand in self._call(row)[1]:
                if self.rows.constant[operand] is None:
                    last[operand] = place
        for row in (*self.outputs, *self.given):
            last.pop(row, None)
        leaving: dict[int, list[Row]] = {}
        for row, place in last.items():
            if row != self.order[place]:
                leaving.setdefault(place, []).append(row)
        return leaving

    # The operations ----------------------------------------------------------------------------------------------
    def _step(self, operation: op.Operation, operands: list[Any], more: Any, out: Any, scratch: Any) -> Step:
        if operation in _IN_PLACE:
            return partial(_IN_PLACE[operation], out=out), tuple(operands)
        if operation in (TO_NUMBER, SPREAD):
            return np.copyto, (out, operands[0])
        if operation is op.WHERE:
            return _where, (*operands, out)
        if operation is op.RATIO:
            return _ratio, (*operands, out, scratch)
        if operation is SAMPLE:
            return self._sample, (more, operands, out)
        if operation is GATHER:
            return _gather, (operands[0], operands[1:], out)
        if operation in (WHOLE, OVER):
            return _arranged, (more, operands, out)
        if operation is PART:
            return np.copyto, (out, operands[0][more])
        return _computed, (operation.compute, operands, out)

    def _sample(self, draw: Arrangement, operands: list[Array], out: Array) -> None:
        parameters = draw.arrays(operands, out.shape[-1])
        out[...] = draw.of.distribution.sample(self._uniforms[draw.of], *parameters)


def _where(condition: Array, one: Array, other: Array, out: Array) -> None:
    np.copyto(out, other)
    np.copyto(out, one, where=condition if condition.dtype == bool else condition != 0)


def _ratio(numerator: Array, denominator: Array, out: Array, divisible: Any) -> None:
    out.fill(0.0)
    np.not_equal(denominator, 0.0, out=divisible)
    np.divide(numerator, denominator, out=out, where=divisible)


def _computed(compute: Callable[..., Any], operands: list[Array], out: Array) -> None:
    out[...] = compute(*operands)


def _gather(steps: Array, rows: list[Array], out: Array) -> None:
    """In each path the row so many periods back; zero before the first."""
    op.whole_steps(steps)
    out.fill(0.0)
    for back, row in enumerate(reversed(rows), start=1):
        np.copyto(out, row, where=steps == back)


def _arranged(arrangement: Arrangement, rows: list[Array], out: Array) -> None:
    out[...] = arrangement.of.compute(*arrangement.arrays(rows, out.shape[-1]))
