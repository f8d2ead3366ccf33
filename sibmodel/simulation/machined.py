"""Blocks in machine code: the model and its rates of return part by part, while a part is in the processor's cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sibmodel.lines import Draw, Input, Line, Tape, Values
from sibmodel.lines.compiled import Compiled
from sibmodel.lines.playing import width_of
from sibmodel.metrics import Rates
from sibmodel.metrics.irr import rates_of_parts
from sibmodel.simulation.engines import rates_of
from sibmodel.simulation.paths import Floats


class Machined:
    """A tape on the compiled machine, and the rates of return of `flows`. Several threads may use it at once.

    Raises UnknownOperation for an operation that the machine does not take, and ModuleNotFoundError without Numba.
    """

    def __init__(self, tape: Tape, flows: Sequence[Line]) -> None:
        from sibmodel.metrics._parts import Parts

        self._parts = Parts
        self.compiled = Compiled(tape)
        self.flows = flows
        self.uncertain = [flow for flow in flows if flow in self.compiled.over_time]
        self.where = np.array([self.compiled.over_time[flow] for flow in self.uncertain])

    def calculate(self, columns: Mapping[Input, Floats], uniforms: Mapping[Draw, Floats]) -> Values:
        """What is kept, in arrays that the thread's next block overwrites."""
        return self.compiled.play(columns, uniforms)

    def with_rates(
        self, columns: Mapping[Input, Floats], uniforms: Mapping[Draw, Floats], paths: int, over_time: bool = True
    ) -> tuple[Mapping[Line, Floats], dict[Line, Rates]]:
        """The same with the rates of each flow in the first so many paths; without lines over time unless asked for."""
        compiled, width = self.compiled, width_of(columns, uniforms)
        if not self.uncertain:
            values = self.calculate(columns, uniforms)
            return values, rates_of(values, self.flows, paths)
        parts = self._parts(self.where, compiled.nothing, width)
        rooms = compiled.rooms(width) if over_time else {}

        def see(rows: Floats, first: int, count: int) -> None:
            parts.see(rows, first, count)
            if over_time:
                compiled.keep(rooms, rows, first, count)

        figures = compiled.watch(columns, uniforms, see)
        if figures is None:
            every = compiled.tape.as_arrays(columns, uniforms)
            return every, rates_of(every, self.flows, paths)
        found = compiled.tape.values({**figures, **rooms})
        rates = dict(zip(self.uncertain, rates_of_parts(parts), strict=True))
        certain = [flow for flow in self.flows if flow not in rates]
        first = {flow: Rates(one.rate[:paths], one.status[:paths]) for flow, one in rates.items()}
        return found, {**first, **rates_of(found, certain, paths)}
