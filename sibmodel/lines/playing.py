"""Playing a tape: its row operations in order, each into a buffer that is used again as soon as nothing needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

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
Columns = Mapping[Input, Array]
Uniforms = Mapping[Draw, Array]

_IN_PLACE = {operation: ufunc for ufunc, operation in op.UFUNCS.items()}
"""NumPy's own functions: they may write where they read."""


AS_THE_ARRAYS: dict[str, Any] = {"divide": "raise", "invalid": "raise", "over": "raise", "under": "ignore"}
WIDTHS_KEPT = 3
"""Buffers are kept for so many widths of blocks."""


def width_of(columns: Columns, uniforms: Uniforms) -> int:
    """How many paths a block has; 1 where nothing is given."""
    return max((np.shape(array)[-1] for array in (*columns.values(), *uniforms.values())), default=1)


Homes = Callable[[int], Mapping[Row, Array]]
"""For a width, the arrays in which some of the rows asked for are to stand."""


def nowhere(width: int) -> Mapping[Row, Array]:
    """Every row stands where there is room."""
    return {}


class Watcher(Protocol):
    """What looks at every row while a block is played."""

    def see_operands(self, row: Row, operation: op.Operation, operands: Sequence[Array]) -> None: ...

    def see(self, row: Row, values: Array) -> None: ...


@dataclass(frozen=True, eq=False)
class Scratch:
    """Room for what lasts no longer than an operation."""

    truth: Any
    whole: Any


@dataclass(frozen=True, eq=False)
class Bound:
    """Operations with their buffers, for blocks of one width."""

    steps: list[Step]
    values: dict[Row, Any]
    """Of what is given, asked for, or constant."""
    written: list[Any]
    """The buffer that each step writes."""


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


def may_fail(rows: Rows) -> list[Row]:
    """The rows that raise on some figures."""
    calls, constant = rows.calls, rows.constant
    return [
        row
        for row, call in enumerate(calls)
        if call is not None and call[0] in MAY_FAIL and not (call[0] is op.DIVIDE and constant[call[1][1]])
    ]


def needed_rows(rows: Rows, outputs: Iterable[Row]) -> list[Row]:
    """The outputs and what they need, by the period in which it can be calculated."""
    calls, constant = rows.calls, rows.constant
    waiting = [row for row in outputs if constant[row] is None]
    seen = set(waiting)
    while waiting:
        call = calls[waiting.pop()]
        assert call is not None
        for operand in call[1]:
            if constant[operand] is None and operand not in seen:
                seen.add(operand)
                waiting.append(operand)
    period = rows.period
    return sorted(seen, key=lambda row: (period[row], row))


