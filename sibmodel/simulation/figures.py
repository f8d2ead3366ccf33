"""Any figures of a model over the paths of a simulation: those that a question needs, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from sibmodel.lines import Input, Line
from sibmodel.model import Model
from sibmodel.simulation.engines import engine_of
from sibmodel.simulation.paths import INDEPENDENT, Floats, Luck, blocks
from sibmodel.simulation.samplers import Sampling

Name = TypeVar("Name")


def figures(
    model: Model,
    lines: Mapping[Name, Line],
    paths: int,
    seed: int,
    held: Mapping[Input, float] | None = None,
    spread: Sampling = INDEPENDENT,
) -> dict[Name, Floats]:
    """Figures by path `[path]`, by name, in the first `paths` paths of that seed and sampling, pseudo-random unless
    told: the same luck as `simulate` has with the same sampling.
    `held` holds some inputs at a value, whatever is believed of them."""
    keep = list(dict.fromkeys(lines.values()))
    drawn = {one.cell for one in model.uncertain}
    engine = engine_of(model, keep, paths, "arrays" if set(held or ()) - drawn else None)
    found = {name: np.empty(paths) for name in lines}
    done = 0
    for block, wanted in blocks(paths):
        luck = Luck(model, seed, block, spread)
        for start in range(0, wanted, engine.at_once):
            count = min(engine.at_once, wanted - start)
            columns, draws = luck.cut(slice(start, start + engine.at_once))
            for cell, value in (held or {}).items():
                columns[cell] = np.full(engine.at_once, value)
            values = engine.calculate(columns, draws)
            for name, line in lines.items():
                array = values[line]
                found[name][done : done + count] = array[:count] if array.size > 1 else array
            done += count
    return found
