"""A tape run by a machine that Numba compiles: the same rows as programs, in registers that stay in the fastest memory.

What a machine does not do is done by NumPy beforehand for the whole block: draws, and the logarithms, exponentials and
powers that they or others rest on. The rest is the tape's, to the last bit.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from sibmodel.errors import UnknownOperation
from sibmodel.lines import operations as op
from sibmodel.lines.arrays import Values
from sibmodel.lines.line import Line
from sibmodel.lines.operations import Array
from sibmodel.lines.playing import Columns, Player, Uniforms, may_fail, width_of
from sibmodel.lines.program import Program, program, takes
from sibmodel.lines.rows import OVER, READ, SAMPLE, Row
from sibmodel.lines.tape import Tape
from sibmodel.lines.usual import Seen, usual

BEFOREHAND = frozenset((SAMPLE, op.EXP, op.LOG, op.POWER_OF))
"""What NumPy does for the whole block."""
SHOWN = 4_096
"""Paths of the first block by which the usual course is learnt."""


class Desk(threading.local):
    """What a thread keeps from one block to the next."""

    def __init__(self) -> None:
        self.player: Player | None = None
        self._rooms: dict[str, Array] = {}

    def room(self, name: str, rows: int, width: int) -> Array:
        """An array `[rows, width]`; the one of before where it fits."""
        room = self._rooms.get(name)
        if room is None or room.shape != (rows, width):
            room = self._rooms[name] = np.empty((rows, width))
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
        self.places: dict[Line, int] = {}
        self.stores: list[tuple[int, Row]] = []
        for line, of in tape.kept.of.items():
            self.places[line] = len(self.stores)
            self.stores += list(enumerate(of, start=len(self.stores)))
        self.whole = program(rows, self.given, self.stores)
        self.usual: Program | None = None

    def play(self, columns: Columns, uniforms: Uniforms) -> Values:
        """Calculate a block, in arrays that the thread's next block overwrites.

        Raises CalculationError naming the line where an operation fails on the figures.
        """
        width = width_of(columns, uniforms)
        usual_course = self.usual
        if usual_course is None:
            usual_course = self.usual = self._learn(columns, uniforms)
        try:
            given = self._given(width, columns, uniforms)
        except ArithmeticError:
            return self.tape.as_arrays(columns, uniforms)
        out = self.desk.room("out", len(self.stores), given.shape[1])
        ended = self.machine.run_all(
            self._ready(usual_course, "usual"), self._ready(self.whole, "whole"), given, out, self.off_course
        )
        if ended == self.machine.FAILED:
            return self.tape.as_arrays(columns, uniforms)
        arrays = {}
        for line, place in self.places.items():
            of = out[place : place + len(self.tape.kept.of[line]), :width]
            arrays[line] = of if line.timed else of[0]
        return self.tape.values(arrays)

    def _ready(self, of: Program, name: str) -> tuple[Any, Any, Array]:
        return of.codes, of.constants, self.desk.room(name, of.registers, self.machine.LANES)

    def _given(self, width: int, columns: Columns, uniforms: Uniforms) -> Array:
        """The rows that the machine reads, filled up to whole registers with the last path."""
        lanes = self.machine.LANES
        rows = self.tape.rows
        given = self.desk.room("given", len(self.given), -(-width // lanes) * lanes)
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
        stores = [(place, short.of[row]) for place, row in self.stores]
        return program(short.rows, given, stores, short.checks)
