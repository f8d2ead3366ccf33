"""Why a line is nil: the tests that fail behind it, or the lines from which nothing comes."""

from __future__ import annotations

import numpy as np

from sibmodel.lines.arrays import Values
from sibmodel.lines.explain import Explanation, explain
from sibmodel.lines.line import Input, Line
from sibmodel.lines.order import precedents_of

MOST = 12
"""Causes that are told."""


def is_nothing(line: Line, values: Values, path: int = 0) -> bool:
    """Whether a line is nil: in every period, where it has any."""
    found = values.row(line, path) if line.timed else values.figure(line, path)
    return bool(np.all(np.asarray(found) == 0))


def why_nothing(line: Line, values: Values, path: int = 0) -> tuple[Explanation, ...]:
    """Why a line is nil throughout: the tests that fail behind it, each with what it compares, and what an input of
    nothing makes nil; where there is neither, the lines that are nil although nothing that they come from is.

    Only lines that are nil lead on. Empty for a line that is not nil, and for an input.
    """
    if isinstance(line, Input) or not is_nothing(line, values, path):
        return ()
    tests: list[Line] = []
    ends: list[Line] = []
    seen, waiting = {line}, [line]
    while waiting:
        one = waiting.pop(0)
        if one.definition is not None and one.definition.flag:
            tests.append(one)
            continue
        nil = [other for other in precedents_of(one) if is_nothing(other, values, path)]
        behind = [other for other in nil if not isinstance(other, Input)]
        if not behind:
            (tests if any(other.unit.startswith("£") for other in nil) else ends).append(one)
        waiting += [other for other in behind if other not in seen]
        seen.update(behind)
    found = [one for one in tests or ends if one is not line]
    return tuple(explain(one, values, path=path, depth=1) for one in found[:MOST])
