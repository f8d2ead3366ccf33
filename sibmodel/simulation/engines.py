"""Engines: what calculates the blocks of a simulation. Each gives the same figures; they differ in speed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Literal, Protocol

import numpy as np

from sibmodel.errors import NotFoundError, UnknownOperation
from sibmodel.lines import Course, Draw, Input, Line, Plan, Tape, Values
from sibmodel.metrics import Rates, irr, irr_is_compiled
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
WORTH_A_MACHINE = 262_144
"""From so many paths on, fetching the compiled machine from disk takes less time than it saves."""
WORTH_COMPILING = 10_000_000
"""From so many paths on, compiling the machine for the first time does."""

Columns = Mapping[Input, Floats]
Uniforms = Mapping[Draw, Floats]
Calculate = Callable[[Columns, Uniforms], Values]


class WithRates(Protocol):
    """Calculates as `calculate` does, and the rates of return of flows."""

    def __call__(
        self, columns: Columns, uniforms: Uniforms, paths: int, over_time: bool = True
    ) -> tuple[Mapping[Line, Floats], dict[Line, Rates]]:
        """What is kept, and the rates of each flow in the first so many paths. Lines over time may be missing where
        they are not asked for."""


@dataclass(frozen=True)
class Engine:
    """`calculate` takes columns `[path]` and uniform numbers `[uniforms, path]` of `at_once` paths, and gives what is
    kept of them, in arrays that the next call may overwrite. One thread may use it at a time."""

    name: EngineName
    calculate: Calculate
    at_once: int
    with_rates: WithRates
    """The same rates from each."""


def engine_of(
    model: Model,
    keep: Sequence[Line],
    paths: int,
    name: EngineName | None = None,
    uncertain: Iterable[Input] = (),
    flows: Sequence[Line] = (),
) -> Engine:
    """An engine for so many paths of the model: the fastest one, unless told. `uncertain` are inputs that are given
    columns beside those that the deal is uncertain of; `flows`, among the lines to keep, are monthly flows whose rates
    of return are asked for.

    Raises ValueError for an engine that does not exist, NotFoundError for one that is not installed, and
    UnknownOperation for one that was asked for and does not take an operation of the model.
    """
    periods = model.book.periods
    if name not in (None, *ENGINES):
        raise ValueError(f"There is no engine “{name}”. There are: {', '.join(ENGINES)}.")
    if name == "arrays" or (name is None and paths < WORTH_A_TAPE):
        plan = Plan(keep, keep)
        return _in_numpy("arrays", partial(plan.evaluate, periods), CALCULATED_AT_ONCE, flows)
    tape = Tape(keep, periods, {*uncertain, *(one.cell for one in model.uncertain)}, model.book.draws, keep)
    if name == "numba":
        return _in_machine_code(tape, _played_at_once(paths), flows)
    if name is None and _machine_pays(paths):
        try:
            return _in_machine_code(tape, BLOCK, flows)
        except UnknownOperation:  # the tape takes every operation
            pass
    play = Course(tape).play if paths >= WORTH_A_COURSE else tape.play
    return _in_numpy("tape", play, _played_at_once(paths), flows)


def _in_numpy(name: EngineName, calculate: Calculate, at_once: int, flows: Sequence[Line]) -> Engine:
    def with_rates(
        columns: Columns, uniforms: Uniforms, paths: int, over_time: bool = True
    ) -> tuple[Mapping[Line, Floats], dict[Line, Rates]]:
        values = calculate(columns, uniforms)
        return values, rates_of(values, flows, paths)

    return Engine(name, calculate, at_once, with_rates)


def rates_of(values: Mapping[Line, Floats], flows: Sequence[Line], paths: int) -> dict[Line, Rates]:
    """The rates of return of each flow in the first so many paths, all in one go."""
    if not flows:
        return {}
    if len(flows) == 1 and values[flows[0]].shape[1] > 1:
        return {flows[0]: irr(values[flows[0]][:, :paths])}
    side_by_side = np.empty((len(values[flows[0]]), len(flows), paths))
    for place, flow in enumerate(flows):
        side_by_side[:, place] = values[flow][:, :paths]  # one that nothing uncertain reaches is the same in all
    rates = irr(side_by_side.reshape(len(side_by_side), -1))
    by_flow = zip(rates.rate.reshape(-1, paths), rates.status.reshape(-1, paths), strict=True)
    return {flow: Rates(rate, status) for flow, (rate, status) in zip(flows, by_flow, strict=True)}


def _in_machine_code(tape: Tape, at_once: int, flows: Sequence[Line]) -> Engine:
    if find_spec("numba") is None:
        raise NotFoundError(
            'The engine “numba” needs Numba, which is not installed. Install it by: pip install "sibmodel[fast]". Or '
            "leave --engine out: the figures are the same."
        )
    from sibmodel.simulation.machined import Machined

    machined = Machined(tape, flows)
    return Engine("numba", machined.calculate, at_once, machined.with_rates)


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
