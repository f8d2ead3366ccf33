"""A tape run by a machine that Numba compiles: the same rows as programs, in registers that stay in the fastest memory.

What a machine does not do is done by NumPy beforehand for the whole block: draws, and the logarithms, exponentials and
powers that they or others rest on. The rest is the tape's, to the last bit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sibmodel.errors import UnknownOperation
from sibmodel.lines import operations as op
from sibmodel.lines.aligned import aligned
from sibmodel.lines.arrays import Values
from sibmodel.lines.line import Line
from sibmodel.lines.operations import Array
from sibmodel.lines.playing import Columns, Player, Uniforms, may_fail, width_of
from sibmodel.lines.program import LANES, Program, Store, program, takes
from sibmodel.lines.rows import OVER, READ, SAMPLE, Row
from sibmodel.lines.tape import Tape
from sibmodel.lines.usual import Seen, usual

BEFOREHAND = frozenset((SAMPLE, op.EXP, op.LOG, op.POWER_OF))
"""What NumPy does for the whole block."""
PART = 128
"""Paths that are looked at together: their lines over time stay in the processor's cache."""
SHOWN = 4_096
"""Paths of the first block by which the usual course is learnt."""

Places = npt.NDArray[np.uint32]
See = Callable[[Array, int, int], None]


class Desk(threading.local):
    """What a thread keeps from one block to the next."""

    def __init__(self) -> None:
        self.player: Player | None = None
        self.filled: dict[str, Array] = {}
        self._rooms: dict[Hashable, Array] = {}

    def room(self, name: Hashable, rows: int, width: int) -> Array:
        """An array `[rows, width]`; the one of before where it fits."""
        room = self._rooms.get(name)
        if room is None or room.shape != (rows, width):
            room = self._rooms[name] = aligned(rows, width)
        return room


