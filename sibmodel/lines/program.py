"""Row operations as numbers, for a machine that takes them one after the other: a program.

A program works on registers that are a few hundred paths wide. Neither constants nor checks need a register, nor does
what only the next operation needs, where the two are a pair.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from sibmodel.errors import UnknownOperation
from sibmodel.lines import operations as op
from sibmodel.lines.codes import EITHER_WAY, NAMES, PAIRS, SWAPPED, Code
from sibmodel.lines.operations import Operation
from sibmodel.lines.playing import may_fail, needed_rows
from sibmodel.lines.rows import Row, Rows

Codes = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]
Store = tuple[int, bool, Row]
"""The place in which a figure, or (true) a line over time, is written, and the row that is written there."""

WINDOW = 4
"""Periods within which equal operations are brought together."""
LANES = 128
"""Paths in a register: more, and registers leave the fastest memory; fewer, and finding the next step takes longer."""


@dataclass(frozen=True, eq=False)
class Program:
    """`steps` `[step, 4]`: the register or row written, and three operands; `constants` beside them. `runs` `[run, 3]`:
    what to do, and the first step and the end of those in a row in which it is done."""

    runs: Codes
    steps: Codes
    constants: Floats
    room: int
    """How many numbers all registers hold."""


def program(
    rows: Rows,
    given: Mapping[Row, int],
    stores: Iterable[Store],
    checks: Iterable[Row] = (),
) -> Program:
    """The program that writes what is to be stored. `given` rows are read from outside, by their number there.

    Raises UnknownOperation for an operation that no machine takes.
    """
    return _Writing(rows, given, list(stores), list(dict.fromkeys(checks))).program()


def takes(operation: Operation) -> bool:
    """Whether a machine takes the operation."""
    return operation in NAMES or operation in SWAPPED or operation is op.GIVEN


class _Writing:
    def __init__(self, rows: Rows, given: Mapping[Row, int], stores: Sequence[Store], checks: Sequence[Row]) -> None:
        self.rows = rows
        self.given = given
        self.places: dict[Row, list[tuple[int, bool]]] = {}
        for place, timed, row in stores:
            self.places.setdefault(row, []).append((place, timed))
        self.checks = {row for row in checks if rows.constant[row] is None}
        self.never = any(rows.constant[row] is not None and not rows.constant[row] for row in checks)
        self.codes: list[tuple[int, int, int, int, int]] = []
        self.constants: list[float] = []
        self._constant: dict[str, int] = {}
        self._register: dict[Row, int] = {}
        self._free: list[int] = []
        self._leaving: list[int] = []
        self._alone: Row | None = None
        """The row that was just played, where one other row alone needs it."""
        self._registers = 0

    def program(self) -> Program:
        order = self._order()
        uses = self._uses(order)
        for row, places in self.places.items():
            value = self.rows.constant[row]
            if value is not None:
                for place, timed in places:
                    code = Code.STORE_CONSTANT_ROW if timed else Code.STORE_CONSTANT
                    self._write(code, place, self._number(float(value)))
        if self.never:
            register = self._new()
            self._write(Code.FILL, register, self._number(0.0))
            self._write(Code.CHECK, 0, register)
            self._free.append(register)
        for row in order:
            if not (self._only_checked(row, uses) and self._check_at_once(row)):
                self._play(row)
                for place, timed in self.places.get(row, ()):
                    self._write(Code.STORE_ROW if timed else Code.STORE, place, self._register[row])
                if row in self.checks:
                    self._write(Code.CHECK, 0, self._register[row])
            self._alone = row if uses[row] == 1 and row not in self.places and row not in self.checks else None
            # What the first of a pair reads, the pair reads too: one row later, nothing is written there meanwhile.
            self._free += self._leaving
            self._leaving = []
            for operand in {*self._operands(row), row}:
                uses[operand] -= operand != row
                if uses[operand] <= 0 and operand in self._register:
                    self._leaving.append(self._register.pop(operand))
        codes = np.array(self.codes, dtype=np.uint32).reshape(-1, 5)
        begins = np.flatnonzero(np.diff(codes[:, 0], prepend=len(Code)))
        ends = np.append(begins, len(codes))[1:]
        runs = np.stack([codes[begins, 0], begins, ends], axis=1).astype(np.uint32)
        return Program(runs, np.ascontiguousarray(codes[:, 1:]), np.array(self.constants), self._registers * LANES)

    def _order(self) -> list[Row]:
        """The rows to be played. What is given needs nothing."""
        fallible = [row for row in may_fail(self.rows) if row not in self.given]
        wanted = [*self.places, *self.checks, *fallible]
        needed: set[Row] = set()
        waiting = [row for row in wanted if self.rows.constant[row] is None]
        while waiting:
            row = waiting.pop()
            if row not in needed:
                needed.add(row)
                waiting.extend(self._operands(row))
        return self._in_runs([row for row in needed_rows(self.rows, wanted) if row in needed])

    def _in_runs(self, order: list[Row]) -> list[Row]:
        """The same so that equal operations follow one another, within a few periods: in all of them together, too many
        registers would be waiting."""
        uses = self._uses(order)
        units = self._in_pairs(order, uses)
        unit = {row: place for place, rows in enumerate(units) for row in rows}
        codes = [tuple(self._code_of(row, self._only_checked(row, uses)) for row in rows) for rows in units]
        needs = [{unit[o] for row in rows for o in self._operands(row)} - {place} for place, rows in enumerate(units)]
        needed_by: dict[int, list[int]] = {}
        for place, others in enumerate(needs):
            for other in others:
                needed_by.setdefault(other, []).append(place)
        missing = [len(others) for others in needs]
        found: list[Row] = []
        for _, window in groupby(range(len(units)), lambda place: self.rows.period[units[place][-1]] // WINDOW):
            members = set(window)
            ready: dict[Any, list[int]] = {}
            for place in members:
                if not missing[place]:
                    ready.setdefault(codes[place], []).append(place)
            while ready:
                code = max(ready, key=lambda code: len(ready[code]))
                waiting = deque(sorted(ready.pop(code)))
                while waiting:
                    place = waiting.popleft()
                    found += units[place]
                    for other in needed_by.get(place, ()):
                        missing[other] -= 1
                        if not missing[other] and other in members:
                            (waiting if codes[other] == code else ready.setdefault(codes[other], [])).append(other)
        return found

    def _only_checked(self, row: Row, uses: Mapping[Row, int]) -> bool:
        return row in self.checks and row not in self.places and not uses[row]

    def _in_pairs(self, order: list[Row], uses: Mapping[Row, int]) -> list[tuple[Row, ...]]:
        """The same, each row that makes a pair with the only one that needs it together with that: totals over time,
        say, are then added up two periods at a time."""
        user = {operand: row for row in order for operand in self._operands(row)}
        before: dict[Row, Row] = {}
        for row in order:
            alone = uses[row] == 1 and row not in self.places and row not in self.checks and row not in self.given
            if not alone or row in before or user[row] in before:
                continue
            by = user[row]
            if self._makes_a_pair(row, by, self._only_checked(by, uses)):
                before[by] = row
        moved = set(before.values())
        return [(before[row], row) if row in before else (row,) for row in order if row not in moved]

    def _makes_a_pair(self, row: Row, user: Row, checked: bool) -> bool:
        if user in self.given:
            return False
        operands = self._call(user)[1]
        return operands.count(row) == 1 and (
            (self._code_of(row), self._code_of(user, checked), operands.index(row)) in PAIRS
        )

    def _code_of(self, row: Row, checked: bool = False) -> Code | None:
        operation, operands = self._call(row)
        kinds = "".join("r" if self.rows.constant[one] is None else "c" for one in operands)
        name = NAMES.get(operation, "")
        return Code.__members__.get(f"CHECK_{name}_{kinds.upper()}") if checked else self._code(name, kinds)

    def _operands(self, row: Row) -> set[Row]:
        call = self.rows.calls[row]
        if row in self.given or call is None:
            return set()
        return {operand for operand in call[1] if self.rows.constant[operand] is None}

    def _uses(self, order: Sequence[Row]) -> dict[Row, int]:
        uses = dict.fromkeys(order, 0)
        for row in order:
            for operand in self._operands(row):
                uses[operand] += 1
        return uses

    # Registers and constants -------------------------------------------------------------------------------------
    def _new(self) -> int:
        """A register that no operand stands in: a machine reads and writes without looking whether they overlap."""
        if self._free:
            return self._free.pop()
        self._registers += 1
        return (self._registers - 1) * LANES

    def _number(self, value: float) -> int:
        key = value.hex()
        if key not in self._constant:
            self._constant[key] = len(self.constants)
            self.constants.append(value)
        return self._constant[key]

    def _write(self, code: Code, out: int, *operands: int) -> None:
        one, two, three = (*operands, 0, 0, 0)[:3]
        self.codes.append((int(code), out, one, two, three))

    # Operations --------------------------------------------------------------------------------------------------
    def _call(self, row: Row) -> tuple[Operation, tuple[Row, ...]]:
        call: Any = self.rows.calls[row]
        operation, operands = call[0], call[1]
        if operation in SWAPPED:
            return SWAPPED[operation], operands[::-1]
        if operation in EITHER_WAY and self.rows.constant[operands[0]] is not None:
            return operation, operands[::-1]
        return operation, operands

    def _play(self, row: Row) -> None:
        if row in self.given:
            out = self._register[row] = self._new()
            self._write(Code.LOAD, out, self.given[row])
            return
        operation, operands = self._call(row)
        if operation is op.GIVEN:
            operation, operands = op.WHERE, (*operands, -1)
        name = NAMES.get(operation)
        if name is None:
            raise UnknownOperation(f"the engine “numba” does not know the operation {operation.name}.")
        kinds = "".join("c" if one == -1 or self.rows.constant[one] is not None else "r" for one in operands)
        found = self._code(name, kinds)
        if operation is op.DIVIDE and self.rows.constant[operands[1]] == 0:
            found = None  # fails, which the code for a constant does not look for
        if found is None:  # constants where no code takes them
            spread = [self._filled(one) for one in operands]
            out = self._register[row] = self._new()
            self._write(Code[f"{name}_{'R' * len(operands)}" if len(operands) > 1 else name], out, *spread)
            for one, register in zip(operands, spread, strict=True):
                if one not in self._register:
                    self._free.append(register)
            return
        where = [self._place(one) for one in operands]
        if not self._pair(found, row, operands, where):
            out = self._register[row] = self._new()
            self._write(found, out, *where)

    def _code(self, name: str, kinds: str) -> Code | None:
        if kinds == "r":
            return Code.__members__.get(name)
        if kinds == "c":
            return None
        return Code.__members__.get(f"{name}_{kinds.upper()}")

    def _place(self, row: Row) -> int:
        if row == -1:
            return self._number(float("nan"))
        value = self.rows.constant[row]
        return self._register[row] if value is None else self._number(float(value))

    def _filled(self, row: Row) -> int:
        """The register of a row, or a new one full of a constant."""
        if row != -1 and self.rows.constant[row] is None:
            return self._register[row]
        register = self._new()
        self._write(Code.FILL, register, self._place(row))
        return register

    def _check_at_once(self, row: Row) -> bool:
        """Check a comparison that nothing else needs without a register; whether that can be done."""
        operation, operands = self._call(row)
        if operation is op.NOT and self.rows.constant[operands[0]] is None:
            self._write(Code.CHECK_NOT, 0, self._register[operands[0]])
            return True
        name = NAMES.get(operation, "")
        kinds = "".join("R" if self.rows.constant[one] is None else "C" for one in operands)
        code = Code.__members__.get(f"CHECK_{name}_{kinds}")
        if code is None or row in self.given:
            return False
        where = [self._place(one) for one in operands]
        if not self._pair(code, None, operands, where):
            self._write(code, 0, *where)
        return True

    def _pair(self, second: Code, row: Row | None, operands: Sequence[Row], where: Sequence[int]) -> bool:
        """Make one of the operation before and this one, where the two are a pair."""
        if self._alone is None or operands.count(self._alone) != 1:
            return False
        place = operands.index(self._alone)
        before = self.codes[-1]
        pair = PAIRS.get((Code(before[0]), second, place))
        if pair is None:
            return False
        self.codes.pop()
        other = where[1 - place] if len(where) > 1 else 0
        one, two = before[2:4] if pair is not Code.NEGATIVE_THEN_MAXIMUM_C else (before[2], 0)
        out = 0 if row is None else self._new()
        if row is not None:
            self._register[row] = out
        self._write(pair, out, one, two, other)
        return True