class Player:
    """The operations that `outputs` need, and what is to be played `beside` them, in the order in which they are
    played."""

    def __init__(
        self,
        rows: Rows,
        periods: int,
        outputs: Iterable[Row],
        homes: Homes = nowhere,
        beside: Iterable[Row] = (),
    ) -> None:
        self.rows = rows
        self.homes = homes
        self.periods = periods
        self.outputs = [row for row in dict.fromkeys(outputs) if rows.constant[row] is None]
        needed = needed_rows(rows, [*self.outputs, *beside])
        self.order = [row for row in needed if self._call(row)[0] is not READ]
        self.given = [row for row in needed if self._call(row)[0] is READ]
        self._bound: dict[int, Bound] = {}
        self._uniforms: Uniforms = {}

    def play(self, width: int, columns: Columns, uniforms: Uniforms) -> Mapping[Row, Any]:
        """The values of the outputs, in buffers that the next block of that width overwrites, and all constants."""
        bound = self._ready(width, columns, uniforms)
        with np.errstate(**AS_THE_ARRAYS):
            for function, operands in bound.steps:
                function(*operands)
        return bound.values

    def show(self, seen: Watcher, width: int, columns: Columns, uniforms: Uniforms) -> Mapping[Row, Any]:
        """The same, and let `seen` look at every row."""
        bound = self._ready(width, columns, uniforms)
        for row in self.given:
            seen.see(row, bound.values[row])
        for row, (function, operands), written in zip(self.order, bound.steps, bound.written, strict=True):
            seen.see_operands(row, self._call(row)[0], operands)
            with np.errstate(**AS_THE_ARRAYS):
                function(*operands)
            seen.see(row, written)
        return bound.values

    def _ready(self, width: int, columns: Columns, uniforms: Uniforms) -> Bound:
        if width not in self._bound:
            if len(self._bound) == WIDTHS_KEPT:
                del self._bound[next(iter(self._bound))]
            self._bound[width] = self._bind(width)
        bound = self._bound[width]
        self._uniforms = uniforms
        for row in self.given:
            bound.values[row][...] = columns[self._call(row)[2]]
        return bound

    # Planning ----------------------------------------------------------------------------------------------------
    def _call(self, row: Row) -> Any:
        return self.rows.calls[row]

    def _bind(self, width: int) -> Bound:
        """Each operation with its operands' buffers and its own."""
        last = self._last_uses()
        free: dict[bool, list[Array]] = {False: [], True: []}
        values: dict[Row, Any] = {
            row: np.asarray(value) for row, value in enumerate(self.rows.constant) if value is not None
        }
        for row in self.given:
            values[row] = np.empty(width)
        steps: list[Step] = []
        written = []
        homes = self.homes(width)
        scratch = Scratch(np.empty(width, dtype=bool), np.empty(width, dtype=np.int64))
        for place, row in enumerate(self.order):
            operation, operands, more = self._call(row)
            flag = self.rows.flag[row]
            leaving = [operand for operand in last.get(place, ()) if self._call(operand)[0] is not WHOLE]
            values_of = [values[operand] for operand in operands]
            ready = operation in _IN_PLACE
            if ready:
                self._let_go(leaving, values, free)
            buffer: Any = None
            if row in homes:
                buffer = homes[row]
            elif operation is WHOLE:
                buffer = np.empty((self.periods, width))
            else:
                pool = free[flag]
                buffer = pool.pop() if pool else np.empty(width, dtype=bool if flag else float)
            steps.append(self._step(operation, values_of, more, buffer, scratch))
            values[row] = buffer
            written.append(buffer)
            if not ready:
                self._let_go(leaving, values, free)
        return Bound(steps, values, written)

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
    def _step(self, operation: op.Operation, operands: list[Any], more: Any, out: Any, scratch: Scratch) -> Step:
        if operation in _IN_PLACE:
            return partial(_IN_PLACE[operation], out=out), tuple(operands)
        if operation in (TO_NUMBER, SPREAD):
            return np.copyto, (out, operands[0])
        if operation is op.WHERE:
            return _where, (*operands, out, scratch.whole)
        if operation is op.GIVEN:
            return _where, (*operands, np.asarray(np.nan), out, scratch.whole)
        if operation is op.RATIO:
            return _ratio, (*operands, out, scratch.truth, scratch.whole)
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


def _where(condition: Array, one: Array, other: Array, out: Array, mask: Any) -> None:
    """By bits: NumPy's masked copy is several times as slow where truth comes and goes from path to path."""
    np.copyto(mask, condition if condition.dtype == bool else condition != 0)
    np.negative(mask, mask)
    bits = out.view(np.int64)
    if other.ndim == 0 and other == 0:
        np.bitwise_and(one.view(np.int64), mask, bits)
        return
    kept = other.view(np.int64)
    np.bitwise_xor(one.view(np.int64), kept, bits)
    np.bitwise_and(bits, mask, bits)
    np.bitwise_xor(bits, kept, bits)


def _ratio(numerator: Array, denominator: Array, out: Array, nothing: Any, mask: Any) -> None:
    """By bits, as above, where a divisor is nothing."""
    np.equal(denominator, 0.0, out=nothing)
    if not nothing.any():
        np.divide(numerator, denominator, out)
        return
    np.add(denominator, nothing, out)
    np.divide(numerator, out, out)
    np.copyto(mask, nothing)
    np.subtract(mask, 1, mask)
    bits = out.view(np.int64)
    np.bitwise_and(bits, mask, bits)


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