class Compiled:
    """Runs a tape block after block; several threads may do so at once. The same figures as the tape's.

    Raises UnknownOperation for an operation that the machine does not take, and ModuleNotFoundError without Numba.
    """

    def __init__(self, tape: Tape) -> None:
        from sibmodel.lines import machine

        self.machine = machine
        self.tape = tape
        self.desk = Desk()
        self.off_course = np.zeros(1, dtype=np.int64)
        """How often a register's paths were off course."""
        rows = tape.rows
        beforehand = []
        for row in tape.player.order:
            call = rows.calls[row]
            assert call is not None
            if call[0] in BEFOREHAND:
                beforehand.append(row)
            elif call[0] is not READ and not takes(call[0]):
                name = call[2].of.name if call[0] is OVER else call[0].name
                raise UnknownOperation(
                    f"The engine “numba” does not take the operation {name}, which the line "
                    f"{rows.lines[row].describe()} of {rows.lines[row].section.name} needs. Use the engine “tape”."
                )
        self.columns = tape.player.given
        self.beforehand = beforehand
        self.given = {row: place for place, row in enumerate([*self.columns, *beforehand])}
        self._place()
        self.whole = program(rows, self.given, [one for one in self.stores if rows.constant[one[2]] is None])
        self.usual: Program | None = None

    def _place(self) -> None:
        """Where what is kept is written: figures in rows of their own, lines over time in rows that they share."""
        rows = self.tape.rows
        self.figures: dict[Line, int] = {}
        self.over_time: dict[Line, Places] = {}
        self.stores: list[Store] = []
        self.constants: list[tuple[int, bool, float]] = []
        """Rows that are the same in all paths: the number of each, whether over time, and what stands there."""
        shared: dict[Row, int] = {}
        for line, of in self.tape.kept.of.items():
            if line.timed:
                self.over_time[line] = np.array([shared.setdefault(row, len(shared)) for row in of], dtype=np.uint32)
            else:
                self.figures[line] = len(self.figures)
                self.stores.append((self.figures[line], False, of[0]))
        self.stores += [(place, True, row) for row, place in shared.items()]
        self.nothing = len(shared)
        """A row of zeros, after the others."""
        self.constants.append((self.nothing, True, 0.0))
        for place, timed, row in self.stores:
            value = rows.constant[row]
            if value is not None:
                self.constants.append((place, timed, float(value)))

    def play(self, columns: Columns, uniforms: Uniforms) -> Values:
        """Calculate a block, in arrays that the thread's next block overwrites.

        Raises CalculationError naming the line where an operation fails on the figures.
        """
        width = width_of(columns, uniforms)
        arrays = self.rooms(width)
        values = self.watch(columns, uniforms, lambda *part: self.keep(arrays, *part))
        return self.tape.as_arrays(columns, uniforms) if values is None else self.tape.values({**values, **arrays})

    def rooms(self, width: int) -> dict[Line, Array]:
        """For each line over time an array `[time, path]`, which the thread's next block overwrites."""
        return {line: self.desk.room(line, len(of), width) for line, of in self.over_time.items()}

    def keep(self, arrays: Mapping[Line, Array], part: Array, first: int, count: int) -> None:
        """Put a part that `watch` shows in its place."""
        for line, of in self.over_time.items():
            arrays[line][:, first : first + count] = part[of, :count]

    def watch(self, columns: Columns, uniforms: Uniforms, see: See) -> dict[Line, Array] | None:
        """Calculate a block, and let `see` look at the lines over time part by part, while they are in the
        processor's cache: at rows `[row, path]`, the number of the first path, and how many paths there are.
        `over_time` says which rows are a line's.

        Gives figures without time, as `play` does; None where an operation fails, which the machine cannot name.
        """
        width = width_of(columns, uniforms)
        usual_course = self.usual
        if usual_course is None:
            usual_course = self.usual = self._learn(columns, uniforms)
        try:
            given = self._given(width, columns, uniforms)
        except ArithmeticError:
            return None
        out = self._room("figures", len(self.figures), given.shape[1])
        part = self._room("part", self.nothing + 1, PART)
        usual, whole = self._ready(usual_course, "usual"), self._ready(self.whole, "whole")
        for first in range(0, width, PART):
            count = min(PART, given.shape[1] - first)
            ended = self.machine.run_part(usual, whole, given, out, part, first, count, self.off_course)
            if ended == self.machine.FAILED:
                return None
            see(part, first, min(count, width - first))
        return {line: out[place, :width] for line, place in self.figures.items()}

    def _ready(self, of: Program, name: str) -> tuple[Any, Any, Any, Array]:
        return of.runs, of.steps, of.constants, self.desk.room(name, 1, of.room)[0]

    def _room(self, name: str, rows: int, width: int) -> Array:
        """A room whose constant rows are filled: programs leave these alone."""
        room = self.desk.room(name, rows, width)
        if room is not self.desk.filled.get(name):
            for place, timed, value in self.constants:
                if timed == (name == "part"):
                    room[place] = value
            self.desk.filled[name] = room
        return room

    def _given(self, width: int, columns: Columns, uniforms: Uniforms) -> Array:
        """The rows that the machine reads, filled up to whole registers with the last path."""
        rows = self.tape.rows
        given = self.desk.room("given", len(self.given), -(-width // LANES) * LANES)
        values: Any = {}
        if self.beforehand:
            if self.desk.player is None:
                self.desk.player = Player(rows, self.tape.periods, self.beforehand)
            values = self.desk.player.play(width, columns, uniforms)
        for row, place in self.given.items():
            call: Any = rows.calls[row]
            given[place, :width] = columns[call[2]] if call[0] is READ else values[row]
        given[:, width:] = given[:, width - 1 : width]
        return given

    def _learn(self, columns: Columns, uniforms: Uniforms) -> Program:
        """The program of the usual course, as the first paths of a block show it; the whole one if any fails."""
        tape = self.tape
        player = Player(tape.rows, tape.periods, tape.kept.rows_of_lines, beside=may_fail(tape.rows))
        seen = Seen(tape.rows, player.order)
        width = min(width_of(columns, uniforms), SHOWN)
        some_columns = {cell: column[:width] for cell, column in columns.items()}
        some_uniforms = {draw: numbers[:, :width] for draw, numbers in uniforms.items()}
        try:
            player.show(seen, width, some_columns, some_uniforms)
        except ArithmeticError:
            return self.whole
        short = usual(tape.rows, player.order, [*tape.kept.rows_of_lines, *self.given], seen)
        given = {short.of[row]: place for row, place in self.given.items()}
        stores = [(place, timed, short.of[row]) for place, timed, row in self.stores if tape.rows.constant[row] is None]
        return program(short.rows, given, stores, short.checks)
