"""The machine that runs programs, compiled once for all deals by Numba and kept on disk; needs the extra `fast`.

Every operation is NumPy's to the last bit: nothing is reordered, and nothing contracted into other operations.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sibmodel.lines.codes import Code

LANES = 256
"""Paths in a register."""
RIGHT, OFF_COURSE, FAILED = 0, 1, 2
"""How a program ends: right in all paths, off course in some, or with an operation that fails in some."""

CODES = 1375132461
"""What stands for the list of codes that this file was last changed for: what is on disk is compiled anew only where
this file has changed, so it must change with them. A test says what it is to be."""


def _compiled(function: Any) -> Any:
    """The function, compiled when it is first called and kept on disk: beside this file or, where nothing can be
    written there, in the user's own cache (as Numba says, in NUMBA_CACHE_DIR where that is set). Where there is
    neither, it is compiled anew in every process."""
    try:
        return njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        return njit(nogil=True, error_model="numpy")(function)


@_compiled
def run(codes: Any, constants: Any, registers: Any, given: Any, out: Any, start: int) -> int:
    """Run a program for `LANES` paths from `start` on: reads `given` `[row, path]` and writes `out` `[place, path]`.

    `a`, `b`, `e` are the registers of the operands, `c`, `d`, `f` the constants in their place.
    """
    for step in range(codes.shape[0]):
        code = codes[step, 0]
        o = registers[codes[step, 1]]
        a, b, e = registers[codes[step, 2]], registers[codes[step, 3]], registers[codes[step, 4]]
        c, d, f = constants[codes[step, 2]], constants[codes[step, 3]], constants[codes[step, 4]]
        wrong = 0
        if code == Code.ADD_RR:
            for i in range(LANES):
                o[i] = a[i] + b[i]
        elif code == Code.MULTIPLY_RC:
            for i in range(LANES):
                o[i] = a[i] * d
        elif code == Code.SUBTRACT_RR:
            for i in range(LANES):
                o[i] = a[i] - b[i]
        elif code == Code.MULTIPLY_RR:
            for i in range(LANES):
                o[i] = a[i] * b[i]
        elif code == Code.ADD_RC:
            for i in range(LANES):
                o[i] = a[i] + d
        elif code == Code.MINIMUM_RR:
            for i in range(LANES):
                o[i] = a[i] if a[i] < b[i] or a[i] != a[i] else b[i]
        elif code == Code.MAXIMUM_RC:
            for i in range(LANES):
                o[i] = a[i] if a[i] > d or a[i] != a[i] else d
        elif code == Code.SUBTRACT_RC:
            for i in range(LANES):
                o[i] = a[i] - d
        elif code == Code.SUBTRACT_CR:
            for i in range(LANES):
                o[i] = c - b[i]
        elif code == Code.NEGATIVE:
            for i in range(LANES):
                o[i] = -a[i]
        elif code == Code.MINIMUM_RC:
            for i in range(LANES):
                o[i] = a[i] if a[i] < d or a[i] != a[i] else d
        elif code == Code.MAXIMUM_RR:
            for i in range(LANES):
                o[i] = a[i] if a[i] > b[i] or a[i] != a[i] else b[i]
        elif code == Code.RATIO_RR:
            for i in range(LANES):
                o[i] = 0.0 if b[i] == 0.0 else a[i] / b[i]
        elif code == Code.RATIO_CR:
            for i in range(LANES):
                o[i] = 0.0 if b[i] == 0.0 else c / b[i]
        elif code == Code.DIVIDE_RC:
            for i in range(LANES):
                o[i] = a[i] / d
        elif code == Code.WHERE_RRR:
            for i in range(LANES):
                o[i] = b[i] if a[i] != 0.0 else e[i]
        elif code == Code.WHERE_RRC:
            for i in range(LANES):
                o[i] = b[i] if a[i] != 0.0 else f
        elif code == Code.WHERE_RCR:
            for i in range(LANES):
                o[i] = d if a[i] != 0.0 else e[i]
        elif code == Code.WHERE_RCC:
            for i in range(LANES):
                o[i] = d if a[i] != 0.0 else f
        elif code == Code.EQUAL_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] == b[i] else 0.0
        elif code == Code.EQUAL_RC:
            for i in range(LANES):
                o[i] = 1.0 if a[i] == d else 0.0
        elif code == Code.NOT_EQUAL_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] != b[i] else 0.0
        elif code == Code.NOT_EQUAL_RC:
            for i in range(LANES):
                o[i] = 1.0 if a[i] != d else 0.0
        elif code == Code.LESS_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] < b[i] else 0.0
        elif code == Code.LESS_RC:
            for i in range(LANES):
                o[i] = 1.0 if a[i] < d else 0.0
        elif code == Code.LESS_CR:
            for i in range(LANES):
                o[i] = 1.0 if c < b[i] else 0.0
        elif code == Code.LESS_EQUAL_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] <= b[i] else 0.0
        elif code == Code.LESS_EQUAL_RC:
            for i in range(LANES):
                o[i] = 1.0 if a[i] <= d else 0.0
        elif code == Code.LESS_EQUAL_CR:
            for i in range(LANES):
                o[i] = 1.0 if c <= b[i] else 0.0
        elif code == Code.AND_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] != 0.0 and b[i] != 0.0 else 0.0
        elif code == Code.OR_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] != 0.0 or b[i] != 0.0 else 0.0
        elif code == Code.NOT:
            for i in range(LANES):
                o[i] = 1.0 if a[i] == 0.0 else 0.0
        elif code == Code.ABSOLUTE:
            for i in range(LANES):
                o[i] = abs(a[i])
        elif code == Code.FLOOR:
            for i in range(LANES):
                o[i] = np.floor(a[i])
        elif code == Code.ADD_THEN_ADD:
            for i in range(LANES):
                o[i] = (a[i] + b[i]) + e[i]
        elif code == Code.ADD_THEN_SUBTRACT:
            for i in range(LANES):
                o[i] = (a[i] + b[i]) - e[i]
        elif code == Code.ADD_THEN_SUBTRACTED:
            for i in range(LANES):
                o[i] = e[i] - (a[i] + b[i])
        elif code == Code.ADD_THEN_MULTIPLY_C:
            for i in range(LANES):
                o[i] = (a[i] + b[i]) * f
        elif code == Code.SUBTRACT_THEN_ADD:
            for i in range(LANES):
                o[i] = (a[i] - b[i]) + e[i]
        elif code == Code.SUBTRACT_THEN_SUBTRACT:
            for i in range(LANES):
                o[i] = (a[i] - b[i]) - e[i]
        elif code == Code.MULTIPLY_THEN_ADD:
            for i in range(LANES):
                o[i] = (a[i] * b[i]) + e[i]
        elif code == Code.MULTIPLY_C_THEN_ADD:
            for i in range(LANES):
                o[i] = (a[i] * d) + e[i]
        elif code == Code.MULTIPLY_C_THEN_ADD_C:
            for i in range(LANES):
                o[i] = (a[i] * d) + f
        elif code == Code.MULTIPLY_C_THEN_SUBTRACTED_C:
            for i in range(LANES):
                o[i] = f - (a[i] * d)
        elif code == Code.NEGATIVE_THEN_MAXIMUM_C:
            for i in range(LANES):
                o[i] = -a[i] if -a[i] > f or a[i] != a[i] else f
        elif code == Code.RATIO_THEN_MULTIPLY:
            for i in range(LANES):
                o[i] = (0.0 if b[i] == 0.0 else a[i] / b[i]) * e[i]
        elif code == Code.COPY:
            for i in range(LANES):
                o[i] = a[i]
        elif code == Code.FILL:
            for i in range(LANES):
                o[i] = c
        elif code == Code.CHECK_LESS_EQUAL_RR:
            for i in range(LANES):
                wrong += 0 if a[i] <= b[i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_LESS_EQUAL_RC:
            for i in range(LANES):
                wrong += 0 if a[i] <= d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_LESS_EQUAL_CR:
            for i in range(LANES):
                wrong += 0 if c <= b[i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_EQUAL_RC:
            for i in range(LANES):
                wrong += 0 if a[i] == d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_NOT_EQUAL_RC:
            for i in range(LANES):
                wrong += 0 if a[i] != d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_LESS_RC:
            for i in range(LANES):
                wrong += 0 if a[i] < d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_LESS_CR:
            for i in range(LANES):
                wrong += 0 if c < b[i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_SUBTRACT_THEN_EQUAL_C:
            for i in range(LANES):
                wrong += 0 if a[i] - b[i] == f else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_C_SUBTRACT_THEN_EQUAL_C:
            for i in range(LANES):
                wrong += 0 if c - b[i] == f else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_C_SUBTRACT_THEN_LESS_EQUAL:
            for i in range(LANES):
                wrong += 0 if c - b[i] <= e[i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_C_SUBTRACT_THEN_MORE:
            for i in range(LANES):
                wrong += 0 if e[i] <= c - b[i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK:
            for i in range(LANES):
                wrong += 0 if a[i] != 0.0 else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_NOT:
            for i in range(LANES):
                wrong += 0 if a[i] == 0.0 else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.MINIMUM_THEN_MINIMUM:
            for i in range(LANES):
                less = a[i] if a[i] < b[i] or a[i] != a[i] else b[i]
                o[i] = less if less < e[i] or less != less else e[i]
        elif code == Code.LOAD:
            row = given[codes[step, 2]]
            for i in range(LANES):
                o[i] = row[start + i]
        elif code == Code.STORE:
            place = out[codes[step, 1]]
            for i in range(LANES):
                place[start + i] = a[i]
                wrong += 1 if abs(a[i]) == np.inf else 0
        elif code == Code.STORE_CONSTANT:
            place = out[codes[step, 1]]
            for i in range(LANES):
                place[start + i] = c
        elif code == Code.DIVIDE_RR:
            for i in range(LANES):
                o[i] = a[i] / b[i]
                wrong += 1 if b[i] == 0.0 or abs(o[i]) == np.inf else 0
        elif code == Code.DIVIDE_CR:
            for i in range(LANES):
                o[i] = c / b[i]
                wrong += 1 if b[i] == 0.0 or abs(o[i]) == np.inf else 0
        elif code == Code.SQRT:
            for i in range(LANES):
                o[i] = np.sqrt(a[i])
                wrong += 1 if a[i] < 0.0 else 0
        if wrong > 0:
            return FAILED
    return RIGHT


@_compiled
def run_all(usual: Any, whole: Any, given: Any, out: Any, off_course: Any) -> int:
    """Run a program for all paths, `LANES` at a time; where the usual one is off course, the whole one in its place.

    Programs are tuples of codes, constants and registers. `off_course` counts the times. Gives `FAILED`, or `RIGHT`.
    """
    for start in range(0, given.shape[1], LANES):
        ended = run(usual[0], usual[1], usual[2], given, out, start)
        if ended != RIGHT:
            off_course[0] += 1
            ended = run(whole[0], whole[1], whole[2], given, out, start)
        if ended != RIGHT:
            return FAILED
    return RIGHT


def is_compiled() -> bool:
    """Whether the machine is on disk, compiled by this version of Numba for this processor."""
    try:
        return bool(run_all._cache._cache_file._load_index())
    except AttributeError:  # no cache here, or another Numba's
        return False
