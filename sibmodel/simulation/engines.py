"""Engines: what calculates the blocks of a simulation. Each gives the same figures; they differ in speed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from sibmodel.errors import NotFoundError, UnknownOperation
from sibmodel.lines import Course, Draw, Input, Line, Plan, Tape, Values
from sibmodel.metrics import Rates, compiled_irr, irr, irr_is_compiled
from sibmodel.model import Model
from sibmodel.simulation.paths import CALCULATED_AT_ONCE, Floats
from sibmodel.simulation.streams import BLOCK

EngineName = Literal["tape", "arrays", "numba"]
ENGINES: tuple[EngineName, ...] = ("tape", "arrays", "numba")
"""`arrays` is the reference, and needs no plan. `tape` plans first, and is then many times as fast. `numba` runs the
tape's plan on a compiled machine; it needs the extra `fast`."""

WORTH_A_TAPE = 4_096
"""From so many paths on, planning the tape takes less time than it saves."""
FEW_PATHS = 32_768
"""Up to so many, the tape is played in smaller parts: the last part is played whole, though few of its paths are
wanted."""
PART_OF_FEW = 2_048
WORTH_A_COURSE = 131_072
"""From so many paths on, learning the usual course of the tape takes less time than it saves."""
WORTH_A_MACHINE = 1_000_000
"""From so many paths on, fetching the compiled machine from disk takes less time than it saves."""
WORTH_COMPILING = 40_000_000
"""From so many paths on, compiling the machine for the first time does."""

Calculate = Callable[[Mapping[Input, Floats], Mapping[Draw, Floats]], Values]
Solve = Callable[[Floats], Rates]
"""Rates of return of monthly flows [time, path]."""


@dataclass(frozen=True)
class Engine:
    """`calculate` takes columns `[path]` and uniform numbers `[uniforms, path]` of `at_once` paths, and gives what is
    kept of them, in arrays that the next call may overwrite. One thread may use it at a time."""

    name: EngineName
    calculate: Calculate
    at_once: int
    irr: Solve = irr
    """The same rates from each."""


def engine_of(
    model: Model,
    keep: Sequence[Line],
    paths: int,
    name: EngineName | None = None,
    uncertain: Iterable[Input] = (),
) -> Engine:
    """An engine for so many paths of the model: the fastest one, unless told. `uncertain` are inputs that are given
    columns beside those that the deal is uncertain of.

    Raises ValueError for an engine that does not exist, NotFoundError for one that is not installed, and
    UnknownOperation for one that was asked for and does not take an operation of the model.
    """
    periods = model.book.periods
    if name not in (None, *ENGINES):
        raise ValueError(f"There is no engine “{name}”. There are: {', '.join(ENGINES)}.")
    if name == "arrays" or (name is None and paths < WORTH_A_TAPE):
        plan = Plan(keep, keep)
        return Engine("arrays", lambda columns, draws: plan.evaluate(periods, columns, draws), CALCULATED_AT_ONCE)
    tape = Tape(keep, periods, {*uncertain, *(one.cell for one in model.uncertain)}, model.book.draws, keep)
    if name == "numba":
        return Engine("numba", _compiled(tape), _played_at_once(paths), compiled_irr)
    if name is None and _machine_pays(paths):
        try:
            return Engine("numba", _compiled(tape), BLOCK, compiled_irr)
        except UnknownOperation:  # the tape takes every operation
            pass
    play = Course(tape).play if paths >= WORTH_A_COURSE else tape.play
    return Engine("tape", play, _played_at_once(paths))


def _compiled(tape: Tape) -> Calculate:
    if find_spec("numba") is None:
        raise NotFoundError(
            'The engine “numba” needs Numba, which is not installed. Install it by: pip install "sibmodel[fast]". Or '
            "leave --engine out: the figures are the same."
        )
    from sibmodel.lines.compiled import Compiled

    return Compiled(tape).play


def _machine_pays(paths: int) -> bool:
    """Whether the compiled machine saves more time than it takes to fetch it, or to compile it for the first time."""
    if paths < WORTH_A_MACHINE or find_spec("numba") is None:
        return False
    if paths >= WORTH_COMPILING:
        return True
    from sibmodel.lines.machine import is_compiled

    return is_compiled() and irr_is_compiled()


def _played_at_once(paths: int) -> int:
    """Each row operation costs the same effort once more for every part; a large part wastes more at the end."""
    if paths <= CALCULATED_AT_ONCE:
        return CALCULATED_AT_ONCE
    return PART_OF_FEW if paths <= FEW_PATHS else BLOCK
