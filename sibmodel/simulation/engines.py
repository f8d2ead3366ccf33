"""Engines: what calculates the blocks of a simulation. Each gives the same figures; they differ in speed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sibmodel.lines import Course, Draw, Input, Line, Plan, Tape, Values
from sibmodel.model import Model
from sibmodel.simulation.paths import CALCULATED_AT_ONCE, Floats
from sibmodel.simulation.streams import BLOCK

EngineName = Literal["tape", "arrays"]
ENGINES: tuple[EngineName, ...] = ("tape", "arrays")
"""`tape` plans first and is then some four times as fast. `arrays` is the reference, and needs no plan."""

WORTH_A_TAPE = 4_096
"""From so many paths on, planning the tape takes less time than it saves."""
FEW_PATHS = 32_768
"""Up to so many, the tape is played in smaller parts: the last part is played whole, though few of its paths are
wanted."""
PART_OF_FEW = 2_048
WORTH_A_COURSE = 131_072
"""From so many paths on, learning the usual course of the tape takes less time than it saves."""


@dataclass(frozen=True)
class Engine:
    """`calculate` takes columns `[path]` and uniform numbers `[uniforms, path]` of `at_once` paths, and gives what is
    kept of them, in arrays that the next call may overwrite."""

    calculate: Callable[[Mapping[Input, Floats], Mapping[Draw, Floats]], Values]
    at_once: int


def engine_of(model: Model, keep: Sequence[Line], paths: int, name: EngineName | None = None) -> Engine:
    """An engine for so many paths of the model: the faster one, unless told.

    Raises ValueError for an engine that does not exist.
    """
    periods = model.book.periods
    if name is None:
        name = "tape" if paths >= WORTH_A_TAPE else "arrays"
    if name == "tape":
        tape = Tape(keep, periods, [one.cell for one in model.uncertain], model.book.draws, keep)
        play = Course(tape).play if paths >= WORTH_A_COURSE else tape.play
        return Engine(play, _played_at_once(paths))
    if name == "arrays":
        plan = Plan(keep, keep)
        return Engine(lambda columns, draws: plan.evaluate(periods, columns, draws), CALCULATED_AT_ONCE)
    raise ValueError(f"There is no engine “{name}”. There are: {', '.join(ENGINES)}.")


def _played_at_once(paths: int) -> int:
    """Each row operation costs the same effort once more for every part; a large part wastes more at the end."""
    if paths <= CALCULATED_AT_ONCE:
        return CALCULATED_AT_ONCE
    return PART_OF_FEW if paths <= FEW_PATHS else BLOCK
