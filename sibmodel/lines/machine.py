"""The machine that runs programs, compiled once for all deals by Numba and kept on disk; needs the extra `fast`.

Every operation is NumPy's to the last bit: nothing is reordered, and nothing contracted into other operations.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sibmodel.lines.program import Code

LANES = 256
"""Paths in a register."""
RIGHT, OFF_COURSE, FAILED = 0, 1, 2
"""How a program ends: right in all paths, off course in some, or with an operation that fails in some."""

# Plain numbers are compiled into the machine; members of an enumeration are not.
ADD_RR = int(Code.ADD_RR)
MULTIPLY_RC = int(Code.MULTIPLY_RC)
SUBTRACT_RR = int(Code.SUBTRACT_RR)
MULTIPLY_RR = int(Code.MULTIPLY_RR)
ADD_RC = int(Code.ADD_RC)
MINIMUM_RR = int(Code.MINIMUM_RR)
MAXIMUM_RC = int(Code.MAXIMUM_RC)
SUBTRACT_RC = int(Code.SUBTRACT_RC)
SUBTRACT_CR = int(Code.SUBTRACT_CR)
NEGATIVE = int(Code.NEGATIVE)
MINIMUM_RC = int(Code.MINIMUM_RC)
MAXIMUM_RR = int(Code.MAXIMUM_RR)
RATIO_RR = int(Code.RATIO_RR)
RATIO_CR = int(Code.RATIO_CR)
DIVIDE_RC = int(Code.DIVIDE_RC)
WHERE_RRR = int(Code.WHERE_RRR)
WHERE_RRC = int(Code.WHERE_RRC)
WHERE_RCR = int(Code.WHERE_RCR)
WHERE_RCC = int(Code.WHERE_RCC)
EQUAL_RR = int(Code.EQUAL_RR)
EQUAL_RC = int(Code.EQUAL_RC)
NOT_EQUAL_RR = int(Code.NOT_EQUAL_RR)
NOT_EQUAL_RC = int(Code.NOT_EQUAL_RC)
LESS_RR = int(Code.LESS_RR)
LESS_RC = int(Code.LESS_RC)
LESS_CR = int(Code.LESS_CR)
LESS_EQUAL_RR = int(Code.LESS_EQUAL_RR)
LESS_EQUAL_RC = int(Code.LESS_EQUAL_RC)
LESS_EQUAL_CR = int(Code.LESS_EQUAL_CR)
AND_RR = int(Code.AND_RR)
OR_RR = int(Code.OR_RR)
NOT = int(Code.NOT)
ABSOLUTE = int(Code.ABSOLUTE)
FLOOR = int(Code.FLOOR)
COPY = int(Code.COPY)
FILL = int(Code.FILL)
CHECK_LESS_EQUAL_RR = int(Code.CHECK_LESS_EQUAL_RR)
CHECK_LESS_EQUAL_RC = int(Code.CHECK_LESS_EQUAL_RC)
CHECK_LESS_EQUAL_CR = int(Code.CHECK_LESS_EQUAL_CR)
CHECK_EQUAL_RC = int(Code.CHECK_EQUAL_RC)
CHECK_NOT_EQUAL_RC = int(Code.CHECK_NOT_EQUAL_RC)
CHECK_LESS_RC = int(Code.CHECK_LESS_RC)
CHECK_LESS_CR = int(Code.CHECK_LESS_CR)
CHECK = int(Code.CHECK)
CHECK_NOT = int(Code.CHECK_NOT)
LOAD = int(Code.LOAD)
STORE = int(Code.STORE)
STORE_CONSTANT = int(Code.STORE_CONSTANT)
DIVIDE_RR = int(Code.DIVIDE_RR)
DIVIDE_CR = int(Code.DIVIDE_CR)
SQRT = int(Code.SQRT)


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
        if code == ADD_RR:
            for i in range(LANES):
                o[i] = a[i] + b[i]
        elif code == MULTIPLY_RC:
            for i in range(LANES):
                o[i] = a[i] * d
        elif code == SUBTRACT_RR:
            for i in range(LANES):
                o[i] = a[i] - b[i]
        elif code == MULTIPLY_RR:
            for i in range(LANES):
                o[i] = a[i] * b[i]
        elif code == ADD_RC:
            for i in range(LANES):
                o[i] = a[i] + d
        elif code == MINIMUM_RR:
            for i in range(LANES):
                o[i] = a[i] if a[i] < b[i] or a[i] != a[i] else b[i]
        elif code == MAXIMUM_RC:
            for i in range(LANES):
                o[i] = a[i] if a[i] > d or a[i] != a[i] else d
        elif code == SUBTRACT_RC:
            for i in range(LANES):
                o[i] = a[i] - d
        elif code == SUBTRACT_CR:
            for i in range(LANES):
                o[i] = c - b[i]
        elif code == NEGATIVE:
            for i in range(LANES):
                o[i] = -a[i]
        elif code == MINIMUM_RC:
            for i in range(LANES):
                o[i] = a[i] if a[i] < d or a[i] != a[i] else d
        elif code == MAXIMUM_RR:
            for i in range(LANES):
                o[i] = a[i] if a[i] > b[i] or a[i] != a[i] else b[i]
        elif code == RATIO_RR:
            for i in range(LANES):
                o[i] = 0.0 if b[i] == 0.0 else a[i] / b[i]
        elif code == RATIO_CR:
            for i in range(LANES):
                o[i] = 0.0 if b[i] == 0.0 else c / b[i]
        elif code == DIVIDE_RC:
            for i in range(LANES):
                o[i] = a[i] / d
        elif code == WHERE_RRR:
            for i in range(LANES):
                o[i] = b[i] if a[i] != 0.0 else e[i]
        elif code == WHERE_RRC:
            for i in range(LANES):
                o[i] = b[i] if a[i] != 0.0 else f
        elif code == WHERE_RCR:
            for i in range(LANES):
                o[i] = d if a[i] != 0.0 else e[i]
        elif code == WHERE_RCC:
            for i in range(LANES):
                o[i] = d if a[i] != 0.0 else f
        elif code == EQUAL_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] == b[i] else 0.0
        elif code == EQUAL_RC:
            for i in range(LANES):
                o[i] = 1.0 if a[i] == d else 0.0
        elif code == NOT_EQUAL_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] != b[i] else 0.0
        elif code == NOT_EQUAL_RC:
            for i in range(LANES):
                o[i] = 1.0 if a[i] != d else 0.0
        elif code == LESS_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] < b[i] else 0.0
        elif code == LESS_RC:
            for i in range(LANES):
                o[i] = 1.0 if a[i] < d else 0.0
        elif code == LESS_CR:
            for i in range(LANES):
                o[i] = 1.0 if c < b[i] else 0.0
        elif code == LESS_EQUAL_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] <= b[i] else 0.0
        elif code == LESS_EQUAL_RC:
            for i in range(LANES):
                o[i] = 1.0 if a[i] <= d else 0.0
        elif code == LESS_EQUAL_CR:
            for i in range(LANES):
                o[i] = 1.0 if c <= b[i] else 0.0
        elif code == AND_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] != 0.0 and b[i] != 0.0 else 0.0
        elif code == OR_RR:
            for i in range(LANES):
                o[i] = 1.0 if a[i] != 0.0 or b[i] != 0.0 else 0.0
        elif code == NOT:
            for i in range(LANES):
                o[i] = 1.0 if a[i] == 0.0 else 0.0
        elif code == ABSOLUTE:
            for i in range(LANES):
                o[i] = abs(a[i])
        elif code == FLOOR:
            for i in range(LANES):
                o[i] = np.floor(a[i])
        elif code == COPY:
            for i in range(LANES):
                o[i] = a[i]
        elif code == FILL:
            for i in range(LANES):
                o[i] = c
        elif code == CHECK_LESS_EQUAL_RR:
            for i in range(LANES):
                wrong += 0 if a[i] <= b[i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == CHECK_LESS_EQUAL_RC:
            for i in range(LANES):
                wrong += 0 if a[i] <= d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == CHECK_LESS_EQUAL_CR:
            for i in range(LANES):
                wrong += 0 if c <= b[i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == CHECK_EQUAL_RC:
            for i in range(LANES):
                wrong += 0 if a[i] == d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == CHECK_NOT_EQUAL_RC:
            for i in range(LANES):
                wrong += 0 if a[i] != d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == CHECK_LESS_RC:
            for i in range(LANES):
                wrong += 0 if a[i] < d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == CHECK_LESS_CR:
            for i in range(LANES):
                wrong += 0 if c < b[i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == CHECK:
            for i in range(LANES):
                wrong += 0 if a[i] != 0.0 else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == CHECK_NOT:
            for i in range(LANES):
                wrong += 0 if a[i] == 0.0 else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == LOAD:
            row = given[codes[step, 2]]
            for i in range(LANES):
                o[i] = row[start + i]
        elif code == STORE:
            place = out[codes[step, 1]]
            for i in range(LANES):
                place[start + i] = a[i]
                wrong += 1 if abs(a[i]) == np.inf else 0
        elif code == STORE_CONSTANT:
            place = out[codes[step, 1]]
            for i in range(LANES):
                place[start + i] = c
        elif code == DIVIDE_RR:
            for i in range(LANES):
                o[i] = a[i] / b[i]
                wrong += 1 if b[i] == 0.0 or abs(o[i]) == np.inf else 0
        elif code == DIVIDE_CR:
            for i in range(LANES):
                o[i] = c / b[i]
                wrong += 1 if b[i] == 0.0 or abs(o[i]) == np.inf else 0
        elif code == SQRT:
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
