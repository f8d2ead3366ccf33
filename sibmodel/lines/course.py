"""A tape played by its usual course: the shorter plan for most paths, the whole plan for the few others."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sibmodel.errors import CalculationError
from sibmodel.lines.arrays import Values
from sibmodel.lines.kept import Kept
from sibmodel.lines.line import Line
from sibmodel.lines.operations import OPERATIONS, Array
from sibmodel.lines.playing import Columns, Player, Uniforms, may_fail, width_of
from sibmodel.lines.rows import INTERNAL, OVER
from sibmodel.lines.tape import Tape
from sibmodel.lines.usual import Seen, Usual, usual

Paths = npt.NDArray[np.intp]

SHOWN_AT = (0, 40)
"""The blocks from which the usual course is learnt: the first, and in a long run another one."""
FEW = (64, 512)
"""Paths off the usual course are played together, filled up to one of these numbers."""


class Course:
    """Plays a tape block after block. The same figures as the tape's, whatever the blocks before."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.seen = Seen(tape.rows, tape.player.order)
        self.played = 0
        self.off_course = 0
        """Paths so far that the shorter plan was not right for."""
        self.usual: Usual | None = None
        self._changed: set[int] = set()
        self._in_company = any(_of_others(tape.rows.calls[row]) for row in tape.player.order)

    def play(self, columns: Columns, uniforms: Uniforms) -> Values:
        """Calculate a block, in arrays that the next block overwrites.

        Raises CalculationError naming the line where an operation fails on the figures.
        """
        number, self.played = self.played, self.played + 1
        width = width_of(columns, uniforms)
        try:
            if number in SHOWN_AT or self.usual is None:
                return self._learn(width, columns, uniforms)
            return self._play(width, columns, uniforms)
        except (ArithmeticError, CalculationError):  # the whole plan says whether anything is wrong
            return self.tape.play(columns, uniforms)

    def _learn(self, width: int, columns: Columns, uniforms: Uniforms) -> Values:
        whole = self.tape.player
        rows = whole.show(self.seen, width, columns, uniforms)
        self.usual = usual(self.tape.rows, whole.order, self.tape.kept.rows_of_lines, self.seen)
        of = {line: [self.usual.of[row] for row in rows] for line, rows in self.tape.kept.of.items()}
        self.kept = Kept(of, self.usual.rows)
        self._changed.clear()
        asked_for = [*self.kept.rows_of_lines, self.usual.holds]
        fallible = may_fail(self.usual.rows)
        self.player = Player(self.usual.rows, self.tape.periods, asked_for, self.kept.homes, fallible)
        return self.tape.values(self.tape.kept.arrays(width, rows))

    def _play(self, width: int, columns: Columns, uniforms: Uniforms) -> Values:
        assert self.usual is not None
        if width in self._changed:
            self.kept.restore(width)
            self._changed.discard(width)
        rows = self.player.play(width, columns, uniforms)
        arrays = self.kept.arrays(width, rows)
        off = np.flatnonzero(~np.broadcast_to(rows[self.usual.holds], width))
        if off.size:
            self.off_course += off.size
            if self._in_company:
                return self.tape.play(columns, uniforms)
            self._changed.add(width)
            self.kept.put_right(width, off, self._again(off, width, columns, uniforms))
        return self.tape.values(arrays)

    def _again(self, off: Paths, width: int, columns: Columns, uniforms: Uniforms) -> dict[Line, Array]:
        """The kept lines in the paths `off` the usual course, by the whole plan."""
        room = next((few for few in FEW if off.size <= few), width)
        chosen = np.resize(off, max(room, off.size))
        values = self.tape.play(
            {cell: column[chosen] for cell, column in columns.items()},
            {draw: numbers[:, chosen] for draw, numbers in uniforms.items()},
        )
        return {line: values[line][..., : off.size] for line in self.kept.of}


def _of_others(call: Any) -> bool:
    """Whether an operation is not of the language: a rate of return, say, whose last bit depends on the other paths."""
    operation, _, more = call
    return (more.of if operation is OVER else operation) not in (*OPERATIONS, *INTERNAL)
