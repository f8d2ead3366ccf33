"""The machine that runs programs, compiled once for all deals by Numba and kept on disk; needs the extra `fast`.

Every operation is NumPy's to the last bit: nothing is reordered, and nothing contracted into other operations.

All registers are one array, and a register is the place at which it begins there. Places and counters are unsigned, so
that nobody has to look whether they count from the end; with views in their place, each operation would count its
references, which takes as long as the work itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sibmodel.lines.codes import Code
from sibmodel.lines.compiling import compiled, is_on_disk
from sibmodel.lines.program import LANES as WIDTH

LANES = np.uint64(WIDTH)
RIGHT, OFF_COURSE, FAILED = 0, 1, 2
"""How a program ends: right in all paths, off course in some, or with an operation that fails in some."""

CODES = 3942107664
"""What stands for the list of codes, and the width of a register, that this file was last changed for: what is on disk
is compiled anew only where this file has changed, so it must change with them. A test says what it is to be."""


@compiled
def play(runs: Any, steps: Any, constants: Any, r: Any, given: Any, out: Any, part: Any, start: Any, place: Any) -> int:
    """Play a program for `LANES` paths: reads `given` `[row, path]` from the path `start` on, and writes `out` `[row,
    path]` from there, and `part` `[row, path]` from the path `place` on.

    `runs` says what to do, and from which step to which; to find that out takes as long as a step or two. `r` are the
    registers. `o` is the register or the row that is written; `a`, `b`, `e` are the registers of the operands, `c`,
    `d`, `f` the constants in their place.
    """
    for run in range(runs.shape[0]):
        code, first, end = np.int64(runs[run, 0]), runs[run, 1], runs[run, 2]
        wrong = 0
        if code == Code.ADD_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = r[a + i] + r[b + i]
        elif code == Code.MULTIPLY_RC:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = r[a + i] * d
        elif code == Code.SUBTRACT_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = r[a + i] - r[b + i]
        elif code == Code.MULTIPLY_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = r[a + i] * r[b + i]
        elif code == Code.ADD_RC:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = r[a + i] + d
        elif code == Code.MINIMUM_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = r[a + i] if r[a + i] < r[b + i] or r[a + i] != r[a + i] else r[b + i]
        elif code == Code.MAXIMUM_RC:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = r[a + i] if r[a + i] > d or r[a + i] != r[a + i] else d
        elif code == Code.SUBTRACT_RC:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = r[a + i] - d
        elif code == Code.SUBTRACT_CR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                c = constants[a]
                for i in range(LANES):
                    r[o + i] = c - r[b + i]
        elif code == Code.NEGATIVE:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                for i in range(LANES):
                    r[o + i] = -r[a + i]
        elif code == Code.MINIMUM_RC:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = r[a + i] if r[a + i] < d or r[a + i] != r[a + i] else d
        elif code == Code.MAXIMUM_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = r[a + i] if r[a + i] > r[b + i] or r[a + i] != r[a + i] else r[b + i]
        elif code == Code.RATIO_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = 0.0 if r[b + i] == 0.0 else r[a + i] / r[b + i]
        elif code == Code.RATIO_CR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                c = constants[a]
                for i in range(LANES):
                    r[o + i] = 0.0 if r[b + i] == 0.0 else c / r[b + i]
        elif code == Code.DIVIDE_RC:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = r[a + i] / d
        elif code == Code.WHERE_RRR:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                for i in range(LANES):
                    r[o + i] = r[b + i] if r[a + i] != 0.0 else r[e + i]
        elif code == Code.WHERE_RRC:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                f = constants[e]
                for i in range(LANES):
                    r[o + i] = r[b + i] if r[a + i] != 0.0 else f
        elif code == Code.WHERE_RCR:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = d if r[a + i] != 0.0 else r[e + i]
        elif code == Code.WHERE_RCC:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                d = constants[b]
                f = constants[e]
                for i in range(LANES):
                    r[o + i] = d if r[a + i] != 0.0 else f
        elif code == Code.EQUAL_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] == r[b + i] else 0.0
        elif code == Code.EQUAL_RC:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] == d else 0.0
        elif code == Code.NOT_EQUAL_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] != r[b + i] else 0.0
        elif code == Code.NOT_EQUAL_RC:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] != d else 0.0
        elif code == Code.LESS_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] < r[b + i] else 0.0
        elif code == Code.LESS_RC:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] < d else 0.0
        elif code == Code.LESS_CR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                c = constants[a]
                for i in range(LANES):
                    r[o + i] = 1.0 if c < r[b + i] else 0.0
        elif code == Code.LESS_EQUAL_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] <= r[b + i] else 0.0
        elif code == Code.LESS_EQUAL_RC:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] <= d else 0.0
        elif code == Code.LESS_EQUAL_CR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                c = constants[a]
                for i in range(LANES):
                    r[o + i] = 1.0 if c <= r[b + i] else 0.0
        elif code == Code.AND_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] != 0.0 and r[b + i] != 0.0 else 0.0
        elif code == Code.OR_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] != 0.0 or r[b + i] != 0.0 else 0.0
        elif code == Code.NOT:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                for i in range(LANES):
                    r[o + i] = 1.0 if r[a + i] == 0.0 else 0.0
        elif code == Code.ABSOLUTE:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                for i in range(LANES):
                    r[o + i] = abs(r[a + i])
        elif code == Code.FLOOR:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                for i in range(LANES):
                    r[o + i] = np.floor(r[a + i])
        elif code == Code.ADD_THEN_ADD:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                for i in range(LANES):
                    r[o + i] = (r[a + i] + r[b + i]) + r[e + i]
        elif code == Code.ADD_THEN_SUBTRACT:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                for i in range(LANES):
                    r[o + i] = (r[a + i] + r[b + i]) - r[e + i]
        elif code == Code.ADD_THEN_SUBTRACTED:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                for i in range(LANES):
                    r[o + i] = r[e + i] - (r[a + i] + r[b + i])
        elif code == Code.ADD_THEN_MULTIPLY_C:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                f = constants[e]
                for i in range(LANES):
                    r[o + i] = (r[a + i] + r[b + i]) * f
        elif code == Code.SUBTRACT_THEN_ADD:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                for i in range(LANES):
                    r[o + i] = (r[a + i] - r[b + i]) + r[e + i]
        elif code == Code.SUBTRACT_THEN_SUBTRACT:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                for i in range(LANES):
                    r[o + i] = (r[a + i] - r[b + i]) - r[e + i]
        elif code == Code.MULTIPLY_THEN_ADD:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                for i in range(LANES):
                    r[o + i] = (r[a + i] * r[b + i]) + r[e + i]
        elif code == Code.MULTIPLY_C_THEN_ADD:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                d = constants[b]
                for i in range(LANES):
                    r[o + i] = (r[a + i] * d) + r[e + i]
        elif code == Code.MULTIPLY_C_THEN_ADD_C:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                d = constants[b]
                f = constants[e]
                for i in range(LANES):
                    r[o + i] = (r[a + i] * d) + f
        elif code == Code.MULTIPLY_C_THEN_SUBTRACTED_C:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                d = constants[b]
                f = constants[e]
                for i in range(LANES):
                    r[o + i] = f - (r[a + i] * d)
        elif code == Code.NEGATIVE_THEN_MAXIMUM_C:
            for k in range(first, end):
                o, a, e = steps[k, 0], steps[k, 1], steps[k, 3]
                f = constants[e]
                for i in range(LANES):
                    r[o + i] = -r[a + i] if -r[a + i] > f or r[a + i] != r[a + i] else f
        elif code == Code.RATIO_THEN_MULTIPLY:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                for i in range(LANES):
                    r[o + i] = (0.0 if r[b + i] == 0.0 else r[a + i] / r[b + i]) * r[e + i]
        elif code == Code.COPY:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                for i in range(LANES):
                    r[o + i] = r[a + i]
        elif code == Code.FILL:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                c = constants[a]
                for i in range(LANES):
                    r[o + i] = c
        elif code == Code.CHECK_LESS_EQUAL_RR:
            for k in range(first, end):
                a, b = steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    wrong += 0 if r[a + i] <= r[b + i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_LESS_EQUAL_RC:
            for k in range(first, end):
                a, b = steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    wrong += 0 if r[a + i] <= d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_LESS_EQUAL_CR:
            for k in range(first, end):
                a, b = steps[k, 1], steps[k, 2]
                c = constants[a]
                for i in range(LANES):
                    wrong += 0 if c <= r[b + i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_EQUAL_RC:
            for k in range(first, end):
                a, b = steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    wrong += 0 if r[a + i] == d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_NOT_EQUAL_RC:
            for k in range(first, end):
                a, b = steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    wrong += 0 if r[a + i] != d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_LESS_RC:
            for k in range(first, end):
                a, b = steps[k, 1], steps[k, 2]
                d = constants[b]
                for i in range(LANES):
                    wrong += 0 if r[a + i] < d else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_LESS_CR:
            for k in range(first, end):
                a, b = steps[k, 1], steps[k, 2]
                c = constants[a]
                for i in range(LANES):
                    wrong += 0 if c < r[b + i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_SUBTRACT_THEN_EQUAL_C:
            for k in range(first, end):
                a, b, e = steps[k, 1], steps[k, 2], steps[k, 3]
                f = constants[e]
                for i in range(LANES):
                    wrong += 0 if r[a + i] - r[b + i] == f else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_C_SUBTRACT_THEN_EQUAL_C:
            for k in range(first, end):
                a, b, e = steps[k, 1], steps[k, 2], steps[k, 3]
                c = constants[a]
                f = constants[e]
                for i in range(LANES):
                    wrong += 0 if c - r[b + i] == f else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_C_SUBTRACT_THEN_LESS_EQUAL:
            for k in range(first, end):
                a, b, e = steps[k, 1], steps[k, 2], steps[k, 3]
                c = constants[a]
                for i in range(LANES):
                    wrong += 0 if c - r[b + i] <= r[e + i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_C_SUBTRACT_THEN_MORE:
            for k in range(first, end):
                a, b, e = steps[k, 1], steps[k, 2], steps[k, 3]
                c = constants[a]
                for i in range(LANES):
                    wrong += 0 if r[e + i] <= c - r[b + i] else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK:
            for k in range(first, end):
                a = steps[k, 1]
                for i in range(LANES):
                    wrong += 0 if r[a + i] != 0.0 else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.CHECK_NOT:
            for k in range(first, end):
                a = steps[k, 1]
                for i in range(LANES):
                    wrong += 0 if r[a + i] == 0.0 else 1
            if wrong > 0:
                return OFF_COURSE
        elif code == Code.MINIMUM_THEN_MINIMUM:
            for k in range(first, end):
                o, a, b, e = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
                for i in range(LANES):
                    less = r[a + i] if r[a + i] < r[b + i] or r[a + i] != r[a + i] else r[b + i]
                    r[o + i] = less if less < r[e + i] or less != less else r[e + i]
        elif code == Code.LOAD:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                for i in range(LANES):
                    r[o + i] = given[a, start + i]
        elif code == Code.STORE:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                for i in range(LANES):
                    out[o, start + i] = r[a + i]
                    wrong += 1 if abs(r[a + i]) == np.inf else 0
        elif code == Code.STORE_CONSTANT:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                c = constants[a]
                for i in range(LANES):
                    out[o, start + i] = c
        elif code == Code.STORE_ROW:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                for i in range(LANES):
                    part[o, place + i] = r[a + i]
                    wrong += 1 if abs(r[a + i]) == np.inf else 0
        elif code == Code.STORE_CONSTANT_ROW:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                c = constants[a]
                for i in range(LANES):
                    part[o, place + i] = c
        elif code == Code.DIVIDE_RR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                for i in range(LANES):
                    r[o + i] = r[a + i] / r[b + i]
                    wrong += 1 if r[b + i] == 0.0 or abs(r[o + i]) == np.inf else 0
        elif code == Code.DIVIDE_CR:
            for k in range(first, end):
                o, a, b = steps[k, 0], steps[k, 1], steps[k, 2]
                c = constants[a]
                for i in range(LANES):
                    r[o + i] = c / r[b + i]
                    wrong += 1 if r[b + i] == 0.0 or abs(r[o + i]) == np.inf else 0
        elif code == Code.SQRT:
            for k in range(first, end):
                o, a = steps[k, 0], steps[k, 1]
                for i in range(LANES):
                    r[o + i] = np.sqrt(r[a + i])
                    wrong += 1 if r[a + i] < 0.0 else 0
        if wrong > 0:
            return FAILED
    return RIGHT


@compiled
def run_part(usual: Any, whole: Any, given: Any, out: Any, part: Any, first: Any, count: Any, off_course: Any) -> int:
    """Run a program for `count` paths from `first` on, `LANES` at a time; where the usual one is off course, the whole
    one in its place.

    Programs are tuples of runs, steps, constants and registers. `part` begins with the path `first`. `off_course`
    counts the times. Gives `FAILED`, or `RIGHT`.
    """
    for place in range(np.uint64(0), np.uint64(count), LANES):
        start = np.uint64(first) + place
        ended = play(usual[0], usual[1], usual[2], usual[3], given, out, part, start, place)
        if ended != RIGHT:
            off_course[0] += 1
            ended = play(whole[0], whole[1], whole[2], whole[3], given, out, part, start, place)
        if ended != RIGHT:
            return FAILED
    return RIGHT


def is_compiled() -> bool:
    """Whether the machine is on disk, compiled by this version of Numba for this processor."""
    return is_on_disk(run_part)
